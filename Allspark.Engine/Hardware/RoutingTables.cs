namespace Allspark.Engine.Hardware;

/// <summary>Tables of the next link for each node and target, node by node; -1 from a node to itself.</summary>
internal static class RoutingTables
{
    /// <summary>The table of shortest routes; of equally short ones, those over the links with the lowest numbers.</summary>
    /// <exception cref="ArgumentException">A node cannot be reached.</exception>
    public static int[] Shortest(IReadOnlyList<Link> links, int nodes)
    {
        var incoming = Enumerable.Range(0, links.Count).ToLookup(link => links[link].To);
        var table = new int[nodes * nodes];
        Array.Fill(table, -1);
        var queue = new Queue<int>();
        for (var target = 0; target < nodes; target++)
        {
            queue.Enqueue(target);
            while (queue.TryDequeue(out var node))
            {
                foreach (var link in incoming[node])
                {
                    var from = links[link].From;
                    if (from == target || table[(from * nodes) + target] >= 0)
                        continue;
                    table[(from * nodes) + target] = link;
                    queue.Enqueue(from);
                }
            }
        }

        return table;
    }

    /// <summary>Checks that every entry is a link that leaves its node, and that following them leads to the target.</summary>
    /// <exception cref="ArgumentException">An entry is wrong, a route is missing, or routes go round in a loop.</exception>
    public static void Check(ReadOnlySpan<int> table, IReadOnlyList<Link> links, int nodes)
    {
        var known = new int[nodes]; // the last target that the node is known, or on the way, to reach
        for (var target = 0; target < nodes; target++)
        {
            known[target] = target + 1;
            for (var source = 0; source < nodes; source++)
                Follow(table, links, nodes, source, target, known);
        }
    }

    private static void Follow(ReadOnlySpan<int> table, IReadOnlyList<Link> links, int nodes, int source, int target, int[] known)
    {
        var reached = target + 1;
        var onTheWay = -reached;
        var node = source;
        for (; known[node] != reached; node = links[table[(node * nodes) + target]].To)
        {
            if (known[node] == onTheWay)
                throw new ArgumentException($"The routing table goes round in a loop: packets for node {target} come back to node {node}.", nameof(table));
            known[node] = onTheWay;
            var link = table[(node * nodes) + target];
            if (link < 0)
                throw new ArgumentException($"No route leads from node {node} to node {target}: the network is not connected.", nameof(table));
            if (link >= links.Count || links[link].From != node)
                throw new ArgumentException($"The routing table sends packets for node {target} from node {node} over link {link}, which does not leave that node.", nameof(table));
        }

        for (node = source; known[node] != reached; node = links[table[(node * nodes) + target]].To)
            known[node] = reached;
    }
}
