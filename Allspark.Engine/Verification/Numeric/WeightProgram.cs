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

        var held = phase.HeldOrientations(tiling);
        var elementsOf = new Dictionary<(int Set, int Slice), List<(WeightTensor Tensor, IndexRange Elements)>>();
        foreach (var ring in WeightRing.Of(scheduled))
        {
            if (!elementsOf.TryGetValue((ring.OrientationSet, ring.Slice), out var elements))
            {
                var ranges = Enumerable.Range(ring.OrientationSet * held, held).SelectMany(orientation => Slice(phase, option, ring.Slice, orientation));
                elementsOf.Add((ring.OrientationSet, ring.Slice), elements = Elements(ranges, tensors));
            }

            rings.Add(ring.Nodes);
            foreach (var (member, node) in ring.Nodes.Index())
                holdings.AddRange(Cut(elements, Math.Max(1, option.SharingDegree), member).Select(part => new WeightHolding(node, part.Tensor, part.Elements)));
        }

        return (holdings, rings);
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
