namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Which channel a packet that holds one may wait for, kept without a cycle: wormhole routing cannot deadlock then (Dally and Seitz,
/// 1987). The channels stand in an order in which every one comes before those that are waited for, and a new dependency moves only
/// what lies between its ends (Pearce and Kelly, 2006).
/// </summary>
internal sealed class ChannelOrder
{
    private readonly List<int>?[] successors;
    private readonly List<int>?[] predecessors;
    private readonly int[] rank;
    private readonly HashSet<(int Holds, int WaitsFor)> refused = [];
    private readonly HashSet<int> seen = [];

    public ChannelOrder(int channels)
    {
        (successors, predecessors) = (new List<int>?[channels], new List<int>?[channels]);
        rank = [.. Enumerable.Range(0, channels)];
    }

    /// <summary>Adds a dependency unless it closes a cycle; false if it does. What is refused once is refused ever after.</summary>
    public bool TryAdd(int holds, int waitsFor)
    {
        if (successors[holds]?.Contains(waitsFor) == true)
            return true;
        if (holds == waitsFor || refused.Contains((holds, waitsFor)))
            return false;
        if (rank[holds] > rank[waitsFor] && !Reorder(holds, waitsFor))
        {
            refused.Add((holds, waitsFor));
            return false;
        }

        (successors[holds] ??= []).Add(waitsFor);
        (predecessors[waitsFor] ??= []).Add(holds);
        return true;
    }

    private bool Reorder(int holds, int waitsFor)
    {
        var (lowest, highest) = (rank[waitsFor], rank[holds]);
        var after = Reach(waitsFor, successors, channel => rank[channel] <= highest);
        if (after.Contains(holds))
            return false;
        var before = Reach(holds, predecessors, channel => rank[channel] >= lowest);
        int[] moved = [.. before.OrderBy(channel => rank[channel]), .. after.OrderBy(channel => rank[channel])];
        int[] ranks = [.. moved.Select(channel => rank[channel]).Order()];
        for (var index = 0; index < moved.Length; index++)
            rank[moved[index]] = ranks[index];
        return true;
    }

    private List<int> Reach(int start, List<int>?[] neighbours, Func<int, bool> within)
    {
        seen.Clear();
        seen.Add(start);
        var reached = new List<int> { start };
        for (var index = 0; index < reached.Count; index++)
        {
            foreach (var neighbour in neighbours[reached[index]] ?? [])
            {
                if (within(neighbour) && seen.Add(neighbour))
                    reached.Add(neighbour);
            }
        }

        return reached;
    }
}
