using System.Net;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.ConvertTo, "Html", DefaultParameterSetName = "Page", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096595",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(string))]
public sealed class ConvertToHtmlCommand : PSCmdlet
{
    private static readonly string[] HeaderMeta = ["content-type", "default-style", "x-ua-compatible"];
    private static readonly string[] NamedMeta = ["application-name", "author", "description", "generator", "keywords", "viewport"];

    private List<PropertyParameter> _properties = [];
    private List<PropertyParameter>? _columns;
    private bool _begun;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter(ParameterSetName = "Page", Position = 3)]
    public string[] Body { get; set; } = [];

    [Parameter(ParameterSetName = "Page", Position = 1)]
    public string[] Head { get; set; } = [];

    [Parameter(ParameterSetName = "Page", Position = 2)]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "HTML TABLE";

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateSet("Table", "List")]
    public string As { get; set; } = "Table";

    [Parameter(ParameterSetName = "Page")]
    [Alias("cu", "uri")]
    [ValidateNotNullOrEmpty]
    public Uri? CssUri { get; set; }

    [Parameter(ParameterSetName = "Fragment")]
    [ValidateNotNullOrEmpty]
    public SwitchParameter Fragment { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PostContent { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PreContent { get; set; } = [];

    [Parameter(ParameterSetName = "Page")]
    [ValidateNotNullOrEmpty]
    public Hashtable? Meta { get; set; }

    [Parameter(ParameterSetName = "Page")]
    [ValidateNotNullOrEmpty]
    public string? Charset { get; set; }

    [Parameter(ParameterSetName = "Page")]
    [ValidateNotNullOrEmpty]
    public SwitchParameter Transitional { get; set; }

    private bool IsTable => As.Equals("Table", StringComparison.OrdinalIgnoreCase);

    protected override void BeginProcessing()
    {
        _properties = PropertyParameter.Parse(this, Property ?? ["*"], "label", "name", "alignment", "width");
        if (!Fragment)
            WriteHead();
        WriteObject(PreContent, enumerateCollection: true);
        WriteObject("<table>");
    }

    private void WriteHead()
    {
        var type = Transitional ? "Transitional" : "Strict";
        WriteObject($"<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 {type}//EN\"  \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-{type.ToLowerInvariant()}.dtd\">");
        WriteObject("<html xmlns=\"http://www.w3.org/1999/xhtml\">");
        WriteObject("<head>");
        if (Charset is not null)
            WriteObject($"<meta charset=\"{Charset}\">");
        foreach (DictionaryEntry entry in Meta ?? [])
            WriteMeta($"{entry.Key}", entry.Value);
        WriteObject(Head.Length > 0 ? Head : [$"<title>{Title}</title>"], enumerateCollection: true);
        if (CssUri is not null)
            WriteObject($"<link rel=\"stylesheet\" type=\"text/css\" href=\"{CssUri}\" />");
        WriteObject("</head><body>");
        WriteObject(Body, enumerateCollection: true);
    }

    private void WriteMeta(string name, object? content)
    {
        var isHeader = HeaderMeta.Contains(name, StringComparer.OrdinalIgnoreCase);
        if (!isHeader && !NamedMeta.Contains(name, StringComparer.OrdinalIgnoreCase))
            WriteWarning($"Accepted meta properties are content-type, default-style, application-name, author, description, generator, keywords, x-ua-compatible, and viewport. The meta pair: {name} and {content} may not function correctly.");
        WriteObject($"<meta {(isHeader ? "http-equiv" : "name")}=\"{name}\" content=\"{content}\">");
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        // A list shows each object's own properties, a table those of the first.
        if (!IsTable || _columns is null)
            _columns = [.. _properties.SelectMany(property => property.Expression.ResolveNames(InputObject).Select(name => property with { Expression = name }))];
        if (_columns.Count == 0)
        {
            _columns = null;
            return;
        }
        if (!IsTable)
            WriteList(_columns);
        else
        {
            if (!_begun)
                WriteTableHead(_columns);
            WriteObject("<tr>" + string.Concat(_columns.Select(column => $"<td>{Cell(column)}</td>")) + "</tr>");
        }
        _begun = true;
    }

    private void WriteList(List<PropertyParameter> columns)
    {
        if (_begun)
            WriteObject("<tr><td><hr></td></tr>");
        foreach (var column in columns)
            WriteObject($"<tr><td>{Label(column)}:</td><td>{Cell(column)}</td></tr>");
    }

    private void WriteTableHead(List<PropertyParameter> columns)
    {
        static string Attribute(string name, string? value) => value is null ? "" : $" {name} = \"{value}\"";
        WriteObject("<colgroup>" + string.Concat(columns.Select(column => $"<col{Attribute("width", column.Width)}{Attribute("align", column.Alignment)}/>"))
            + "</colgroup>");
        WriteObject("<tr>" + string.Concat(columns.Select(column => $"<th>{Label(column)}</th>")) + "</tr>");
    }

    private static string Label(PropertyParameter column) => column.Name ?? column.Expression.ToString();

    private string Cell(PropertyParameter column) =>
        string.Join(", ", column.Expression.GetValues(InputObject!).Select(result => WebUtility.HtmlEncode(Text(result.Result))));

    private static string Text(object? value)
    {
        try
        {
            return value?.ToString() ?? "";
        }
        catch (Exception)
        {
            // A value without a text is shown as none.
            return "";
        }
    }

    protected override void EndProcessing()
    {
        WriteObject("</table>");
        WriteObject(PostContent, enumerateCollection: true);
        if (!Fragment)
            WriteObject("</body></html>");
    }
}
