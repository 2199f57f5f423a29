using System.Collections.Concurrent;
using Allspark.Engine.Hardware;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>Ring and all-to-all exchanges among the nodes of a tiling, with the link loads they cause together.</summary>
/// <remarks>
/// Rings are taken over the flattened order of <see cref="Tiling.Nodes"/>: a ring of q members with stride σ joins nodes b, b+σ, …, b+(q−1)σ.
/// Stride 1 within a group is the head (or column) exchange, a larger stride the row exchange, and strides across groups the sharing of weights.
/// A ring runs both ways: ⌈(q−1)/2⌉ shards cross each edge forward and ⌊(q−1)/2⌋ backward, the same for all-gather and reduce-scatter.
/// </remarks>
public sealed class Collectives(PimArray array)
{
    private readonly int[] _nearestIo = array.NearestIo();
    private readonly ConcurrentDictionary<(TilingShape Shape, int Members, int Stride, int Nodes), CollectiveProfile> _rings = new();
    private readonly ConcurrentDictionary<(TilingShape Shape, int Nodes), CollectiveProfile> _allToAll = new();
    private readonly ConcurrentDictionary<(TilingShape Shape, int Nodes), CollectiveProfile> _entries = new();
    private readonly ConcurrentDictionary<(TilingShape Shape, int Members, int Stride, int Nodes), long[]> _ringLinks = new();
    private readonly ConcurrentDictionary<(TilingShape Shape, int Nodes), long[]> _allToAllLinks = new();
    private readonly ConcurrentDictionary<(TilingShape Shape, int Nodes), long[]> _entryLinks = new();

    /// <summary>Profile of an all-gather (or reduce-scatter) in all rings over the first <paramref name="nodes"/> nodes of the tiling.</summary>
    public CollectiveProfile Ring(Tiling tiling, int members, int stride, int nodes)
    {
        ArgumentNullException.ThrowIfNull(tiling);
        return members <= 1
            ? default
            : _rings.GetOrAdd((tiling.Shape, members, stride, nodes), static (key, state) =>
            {
                var loads = new LinkLoads(state.array);
                var latency = state.collectives.AddRings(loads, state.tiling, key.Members, key.Stride, key.Nodes);
                return new CollectiveProfile(loads.Heaviest(), latency, loads.AmountHops);
            }, (collectives: this, array, tiling));
    }

    /// <summary>Profile of every node of a group sending one shard to every other, in all groups among the first nodes of the tiling.</summary>
    public CollectiveProfile AllToAll(Tiling tiling, int nodes)
    {
        ArgumentNullException.ThrowIfNull(tiling);
        return tiling.GroupSize == 1
            ? default
            : _allToAll.GetOrAdd((tiling.Shape, nodes), static (key, state) =>
            {
                var loads = new LinkLoads(state.array);
                AddAllToAll(loads, state.tiling, key.Nodes);
                return new CollectiveProfile(loads.Heaviest(), loads.LongestRoute, loads.AmountHops);
            }, (array, tiling));
    }

    /// <summary>Profile of each of the first nodes of the tiling getting one shard from its nearest I/O node.</summary>
    public CollectiveProfile Entry(Tiling tiling, int nodes)
    {
        ArgumentNullException.ThrowIfNull(tiling);
        return _entries.GetOrAdd((tiling.Shape, nodes), static (key, state) =>
        {
            var loads = state.collectives.EntryLoads(state.tiling, key.Nodes);
            return new CollectiveProfile(loads.Heaviest(), loads.LongestRoute, loads.AmountHops);
        }, (collectives: this, tiling));
    }

    /// <summary>Shards that cross each link in such an entry.</summary>
    public IReadOnlyList<long> EntryLinks(Tiling tiling, int nodes)
    {
        ArgumentNullException.ThrowIfNull(tiling);
        return _entryLinks.GetOrAdd((tiling.Shape, nodes), static (key, state) =>
            state.collectives.EntryLoads(state.tiling, key.Nodes).ByLink(), (collectives: this, tiling));
    }

    private LinkLoads EntryLoads(Tiling tiling, int nodes)
    {
        var loads = new LinkLoads(array);
        foreach (var node in tiling.Nodes[..nodes])
            loads.Add(_nearestIo[node], node, 1);
        return loads;
    }

