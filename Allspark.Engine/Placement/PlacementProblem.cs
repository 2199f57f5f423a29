using System.Runtime.InteropServices;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>
/// Which slot each window of an attention phase, and each group's share of the tokens of a token-wise phase, is bound to: a quadratic
/// assignment of Σ bytes × hops over the moves between consecutive phases, linear in any one phase while its neighbours stay.
/// </summary>
/// <remarks>
/// Inside a group everything stays in ring order. Phases whose tokens have two places, and those beside a move that overlapping patches,
/// squeezed means or pooling add to, keep the structured layout; these moves are not counted.
/// </remarks>
public sealed partial class PlacementProblem
{
    private readonly PimArray _array;
    private readonly int[] _nearestIo;
    private readonly Side[] _sides;

    /// <summary>Gathers the flows of phases on their tilings.</summary>
    public PlacementProblem(PimArray array, IReadOnlyList<(Phase Phase, Tiling Tiling)> phases, Precision precision)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(phases);
        (_array, _nearestIo) = (array, array.NearestIo());
        var flows = new TokenFlows(array);
        _sides = [.. phases.Select(phase => new Side(phase.Phase, phase.Tiling, flows.OrderOf(phase.Phase)))];
        for (var p = 0; p + 1 < _sides.Length; p++)
            AddMove(p, precision);
        AddInput(precision);
        AddOutput(precision);
    }

    /// <summary>Phases.</summary>
    public int Count => _sides.Length;

    /// <summary>Windows, or shares, of a phase.</summary>
    public int SharesOf(int phase) => _sides[phase].Structured.Length;

    /// <summary>Whether the windows of a phase may be bound to other slots.</summary>
    public bool IsMovable(int phase) => _sides[phase].Movable && SharesOf(phase) > 1;

    /// <summary>The structured layout: the slots of each phase.</summary>
    public int[][] Structured() => Array.ConvertAll(_sides, side => (int[])side.Structured.Clone());

    /// <summary>Groups in raster order of their first node take the windows in order.</summary>
    public int[][] Raster() => Array.ConvertAll(_sides, side =>
    {
        if (!side.Movable)
            return (int[])side.Structured.Clone();
        var raster = Enumerable.Range(0, side.Groups).OrderBy(slot => Enumerable.Range(0, side.Tiling.GroupSize).Min(rank => side.Tiling[slot, rank])).ToArray();
        return Array.ConvertAll(side.Structured, slot => raster[slot]);
    });

    /// <summary>Windows on random slots, as many on each as in the structured layout.</summary>
    public int[][] Random(int seed)
    {
        var random = new Random(seed);
        return Array.ConvertAll(_sides, side =>
        {
            var slots = (int[])side.Structured.Clone();
            if (side.Movable)
                random.Shuffle(slots);
            return slots;
        });
    }

    /// <summary>Bytes × hops of all moves, and bytes over the link that they load most together.</summary>
    public PlacementCost CostOf(IReadOnlyList<IReadOnlyList<int>> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var loads = new LinkLoads(_array);
        for (var p = 0; p < _sides.Length; p++)
        {
            foreach (var flow in _sides[p].Flows.Where(flow => flow.Other != p - 1))
            {
                var here = NodeOf(p, slots[p][flow.Share], flow.Rank);
                var (source, target) = flow.Other == Side.Input ? (_nearestIo[here], here)
                    : flow.Other == Side.Output ? (here, _nearestIo[here])
                    : (here, NodeOf(flow.Other, slots[flow.Other][flow.OtherShare], flow.OtherRank));
                loads.Add(source, target, flow.Bytes);
            }
        }

        return new PlacementCost(loads.AmountHops, loads.Heaviest());
    }

    /// <summary>Bytes × hops of each window of a phase on each slot, the other phases as they are; row-major [window, slot].</summary>
    public long[] CostMatrix(int phase, IReadOnlyList<IReadOnlyList<int>> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var side = _sides[phase];
        var costs = new long[side.Structured.Length * side.Groups];
        foreach (var flow in side.Flows)
        {
            var other = flow.Other < 0 ? -1 : NodeOf(flow.Other, slots[flow.Other][flow.OtherShare], flow.OtherRank);
            for (var slot = 0; slot < side.Groups; slot++)
            {
                var here = side.Tiling[slot, flow.Rank];
                costs[flow.Share * side.Groups + slot] += flow.Bytes * _array.Interconnect.Hops(here, other < 0 ? _nearestIo[here] : other);
            }
        }

        return costs;
    }

    /// <summary>Bytes that come to and leave each window of a phase.</summary>
    public long[] VolumesOf(int phase)
    {
        var volumes = new long[_sides[phase].Structured.Length];
        foreach (var flow in _sides[phase].Flows)
            volumes[flow.Share] += flow.Bytes;
        return volumes;
    }

    /// <summary>Windows on each slot of a phase under the structured layout, which every other one keeps.</summary>
    public int[] RoomOf(int phase)
    {
        var room = new int[_sides[phase].Groups];
        foreach (var slot in _sides[phase].Structured)
            room[slot]++;
        return room;
    }

    /// <summary>What two windows of a phase would save in bytes × hops by trading their slots.</summary>
    public long Saving(int phase, int first, int second, IReadOnlyList<IReadOnlyList<int>> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var (one, two) = (slots[phase][first], slots[phase][second]);
        return one == two ? 0 : Moved(first, one, two) + Moved(second, two, one);

        long Moved(int share, int from, int to)
        {
            var (side, saved) = (_sides[phase], 0L);
            foreach (var flow in side.FlowsOf(share))
            {
                var (before, after) = (side.Tiling[from, flow.Rank], side.Tiling[to, flow.Rank]);
                saved += flow.Other < 0
                    ? flow.Bytes * (_array.Interconnect.Hops(before, _nearestIo[before]) - _array.Interconnect.Hops(after, _nearestIo[after]))
                    : flow.Bytes * (_array.Interconnect.Hops(before, Other(flow)) - _array.Interconnect.Hops(after, Other(flow)));
            }

            return saved;
        }

        int Other(Flow flow) => NodeOf(flow.Other, slots[flow.Other][flow.OtherShare], flow.OtherRank);
    }

    private int NodeOf(int phase, int slot, int rank) => _sides[phase].Tiling[slot, rank];

    private void AddMove(int p, Precision precision)
    {
        var (from, to) = (_sides[p], _sides[p + 1]);
        if (from.Phase.Orientations > 1 || to.Phase.Orientations > 1 || to.Phase.PoolsAll || to.Phase.Convolution.Overlaps || to.Phase.SqueezedChannels > 0)
        {
            (from.Movable, to.Movable) = (false, false);
            return;
        }

        var bytes = TokenFlows.TokenBytes(from.Phase, to.Phase, precision);
        var readers = TokenPlaces.Readers(to.Phase, [.. Enumerable.Range(0, to.Shares.Length)]);
        var joined = new Dictionary<(int, int, int, int), long>();
        for (var token = 0; token < readers.Length; token++)
        {
            if (readers[token] < 0)
                continue;
            var key = (from.Shares[token], from.Ranks[token], to.Shares[readers[token]], to.Ranks[readers[token]]);
            joined[key] = joined.GetValueOrDefault(key) + bytes;
        }

        foreach (var ((share, rank, otherShare, otherRank), volume) in joined)
        {
            from.Flows.Add(new Flow(share, rank, p + 1, otherShare, otherRank, volume));
            to.Flows.Add(new Flow(otherShare, otherRank, p, share, rank, volume));
        }
    }

    private void AddInput(Precision precision)
    {
        var first = _sides[0];
        AddOffStack(first, Side.Input, TokenFlows.TokenBytes(null, first.Phase, precision));
    }

    private void AddOutput(Precision precision)
    {
        var last = _sides[^1];
        AddOffStack(last, Side.Output, TokenFlows.TokenBytes(last.Phase, null, precision));
    }

    private static void AddOffStack(Side side, int other, long bytes)
    {
        foreach (var (part, tokens) in side.Shares.Zip(side.Ranks).CountBy(part => part))
            side.Flows.Add(new Flow(part.First, part.Second, other, 0, 0, tokens * bytes));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Flow(int Share, int Rank, int Other, int OtherShare, int OtherRank, long Bytes);

    private sealed class Side
    {
        public const int Input = -2;
        public const int Output = -3;

        private ILookup<int, Flow>? _byShare;

        public Side(Phase phase, Tiling tiling, TokenOrder order)
        {
            (Phase, Tiling) = (phase, tiling);
            Groups = phase.ActiveGroups(tiling);
            Structured = TokenLayout.StructuredSlots(phase, tiling);
            (Shares, Ranks) = TokenLayout.SharesOf(phase, tiling, order);
        }

        public Phase Phase { get; }

        public Tiling Tiling { get; }

        public int Groups { get; }

        public int[] Structured { get; }

        public int[] Shares { get; }

        public int[] Ranks { get; }

        public bool Movable { get; set; } = true;

        public List<Flow> Flows { get; } = [];

        /// <summary>Most windows that share a slot.</summary>
        public int MostTogether => Structured.CountBy(slot => slot).Max(slot => slot.Value);

        public IEnumerable<Flow> FlowsOf(int share) => (_byShare ??= Flows.ToLookup(flow => flow.Share))[share];
    }
}
