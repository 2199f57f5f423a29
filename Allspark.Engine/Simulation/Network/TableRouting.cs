using System.Runtime.InteropServices;
using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Routing of any network by a table of the next link for each node and target. Where its channel dependencies have cycles, these
/// are broken: a packet that has b broken dependencies ahead travels in class b, so that it goes on to a lower class at each. If
/// no dependency must be broken, packets have all virtual channels. Otherwise each class has one of its own and all share the
/// rest.
/// </summary>
/// <remarks>
/// A packet can always go on over the channel of its class, and those drain: this one and all that it takes later come after the
/// ones that it holds, in an order without a cycle (Duato, 1993). A shared channel is only taken if the packet fits in it whole
/// or it is empty, so that a packet that waits behind another in a shared channel holds nothing else (whole packet forwarding:
/// Ma, Enright Jerger and Wang, 2012).
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
            throw new ArgumentException(
                $"The network has {nodes} nodes; a routing table is kept for up to {MostNodes}. Use a mesh or torus.",
                nameof(network));
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
                table[Pair(source, target)] = network.Route(source, target, route) > 0 ? route[0] : -1;
        }

        RoutingTables.Check(table, network.Links, nodes);
        return table;
    }

    private int AssignClasses(int virtualChannels)
    {
        var kept = Kept();
        var classes = 1;
        for (var target = 0; target < nodes; target++)
        {
            foreach (var node in Outwards(target))
            {
                if (Dependency(node, target) is not { } dependency)
                    continue;
                var ahead = classOf[Pair(After(node, target), target)] + (kept.Contains(dependency) ? 0 : 1);
                if (ahead == virtualChannels)
                    throw new ArgumentException(
                        $"The routes from node {node} to node {target} close cycles of channel dependencies, and packets could "
                        + $"deadlock: {virtualChannels} virtual channels are too few. Give the routers more or another routing table.",
                        nameof(virtualChannels));
                classOf[Pair(node, target)] = (byte)ahead;
                classes = Math.Max(classes, ahead + 1);
            }
        }

        return classes;
    }

    // What most routes need comes first, so that few need what would close a cycle.
    private HashSet<(int Holds, int WaitsFor)> Kept()
    {
        var dependencies = new ChannelDependencies(network.LinkCount);
        return [.. Uses().OrderByDescending(use => use.Value).ThenBy(use => use.Key).Select(use => use.Key)
            .Where(use => dependencies.TryAdd(use.Holds, use.WaitsFor))];
    }

    private Dictionary<(int Holds, int WaitsFor), int> Uses()
    {
        var uses = new Dictionary<(int, int), int>();
        var routes = new int[nodes]; // to the target, through the node
        for (var target = 0; target < nodes; target++)
        {
            Array.Fill(routes, 1);
            foreach (var node in Enumerable.Reverse(Outwards(target)))
            {
                routes[After(node, target)] += routes[node];
                if (Dependency(node, target) is { } dependency)
                    CollectionsMarshal.GetValueRefOrAddDefault(uses, dependency, out _) += routes[node];
            }
        }

        return uses;
    }

    // Of a packet that takes its first link, and waits for its second if there is one.
    private (int Holds, int WaitsFor)? Dependency(int node, int target)
    {
        var after = After(node, target);
        return after == target ? null : (next[Pair(node, target)], next[Pair(after, target)]);
    }

    // The sources of the routes to a target, from near to far.
    private int[] Outwards(int target)
    {
        int[] sources = [.. Enumerable.Range(0, nodes).Where(node => node != target)];
        Array.Sort(Array.ConvertAll(sources, node => network.Hops(node, target)), sources);
        return sources;
    }
}
