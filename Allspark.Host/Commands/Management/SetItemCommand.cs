namespace Microsoft.PowerShell.Commands;

/// <summary>Sets the value of items, where their provider knows one: variables, functions, aliases, the environment.</summary>
[Cmdlet(VerbsCommon.Set, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public class SetItemCommand : FilteredCommandBase
{
    /// <summary>The items; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The items; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <summary>The value.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <summary>Write the item that was set.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override object? GetDynamicParameters(object context) =>
        InvokeProvider.Item.SetItemDynamicParameters(FirstOf(Path), Value, context);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var context = NewContext(PassThru);
        foreach (var path in Path)
            Attempt(() => InvokeProvider.Item.Set(path, Value, context));
    }
}
