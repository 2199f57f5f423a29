namespace Microsoft.PowerShell.Commands;

/// <summary>Gets the provider's own paths of the items that paths name.</summary>
[Cmdlet(VerbsData.Convert, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(string))]
public class ConvertPathCommand : CoreCommandBase
{
    /// <summary>The paths; wildcards allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true,
        ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The paths; every character as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = Literally(value);
    }

    /// <inheritdoc/>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            Attempt(() => WriteObject(
                SessionState.Path.GetResolvedProviderPathFromPSPath(path, NewContext(), out _), enumerateCollection: true));
        }
    }
}
