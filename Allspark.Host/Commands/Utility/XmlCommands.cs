using System.Text;
using System.Xml;

namespace Microsoft.PowerShell.Commands;

/// <summary>A node that Select-Xml found and where.</summary>
public sealed class SelectXmlInfo
{
    private const string InputStream = "InputStream";

    public XmlNode? Node { get; set; }

    public string Path { get; set; } = InputStream;

    public string? Pattern { get; internal set; }

    public override string ToString()
    {
        var text = (Node?.Value ?? Node?.InnerXml ?? "").Trim();
        return Path == InputStream ? text : $"{text}:{Path}";
    }
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
            SearchText(text);
        foreach (var file in (Path ?? LiteralPath ?? []).SelectMany(path => this.Files(path, isLiteral: Path is null)))
        {
            if (Load(file) is { } document)
                Search(document, file);
        }
    }

    private void SearchText(string text)
    {
        XmlDocument document;
        try
        {
            document = LanguagePrimitives.ConvertTo<XmlDocument>(text);
        }
        catch (PSInvalidCastException failure)
        {
            WriteError(failure.ErrorRecord);
            return;
        }
        Search(document, path: null);
    }

    // No document type is resolved: a file from outside must not reach for others.
    private XmlDocument? Load(string file)
    {
        try
        {
            var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            document.Load(reader);
            return document;
        }
        catch (Exception failure) when (failure is XmlException or IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(new ArgumentException($"The file '{file}' cannot be read: {failure.Message}", failure),
                "ProcessingFile", ErrorCategory.InvalidArgument, file));
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
    private static readonly Type KnownTypes = EngineInternals.Named("System.Management.Automation.KnownTypes");

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

    // A container costs no depth: what it holds is written to the depth that it was given itself.
    private void WriteItem(XmlWriter writer, string element, string? name, object? value, int depth, string? type = null)
    {
        var wrapped = value is null ? null : PSObject.AsPSObject(value);
        var plain = wrapped?.BaseObject;
        var isKnown = plain is not null && EngineInternals.CallByName(KnownTypes, "GetTypeSerializationInfo", plain.GetType()) is not null;
        var items = isKnown || plain is null ? null : LanguagePrimitives.GetEnumerable(plain);
        writer.WriteStartElement(element);
        if (name is not null)
            writer.WriteAttributeString("Name", name);
        if (!NoTypeInformation && (plain?.GetType().ToString() ?? type) is { } typeName)
            writer.WriteAttributeString("Type", typeName);
        if (plain is IDictionary table)
            WriteTable(writer, table, depth);
        else if (items is not null)
        {
            foreach (var item in items)
                WriteItem(writer, "Property", name: null, item, depth);
        }
        else if (isKnown)
            writer.WriteString(plain!.ToString());
        else if (wrapped is not null && depth > 0 && !IsWrittenAsText(wrapped))
            WriteProperties(writer, wrapped, depth - 1);
        else if (wrapped is not null)
            WriteText(writer, wrapped);
        writer.WriteEndElement();
    }

    private static bool IsWrittenAsText(PSObject value) =>
        EngineInternals.CallByName(value, "GetSerializationMethod", [null])!.ToString() == nameof(String);

    private void WriteTable(XmlWriter writer, IDictionary table, int depth)
    {
        foreach (DictionaryEntry entry in table)
        {
            WriteItem(writer, "Property", "Key", entry.Key, depth);
            WriteItem(writer, "Property", "Value", entry.Value, depth);
        }
    }

    private void WriteProperties(XmlWriter writer, PSObject value, int depth)
    {
        foreach (var property in value.Properties)
        {
            var content = value.BaseObject is Enum member
                ? Convert.ChangeType(member, Enum.GetUnderlyingType(member.GetType()), CultureInfo.InvariantCulture) : Value(property);
            WriteItem(writer, "Property", property.Name, content, depth, property.TypeNameOfValue);
        }
    }

    // The properties that were added to an object are written with its text.
    private void WriteText(XmlWriter writer, PSObject value)
    {
        var added = value.Properties.Where(property => property.IsInstance && property is not PSProperty).ToList();
        if (added.Count == 0)
        {
            writer.WriteString(value.BaseObject.ToString());
            return;
        }
        WriteItem(writer, "Property", name: null, value.ToString(), depth: 0);
        foreach (var property in added)
        {
            writer.WriteStartElement("Property");
            writer.WriteAttributeString("Name", property.Name);
            if (!NoTypeInformation)
                writer.WriteAttributeString("Type", property.GetType().ToString());
            writer.WriteString(Value(property)?.ToString());
            writer.WriteEndElement();
        }
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
