using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>What Export-Csv and ConvertTo-Csv have in common: the choice of columns and the quoting.</summary>
public abstract class BaseCsvWritingCommand : PSCmdlet
{
    private HashSet<string>? _quoted;

    /// <summary>Which fields are put in quotes.</summary>
    public enum QuoteKind
    {
        Never,
        Always,
        AsNeeded,
    }

    [Parameter(Position = 1, ParameterSetName = "Delimiter")]
    [Parameter(Position = 1, ParameterSetName = "DelimiterPath")]
    [ValidateNotNull]
    public char Delimiter { get; set; }

    [Parameter(ParameterSetName = "UseCulture")]
    [Parameter(ParameterSetName = "CulturePath")]
    public SwitchParameter UseCulture { get; set; }

    [Parameter(ValueFromPipeline = true, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public abstract PSObject? InputObject { get; set; }

    [Parameter]
    [Alias("ITI")]
    public SwitchParameter IncludeTypeInformation { get; set; }

    [Parameter(DontShow = true)]
    [Alias("NTI")]
    public SwitchParameter NoTypeInformation { get; set; }

    [Parameter]
    [Alias("QF")]
    public string[]? QuoteFields { get; set; }

    [Parameter]
    [Alias("UQ")]
    public QuoteKind UseQuotes { get; set; } = QuoteKind.Always;

    [Parameter]
    public SwitchParameter NoHeader { get; set; }

    internal List<string>? Columns { get; set; }

    protected override void BeginProcessing()
    {
        if (QuoteFields is not null && MyInvocation.BoundParameters.ContainsKey(nameof(UseQuotes)))
            Refuse("CannotSpecifyQuoteFieldsAndUseQuotes", "You must specify either the -UseQuotes or -QuoteFields parameters, but not both.");
        if (IncludeTypeInformation && NoTypeInformation)
        {
            Refuse("CannotSpecifyIncludeTypeInformationAndNoTypeInformation",
                "You must specify either the -IncludeTypeInformation or -NoTypeInformation parameters, but not both.");
        }
        _quoted = QuoteFields?.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (UseCulture)
            Delimiter = CultureInfo.CurrentCulture.TextInfo.ListSeparator[0];
        else if (Delimiter == '\0')
            Delimiter = ',';
    }

    /// <summary>The lines that come before the records; chooses the columns by the first object.</summary>
    internal IEnumerable<string> Begin(PSObject first)
    {
        Columns = ColumnsOf(first);
        if (NoHeader)
            yield break;
        if (IncludeTypeInformation)
        {
            var name = first.TypeNames.FirstOrDefault() ?? "";
            yield return ("#TYPE " + (name.StartsWith("CSV:", StringComparison.OrdinalIgnoreCase) ? name[4..] : name)).TrimEnd();
        }
        yield return string.Join(Delimiter, Columns.Select(column => Quote(column, column)));
    }

    internal string Record(PSObject input) => string.Join(Delimiter, Columns!.Select(column => Quote(column, Text(input, column))));

    internal static List<string> ColumnsOf(PSObject input)
    {
        if (input.BaseObject is not IDictionary table)
            return [.. input.Properties.Select(property => property.Name)];
        var columns = table.Keys.Cast<object>().Select(LanguagePrimitives.ConvertTo<string>).ToList();
        columns.AddRange(input.Properties.Where(property => property.MemberType != PSMemberTypes.Property).Select(property => property.Name));
        return columns;
    }

    private static string? Text(PSObject input, string column)
    {
        if (input.BaseObject is IDictionary table && table.Contains(column))
            return table[column]?.ToString();
        try
        {
            return input.Properties[column]?.Value?.ToString();
        }
        catch (Exception)
        {
            // A property that cannot be read is written as one that is null.
            return null;
        }
    }

    // Null is the only value that stays bare with every kind of quotes.
    private string? Quote(string column, string? value)
    {
        var needed = _quoted?.Contains(column) ?? UseQuotes switch
        {
            QuoteKind.Always => true,
            QuoteKind.AsNeeded => value.AsSpan().IndexOfAny(Delimiter, '\n', '"') >= 0,
            _ => false,
        };
        return value is null || !needed ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    internal void Refuse(string id, string message) =>
        ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(message), id, ErrorCategory.InvalidData, targetObject: null));
}

[Cmdlet(VerbsData.ConvertTo, "Csv", DefaultParameterSetName = "Delimiter", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096832",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(string))]
public sealed class ConvertToCsvCommand : BaseCsvWritingCommand
{
    [Parameter(ValueFromPipeline = true, Mandatory = true, ValueFromPipelineByPropertyName = true, Position = 0)]
    public override PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        // An object without properties has no line.
        var head = Columns is null ? Begin(InputObject).ToArray() : [];
        foreach (var line in head.Append(Record(InputObject)).Where(line => line.Length > 0))
            WriteObject(line);
    }
}

[Cmdlet(VerbsData.Export, "Csv", SupportsShouldProcess = true, DefaultParameterSetName = "DelimiterPath",
    HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096608")]
public sealed class ExportCsvCommand : BaseCsvWritingCommand, IDisposable
{
    private OutputFile? _file;
    private bool _appending;
    private bool _skipped;

    [Parameter(ValueFromPipeline = true, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public override PSObject? InputObject { get; set; }

    [Parameter(Position = 0, ParameterSetName = "DelimiterPath")]
    [Parameter(Position = 0, ParameterSetName = "CulturePath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(ParameterSetName = "DelimiterPath")]
    [Parameter(ParameterSetName = "CulturePath")]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    [FileEncoding]
    [ValidateNotNullOrEmpty]
    public Encoding Encoding { get; set; } = OutputFile.Utf8;

    [Parameter]
    public SwitchParameter Append { get; set; }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if ((Path is null) == (LiteralPath is null))
            Refuse("CannotSpecifyPathAndLiteralPath", "You must specify either the -Path or -LiteralPath parameters, but not both.");
        _skipped = !ShouldProcess(Path ?? LiteralPath);
        if (_skipped)
            return;
        var file = Append ? OutputFile.Resolve(this, Path ?? LiteralPath!, Path is null) : "";
        _appending = Append && File.Exists(file) && new FileInfo(file).Length > 0;
        if (_appending)
            ReadColumns(file);
        _file = OutputFile.Open(this, Path ?? LiteralPath!, Path is null, Encoding, Append, Force, NoClobber);
    }

    // What is appended goes under the columns that the file has.
    private void ReadColumns(string file)
    {
        using var text = new StreamReader(file, Encoding, detectEncodingFromByteOrderMarks: true);
        Encoding = text.Peek() < 0 ? Encoding : text.CurrentEncoding;
        var reader = new CsvReader(text, Delimiter);
        reader.ReadTypeName();
        Columns = reader.ReadHeader();
    }

    protected override void ProcessRecord()
    {
        if (_skipped || InputObject is null)
            return;
        if (Columns is null)
        {
            foreach (var line in Begin(InputObject))
                _file!.Writer.WriteLine(line);
        }
        else if (_appending)
            CheckColumns(InputObject);
        _file!.Writer.WriteLine(Record(InputObject));
    }

    private void CheckColumns(PSObject input)
    {
        _appending = false;
        var missing = Columns!.Except(ColumnsOf(input), StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        if (missing is null || Force)
            return;
        var message = $"Cannot append CSV content to the following file: {Path ?? LiteralPath}. The appended object does not have a property that corresponds to the following column: {missing}. To continue with mismatched properties, add the -Force parameter, and then retry the command.";
        ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(message), "CannotAppendCsvWithMismatchedPropertyNames",
            ErrorCategory.InvalidData, missing));
    }

    protected override void EndProcessing() => Dispose();

    protected override void StopProcessing() => Dispose();

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
