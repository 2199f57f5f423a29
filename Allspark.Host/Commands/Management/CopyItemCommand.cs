namespace Microsoft.PowerShell.Commands;

/// <summary>Copies items.</summary>
[Cmdlet(VerbsCommon.Copy, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class CopyItemCommand : PathCommandBase
{
    private SwitchParameter? container;

    /// <summary>Where to: a new name or a container.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string? Destination { get; set; }

    /// <summary>Copy containers as containers, not only what they contain.</summary>
    [Parameter]
    public SwitchParameter Container
    {
        get => container ?? (!MyInvocation.BoundParameters.ContainsKey(nameof(Recurse)) || Recurse);
        set => container = value;
    }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <summary>Copy containers with all they contain.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Write the copies.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Item.CopyItemDynamicParameters(FirstOf(Path), Destination, Recurse, context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var context = NewContext(PassThru);
        var containers = Container ? CopyContainers.CopyTargetContainer : CopyContainers.CopyChildrenOfTargetContainer;
        ForEachPath(path => InvokeProvider.Item.Copy(path, Destination, Recurse, containers, context));
    }
}
