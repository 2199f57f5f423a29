namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Which channel a packet that holds one may wait for, kept without a cycle: wormhole routing cannot deadlock then (Dally and
/// Seitz, 1987). The channels stand in an order in which every one comes before those that are waited for, and a new dependency
/// moves only what lies between its ends (Pearce and Kelly, 2006).
/// </summary>
internal sealed class ChannelDependencies(int channels)
{
    private readonly List<int>?[] successors = new List<int>?[channels];
    private readonly List<int>?[] predecessors = new List<int>?[channels];
    private readonly int[] rank = [.. Enumerable.Range(0, channels)];
    private readonly HashSet<int> seen = [];

    /// <summary>Adds a dependency, if it is new, unless it closes a cycle: false if it does.</summary>
    public bool TryAdd(int holds, int waitsFor)
    {
        if (holds == waitsFor)
            return false;
        if (successors[holds]?.Contains(waitsFor) == true)
            return true;
        if (rank[holds] > rank[waitsFor] && !Reorder(holds, waitsFor))
            return false;
        (successors[holds] ??= []).Add(waitsFor);
        (predecessors[waitsFor] ??= []).Add(holds);
        return true;
    }

    // What leads to the one end takes the lowest of the ranks that come free, what the other end leads to the highest.
    private bool Reorder(int holds, int waitsFor)
    {
        var (lowest, highest) = (rank[waitsFor], rank[holds]);
        var after = Reach(waitsFor, successors, lowest, highest);
        if (seen.Contains(holds))
            return false;
        var before = Reach(holds, predecessors, lowest, highest);
        int[] moved = [.. before.OrderBy(channel => rank[channel]), .. after.OrderBy(channel => rank[channel])];
        int[] ranks = [.. moved.Select(channel => rank[channel]).Order()];
        foreach (var (channel, free) in moved.Zip(ranks))
            rank[channel] = free;
        return true;
    }

    private List<int> Reach(int start, List<int>?[] neighbours, int lowest, int highest)
    {
        seen.Clear();
        seen.Add(start);
        var reached = new List<int> { start };
        for (var index = 0; index < reached.Count; index++)
        {
            foreach (var neighbour in neighbours[reached[index]] ?? [])
            {
                if (rank[neighbour] >= lowest && rank[neighbour] <= highest && seen.Add(neighbour))
                    reached.Add(neighbour);
            }
        }

        return reached;
    }
}
