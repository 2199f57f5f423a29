namespace Microsoft.PowerShell.Commands;

/// <summary>How Export-Alias writes its file.</summary>
public enum ExportAliasFormat
{
    Csv,
    Script,
}

[Cmdlet(VerbsData.Export, "Alias", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096597")]
[OutputType(typeof(AliasInfo))]
public sealed class ExportAliasCommand : PSCmdlet
{
    private readonly List<AliasInfo> _aliases = [];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public ExportAliasFormat As { get; set; } = ExportAliasFormat.Csv;

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Scope { get; set; }

    protected override void ProcessRecord()
    {
        var table = (IDictionary<string, AliasInfo>)(Scope is null
            ? EngineInternals.Session(SessionState, "GetAliasTable")
            : EngineInternals.Session(SessionState, "GetAliasTableAtScope", Scope))!;
        foreach (var filter in Name.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)))
            _aliases.AddRange(table.Values.Where(alias => filter.IsMatch(alias.Name)));
    }

    protected override void EndProcessing()
    {
        if (!ShouldProcess(Path ?? LiteralPath))
            return;
        using var file = OutputFile.Open(this, Path ?? LiteralPath!, Path is null, OutputFile.Utf8, Append, Force, NoClobber);
        var writer = file.Writer;
        writer.WriteLine("# Alias File");
        writer.WriteLine($"# Exported by : {Environment.UserName}");
        writer.WriteLine(string.Format(System.Globalization.CultureInfo.CurrentCulture, "# Date/Time : {0:F}", DateTime.Now));
        writer.WriteLine($"# Computer : {Environment.MachineName}");
        foreach (var line in Description?.Split('\n') ?? [])
            writer.WriteLine("# " + line);
        foreach (var alias in _aliases.OrderBy(alias => alias.Name, StringComparer.CurrentCultureIgnoreCase))
        {
            writer.WriteLine(As == ExportAliasFormat.Script
                ? $"set-alias -Name:\"{alias.Name}\" -Value:\"{alias.Definition}\" -Description:\"{alias.Description}\" -Option:\"{alias.Options}\""
                : $"\"{alias.Name}\",\"{alias.Definition}\",\"{alias.Description}\",\"{alias.Options}\"");
            if (PassThru)
                WriteObject(alias);
        }
    }
}

[Cmdlet(VerbsData.Import, "Alias", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097125")]
[OutputType(typeof(AliasInfo))]
public sealed class ImportAliasCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByPath")]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Scope { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var path = OutputFile.Resolve(this, Path ?? LiteralPath!, Path is null);
        using var reader = OutputFile.OpenRead(this, Path ?? LiteralPath!, Path is null, OutputFile.Utf8);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length > 0 && line[0] != '#')
                Create(Parse(line, number, path));
        }
    }

    private AliasInfo Parse(string line, int number, string path)
    {
        var fields = CsvReader.ParseLine(line, ',');
        if (fields.Count != 4)
        {
            Fail("ImportAliasFileFormatError", path,
                $"Cannot import an alias. Line number {number} in the file '{path}' is not a properly-formatted, comma-separated values (CSV) line for aliases. Change the line to contain four values separated by commas. If the value text itself contains a comma, then the value must be contained in quotation marks.");
        }
        if (!Enum.TryParse<ScopedItemOptions>(fields[3], ignoreCase: true, out var options))
        {
            Fail("ImportAliasOptionsError", path,
                $"Cannot import the alias because line number {number} in the file '{path}' contains an option that is not recognized for aliases. Change the file to contain valid options.");
        }
        return SessionStateChange.NewAlias(this, fields[0]!, fields[1]!, fields[2] ?? "", options);
    }

    private void Create(AliasInfo alias)
    {
        if (!ShouldProcess($"Name: {alias.Name} Value: {alias.Definition}", "Import Alias"))
            return;
        if (!Force && EngineInternals.Session(SessionState, "GetAliasAtScope", alias.Name, Scope ?? "local") is AliasInfo)
            SessionStateChange.RefuseExistingAlias(this, alias.Name);
        else
            this.SetAlias(alias, Scope, Force, PassThru);
    }

    private void Fail(string id, string path, string message) =>
        ThrowTerminatingError(new ErrorRecord(new FormatException(message), id, ErrorCategory.ReadError, path));
}
