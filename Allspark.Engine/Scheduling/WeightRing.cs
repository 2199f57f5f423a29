using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Scheduling;

/// <summary>Nodes that keep one copy of a weight slice between them: who holds it, where the rest comes from, when, and how often it is read.</summary>
/// <param name="Block">Layer.</param>
/// <param name="Kind">What of it is computed.</param>
/// <param name="OrientationSet">Of stripes whose orientations have groups of their own, the orientation; 0 otherwise.</param>
/// <param name="Slice">Number of the slice: head part + hp · channel part.</param>
/// <param name="Nodes">The nodes in ring order; the k-th keeps the k-th part of the slice.</param>
public sealed record WeightRing(string Block, PhaseKind Kind, int OrientationSet, int Slice, ValueList<int> Nodes)
{
    /// <summary>Where what a node does not keep comes from.</summary>
    public required WeightSource Source { get; init; }

    /// <summary>Bytes of the whole slice, on the node with the largest part.</summary>
    public required long SliceBytes { get; init; }

    /// <summary>Whether what is fetched passes through the buffer in the order of use; otherwise it is in memory while the phase runs.</summary>
    public required bool PassesThrough { get; init; }

    /// <summary>How often the slice is read from the node's memory in one inference; 0 where it passes through.</summary>
    public required int Reads { get; init; }

    /// <summary>Bytes that each node keeps for the whole inference.</summary>
    public long KeptBytes => Source == WeightSource.OutsideStack ? 0 : (SliceBytes + Nodes.Count - 1) / Nodes.Count;

    /// <summary>Bytes that each node fetches when the phase starts, under its first chunk where exchange and computation overlap.</summary>
    public long FetchedBytes => SliceBytes - KeptBytes;

    /// <summary>The rings of a phase on its tiling: holders of a slice are a group's row parts, then the next group's; s of them make a ring.</summary>
    /// <param name="scheduled">The phase.</param>
    public static IEnumerable<WeightRing> Of(ScheduledPhase scheduled)
    {
        ArgumentNullException.ThrowIfNull(scheduled);
        var (phase, option, tiling) = (scheduled.Phase, scheduled.Option, scheduled.Placement.Tiling);
        var slices = option.HeadParts * option.ChannelParts;
        var rows = phase.Kind == PhaseKind.Attention ? option.RowParts : 1;
        var sets = phase.Orientations / phase.HeldOrientations(tiling);
        // Groups of one orientation follow one another.
        return from set in Enumerable.Range(0, sets)
               from slice in Enumerable.Range(0, Math.Min(slices, tiling.GroupSize))
               from ring in Holders(scheduled.Groups * set / sets, scheduled.Groups * (set + 1) / sets, slice).Chunk(Math.Max(1, option.SharingDegree))
               let fetches = option.Streamed || ring.Length > 1
               select new WeightRing(phase.Block, phase.Kind, set, slice, ring.ToValueList())
               {
                   Source = option.Streamed ? WeightSource.OutsideStack : ring.Length > 1 ? WeightSource.Ring : WeightSource.OwnMemory,
                   SliceBytes = scheduled.Cost.SliceBytes,
                   PassesThrough = option.PassThrough && fetches,
                   Reads = option.PassThrough && fetches ? 0 : scheduled.Cost.SliceReads,
               };

        IEnumerable<int> Holders(int firstGroup, int endGroup, int slice) =>
            from @group in Enumerable.Range(firstGroup, endGroup - firstGroup)
            from row in Enumerable.Range(0, rows)
            where row * slices + slice < tiling.GroupSize
            select tiling[@group, row * slices + slice];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Block} {Kind}, slice {Slice} on {string.Join(" ", Nodes)}";
}
