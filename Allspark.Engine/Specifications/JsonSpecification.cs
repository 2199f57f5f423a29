using System.Text;
using System.Text.Json;

namespace Allspark.Engine.Specifications;

/// <summary>
/// Reads JSON into the same tree as <see cref="SpecificationParser"/> reads YAML, with the place of every value. What is too long, too
/// deep or too much is refused before it costs memory. A key whose value is null is left out, as if it were missing.
/// </summary>
internal sealed class JsonSpecification
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaximumLength = 8 << 20;

    private const int MaximumDepth = 32;
    private const int MaximumNodes = 200_000;

    private readonly string file;
    private readonly byte[] text;
    private int nodes;
    private int counted;
    private int line = 1;
    private int lineStart;

    private JsonSpecification(byte[] text, string file) => (this.text, this.file) = (text, file);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SpecificationException">It is too large, not JSON, or no object.</exception>
    public static SpecificationMap ReadFile(string path)
    {
        var name = Path.GetFileName(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var buffer = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaximumLength)
                throw new SpecificationException(name, 1, 1, "", $"is longer than {MaximumLength} bytes, the most that is read.");
        }

        return Read(buffer.ToArray(), name);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The JSON in UTF-8.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="SpecificationException">It is not JSON, or no object.</exception>
    public static SpecificationMap Read(byte[] text, string file)
    {
        if (ForeignContent.Of(text) is { } what)
            throw new SpecificationException(file, 1, 1, "", $"is {what}");
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var start = text.AsSpan().StartsWith(mark) ? mark.Length : 0;
        var reader = new Utf8JsonReader(text.AsSpan(start), new JsonReaderOptions { MaxDepth = MaximumDepth });
        try
        {
            reader.Read();
            var root = new JsonSpecification(text[start..], file).Node(ref reader, "")
                ?? throw new SpecificationException(file, 1, 1, "", "is null; it must be keys and values.");
            if (reader.Read())
                throw new SpecificationException(file, 1, 1, "", "goes on after its end.");
            return root.AsMap();
        }
        catch (JsonException error)
        {
            throw new SpecificationException(
                file, Whole(error.LineNumber), Whole(error.BytePositionInLine), "", Problem(reader, text.AsSpan(start)), error);
        }
        catch (InvalidOperationException error)
        {
            throw new SpecificationException(file, 1, 1, "", "has a text that is not UTF-8.", error);
        }

        static int Whole(long? value) => (int)Math.Min(int.MaxValue - 1, value ?? 0) + 1;
    }

    // What stands where the text stops being JSON. Python writes numbers that JSON has not.
    private static string Problem(in Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var rest = text[(int)Math.Min(reader.BytesConsumed, text.Length)..].TrimStart(" \t\r\n:,"u8);
        if (reader.CurrentDepth >= MaximumDepth - 1 && rest is [(byte)'[' or (byte)'{', ..])
            return $"is nested deeper than {MaximumDepth} levels.";
        foreach (var number in (ReadOnlySpan<string>)["NaN", "Infinity", "-Infinity"])
        {
            if (rest.StartsWith(Encoding.UTF8.GetBytes(number)))
                return $"has {number} here, which Python writes and which is not JSON. Put a number or null in its place.";
        }

        return rest switch
        {
            [] => "is not JSON: it ends in the midst of a value. The file is cut short.",
            [(byte)'}' or (byte)']', ..] => "is not JSON: a value is missing, or a comma is one too many, before this bracket.",
            [(byte)'\'', ..] => "is not JSON: texts stand in double quotes.",
            [(byte)'/' or (byte)'#', ..] => "is not JSON: it has a comment here, which JSON has not.",
            [(byte)'T' or (byte)'F' or (byte)'N', ..] => "is not JSON: true, false and null are written small.",
            _ => "is not JSON here.",
        };
    }

    private SpecificationNode? Node(ref Utf8JsonReader reader, string path)
    {
        var position = At((int)reader.TokenStartIndex);
        if (++nodes > MaximumNodes)
            throw new SpecificationException(file, position.Line, position.Column, path, $"is one value too many: at most {MaximumNodes} are read.");
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Map(ref reader, path, position);
            case JsonTokenType.StartArray:
                var items = new List<SpecificationNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Node(ref reader, $"{path}[{items.Count}]")
                        ?? throw new SpecificationException(file, line, 1, path, "has an element that is null."));
                }

                return new SpecificationList(file, path, position, [.. items]);
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return new SpecificationScalar(file, path, position, reader.GetString()!);
            default:
                return new SpecificationScalar(file, path, position, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    // As in the library that writes such files, the last of two equal keys counts.
    private SpecificationMap Map(ref Utf8JsonReader reader, string path, Position position)
    {
        var entries = new Dictionary<string, (Position, SpecificationNode)>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (key, place) = (reader.GetString()!, At((int)reader.TokenStartIndex));
            reader.Read();
            entries.Remove(key);
            if (Node(ref reader, path.Length == 0 ? key : $"{path}.{key}") is { } value)
                entries.Add(key, (place, value));
        }

        return new SpecificationMap(file, path, position, entries);
    }

    // Tokens come in the order of the text, so that lines are counted once.
    private Position At(int index)
    {
        for (; counted < index; counted++)
        {
            if (text[counted] == '\n')
                (line, lineStart) = (line + 1, counted + 1);
        }

        return new Position(line, index - lineStart + 1);
    }
}
