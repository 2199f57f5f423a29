using System.Diagnostics.CodeAnalysis;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.HuggingFace;

/// <summary>The keys of a configuration, with what the library takes where one is missing.</summary>
/// <param name="map">The file.</param>
/// <param name="aliases">For keys of the type the names that the library has for them in all types, which it takes as well.</param>
internal sealed class Config(SpecificationMap map, IReadOnlyDictionary<string, string> aliases)
{
    private const int Widest = 1 << 16;

    private readonly List<string> notes = [];

    /// <summary>What was read in place of what, and what was not read.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>The class that the file was saved from; empty where it names none.</summary>
    public string Architecture { get; } = !map.TryGet("architectures", out var named) ? ""
        : named is SpecificationList ? named.Each(0, 16, item => item.Sentence(200)).FirstOrDefault("") : named.Sentence(200);

    /// <summary>Adds a note.</summary>
    public void Note(string note) => notes.Add(note);

    /// <summary>Whether a key has a value.</summary>
    public bool Has(string key) => TryGet(key, out _);

    // By its own name or by that of all types, which must not contradict each other.
    private bool TryGet(string key, [NotNullWhen(true)] out SpecificationNode? value)
    {
        var own = map.TryGet(key, out value);
        if (!aliases.TryGetValue(key, out var name) || !map.TryGet(name, out var other))
            return own;
        if (own && value is SpecificationScalar { Text: var text } && other is SpecificationScalar { Text: var second } && text != second)
            throw other.Error($"is {second}, and '{key}', which means the same, is {text}. Leave one of them out.");
        value ??= other;
        return true;
    }

    /// <summary>The error of a key, at its value or else at the file's beginning.</summary>
    public SpecificationException Error(string key, string problem) => TryGet(key, out var node)
        ? node.Error(problem)
        : new SpecificationException(map.File, map.Position.Line, map.Position.Column, key, $"(missing, so the library's default) {problem}");

    public string Text(string key, string missing) => TryGet(key, out var node) ? node.Sentence(200) : missing;

    public int Integer(string key, int missing, int least = 1, int most = Widest) =>
        TryGet(key, out var node) ? node.Integer(least, most) : missing;

    public bool Truth(string key, bool missing) => TryGet(key, out var node) ? node.Truth() : missing;

    public ValueList<int> Integers(string key, ReadOnlySpan<int> missing, int count = 0, int least = 1) => TryGet(key, out var node)
        ? node.Each(count > 0 ? count : 1, count > 0 ? count : 8, item => item.Integer(least, Widest))
        : Counted(key, [.. missing], count);

    /// <summary>A number or, where it must be whole and is one number for all stages, a list of them.</summary>
    public ValueList<double> Ratios(string key, ReadOnlySpan<double> missing, int count) => TryGet(key, out var node)
        ? node.Each(count, count, item => item.Quantity(Unit.Count, 1.0 / 64, 64))
        : Counted(key, [.. missing], count);

    public ValueList<string> Texts(string key, string missing, int count) => TryGet(key, out var node)
        ? node.Each(count, count, item => item.Sentence(200))
        : [.. Enumerable.Repeat(missing, count)];

    public double Ratio(string key, double missing) => TryGet(key, out var node) ? node.Quantity(Unit.Count, 1.0 / 64, 64) : missing;

    public ValueList<bool> Truths(string key, ReadOnlySpan<bool> missing, int count) => TryGet(key, out var node)
        ? node.Each(count, count, item => item.Truth())
        : Counted(key, [.. missing], count);

    /// <summary>Classes of a classifier: the names given, else their number, else the library's two.</summary>
    public int Labels() => TryGet("id2label", out var names) ? names.AsMap().Keys.Count()
        : TryGet("num_labels", out var count) ? count.Integer(0, 1 << 20)
        : 2;

    /// <summary>The side of a square: one number, or two that are equal.</summary>
    public int Side(string key, int missing, int most)
    {
        if (!TryGet(key, out var node))
            return missing;
        if (node is SpecificationScalar)
            return node.Integer(1, most);
        var sides = node.Each(2, 2, item => item.Integer(1, most));
        return sides[0] == sides[1] ? sides[0] : throw node.Error($"{sides[0]}×{sides[1]} is no square; only squares are read.");
    }

    /// <summary>A width that heads divide.</summary>
    public void CheckHeads(string headsKey, int heads, string widthKey, int width)
    {
        if (width % heads != 0)
            throw Error(headsKey, $"{heads} heads do not divide the {width} channels of '{widthKey}'.");
    }

    private ValueList<T> Counted<T>(string key, T[] missing, int count) => count == 0 || missing.Length == count
        ? [.. missing]
        : throw Error(key, $"has {missing.Length} elements and needs {count}, one for each stage: give '{key}'.");
}
