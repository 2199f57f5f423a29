using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Allspark.HelpGenerator;

/// <summary>The documentation comments of an assembly, as the compiler writes them.</summary>
internal sealed partial class DocumentationComments
{
    private readonly Dictionary<string, XElement> members;

    private DocumentationComments(Dictionary<string, XElement> members) => this.members = members;

    public static DocumentationComments Read(string file) => new(XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member")
        .ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal));

    /// <summary>Paragraphs of a section (<c>summary</c>, <c>remarks</c>) of a type's or property's comment; none where there is none.</summary>
    public IReadOnlyList<string> Section(string member, string section) =>
        members.TryGetValue(member, out var comment) && comment.Element(section) is { } element ? Paragraphs(element) : [];

    /// <summary>
    /// The default of a parameter: what its comment has as <c>value</c>, or what its summary says of it, as in <c>…; the file's own if omitted.</c>
    /// </summary>
    public string? Default(string member)
    {
        if (Section(member, "value") is [var value, ..])
            return value;
        var said = Omitted().Match(string.Join(' ', Section(member, "summary")));
        return said.Success ? said.Groups["default"].Value : null;
    }

    [GeneratedRegex(@"(^|[;.,:]\s)\s*(and |or )?(?<default>[^;.:]*?(\.\d+)?),? if omitted", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Omitted();

    /// <summary>The examples of a type's comment: title and code.</summary>
    public IEnumerable<(string Title, string Code)> Examples(string member) =>
        members.TryGetValue(member, out var comment)
            ? comment.Elements("example").Select(example => (
                string.Join(' ', Paragraphs(example.Element("summary")!)),
                Unindent(example.Element("code")!.Value)))
            : [];

    // A paragraph ends at a blank line; within one, white space is a single blank.
    private static List<string> Paragraphs(XElement element)
    {
        var paragraphs = new List<string>();
        var words = new List<string>();
        foreach (var line in Text(element).Split('\n').Append(""))
        {
            words.AddRange(line.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
            if (line.Trim().Length > 0 || words.Count == 0)
                continue;
            paragraphs.Add(string.Join(' ', words));
            words.Clear();
        }

        return paragraphs;
    }

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "para" } paragraph => $"\n\n{Text(paragraph)}\n\n",
                XElement reference when (reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword")) is { } target =>
                    target.Value[(target.Value.LastIndexOf('.') + 1)..],
                XElement inner => Text(inner),
                _ => "",
            });
        }

        return text.ToString();
    }

    private static string Unindent(string code)
    {
        var lines = code.Trim('\n', '\r').TrimEnd().Split('\n');
        var margin = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= margin ? line[margin..].TrimEnd() : ""));
    }
}
