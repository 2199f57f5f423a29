using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Routing of any network by a table of the next link for each node and target. All packets to one target travel on one class of
/// virtual channels; targets share a class as long as the channel dependencies of their routes together have no cycle.
/// </summary>
internal sealed class TableRouting : IRouting
{
    /// <summary>Nodes of the largest table: 4 bytes for each pair of them.</summary>
    private const int MostNodes = 4096;

    private readonly int[] next;
    private readonly byte[] classOf;
    private readonly int nodes;

    public TableRouting(IInterconnect network, int virtualChannels)
    {
        nodes = network.NodeCount;
        if (nodes > MostNodes)
            throw new ArgumentException($"The network has {nodes} nodes; a routing table is kept for up to {MostNodes}. Use a mesh or torus.", nameof(network));
        next = Read(network);
        classOf = new byte[nodes];
        Classes = AssignClasses(network, virtualChannels);
    }

    public int Classes { get; }

    public (int Link, int Class) Next(int node, int target) => (next[(node * nodes) + target], classOf[target]);

    private int[] Read(IInterconnect network)
    {
        var table = new int[nodes * nodes];
        var route = new int[Math.Max(network.Diameter, 1)];
        for (var source = 0; source < nodes; source++)
        {
            for (var target = 0; target < nodes; target++)
                table[(source * nodes) + target] = source == target ? -1 : First(network, source, target, route);
        }

        RoutingTables.Check(table, network.Links, nodes);
        return table;
    }

    private static int First(IInterconnect network, int source, int target, int[] route)
    {
        if (network.Route(source, target, route) == 0)
            throw new ArgumentException($"No route leads from node {source} to node {target}: the network is not connected.", nameof(network));
        return route[0];
    }

    private int AssignClasses(IInterconnect network, int virtualChannels)
    {
        var layers = new List<ChannelDependencies>();
        for (var target = 0; target < nodes; target++)
        {
            var layer = 0;
            while (layer < layers.Count && !TryAdd(layers[layer], network, target))
                layer++;
            if (layer == layers.Count)
            {
                if (layer == virtualChannels)
                    throw new ArgumentException(
                        $"The routes to node {target} close a cycle of channel dependencies, and packets could deadlock: {virtualChannels} virtual channels are too few. "
                        + "Give the routers more virtual channels or another routing table.", nameof(network));
                layers.Add(new ChannelDependencies(network.LinkCount));
                TryAdd(layers[layer], network, target);
            }

            classOf[target] = (byte)layer;
        }

        return Math.Max(layers.Count, 1);
    }

    private bool TryAdd(ChannelDependencies layer, IInterconnect network, int target)
    {
        var added = new List<(int Holds, int WaitsFor)>();
        for (var node = 0; node < nodes; node++)
        {
            var holds = next[(node * nodes) + target];
            if (holds < 0 || network[holds].To == target)
                continue;
            var waitsFor = next[(network[holds].To * nodes) + target];
            if (layer.Add(holds, waitsFor))
                added.Add((holds, waitsFor));
        }

        if (layer.IsAcyclic())
            return true;
        foreach (var (holds, waitsFor) in added)
            layer.Remove(holds, waitsFor);
        return false;
    }
}
