namespace Allspark.Engine.Placement;

// Lower bounds: each move between two phases on its own, as if both could be placed for it alone.
public sealed partial class PlacementProblem
{
    private const int MostNodesForGilmoreLawler = 64;

    /// <summary>
    /// No placement has fewer bytes × hops: of what each node's part of a window sends on, the largest flow stays on the node, as many as
    /// there are next neighbours go one hop, and so on, each at the shortest distance that is left.
    /// </summary>
    public long ShortestDistances()
    {
        var total = 0L;
        var distances = NearestDistances();
        for (var p = 0; p + 1 < _sides.Length; p++)
        {
            foreach (var part in Sent(p))
                total += Shortest(part, distances, _sides[p + 1].MostTogether);
        }

        return total;
    }

    /// <summary>
    /// The Gilmore–Lawler bound of each move: the least assignment of windows to slots where each pays what <see cref="ShortestDistances"/>
    /// would charge it from the nodes of that slot. None beyond 64 nodes.
    /// </summary>
    public long? GilmoreLawler()
    {
        if (_array.NodeCount > MostNodesForGilmoreLawler)
            return null;
        var total = 0L;
        for (var p = 0; p + 1 < _sides.Length; p++)
            total += GilmoreLawler(p);
        return total;
    }

    private long GilmoreLawler(int p)
    {
        var (side, next) = (_sides[p], _sides[p + 1]);
        var readers = next.Tiling.Nodes[..(next.Groups * next.Tiling.GroupSize)].ToArray();
        var distances = Enumerable.Range(0, _array.NodeCount)
            .Select(node => readers.Select(reader => _array.Interconnect.Hops(node, reader)).Order().ToArray()).ToArray();
        var costs = new long[side.Structured.Length * side.Groups];
        foreach (var part in Sent(p))
        {
            for (var slot = 0; slot < side.Groups; slot++)
                costs[part.Share * side.Groups + slot] += Shortest(part, distances[side.Tiling[slot, part.Rank]], next.MostTogether);
        }

        // Where nothing may move, the windows are where they are.
        return side.Movable
            ? Assignment.Least(costs, RoomOf(p)).Cost
            : side.Structured.Index().Sum(share => costs[share.Index * side.Groups + share.Item]);
    }

    private IEnumerable<(int Share, int Rank, long[] Bytes)> Sent(int p) =>
        _sides[p].Flows.Where(flow => flow.Other == p + 1).GroupBy(flow => (flow.Share, flow.Rank))
            .Select(part => (part.Key.Share, part.Key.Rank, part.Select(flow => flow.Bytes).OrderDescending().ToArray()));

    private static long Shortest((int Share, int Rank, long[] Bytes) part, int[] distances, int together)
    {
        var sum = 0L;
        for (var flow = 0; flow < part.Bytes.Length; flow++)
            sum += part.Bytes[flow] * distances[Math.Min(flow / together, distances.Length - 1)];
        return sum;
    }

    // For each number of nodes the hops within which some node has so many: no node has more near ones.
    private int[] NearestDistances()
    {
        var most = new int[_array.Interconnect.Diameter + 1];
        for (var node = 0; node < _array.NodeCount; node++)
        {
            var within = new int[most.Length];
            for (var other = 0; other < _array.NodeCount; other++)
                within[_array.Interconnect.Hops(node, other)]++;
            for (var hops = 0; hops < most.Length; hops++)
            {
                within[hops] += hops > 0 ? within[hops - 1] : 0;
                most[hops] = Math.Max(most[hops], within[hops]);
            }
        }

        return [.. Enumerable.Range(0, _array.NodeCount).Select(place => Array.FindIndex(most, count => count > place))];
    }
}
