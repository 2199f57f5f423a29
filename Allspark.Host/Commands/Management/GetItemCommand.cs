namespace Microsoft.PowerShell.Commands;

/// <summary>Gets the items at paths.</summary>
[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public class GetItemCommand : PathCommandBase
{
    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Item.GetItemDynamicParameters(FirstOf(Path), context);

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path => InvokeProvider.Item.Get(path, NewContext()));
}
