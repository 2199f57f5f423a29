using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Xml;

namespace Microsoft.PowerShell.Commands;

/// <summary>A node that Select-Xml found and where.</summary>
public sealed class SelectXmlInfo
{
    public XmlNode? Node { get; set; }

    public string Path { get; set; } = "InputStream";

    public string? Pattern { get; internal set; }

    public override string? ToString() => Node is XmlAttribute or XmlText ? Node.Value?.Trim() : Node?.InnerXml;
}

[Cmdlet(VerbsCommon.Select, "Xml", DefaultParameterSetName = "Xml", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2097031")]
[OutputType(typeof(SelectXmlInfo))]
public class SelectXmlCommand : PSCmdlet
{
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Xml")]
    [ValidateNotNullOrEmpty]
    [Alias("Node")]
    public XmlNode[]? Xml { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Content")]
    [ValidateNotNullOrEmpty]
    public string[]? Content { get; set; }

    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string XPath { get; set; } = "";

    [Parameter]
    [ValidateNotNullOrEmpty]
    public Hashtable? Namespace { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var node in Xml ?? [])
            Search(node, path: null);
        foreach (var text in Content ?? [])
        {
            if (Try(() => Load(new StringReader(text)), text) is { } document)
                Search(document, path: null);
        }
        foreach (var file in (Path ?? LiteralPath ?? []).SelectMany(path => this.Files(path, isLiteral: Path is null)))
        {
            if (Try(() => Load(new StreamReader(file)), file) is { } document)
                Search(document, file);
        }
    }

    // No document type is resolved: a file from outside must not reach for others.
    private static XmlDocument Load(TextReader text)
    {
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        using (text)
        using (var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null }))
            document.Load(reader);
        return document;
    }

    private XmlDocument? Try(Func<XmlDocument> load, string source)
    {
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is XmlException or IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(new ArgumentException($"The file '{source}' cannot be read: {failure.Message}", failure),
                "ProcessingFile", ErrorCategory.InvalidArgument, source));
            return null;
        }
    }

    private void Search(XmlNode node, string? path)
    {
        var names = new XmlNamespaceManager(node.OwnerDocument?.NameTable ?? ((XmlDocument)node).NameTable);
        foreach (DictionaryEntry entry in Namespace ?? [])
            names.AddNamespace(LanguagePrimitives.ConvertTo<string>(entry.Key), LanguagePrimitives.ConvertTo<string>(entry.Value));
        foreach (XmlNode found in node.SelectNodes(XPath, names)!)
        {
            var info = new SelectXmlInfo { Node = found, Pattern = XPath };
            if (path is not null)
                info.Path = path;
            WriteObject(info);
        }
    }
}

[Cmdlet(VerbsData.ConvertTo, "Xml", SupportsShouldProcess = false, HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096603",
    RemotingCapability = RemotingCapability.None)]
[OutputType(typeof(XmlDocument), typeof(string))]
public sealed class ConvertToXmlCommand : PSCmdlet
{
    private readonly List<PSObject?> _inputs = [];

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = 1;

    [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter NoTypeInformation { get; set; }

    [Parameter]
    [ValidateNotNull]
    [ValidateSet("Stream", "String", "Document")]
    public string As { get; set; } = "Document";

    protected override void ProcessRecord() => _inputs.Add(InputObject);

    protected override void EndProcessing()
    {
        const string Declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
        if (As.Equals("Stream", StringComparison.OrdinalIgnoreCase))
        {
            WriteObject(Declaration);
            WriteObject(_inputs.Count == 0 ? "<Objects />" : "<Objects>");
            foreach (var input in _inputs)
                WriteObject(Text(writer => WriteItem(writer, "Object", name: null, input, Depth), root: false));
            if (_inputs.Count > 0)
                WriteObject("</Objects>");
            return;
        }
        var text = Text(WriteAll, root: true);
        if (As.Equals("String", StringComparison.OrdinalIgnoreCase))
            WriteObject(text);
        else
        {
            var document = new XmlDocument { XmlResolver = null };
            document.LoadXml(text);
            WriteObject(document);
        }
    }

    private void WriteAll(XmlWriter writer)
    {
        writer.WriteStartElement("Objects");
        foreach (var input in _inputs)
            WriteItem(writer, "Object", name: null, input, Depth);
        writer.WriteEndElement();
    }

    private static string Text(Action<XmlWriter> write, bool root)
    {
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings { Indent = true, OmitXmlDeclaration = !root, Encoding = OutputFile.Utf8 };
        using (var writer = XmlWriter.Create(bytes, settings))
            write(writer);
        return OutputFile.Utf8.GetString(bytes.ToArray());
    }

    private void WriteItem(XmlWriter writer, string element, string? name, object? value, int depth)
    {
        var wrapped = value is null ? null : PSObject.AsPSObject(value);
        var plain = wrapped?.BaseObject;
        writer.WriteStartElement(element);
        if (name is not null)
            writer.WriteAttributeString("Name", name);
        if (!NoTypeInformation && plain is not null)
            writer.WriteAttributeString("Type", plain.GetType().FullName);
        if (plain is null)
        {
            // Null has no content.
        }
        else if (plain is string or char or bool or decimal or DateTime or TimeSpan or Guid or Uri or Version or Enum || plain.GetType().IsPrimitive || depth == 0)
            writer.WriteString(LanguagePrimitives.ConvertTo<string>(value));
        else if (plain is IDictionary table)
        {
            foreach (DictionaryEntry entry in table)
            {
                WriteItem(writer, "Property", "Key", entry.Key, depth - 1);
                WriteItem(writer, "Property", "Value", entry.Value, depth - 1);
            }
        }
        else if (plain is IEnumerable items)
        {
            foreach (var item in items)
                WriteItem(writer, "Property", name: null, item, depth - 1);
        }
        else
        {
            foreach (var property in wrapped!.Properties)
                WriteItem(writer, "Property", property.Name, Value(property), depth - 1);
        }
        writer.WriteEndElement();
    }

    private static object? Value(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            // A property that cannot be read is written as one that is null.
            return null;
        }
    }
}
