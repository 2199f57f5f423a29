using System.Text;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.ConvertFrom, "Csv", DefaultParameterSetName = "Delimiter", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096830",
    RemotingCapability = RemotingCapability.None)]
public sealed class ConvertFromCsvCommand : PSCmdlet
{
    private CsvImport? _import;

    [Parameter(Position = 1, ParameterSetName = "Delimiter")]
    [ValidateNotNull]
    [ValidateNotNullOrEmpty]
    public char Delimiter { get; set; } = ',';

    [Parameter(ParameterSetName = "UseCulture", Mandatory = true)]
    [ValidateNotNull]
    [ValidateNotNullOrEmpty]
    public SwitchParameter UseCulture { get; set; }

    [Parameter(ValueFromPipeline = true, Mandatory = true, ValueFromPipelineByPropertyName = true, Position = 0)]
    [ValidateNotNull]
    [ValidateNotNullOrEmpty]
    public PSObject[] InputObject { get; set; } = [];

    [Parameter]
    [ValidateNotNull]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    protected override void BeginProcessing() =>
        _import = new CsvImport(this, UseCulture ? CultureInfo.CurrentCulture.TextInfo.ListSeparator[0] : Delimiter, Header);

    protected override void ProcessRecord()
    {
        foreach (var input in InputObject)
        {
            using var text = new StringReader(input.ToString());
            _import!.Read(text);
        }
    }
}

[Cmdlet(VerbsData.Import, "Csv", DefaultParameterSetName = "DelimiterPath", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097020")]
public sealed class ImportCsvCommand : PSCmdlet
{
    [Parameter(Position = 1, ParameterSetName = "DelimiterPath")]
    [Parameter(Position = 1, ParameterSetName = "DelimiterLiteralPath")]
    [ValidateNotNull]
    public char Delimiter { get; set; } = ',';

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, Mandatory = true, ParameterSetName = "DelimiterPath")]
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, Mandatory = true, ParameterSetName = "CulturePath")]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, Mandatory = true, ParameterSetName = "DelimiterLiteralPath")]
    [Parameter(ValueFromPipelineByPropertyName = true, Mandatory = true, ParameterSetName = "CultureLiteralPath")]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    [Parameter(ParameterSetName = "CulturePath", Mandatory = true)]
    [Parameter(ParameterSetName = "CultureLiteralPath", Mandatory = true)]
    [ValidateNotNull]
    public SwitchParameter UseCulture { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    [Parameter]
    [FileEncoding]
    [ValidateNotNullOrEmpty]
    public Encoding Encoding { get; set; } = OutputFile.Utf8;

    protected override void ProcessRecord()
    {
        foreach (var path in Path ?? LiteralPath ?? [])
        {
            using var text = OutputFile.OpenRead(this, path, isLiteral: Path is null, Encoding);
            new CsvImport(this, UseCulture ? CultureInfo.CurrentCulture.TextInfo.ListSeparator[0] : Delimiter, Header).Read(text);
        }
    }
}
