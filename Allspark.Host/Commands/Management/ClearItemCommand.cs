namespace Microsoft.PowerShell.Commands;

/// <summary>Clears the value of items without removing them.</summary>
[Cmdlet(VerbsCommon.Clear, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class ClearItemCommand : PathCommandBase
{
    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Item.ClearItemDynamicParameters(FirstOf(Path), context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var context = NewContext(passThru: false);
        ForEachPath(path => InvokeProvider.Item.Clear(path, context));
    }
}
