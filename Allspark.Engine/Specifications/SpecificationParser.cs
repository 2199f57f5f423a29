using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Allspark.Engine.Specifications;

/// <summary>
/// Reads the part of YAML that descriptions need: maps, lists and plain or quoted values. Anchors, aliases, tags, several
/// documents and doubled keys are refused, and so is what is too long, too deep or too much, before it costs memory.
/// </summary>
internal sealed class SpecificationParser
{
    /// <summary>The longest text read, in characters, and the longest file, in bytes.</summary>
    public const int MaximumLength = 1 << 20;

    private const int MaximumDepth = 12;
    private const int MaximumNodes = 20_000;

    private readonly string file;
    private readonly Parser parser;
    private int nodes;

    private SpecificationParser(string text, string file)
    {
        this.file = file;
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true, maxKeySize: 256));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="SpecificationException">It is too large, not UTF-8 text, or not a specification.</exception>
    public static SpecificationMap ReadFile(string path)
    {
        var name = Path.GetFileName(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[MaximumLength + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaximumLength)
            throw TooLong(name);
        try
        {
            return Read(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length), name);
        }
        catch (DecoderFallbackException error)
        {
            throw new SpecificationException(name, 1, 1, "", "is not UTF-8 text.", error);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="SpecificationException">It is not a specification.</exception>
    public static SpecificationMap Read(string text, string file)
    {
        if (text.Length > MaximumLength)
            throw TooLong(file);
        try
        {
            return new SpecificationParser(text.TrimStart('\uFEFF'), file).Document().AsMap();
        }
        catch (YamlException error)
        {
            throw new SpecificationException(
                file, (int)error.Start.Line, (int)error.Start.Column, "", $"is not YAML: {error.Message}", error);
        }
    }

    private static SpecificationException TooLong(string file) =>
        new(file, 1, 1, "", $"is longer than {MaximumLength} bytes, the most that a specification may have.");

    private SpecificationNode Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out var nothing))
            throw Error(nothing, "", "is empty.");
        parser.Consume<DocumentStart>();
        var root = Node("", 0);
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
            throw Error(parser.Current!, "", "has a second document; a specification is one.");
        return root;
    }

    private SpecificationNode Node(string path, int depth)
    {
        if (parser.Accept<AnchorAlias>(out var alias))
            throw Error(alias, path, "is an alias (*name); aliases are not allowed, write the value out.");
        var start = parser.Consume<NodeEvent>();
        if (!start.Anchor.IsEmpty)
            throw Error(start, path, "has an anchor (&name); anchors are not allowed.");
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
            throw Error(start, path, "has a tag (!name); tags are not allowed.");
        if (depth > MaximumDepth)
            throw Error(start, path, $"is nested deeper than {MaximumDepth} levels.");
        if (++nodes > MaximumNodes)
            throw Error(start, path, $"is one value too many: a specification has at most {MaximumNodes}.");
        return start switch
        {
            Scalar scalar => new SpecificationScalar(file, path, At(scalar), scalar.Value),
            SequenceStart sequence => List(sequence, path, depth),
            MappingStart mapping => Map(mapping, path, depth),
            _ => throw Error(start, path, "is not a value, a list or keys and values."),
        };
    }

    private SpecificationList List(SequenceStart start, string path, int depth)
    {
        var items = new List<SpecificationNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node($"{path}[{items.Count}]", depth + 1));
        return new SpecificationList(file, path, At(start), [.. items]);
    }

    private SpecificationMap Map(MappingStart start, string path, int depth)
    {
        var entries = new Dictionary<string, (Position, SpecificationNode)>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.Accept<Scalar>(out _))
                throw Error(parser.Current!, path, "has a key that is not a plain word.");
            var key = (SpecificationScalar)Node(path, depth);
            var keyPath = path.Length == 0 ? key.Text : $"{path}.{key.Text}";
            if (entries.ContainsKey(key.Text))
                throw new SpecificationException(file, key.Position.Line, key.Position.Column, keyPath, "this key is given twice.");
            entries.Add(key.Text, (key.Position, Node(keyPath, depth + 1)));
        }

        return new SpecificationMap(file, path, At(start), entries);
    }

    private static Position At(ParsingEvent place) => new((int)place.Start.Line, (int)place.Start.Column);

    private SpecificationException Error(ParsingEvent place, string path, string problem) =>
        new(file, (int)place.Start.Line, (int)place.Start.Column, path, problem);
}
