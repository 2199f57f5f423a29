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
    public IEnumerable<Value?> Needed => Source.HasGraph ? Source.Reads().Where(name => name.Length > 0).Select(Scope.Find) : Inputs;
}

/// <summary>Files are to list nodes in the order of computation; those that do not are put in order, and a cycle is found.</summary>
internal static class NodeOrder
{
    /// <summary>The nodes in the order of computation, that of the file where it is one.</summary>
    /// <param name="nodes">The nodes of a graph.</param>
    /// <param name="values">How many values there are.</param>
    /// <param name="cycle">The error of a node that depends on its own result.</param>
    public static List<PlannedNode> Sort(List<PlannedNode> nodes, int values, Func<OnnxNode, Exception> cycle)
    {
        var makers = new int[values];
        Array.Fill(makers, -1);
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var output in nodes[i].Outputs)
                makers[output.Index] = i;
        }

        var waiting = new int[nodes.Count];
        var readers = new List<int>?[nodes.Count];
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var input in nodes[i].Needed)
            {
                if (input is null || makers[input.Index] is not (>= 0 and var maker))
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