    /// <summary>Shards that cross each link in all rings over the first nodes of the tiling.</summary>
    public IReadOnlyList<long> RingLinks(Tiling tiling, int members, int stride, int nodes)
    {
        ArgumentNullException.ThrowIfNull(tiling);
        return _ringLinks.GetOrAdd((tiling.Shape, members, stride, nodes), static (key, state) =>
        {
            var loads = new LinkLoads(state.array);
            state.collectives.AddRings(loads, state.tiling, key.Members, key.Stride, key.Nodes);
            return loads.ByLink();
        }, (collectives: this, array, tiling));
    }

    /// <summary>Shards that cross each link in the all-to-all over the first nodes of the tiling.</summary>
    public IReadOnlyList<long> AllToAllLinks(Tiling tiling, int nodes)
    {
        ArgumentNullException.ThrowIfNull(tiling);
        return _allToAllLinks.GetOrAdd((tiling.Shape, nodes), static (key, state) =>
        {
            var loads = new LinkLoads(state.array);
            AddAllToAll(loads, state.tiling, key.Nodes);
            return loads.ByLink();
        }, (array, tiling));
    }

    /// <summary>Visits the edges (source, target, shards) of the rings over the nodes [first, end) of the tiling, both ways round.</summary>
    public static void VisitRings(Tiling tiling, int members, int stride, int first, int end, Action<int, int, double> visit)
    {
        ArgumentNullException.ThrowIfNull(tiling);
        ArgumentNullException.ThrowIfNull(visit);
        var order = tiling.Nodes;
        for (var start = first; start < end; start += members * stride)
        {
            for (var offset = start; offset < Math.Min(start + stride, end); offset++)
            {
                var present = Math.Min(members, (end - offset + stride - 1) / stride);
                for (var i = 0; i < present && present > 1; i++)
                {
                    var (source, target) = (order[offset + i * stride], order[offset + (i + 1) % present * stride]);
                    visit(source, target, present / 2);
                    visit(target, source, (present - 1) / 2);
                }
            }
        }
    }

    // One unit a shard; returns the hops of the longest chain.
    private long AddRings(LinkLoads loads, Tiling tiling, int members, int stride, int nodes)
    {
        var order = tiling.Nodes;
        var longest = 0L;
        var block = members * stride;
        for (var start = 0; start < nodes; start += block)
        {
            for (var offset = 0; offset < stride && start + offset < nodes; offset++)
            {
                var present = Math.Min(members, (nodes - start - offset + stride - 1) / stride);
                longest = Math.Max(longest, AddRing(loads, order, start + offset, stride, present));
            }
        }

        return longest;
    }

    private static void AddAllToAll(LinkLoads loads, Tiling tiling, int nodes)
    {
        var order = tiling.Nodes;
        var size = tiling.GroupSize;
        for (var start = 0; start + size <= nodes; start += size)
        {
            for (var from = 0; from < size; from++)
            {
                for (var to = 0; to < size; to++)
                    loads.Add(order[start + from], order[start + to], 1);
            }
        }
    }

    private long AddRing(LinkLoads loads, ReadOnlySpan<int> order, int first, int stride, int members)
    {
        if (members <= 1)
            return 0;
        var forward = members / 2;
        var backward = (members - 1) / 2;
        Span<int> hops = members <= 256 ? stackalloc int[members] : new int[members];
        for (var i = 0; i < members; i++)
        {
            var source = order[first + i * stride];
            var target = order[first + (i + 1) % members * stride];
            loads.Add(source, target, forward);
            loads.Add(target, source, backward);
            hops[i] = array.Interconnect.Hops(source, target);
        }

        return LongestChain(hops, forward);
    }

    // A shard travels `steps` consecutive edges; the chain with the most hops finishes last.
    private static long LongestChain(ReadOnlySpan<int> hops, int steps)
    {
        var sum = 0L;
        for (var i = 0; i < steps; i++)
            sum += hops[i];
        var longest = sum;
        for (var i = 0; i < hops.Length; i++)
        {
            sum += hops[(i + steps) % hops.Length] - hops[i];
            longest = Math.Max(longest, sum);
        }

        return longest;
    }
}
