using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Allspark.Engine.Specifications;

/// <summary>
/// Reads the part of YAML that descriptions need: maps, lists and plain or quoted values. Tags, several documents and doubled keys are
/// refused, and so is what is too long, too deep or too much, before it costs memory. Anchors, aliases and merged maps are read only in
/// files whose form another tool defines.
/// </summary>
internal sealed class SpecificationParser
{
    /// <summary>The longest text read, in characters, and the longest file, in bytes.</summary>
    public const int MaximumLength = 1 << 20;

    private const int MaximumDepth = 12;
    private const int MaximumNodes = 20_000;
    private const int MaximumForeignDepth = 32;
    private const int MaximumForeignNodes = 200_000;

    private readonly string file;
    private readonly Parser parser;
    private readonly Dictionary<AnchorName, SpecificationNode>? anchors;
    private int nodes;

    private SpecificationParser(string text, string file, bool foreign)
    {
        this.file = file;
        anchors = foreign ? [] : null;
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true, maxKeySize: 256));
    }

    private (int Depth, int Nodes) Limits =>
        anchors is null ? (MaximumDepth, MaximumNodes) : (MaximumForeignDepth, MaximumForeignNodes);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SpecificationException">It is too large, not UTF-8 text, or not a specification.</exception>
    public static SpecificationMap ReadFile(string path) => Read(SpecificationText.ReadFile(path), Path.GetFileName(path));

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="SpecificationException">It is not a specification.</exception>
    public static SpecificationMap Read(string text, string file) => Root(text, file, foreign: false).AsMap();

    /// <summary>Reads a text whose form another tool defines: its root may be a list, and it may have anchors, aliases and merged maps.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="SpecificationException">It is not YAML, or a template that is yet to be filled in.</exception>
    public static SpecificationNode ReadForeign(string text, string file)
    {
        RefuseTemplate(text, file);
        return Root(text, file, foreign: true);
    }

    private static SpecificationNode Root(string text, string file, bool foreign)
    {
        if (text.Length > MaximumLength)
            throw SpecificationText.TooLong(file);
        var reader = new SpecificationParser(text.TrimStart('\uFEFF'), file, foreign);
        try
        {
            return reader.Document();
        }
        catch (YamlException error)
        {
            throw new SpecificationException(
                file, (int)error.Start.Line, (int)error.Start.Column, "", $"is not YAML: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The library's scanner ends so on some texts that are not YAML; where is known only to the value before.
            var place = reader.parser.Current?.End ?? Mark.Empty;
            throw new SpecificationException(file, (int)place.Line, (int)place.Column, "", "is not YAML from here on.", error);
        }
    }

    // No plain YAML of these tools has two braces in a row outside of a comment.
    private static void RefuseTemplate(string text, string file)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var comment = line.IndexOf('#');
            var written = comment < 0 ? line : line[..comment];
            if (written.IndexOf("{{", StringComparison.Ordinal) is >= 0 and var column)
            {
                throw new SpecificationException(file, number, column + 1, "",
                    "is a template ({{…}}); fill it in with the tool that it is for and give the result.");
            }
        }
    }

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
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Aliased(alias, path);
        var start = parser.Consume<NodeEvent>();
        if (!start.Anchor.IsEmpty && anchors is null)
            throw Error(start, path, "has an anchor (&name); anchors are not allowed.");
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
            throw Error(start, path, "has a tag (!name); tags are not allowed.");
        if (depth > Limits.Depth)
            throw Error(start, path, $"is nested deeper than {Limits.Depth} levels.");
        Count(start, path);
        SpecificationNode node = start switch
        {
            Scalar scalar => new SpecificationScalar(file, path, At(scalar), scalar.Value),
            SequenceStart sequence => List(sequence, path, depth),
            MappingStart mapping => Map(mapping, path, depth),
            _ => throw Error(start, path, "is not a value, a list or keys and values."),
        };
        if (!start.Anchor.IsEmpty)
            anchors![start.Anchor] = node;
        return node;
    }

    // The one node that bears the anchor, never a copy: a file of aliases of aliases costs no more than it has values.
    private SpecificationNode Aliased(AnchorAlias alias, string path)
    {
        if (anchors is null)
            throw Error(alias, path, "is an alias (*name); aliases are not allowed, write the value out.");
        Count(alias, path);
        return anchors.TryGetValue(alias.Value, out var node) ? node : throw Error(alias, path, $"*{alias.Value} stands before any &{alias.Value}.");
    }

    private void Count(ParsingEvent place, string path)
    {
        if (++nodes > Limits.Nodes)
            throw Error(place, path, $"is one value too many: a specification has at most {Limits.Nodes}.");
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
        var merged = new List<SpecificationNode>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.Accept<Scalar>(out _))
                throw Error(parser.Current!, path, "has a key that is not a plain word.");
            var key = (SpecificationScalar)Node(path, depth);
            var keyPath = path.Length == 0 ? key.Text : $"{path}.{key.Text}";
            if (anchors is not null && key.Text is "<<" or "<<<")
            {
                merged.Add(Node(keyPath, depth + 1));
                continue;
            }

            if (entries.ContainsKey(key.Text))
                throw new SpecificationException(file, key.Position.Line, key.Position.Column, keyPath, "this key is given twice.");
            entries.Add(key.Text, (key.Position, Node(keyPath, depth + 1)));
        }

        foreach (var other in merged)
            Merge(entries, other);
        return new SpecificationMap(file, path, At(start), entries);
    }

    // What the map has itself stays; of several merged maps the first counts.
    private void Merge(Dictionary<string, (Position Key, SpecificationNode Value)> entries, SpecificationNode merged)
    {
        foreach (var map in merged is SpecificationList list ? list.Items.Select(item => item.AsMap()) : [merged.AsMap()])
        {
            foreach (var key in map.Keys)
            {
                if (++nodes > Limits.Nodes)
                    throw map.Error($"is one value too many: a specification has at most {Limits.Nodes}.");
                entries.TryAdd(key, (map[key].Position, map[key]));
            }
        }
    }

    private static Position At(ParsingEvent place) => new((int)place.Start.Line, (int)place.Start.Column);

    private SpecificationException Error(ParsingEvent place, string path, string problem) =>
        new(file, (int)place.Start.Line, (int)place.Start.Column, path, problem);
}
