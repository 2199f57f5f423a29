using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Text;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.ConvertTo, "Html", DefaultParameterSetName = "Page", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096595",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(string))]
public sealed class ConvertToHtmlCommand : PSCmdlet
{
    private List<Column> _columns = [];
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
    [ValidateSet("content-type", "default-style", "application-name", "author", "description", "generator", "keywords", "x-ua-compatible", "viewport")]
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
        if (Fragment)
            return;
        var type = Transitional ? "Transitional" : "Strict";
        WriteObject($"<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 {type}//EN\"  \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-{type.ToLowerInvariant()}.dtd\">");
        WriteObject("<html xmlns=\"http://www.w3.org/1999/xhtml\">");
        WriteObject("<head>");
        if (Charset is not null)
            WriteObject($"<meta charset=\"{Charset}\">");
        foreach (DictionaryEntry entry in Meta ?? [])
            WriteObject($"<meta name=\"{entry.Key}\" content=\"{entry.Value}\">");
        WriteObject(Head.Length > 0 ? Head : [$"<title>{WebUtility.HtmlEncode(Title)}</title>"], enumerateCollection: true);
        if (CssUri is not null)
            WriteObject($"<link rel=\"stylesheet\" type=\"text/css\" href=\"{CssUri}\" />");
        WriteObject("</head><body>");
        WriteObject(Body, enumerateCollection: true);
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        if (!_begun)
            BeginRows();
        else if (!IsTable)
            WriteObject("<tr><td><hr></td></tr>");
        if (IsTable)
            WriteObject("<tr>" + string.Concat(_columns.Select(column => $"<td>{Cell(column)}</td>")) + "</tr>");
        else
        {
            foreach (var column in _columns)
                WriteObject($"<tr><td>{Encode(column.Label)}:</td><td>{Cell(column)}</td></tr>");
        }
    }

    private void BeginRows()
    {
        _begun = true;
        WriteObject(PreContent, enumerateCollection: true);
        foreach (var property in PropertyParameter.Parse(this, Property ?? ["*"], "label", "name", "alignment", "width"))
        {
            foreach (var name in property.Expression.ResolveNames(InputObject!))
                _columns.Add(new(property.Name ?? name.ToString(), name));
            if (!property.Expression.HasWildCardCharacters && property.Expression.ResolveNames(InputObject!).Count == 0)
                _columns.Add(new(property.Name ?? property.Expression.ToString(), property.Expression));
        }
        WriteObject("<table>");
        if (!IsTable)
            return;
        WriteObject("<colgroup>" + string.Concat(Enumerable.Repeat("<col/>", _columns.Count)) + "</colgroup>");
        WriteObject("<tr>" + string.Concat(_columns.Select(column => $"<th>{Encode(column.Label)}</th>")) + "</tr>");
    }

    private string Cell(Column column) => column.Expression.GetValues(InputObject!) is [{ Exception: null, Result: { } value }, ..]
        ? Encode(LanguagePrimitives.ConvertTo<string>(value)) : "";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    protected override void EndProcessing()
    {
        if (!_begun)
        {
            WriteObject(PreContent, enumerateCollection: true);
            WriteObject("<table>");
        }
        WriteObject("</table>");
        WriteObject(PostContent, enumerateCollection: true);
        if (!Fragment)
            WriteObject("</body></html>");
    }

    private sealed record Column(string Label, PSPropertyExpression Expression);
}
