namespace Microsoft.PowerShell.Commands;

/// <summary>Does an item's default action: runs a program, opens a document.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class InvokeItemCommand : PathCommandBase
{
    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Item.InvokeItemDynamicParameters(FirstOf(Path), context);

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(path => InvokeProvider.Item.Invoke(path, NewContext()));
}
