using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>Gives the views of the session, by the types that they are for.</summary>
[Cmdlet(VerbsCommon.Get, "FormatData", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096614")]
[OutputType(typeof(ExtendedTypeDefinition))]
public sealed class GetFormatDataCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] TypeName { get; set; } = ["*"];

    /// <summary>The version of the receiver; every one that this host can meet knows all kinds of views.</summary>
    [Parameter]
    public Version? PowerShellVersion { get; set; }

    protected override void ProcessRecord()
    {
        var patterns = Array.ConvertAll(TypeName, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        var definitions = EngineFormatting.Views(this)
            .Where(view => view.Types.Exists(type => Array.Exists(patterns, pattern => pattern.IsMatch(type))))
            .GroupBy(view => string.Join('|', view.Types), StringComparer.OrdinalIgnoreCase);
        foreach (var views in definitions)
        {
            var types = views.First().Types;
            var definition = new ExtendedTypeDefinition(types[0], views.Select(view => view.View));
            definition.TypeNames.AddRange(types.Skip(1));
            WriteObject(definition);
        }
    }
}

/// <summary>Writes views to a .format.ps1xml file.</summary>
[Cmdlet(VerbsData.Export, "FormatData", DefaultParameterSetName = "ByPath",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096834")]
public sealed class ExportFormatDataCommand : PSCmdlet
{
    private readonly List<ExtendedTypeDefinition> definitions = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public ExtendedTypeDefinition[] InputObject { get; set; } = [];

    [Parameter(ParameterSetName = "ByPath", Mandatory = true)]
    [Alias("FilePath")]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = "ByLiteralPath", Mandatory = true)]
    [Alias("PSPath", "LP")]
    public string LiteralPath { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    public SwitchParameter IncludeScriptBlock { get; set; }

    protected override void ProcessRecord() => definitions.AddRange(InputObject);

    protected override void EndProcessing()
    {
        var isLiteral = ParameterSetName == "ByLiteralPath";
        EngineFormatting.Export(this, definitions, isLiteral ? LiteralPath : Path, Force, NoClobber, IncludeScriptBlock, isLiteral);
    }
}
