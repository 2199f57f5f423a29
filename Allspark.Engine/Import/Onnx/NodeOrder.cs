namespace Allspark.Engine.Import.Onnx;

/// <summary>The values that names stand for, in a graph and in those around it.</summary>
internal sealed record Scope(IReadOnlyDictionary<string, Value> Own, Scope? Outer)
{
    /// <summary>The value of a name; null where there is none.</summary>
    public Value? Find(string name) => Own.TryGetValue(name, out var value) ? value : Outer?.Find(name);
}

/// <summary>A node of the file whose names have been looked up, before it is inferred.</summary>
internal sealed record PlannedNode(OnnxNode Source, Value?[] Inputs, Value[] Outputs, Scope Scope)
{
    /// <summary>All values that must be there first: those that the graphs within it read too.</summary>
    public IEnumerable<Value> Needed => Source.Attributes.Values.Any(attribute => attribute.Graph is not null)
        ? Source.Reads().Where(name => name.Length > 0).Select(Scope.Find).OfType<Value>()
        : Inputs.OfType<Value>();
}

/// <summary>Files are to list nodes in the order of computation; those that do not are put in order, and a cycle is found.</summary>
internal static class NodeOrder
{
    /// <summary>The nodes in the order of computation, that of the file where it is one.</summary>
    /// <param name="nodes">The nodes of a graph.</param>
    /// <param name="cycle">The error of a node that depends on its own result.</param>
    public static List<PlannedNode> Sort(List<PlannedNode> nodes, Func<OnnxNode, Exception> cycle)
    {
        var makers = new Dictionary<Value, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var output in nodes[i].Outputs)
                makers[output] = i;
        }

        var waiting = new int[nodes.Count];
        var readers = new List<int>?[nodes.Count];
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var input in nodes[i].Needed)
            {
                if (!makers.TryGetValue(input, out var maker))
                    continue;
                waiting[i]++;
                (readers[maker] ??= []).Add(i);
            }

            if (waiting[i] == 0)
                ready.Enqueue(i, i);
        }

        var sorted = new List<PlannedNode>(nodes.Count);
        while (ready.TryDequeue(out var at, out _))
        {
            sorted.Add(nodes[at]);
            foreach (var reader in readers[at] ?? [])
            {
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, reader);
            }
        }

        return sorted.Count == nodes.Count ? sorted : throw cycle(nodes[Array.FindIndex(waiting, count => count > 0)].Source);
    }
}
