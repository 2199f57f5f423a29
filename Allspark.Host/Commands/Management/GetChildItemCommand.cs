namespace Microsoft.PowerShell.Commands;

/// <summary>Gets the children of containers, or their names.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Items")]
public class GetChildItemCommand : CoreCommandBase
{
    private uint depth = uint.MaxValue;

    /// <summary>The containers; wildcards allowed; the current location by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "Items", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[]? Path { get; set; }

    /// <summary>The containers; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralItems", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <inheritdoc/>
    [Parameter(Position = 1)]
    public override string? Filter { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override string[] Include { get; set; } = [];

    /// <inheritdoc/>
    [Parameter]
    public override string[] Exclude { get; set; } = [];

    /// <summary>Go into the containers found.</summary>
    [Parameter]
    [Alias("s", "r")]
    public SwitchParameter Recurse { get; set; }

    /// <summary>How many levels to go into; implies <see cref="Recurse"/>.</summary>
    [Parameter]
    public uint Depth
    {
        get => depth;
        set
        {
            depth = value;
            Recurse = true;
        }
    }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <summary>Names relative to the path instead of items.</summary>
    [Parameter]
    public SwitchParameter Name { get; set; }

    internal override object? GetDynamicParameters(object context) => Name
        ? InvokeProvider.ChildItem.GetChildNamesDynamicParameters(FirstOf(Path), context)
        : InvokeProvider.ChildItem.GetChildItemsDynamicParameters(FirstOf(Path), Recurse, context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var context = NewContext();
        foreach (var path in Path is { Length: > 0 } ? Path : [""])
        {
            Attempt(() =>
            {
                if (Name)
                    InvokeProvider.ChildItem.GetNames(path, ReturnContainers.ReturnMatchingContainers, Recurse, Depth, context);
                else
                    InvokeProvider.ChildItem.Get(path, Recurse, Depth, context);
            });
        }
    }
}
