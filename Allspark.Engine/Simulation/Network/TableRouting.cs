using System.Runtime.InteropServices;
using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Routing of any network by a table of the next link for each node and target. Where its channel dependencies have cycles, these are
/// broken: a packet that has b broken dependencies ahead travels in class b, so that it goes on to a lower class at each. If no dependency
/// must be broken, packets have all virtual channels. Otherwise each class has one of its own and all share the rest.
/// </summary>
/// <remarks>
/// A packet can always go on over the channel of its class, and those drain: this one and all that it takes later come after the ones that
/// it holds, in an order without a cycle (Duato, 1993). A shared channel is only taken if the packet fits in it whole or it is empty, so that a
/// packet that waits behind another in a shared channel holds nothing else (whole packet forwarding: Ma, Enright Jerger and Wang, 2012).
/// </remarks>
internal sealed class TableRouting : IRouting
{
    /// <summary>Nodes of the largest table: 5 bytes for each pair of them.</summary>
    private const int MostNodes = 4096;

    private readonly IInterconnect network;
    private readonly int nodes;
    private readonly int[] next;
    private readonly byte[] classOf;

    public TableRouting(IInterconnect network, int virtualChannels)
    {
        nodes = network.NodeCount;
        if (nodes > MostNodes)
            throw new ArgumentException($"The network has {nodes} nodes; a routing table is kept for up to {MostNodes}. Use a mesh or torus.", nameof(network));
        this.network = network;
        next = Read();
        classOf = new byte[nodes * nodes];
        Classes = AssignClasses(virtualChannels);
        SharedChannels = Classes == 1 ? 0 : virtualChannels - Classes;
    }

    public int Classes { get; }

    public int SharedChannels { get; }

    public int Way(int source, int target, ulong random) => 0;

    public (int Link, int Class) Next(int node, int target, int way) => (next[Pair(node, target)], classOf[Pair(node, target)]);

    private int Pair(int node, int target) => (node * nodes) + target;

    private int After(int node, int target) => network[next[Pair(node, target)]].To;

    private int[] Read()
    {
        var table = new int[nodes * nodes];
        var route = new int[Math.Max(network.Diameter, 1)];
        for (var source = 0; source < nodes; source++)
        {
            for (var target = 0; target < nodes; target++)
                table[Pair(source, target)] = source == target ? -1 : First(source, target, route);
        }

        RoutingTables.Check(table, network.Links, nodes);
        return table;
    }

    private int First(int source, int target, int[] route)
    {
        if (network.Route(source, target, route) == 0)
            throw new ArgumentException($"No route leads from node {source} to node {target}: the network is not connected.", nameof(network));
        return route[0];
    }

    private int AssignClasses(int virtualChannels)
    {
        var kept = Kept();
        var classes = 1;
        foreach (var (node, target) in Outwards())
        {
            var after = After(node, target);
            if (after == target)
                continue;
            var broken = !kept.Contains((next[Pair(node, target)], next[Pair(after, target)]));
            var ahead = classOf[Pair(after, target)] + (broken ? 1 : 0);
            if (ahead >= virtualChannels)
                throw new ArgumentException(
                    $"The routes from node {node} to node {target} close cycles of channel dependencies, and packets could deadlock: {virtualChannels} virtual channels are too few. "
                    + "Give the routers more virtual channels or another routing table.", nameof(network));
            classOf[Pair(node, target)] = (byte)ahead;
            classes = Math.Max(classes, ahead + 1);
        }

        return classes;
    }

    // Those that most routes take come first, so that few routes meet one that would close a cycle and is left out.
    private HashSet<(int Holds, int WaitsFor)> Kept()
    {
        var order = new ChannelOrder(network.LinkCount);
        return [.. Uses().OrderByDescending(use => use.Value).ThenBy(use => use.Key).Select(use => use.Key)
            .Where(dependency => order.TryAdd(dependency.Holds, dependency.WaitsFor))];
    }

    // How many routes go from one link on to another.
    private Dictionary<(int Holds, int WaitsFor), int> Uses()
    {
        var uses = new Dictionary<(int, int), int>();
        var through = new int[nodes]; // routes to the target that pass a node
        foreach (var (node, target) in Outwards().Reverse())
        {
            var after = After(node, target);
            var routes = through[node] + 1;
            through[node] = 0;
            if (after == target)
                continue;
            through[after] += routes;
            CollectionsMarshal.GetValueRefOrAddDefault(uses, (next[Pair(node, target)], next[Pair(after, target)]), out _) += routes;
        }

        return uses;
    }

    // All pairs, target by target, and the nodes of each from near to far.
    private IEnumerable<(int Node, int Target)> Outwards() =>
        from target in Enumerable.Range(0, nodes)
        from node in Enumerable.Range(0, nodes).Where(node => node != target).OrderBy(node => network.Hops(node, target))
        select (node, target);
}
