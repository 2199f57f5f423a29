using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>Which node has which part of a phase's trained numbers when the phase starts, and who gathers from whom.</summary>
internal static class WeightProgram
{
    public static (List<WeightHolding> Holdings, List<IReadOnlyList<int>> Rings) Of(
        ScheduledPhase scheduled, PhaseTensors tensors)
    {
        var (phase, option, tiling) = (scheduled.Phase, scheduled.Option, scheduled.Placement.Tiling);
        var (holdings, rings) = (new List<WeightHolding>(), new List<IReadOnlyList<int>>());
        var nodes = tiling.Nodes[..(scheduled.Groups * tiling.GroupSize)];
        foreach (var node in nodes)
        {
            foreach (var tensor in tensors.Replicated)
                holdings.Add(new WeightHolding(node, tensor, new IndexRange(0, tensor.Count)));
        }

        var slices = option.HeadParts * option.ChannelParts;
        var rows = phase.Kind == PhaseKind.Attention ? option.RowParts : 1;
        var degree = Math.Max(1, option.SharingDegree);
        var held = phase.HeldOrientations(tiling);
        var sets = phase.Orientations / held;
        for (var set = 0; set < sets; set++)
        {
            // Groups of one orientation follow one another.
            var groups = new IndexRange(scheduled.Groups * set / sets, scheduled.Groups * (set + 1) / sets);
            for (var slice = 0; slice < Math.Min(slices, tiling.GroupSize); slice++)
            {
                var ranges = Enumerable.Range(set * held, held).SelectMany(orientation => Slice(phase, option, slice, orientation));
                var elements = Elements(ranges, tensors);
                foreach (var ring in Holders(tiling, groups, rows, slices, slice).Chunk(degree))
                {
                    rings.Add(ring);
                    foreach (var (member, node) in ring.Index())
                    {
                        holdings.AddRange(Cut(elements, degree, member)
                            .Select(part => new WeightHolding(node, part.Tensor, part.Elements)));
                    }
                }
            }
        }

        return (holdings, rings);
    }

    // The copies of a slice in the flattened order of the tiling: a group's row parts, then the next group.
    private static List<int> Holders(Tiling tiling, IndexRange groups, int rows, int slices, int slice)
    {
        var holders = new List<int>(groups.Length * rows);
        for (var group = groups.Start; group < groups.End; group++)
        {
            for (var row = 0; row < rows && row * slices + slice < tiling.GroupSize; row++)
                holders.Add(tiling[group, row * slices + slice]);
        }

        return holders;
    }

    /// <summary>Rows of the split matrices that a slice has: some channels of some heads, or some columns.</summary>
    private static IEnumerable<IndexRange> Slice(Phase phase, PhaseOption option, int slice, int orientation)
    {
        var attends = phase.Kind == PhaseKind.Attention;
        var heads = attends ? phase.Heads : 1;
        var width = phase.SplitWidth / heads;
        var (firstHead, lastHead) = attends ? Parts.Of(heads, option.HeadParts, slice % option.HeadParts) : (0, 1);
        var (first, last) = attends
            ? Parts.Of(width, option.ChannelParts, slice / option.HeadParts)
            : Parts.Of(width, option.HeadParts, slice % option.HeadParts);
        for (var head = firstHead; head < lastHead; head++)
            yield return new IndexRange((orientation * heads + head) * width + first, (orientation * heads + head) * width + last);
    }

    private static List<(WeightTensor Tensor, IndexRange Elements)> Elements(IEnumerable<IndexRange> rows, PhaseTensors tensors)
    {
        IndexRange[] ranges = [.. rows];
        return [.. from tensor in tensors.Split
                   from range in ranges
                   select (tensor, new IndexRange(range.Start * tensor.Columns, range.End * tensor.Columns))];
    }

    // Part of the slice's elements, taken one after another, that one of the sharing nodes keeps.
    private static IEnumerable<(WeightTensor Tensor, IndexRange Elements)> Cut(
        List<(WeightTensor Tensor, IndexRange Elements)> slice, int parts, int index)
    {
        var (start, end) = Parts.Of(slice.Sum(piece => piece.Elements.Length), parts, index);
        var before = 0;
        foreach (var (tensor, elements) in slice)
        {
            var offset = elements.Start - before;
            var part = new IndexRange(start + offset, end + offset).Intersect(elements);
            if (!part.IsEmpty)
                yield return (tensor, part);
            before += elements.Length;
        }
    }
}
