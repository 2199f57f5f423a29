using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.HuggingFace;

/// <summary>The keys of a configuration, with what the library takes where one is missing.</summary>
internal sealed class Config(SpecificationMap map)
{
    private const int Widest = 1 << 16;

    /// <summary>Whether a key has a value.</summary>
    public bool Has(string key) => map.TryGet(key, out _);

    /// <summary>The error of a key, at its value or else at the file's beginning.</summary>
    public SpecificationException Error(string key, string problem) => map.TryGet(key, out var node)
        ? node.Error(problem)
        : new SpecificationException(map.File, map.Position.Line, map.Position.Column, key, $"(missing, so the library's default) {problem}");

    public string Text(string key, string missing) => map.TryGet(key, out var node) ? node.Sentence(200) : missing;

    public int Integer(string key, int missing, int least = 1, int most = Widest) =>
        map.TryGet(key, out var node) ? node.Integer(least, most) : missing;

    public bool Truth(string key, bool missing) => map.TryGet(key, out var node) ? node.Truth() : missing;

    public ValueList<int> Integers(string key, ReadOnlySpan<int> missing, int count = 0) => map.TryGet(key, out var node)
        ? node.Each(count > 0 ? count : 1, count > 0 ? count : 8, item => item.Integer(1, Widest))
        : Counted(key, [.. missing], count);

    /// <summary>A number or, where it must be whole and is one number for all stages, a list of them.</summary>
    public ValueList<double> Ratios(string key, ReadOnlySpan<double> missing, int count) => map.TryGet(key, out var node)
        ? node.Each(count, count, item => item.Quantity(Unit.Count, 1.0 / 64, 64))
        : Counted(key, [.. missing], count);

    public double Ratio(string key, double missing) => map.TryGet(key, out var node) ? node.Quantity(Unit.Count, 1.0 / 64, 64) : missing;

    public ValueList<bool> Truths(string key, ReadOnlySpan<bool> missing, int count) => map.TryGet(key, out var node)
        ? node.Each(count, count, item => item.Truth())
        : Counted(key, [.. missing], count);

    /// <summary>Classes of a classifier: the names given, else their number, else the library's two.</summary>
    public int Labels() => map.TryGet("id2label", out var names) ? Math.Max(1, names.AsMap().Keys.Count())
        : map.TryGet("num_labels", out var count) ? count.Integer(1, 1 << 20)
        : 2;

    /// <summary>The side of the image: one number, or two that are equal.</summary>
    public int ImageSide(int missing)
    {
        if (!map.TryGet("image_size", out var node))
            return missing;
        if (node is SpecificationScalar)
            return node.Integer(1, ModelCatalog.HighestResolution);
        var sides = node.Each(2, 2, item => item.Integer(1, ModelCatalog.HighestResolution));
        return sides[0] == sides[1] ? sides[0] : throw node.Error($"{sides[0]}×{sides[1]} is no square; only square images are read.");
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
