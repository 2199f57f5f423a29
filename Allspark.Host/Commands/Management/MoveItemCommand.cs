namespace Microsoft.PowerShell.Commands;

/// <summary>Moves items.</summary>
[Cmdlet(VerbsCommon.Move, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class MoveItemCommand : PathCommandBase
{
    /// <summary>Where to: a new name or a container; the current location by default.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = ".";

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <summary>Write the moved items.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Item.MoveItemDynamicParameters(FirstOf(Path), Destination, context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            if (SuppressWildcardExpansion)
                Attempt(() => Move(path));
            else if (Attempt(() => SessionState.Path.GetResolvedPSPathFromPSPath(path, NewContext())) is { } items)
            {
                foreach (var item in items)
                    Attempt(() => Move(item.Path));
            }
        }
    }

    private void Move(string path)
    {
        var context = NewContext(PassThru);
        ProviderBridge.SetLiteral(context, value: true);
        if (!InvokeProvider.Item.Exists(path, context))
            WriteError(new PSInvalidOperationException($"Cannot move item because the item at '{path}' does not exist."));
        else if (SessionState.Path.IsCurrentLocationOrAncestor(path, context))
            WriteError(new PSInvalidOperationException($"Cannot move item because the item at '{path}' is in use."));
        else
            InvokeProvider.Item.Move(path, Destination, context);
    }
}
