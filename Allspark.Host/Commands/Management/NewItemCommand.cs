namespace Microsoft.PowerShell.Commands;

/// <summary>Creates items.</summary>
[Cmdlet(VerbsCommon.New, "Item", DefaultParameterSetName = "pathSet", SupportsShouldProcess = true)]
public class NewItemCommand : CoreCommandWithCredentialsBase
{
    /// <summary>The new items, or with <see cref="Name"/> the containers of the new item.</summary>
    [Parameter(Position = 0, ParameterSetName = "pathSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "nameSet", ValueFromPipelineByPropertyName = true)]
    public string[]? Path { get; set; }

    /// <summary>The new item's name.</summary>
    [Parameter(ParameterSetName = "nameSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? Name { get; set; }

    /// <summary>What to create, in the provider's words: File, Directory, SymbolicLink, HardLink.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    public string? ItemType { get; set; }

    /// <summary>The item's content, or a link's target.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target")]
    public object? Value { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    internal override object? GetDynamicParameters(object context)
    {
        // Only the container of a named item may be a wildcard.
        var path = Path is [var first, ..] ? string.IsNullOrEmpty(Name) ? WildcardPattern.Escape(first) : first : ".";
        return InvokeProvider.Item.NewItemDynamicParameters(path, ItemType, Value, context);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path is { Length: > 0 } ? Path : [""])
            Attempt(() => InvokeProvider.Item.New(path, Name, ItemType, Value, NewContext()));
    }
}
