using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Routing of any network by a table of the next link for each node and target. Each pair of nodes belongs to a class whose routes
/// together have no cycle of channel dependencies (layered routing: Skeie, Lysne and Theiss, 2002). If one class holds all pairs, it has all
/// virtual channels. Otherwise each class has one of its own and all share the rest.
/// </summary>
/// <remarks>
/// A packet can always go on over the channel of its class, and those drain: this one or any that it takes later comes after the ones that
/// it holds, in an order without a cycle (Duato, 1993). A shared channel is only taken if the packet fits in it whole or it is empty, so that a
/// packet that waits behind another in a shared channel holds nothing else (whole packet forwarding: Ma, Enright Jerger and Wang, 2012).
/// </remarks>
internal sealed class TableRouting : IRouting
{
    /// <summary>Nodes of the largest table: 5 bytes for each pair of them.</summary>
    private const int MostNodes = 4096;

    private const byte Unassigned = byte.MaxValue;

    private readonly IInterconnect network;
    private readonly int virtualChannels;
    private readonly int nodes;
    private readonly int[] next;
    private readonly byte[] classOf;
    private readonly List<ChannelDependencies> layers = [];

    public TableRouting(IInterconnect network, int virtualChannels)
    {
        nodes = network.NodeCount;
        if (nodes > MostNodes)
            throw new ArgumentException($"The network has {nodes} nodes; a routing table is kept for up to {MostNodes}. Use a mesh or torus.", nameof(network));
        (this.network, this.virtualChannels) = (network, virtualChannels);
        next = Read();
        classOf = new byte[nodes * nodes];
        AssignClasses();
    }

    public int Classes => Math.Max(layers.Count, 1);

    public int SharedChannels => Classes == 1 ? 0 : virtualChannels - Classes;

    public int Way(int source, int target, ulong random) => classOf[Pair(source, target)];

    public (int Link, int Class) Next(int node, int target, int way) => (next[Pair(node, target)], way);

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

    private void AssignClasses()
    {
        Array.Fill(classOf, Unassigned);
        var way = new Stack<int>();
        for (var target = 0; target < nodes; target++)
        {
            classOf[Pair(target, target)] = 0;
            for (var source = 0; source < nodes; source++)
            {
                for (var node = source; classOf[Pair(node, target)] == Unassigned; node = After(node, target))
                    way.Push(node);
                while (way.TryPop(out var node))
                    classOf[Pair(node, target)] = (byte)ClassOf(node, target);
            }
        }
    }

    // The class of the rest of the way needs one more dependency, any other those of the whole way.
    private int ClassOf(int node, int target)
    {
        var after = After(node, target);
        if (after == target)
            return 0;
        int rest = classOf[Pair(after, target)];
        if (rest < layers.Count && layers[rest].TryAdd(next[Pair(node, target)], next[Pair(after, target)]))
            return rest;
        var layer = layers.FindIndex(candidate => TryAdd(candidate, node, target));
        if (layer >= 0)
            return layer;
        if (layers.Count == virtualChannels)
            throw new ArgumentException(
                $"The routes to node {target} close a cycle of channel dependencies, and packets could deadlock: {virtualChannels} virtual channels are too few. "
                + "Give the routers more virtual channels or another routing table.", nameof(network));
        layers.Add(new ChannelDependencies(network.LinkCount));
        TryAdd(layers[^1], node, target);
        return layers.Count - 1;
    }

    private bool TryAdd(ChannelDependencies layer, int node, int target)
    {
        for (var after = After(node, target); after != target; (node, after) = (after, After(after, target)))
        {
            if (!layer.TryAdd(next[Pair(node, target)], next[Pair(after, target)]))
                return false;
        }

        return true;
    }
}
