using System.Management.Automation.Internal;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Select, "String", DefaultParameterSetName = Object, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097119")]
[OutputType(typeof(bool), typeof(MatchInfo), ParameterSetName = [FromFile, Object, FromLiteralFile])]
[OutputType(typeof(string), ParameterSetName = [ObjectRaw, FileRaw, LiteralFileRaw])]
public sealed class SelectStringCommand : PSCmdlet
{
    private const string FromFile = "File";
    private const string FileRaw = "FileRaw";
    private const string Object = "Object";
    private const string ObjectRaw = "ObjectRaw";
    private const string FromLiteralFile = "LiteralFile";
    private const string LiteralFileRaw = "LiteralFileRaw";

    private Regex[] _regexes = [];
    private ContextWindow? _window;
    private int _before;
    private int _after;
    private ulong _inputs;
    private bool _done;
    private CompareInfo? _comparison;
    private CompareOptions _comparisonOptions;

    [Parameter(ValueFromPipeline = true, Mandatory = true, ParameterSetName = Object)]
    [Parameter(ValueFromPipeline = true, Mandatory = true, ParameterSetName = ObjectRaw)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Mandatory = true, Position = 0)]
    public string[] Pattern { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FromFile)]
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FileRaw)]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FromLiteralFile)]
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralFileRaw)]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ObjectRaw)]
    [Parameter(Mandatory = true, ParameterSetName = FileRaw)]
    [Parameter(Mandatory = true, ParameterSetName = LiteralFileRaw)]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    public SwitchParameter SimpleMatch { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter(ParameterSetName = Object)]
    [Parameter(ParameterSetName = FromFile)]
    [Parameter(ParameterSetName = FromLiteralFile)]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter List { get; set; }

    [Parameter]
    public SwitchParameter NoEmphasis { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Include { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Exclude { get; set; }

    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    [Parameter]
    public SwitchParameter AllMatches { get; set; }

    [Parameter]
    [FileEncoding]
    [ValidateNotNullOrEmpty]
    public Encoding Encoding { get; set; } = OutputFile.Utf8;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateCount(1, 2)]
    [ValidateRange(0, int.MaxValue)]
    public int[]? Context { get; set; }

    [Parameter]
    [ValidateNotNull]
    public string? Culture { get; set; }

    protected override void BeginProcessing()
    {
        if (Culture is not null && !SimpleMatch)
        {
            ThrowTerminatingError(new ErrorRecord(
                new InvalidOperationException("You must specify -SimpleMatch parameter when -Culture parameter is used."),
                "CannotSpecifyCultureWithoutSimpleMatch", ErrorCategory.InvalidData, targetObject: null));
        }
        (_before, _after) = Context switch { null => (0, 0), [var both] => (both, both), _ => (Context[0], Context[1]) };
        _window = new ContextWindow(_before, _after);
        if (SimpleMatch)
            SetComparison();
        else
            _regexes = Array.ConvertAll(Pattern, Compile);
    }

    private void SetComparison()
    {
        var ordinal = Culture is null || Culture.Equals("Ordinal", StringComparison.OrdinalIgnoreCase);
        var culture = ordinal || Culture!.Equals("Invariant", StringComparison.OrdinalIgnoreCase) ? CultureInfo.InvariantCulture
            : Culture.Equals("Current", StringComparison.OrdinalIgnoreCase) ? CultureInfo.CurrentCulture : new CultureInfo(Culture);
        _comparison = culture.CompareInfo;
        _comparisonOptions = ordinal ? CaseSensitive ? CompareOptions.Ordinal : CompareOptions.OrdinalIgnoreCase
            : CaseSensitive ? CompareOptions.None : CompareOptions.IgnoreCase;
    }

    private Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase, Regex.InfiniteMatchTimeout);
        }
        catch (Exception failure)
        {
            ThrowTerminatingError(new ErrorRecord(
                new ArgumentException($"The string {pattern} is not a valid regular expression: {failure.Message}", failure),
                "InvalidRegex", ErrorCategory.InvalidArgument, pattern));
            throw;
        }
    }

    protected override void ProcessRecord()
    {
        if (_done)
            return;
        if ((Path ?? LiteralPath) is { } paths)
            SearchFiles([.. paths.SelectMany(path => this.Files(path, isLiteral: Path is null)).Where(path => !Directory.Exists(path))]);
        else if (InputObject?.BaseObject is FileInfo file)
            SearchFiles([file.FullName]);
        else
            SearchObject();
    }

    private void SearchFiles(string[] files)
    {
        foreach (var file in files)
        {
            if (SearchFile(file) && Quiet)
                return;
        }
        if (Quiet)
            WriteObject(List ? null : false);
    }

    private void SearchObject()
    {
        _inputs++;
        var earlier = InputObject?.BaseObject as MatchInfo;
        var line = earlier?.Line ?? (InputObject is null || ReferenceEquals(InputObject, AutomationNull.Value) ? ""
            : InputObject.BaseObject as string ?? LanguagePrimitives.ConvertTo<string>(InputObject));
        if (earlier is not null && (_before > 0 || _after > 0))
        {
            (_before, _after) = (0, 0);
            _window = new ContextWindow(_before, _after);
            WriteWarning("The option \"Context\" is not valid when searching results that are piped from Select-String output.");
        }
        var match = Find(line);
        if (match is not null && earlier is not null)
            match = earlier.WithoutDisplayContext();
        else if (match is not null)
            match.LineNumber = _inputs;
        _done = Write(_window!.Take(line, match)) && Quiet;
    }

    /// <summary>Searches a file; true where there was a match.</summary>
    private bool SearchFile(string file)
    {
        if ((Include is not null && !Include.Any(pattern => IsLike(file, pattern))) || (Exclude?.Any(pattern => IsLike(file, pattern)) ?? false))
            return false;
        var found = false;
        try
        {
            var window = new ContextWindow(_before, _after);
            using var reader = new StreamReader(file, Encoding);
            for (ulong number = 1; !(found && (Quiet || List)) && reader.ReadLine() is { } line; number++)
            {
                var match = Find(line);
                if (match is not null)
                {
                    match.Path = file;
                    match.LineNumber = number;
                }
                found |= Write(window.Take(line, match));
            }
            if (!found || !(Quiet || List))
                found |= Write(window.End());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            WriteError(new ErrorRecord(new ArgumentException($"The file {file} cannot be read: {failure.Message}", failure),
                "ProcessingFile", ErrorCategory.InvalidArgument, file));
        }
        return found;
    }

    private static bool IsLike(string file, string pattern) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(file);

    protected override void EndProcessing()
    {
        if (!_done)
            Write(_window!.End());
    }

    /// <summary>Writes matches; true where there were any.</summary>
    private bool Write(List<MatchInfo> matches)
    {
        if (matches.Count == 0)
            return false;
        if (Quiet && !List)
            WriteObject(true);
        else
        {
            foreach (var match in List && !Raw ? matches.Take(1) : matches)
                WriteObject(Raw ? match.Line : match);
        }
        return true;
    }

    private MatchInfo? Find(string line)
    {
        for (var i = 0; i < Pattern.Length; i++)
        {
            Match[] matches = [];
            List<(int Index, int Length)>? emphasis = null;
            bool found;
            if (SimpleMatch)
            {
                var index = _comparison!.IndexOf(line, Pattern[i], _comparisonOptions);
                found = index >= 0;
                emphasis = found ? [(index, Pattern[i].Length)] : null;
            }
            else
            {
                matches = AllMatches && !NotMatch ? [.. _regexes[i].Matches(line).Cast<Match>()] : _regexes[i].Match(line) is { Success: true } first
                    ? [first] : [];
                found = matches.Length > 0;
                emphasis = [.. matches.Select(match => (match.Index, match.Length))];
            }
            if (found)
                return NotMatch ? null : Create(line, i, matches, emphasis);
        }
        return NotMatch ? Create(line, pattern: 0, [], emphasis: null) : null;
    }

    private MatchInfo Create(string line, int pattern, Match[] matches, List<(int Index, int Length)>? emphasis) => new()
    {
        IgnoreCase = !CaseSensitive,
        Line = line,
        Pattern = Pattern[pattern],
        Matches = matches,
        Context = _before > 0 || _after > 0 ? new MatchInfoContext() : null,
        Emphasis = NoEmphasis ? null : emphasis,
    };
}
