using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Objects as CLI XML: the engine's serializer, one document for all objects.</summary>
internal static class CliXml
{
    private const int DefaultDepth = 2;

    public static string Write(List<object?> objects, int depth) =>
        (string)EngineInternals.CallByName(typeof(PSSerializer), nameof(PSSerializer.Serialize), objects, depth == 0 ? DefaultDepth : depth, true)!;

    public static object[] Read(string text) => PSSerializer.DeserializeAsList(text);
}

[Cmdlet(VerbsData.ConvertTo, "CliXml", HelpUri = "https://go.microsoft.com/fwlink/?LinkId=2280866")]
[OutputType(typeof(string))]
public sealed class ConvertToClixmlCommand : PSCmdlet
{
    private readonly List<object?> _inputs = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true, Position = 0)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; }

    protected override void ProcessRecord() => _inputs.Add(InputObject);

    protected override void EndProcessing() => WriteObject(CliXml.Write(_inputs, Depth));
}

[Cmdlet(VerbsData.ConvertFrom, "CliXml", HelpUri = "https://go.microsoft.com/fwlink/?LinkId=2280770")]
public sealed class ConvertFromClixmlCommand : PSCmdlet
{
    private readonly StringBuilder _text = new();

    [Parameter(Mandatory = true, ValueFromPipeline = true, Position = 0)]
    public string InputObject { get; set; } = "";

    protected override void ProcessRecord() => _text.AppendLine(InputObject);

    protected override void EndProcessing() => WriteObject(CliXml.Read(_text.ToString()), enumerateCollection: true);
}

[Cmdlet(VerbsData.Export, "Clixml", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096926")]
public sealed class ExportClixmlCommand : PSCmdlet
{
    private readonly List<object?> _inputs = [];

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter(ValueFromPipeline = true, Mandatory = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    [FileEncoding]
    [ValidateNotNullOrEmpty]
    public Encoding Encoding { get; set; } = OutputFile.Utf8;

    protected override void ProcessRecord() => _inputs.Add(InputObject);

    protected override void EndProcessing()
    {
        if (!ShouldProcess(Path ?? LiteralPath))
            return;
        using var file = OutputFile.Open(this, Path ?? LiteralPath!, Path is null, Encoding, append: false, Force, NoClobber);
        file.Writer.Write(CliXml.Write(_inputs, Depth));
    }
}

[Cmdlet(VerbsData.Import, "Clixml", SupportsPaging = true, DefaultParameterSetName = "ByPath",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096618")]
public sealed class ImportClixmlCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByPath")]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path ?? LiteralPath ?? [])
        {
            using var text = OutputFile.OpenRead(this, path, Path is null, OutputFile.Utf8);
            var objects = CliXml.Read(text.ReadToEnd());
            if (PagingParameters.IncludeTotalCount)
                WriteObject(PagingParameters.NewTotalCount((ulong)objects.Length, accuracy: 1.0));
            WriteObject(objects.Skip((int)Math.Min(PagingParameters.Skip, int.MaxValue)).Take((int)Math.Min(PagingParameters.First, int.MaxValue)),
                enumerateCollection: true);
        }
    }
}
