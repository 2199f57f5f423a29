using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Specifications;

/// <summary>A place in a specification's text, both from 1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Position(int Line, int Column);

/// <summary>A piece of a specification that knows where it stands and by which dotted path it is reached.</summary>
internal abstract class SpecificationNode(string file, string path, Position position)
{
    public string File { get; } = file;

    public string Path { get; } = path;

    public Position Position { get; } = position;

    public abstract string Kind { get; }

    public SpecificationMap AsMap() => this as SpecificationMap ?? throw Wrong("keys and values");

    public SpecificationList AsList() => this as SpecificationList ?? throw Wrong("a list, such as [1, 2]");

    public SpecificationScalar AsScalar() => this as SpecificationScalar ?? throw Wrong("a single value");

    public SpecificationException Error(string problem) => new(File, Position.Line, Position.Column, Path, problem);

    private SpecificationException Wrong(string wanted) => Error($"is {Kind}; it must be {wanted}.");
}

/// <summary>A single value.</summary>
internal sealed class SpecificationScalar(string file, string path, Position position, string text)
    : SpecificationNode(file, path, position)
{
    public string Text { get; } = text;

    public override string Kind => "a single value";
}

/// <summary>A list.</summary>
internal sealed class SpecificationList(string file, string path, Position position, SpecificationNode[] items)
    : SpecificationNode(file, path, position)
{
    public IReadOnlyList<SpecificationNode> Items { get; } = items;

    public override string Kind => "a list";
}

/// <summary>Keys and values, in the order of the text.</summary>
internal sealed class SpecificationMap(
    string file, string path, Position position, Dictionary<string, (Position Key, SpecificationNode Value)> entries)
    : SpecificationNode(file, path, position)
{
    public override string Kind => "keys and values";

    public IEnumerable<string> Keys => entries.Keys;

    public int Count => entries.Count;

    public SpecificationNode this[string key] => entries.TryGetValue(key, out var entry)
        ? entry.Value
        : throw Error($"the key '{key}' is missing.");

    public bool TryGet(string key, [NotNullWhen(true)] out SpecificationNode? value)
    {
        value = entries.TryGetValue(key, out var entry) ? entry.Value : null;
        return value is not null;
    }

    /// <summary>Refuses every key that is not among those allowed, naming the nearest that is.</summary>
    public SpecificationMap Allow(params ReadOnlySpan<string> allowed)
    {
        foreach (var (key, (position, value)) in entries)
        {
            if (!allowed.Contains(key))
                throw new SpecificationException(
                    File, position.Line, position.Column, value.Path, Unknown("key", key, allowed.ToArray()));
        }

        return this;
    }

    /// <summary>The sentence that refuses a word and says which are allowed.</summary>
    public static string Unknown(string what, string word, string[] allowed)
    {
        var shown = word.Length <= 60 ? word : string.Concat(word.AsSpan(0, 60), "…");
        var near = Models.NearNames.Of(word, allowed);
        var guess = near.Count > 0 ? $" Did you mean '{near[0]}'?" : "";
        return $"'{shown}' is not a known {what}.{guess} Allowed: {string.Join(", ", allowed)}.";
    }
}
