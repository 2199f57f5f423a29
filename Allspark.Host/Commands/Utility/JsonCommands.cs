using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using JsonException = Newtonsoft.Json.JsonException;

namespace Microsoft.PowerShell.Commands;

/// <summary>What ConvertFrom-Json makes of texts that look like a date.</summary>
public enum JsonDateKind
{
    Default,
    Local,
    Utc,
    Offset,
    String,
}

[Cmdlet(VerbsData.ConvertTo, "Json", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096925", RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(string))]
public class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _inputs = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    [Parameter]
    public StringEscapeHandling EscapeHandling { get; set; } = StringEscapeHandling.Default;

    protected override void ProcessRecord() => _inputs.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_inputs.Count == 0)
            return;
        var value = _inputs.Count > 1 || AsArray ? _inputs : _inputs[0];
        var settings = new JsonSerializerSettings
        {
            TypeNameHandling = TypeNameHandling.None,
            MaxDepth = 1024,
            StringEscapeHandling = EscapeHandling,
            Formatting = Compress ? Formatting.None : Formatting.Indented,
        };
        if (EnumsAsStrings)
            settings.Converters.Add(new StringEnumConverter());
        var reduced = new JsonReduction(Depth, this).Reduce(value);
        WriteObject(JsonConvert.SerializeObject(reduced, settings));
    }
}

[Cmdlet(VerbsData.ConvertFrom, "Json", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096606", RemotingCapability = RemotingCapability.None)]
public class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _inputs = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    [ValidateRange(ValidateRangeKind.Positive)]
    public int Depth { get; set; } = 1024;

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    [Parameter]
    public JsonDateKind DateKind { get; set; } = JsonDateKind.Default;

    protected override void ProcessRecord() => _inputs.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_inputs.Count == 0)
            return;
        if (_inputs.Count == 1)
        {
            Convert(_inputs[0]);
            return;
        }
        // Several strings are either a document each or the lines of one: the first tells.
        var separate = false;
        try
        {
            separate = Convert(_inputs[0]);
        }
        catch (ArgumentException)
        {
            // The first line is not a document by itself.
        }
        if (!separate)
            Convert(string.Join(Environment.NewLine, _inputs));
        for (var i = 1; separate && i < _inputs.Count; i++)
            Convert(_inputs[i]);
    }

    private bool Convert(string text)
    {
        ErrorRecord? error = null;
        var result = JsonObjects.Create(Parse(text), AsHashtable, ref error);
        if (error is not null)
            ThrowTerminatingError(error);
        WriteObject(result, enumerateCollection: !NoEnumerate);
        return result is not null;
    }

    private object? Parse(string text)
    {
        try
        {
            // Only this parser refuses an array that is not closed.
            if (text.AsSpan().TrimStart().StartsWith('['))
                JArray.Parse(text);
            return JsonConvert.DeserializeObject(text, new JsonSerializerSettings
            {
                TypeNameHandling = TypeNameHandling.None,
                MetadataPropertyHandling = MetadataPropertyHandling.Ignore,
                MaxDepth = Depth,
                DateParseHandling = Dates,
                DateTimeZoneHandling = DateKind switch
                {
                    JsonDateKind.Local => DateTimeZoneHandling.Local,
                    JsonDateKind.Utc => DateTimeZoneHandling.Utc,
                    _ => DateTimeZoneHandling.RoundtripKind,
                },
            });
        }
        catch (JsonException failure)
        {
            throw new ArgumentException($"Conversion from JSON failed with error: {failure.Message}", failure);
        }
    }

    private DateParseHandling Dates => DateKind switch
    {
        JsonDateKind.String => DateParseHandling.None,
        JsonDateKind.Offset => DateParseHandling.DateTimeOffset,
        _ => DateParseHandling.DateTime,
    };
}

[Cmdlet(VerbsDiagnostic.Test, "Json", DefaultParameterSetName = "JsonString", HelpUri = "https://go.microsoft.com/fwlink/?LinkId=2096609")]
[OutputType(typeof(bool))]
public class TestJsonCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true, ParameterSetName = "JsonString")]
    public string? Json { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "JsonPath")]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "JsonLiteralPath")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Schema { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SchemaFile { get; set; }

    [Parameter]
    [ValidateSet("IgnoreComments", "AllowTrailingCommas")]
    public string[] Options { get; set; } = [];

    protected override void BeginProcessing()
    {
        if (Schema is not null || SchemaFile is not null)
        {
            ThrowTerminatingError(new ErrorRecord(
                new NotSupportedException("Test-Json with a schema is not supported by the embedded host; run this script with pwsh 7.6"),
                "SchemaNotSupported", ErrorCategory.NotImplemented, Schema ?? SchemaFile));
        }
    }

    protected override void ProcessRecord()
    {
        var text = Json ?? Read();
        var options = new JsonDocumentOptions
        {
            CommentHandling = Options.Contains("IgnoreComments", StringComparer.OrdinalIgnoreCase) ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = Options.Contains("AllowTrailingCommas", StringComparer.OrdinalIgnoreCase),
        };
        try
        {
            using var document = JsonDocument.Parse(text, options);
            WriteObject(true);
        }
        catch (System.Text.Json.JsonException failure)
        {
            WriteError(new ErrorRecord(new Exception("Cannot parse the JSON.", failure), "InvalidJson", ErrorCategory.InvalidData, Json));
            WriteObject(false);
        }
    }

    private string Read()
    {
        var file = OutputFile.Resolve(this, Path ?? LiteralPath!, Path is null);
        if (!File.Exists(file))
        {
            ThrowTerminatingError(new ErrorRecord(new ItemNotFoundException($"Cannot find path '{Path ?? LiteralPath}' because it does not exist."),
                "PathNotFound", ErrorCategory.ObjectNotFound, Path ?? LiteralPath));
        }
        return File.ReadAllText(file);
    }
}
