using System.Runtime.InteropServices;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>A half-open range of rows or elements.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IndexRange(int Start, int End)
{
    public int Length => Math.Max(0, End - Start);

    public bool IsEmpty => End <= Start;

    public IndexRange Intersect(IndexRange other) => new(Math.Max(Start, other.Start), Math.Min(End, other.End));

    public override string ToString() => $"[{Start}, {End})";
}

/// <summary>A set of integers kept as disjoint ranges in order.</summary>
internal sealed class RangeSet
{
    private readonly List<IndexRange> _ranges = [];

    public IReadOnlyList<IndexRange> Ranges => _ranges;

    /// <summary>Adds a range; ranges that touch become one.</summary>
    public void Add(IndexRange range)
    {
        if (range.IsEmpty)
            return;
        var first = 0;
        while (first < _ranges.Count && _ranges[first].End < range.Start)
            first++;
        var last = first;
        while (last < _ranges.Count && _ranges[last].Start <= range.End)
            last++;
        if (last > first)
            range = new IndexRange(Math.Min(range.Start, _ranges[first].Start), Math.Max(range.End, _ranges[last - 1].End));
        _ranges.RemoveRange(first, last - first);
        _ranges.Insert(first, range);
    }

    /// <summary>The first part of a range that is not in the set; empty where all is.</summary>
    public IndexRange FirstGap(IndexRange wanted)
    {
        var start = wanted.Start;
        foreach (var range in _ranges)
        {
            if (range.End <= start)
                continue;
            if (range.Start > start)
                return new IndexRange(start, Math.Min(range.Start, wanted.End));
            start = range.End;
            if (start >= wanted.End)
                break;
        }

        return new IndexRange(start, Math.Max(start, wanted.End));
    }
}
