using Allspark.Engine.Models;

namespace Allspark.Engine.Hardware;

/// <summary>Nodes linked in any way, with a routing table: the next link for each node and target.</summary>
public sealed class GraphInterconnect : IInterconnect
{
    private readonly InterconnectSpec spec;
    private readonly int[] next;
    private readonly ushort[] hops;

    /// <summary>Builds the network of the shortest routes; of equally short ones, those over the links with the lowest numbers.</summary>
    /// <param name="spec">Link and router; its topology is not used.</param>
    /// <param name="nodes">Nodes, 1 to 4096.</param>
    /// <param name="links">Directed links; their order numbers them.</param>
    /// <exception cref="ArgumentException">A link is wrong or doubled, or a node cannot be reached.</exception>
    public GraphInterconnect(InterconnectSpec spec, int nodes, IEnumerable<Link> links)
        : this(spec, nodes, links, routingTable: null)
    {
    }

    /// <summary>Builds the network of a routing table.</summary>
    /// <param name="spec">Link and router; its topology is not used.</param>
    /// <param name="nodes">Nodes, 1 to 4096.</param>
    /// <param name="links">Directed links; their order numbers them.</param>
    /// <param name="routingTable">At node · nodes + target the number of the link to take; what is there from a node to itself does not matter.
    /// The shortest routes if omitted.</param>
    /// <exception cref="ArgumentException">A link or an entry is wrong, a node cannot be reached, or routes go round in a loop.</exception>
    public GraphInterconnect(InterconnectSpec spec, int nodes, IEnumerable<Link> links, IReadOnlyList<int>? routingTable)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(links);
        if (nodes is < 1 or > 4096)
            throw new ArgumentOutOfRangeException(nameof(nodes), nodes, "A graph has 1 to 4096 nodes.");
        this.spec = spec;
        NodeCount = nodes;
        Links = links.ToValueList();
        CheckLinks(nameof(links));
        if (routingTable is not null && routingTable.Count != nodes * nodes)
            throw new ArgumentException($"The routing table has {routingTable.Count} entries; {nodes} nodes need {nodes * nodes}.", nameof(routingTable));
        next = routingTable?.ToArray() ?? RoutingTables.Shortest(Links, nodes);
        for (var node = 0; node < nodes; node++)
            next[(node * nodes) + node] = -1;
        RoutingTables.Check(next, Links, nodes);
        hops = CountHops();
        Diameter = hops.Max();
    }

    /// <inheritdoc/>
    public int NodeCount { get; }

    /// <inheritdoc/>
    public int LinkCount => Links.Count;

    /// <summary>All links by number.</summary>
    public ValueList<Link> Links { get; }

    IReadOnlyList<Link> IInterconnect.Links => Links;

    /// <inheritdoc/>
    public Link this[int link] => Links[link];

    /// <inheritdoc/>
    public int Diameter { get; }

    /// <inheritdoc/>
    public double HopLatencySeconds => spec.HopLatencySeconds;

    /// <inheritdoc/>
    public double LinkBandwidthBytesPerSecond => spec.LinkBandwidthBytesPerSecond;

    /// <summary>Directed links between the lower and the upper half of the node numbers.</summary>
    public int BisectionLinks => Links.Count(link => link.From < NodeCount / 2 != link.To < NodeCount / 2);

    /// <inheritdoc/>
    public int Hops(int source, int target) => hops[Index(source, target)];

    /// <inheritdoc/>
    public int Route(int source, int target, Span<int> links)
    {
        var count = hops[Index(source, target)];
        for (var hop = 0; hop < count; hop++)
        {
            links[hop] = next[(source * NodeCount) + target];
            source = Links[links[hop]].To;
        }

        return count;
    }

    private int Index(int source, int target)
    {
        Check(source);
        Check(target);
        return (source * NodeCount) + target;
    }

    private void Check(int node)
    {
        if ((uint)node >= (uint)NodeCount)
            throw new ArgumentOutOfRangeException(paramName: null, $"There is no node {node}: nodes are numbered 0 to {NodeCount - 1}.");
    }

    private void CheckLinks(string parameter)
    {
        var seen = new HashSet<Link>();
        foreach (var link in Links)
        {
            Check(link.From);
            Check(link.To);
            if (link.From == link.To)
                throw new ArgumentException($"A link leads from node {link.From} to itself.", parameter);
            if (!seen.Add(link))
                throw new ArgumentException($"The link from node {link.From} to node {link.To} is given twice.", parameter);
        }
    }

    private ushort[] CountHops()
    {
        var counts = new ushort[NodeCount * NodeCount];
        var way = new Stack<int>();
        for (var target = 0; target < NodeCount; target++)
        {
            for (var source = 0; source < NodeCount; source++)
            {
                var node = source;
                for (; node != target && counts[(node * NodeCount) + target] == 0; node = Links[next[(node * NodeCount) + target]].To)
                    way.Push(node);
                var count = node == target ? 0 : counts[(node * NodeCount) + target];
                while (way.TryPop(out var before))
                    counts[(before * NodeCount) + target] = (ushort)++count;
            }
        }

        return counts;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{NodeCount} nodes, {LinkCount} links, {Diameter} hops across";
}
