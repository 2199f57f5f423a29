namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Which channel a packet that holds one may wait for. Wormhole routing cannot deadlock where these dependencies have no cycle
/// (Dally and Seitz, 1987).
/// </summary>
internal sealed class ChannelDependencies(int channels)
{
    private readonly List<int>?[] successors = new List<int>?[channels];

    /// <summary>Adds a dependency; false if it was there.</summary>
    public bool Add(int holds, int waitsFor)
    {
        var list = successors[holds] ??= [];
        if (list.Contains(waitsFor))
            return false;
        list.Add(waitsFor);
        return true;
    }

    public void Remove(int holds, int waitsFor) => successors[holds]!.Remove(waitsFor);

    /// <summary>Whether taking away channels that nothing waits in, one after the other, leaves none.</summary>
    public bool IsAcyclic()
    {
        var waiting = new int[channels];
        foreach (var channel in successors.SelectMany(list => list ?? []))
            waiting[channel]++;
        var free = new Stack<int>(Enumerable.Range(0, channels).Where(channel => waiting[channel] == 0));
        var left = channels;
        while (free.TryPop(out var channel))
        {
            left--;
            foreach (var successor in successors[channel] ?? [])
            {
                if (--waiting[successor] == 0)
                    free.Push(successor);
            }
        }

        return left == 0;
    }
}
