namespace Allspark.Engine.Import.Onnx;

/// <summary>A value of the graph: what flows from one node to others.</summary>
internal sealed class Value(int index, string name)
{
    public int Index { get; } = index;

    public string Name { get; } = name;

    /// <summary>What is known of it; set once, by inference.</summary>
    public Tensor Tensor { get; set; } = null!;

    /// <summary>The node that computes it; null for the graph's inputs and initializers.</summary>
    public GraphNode? Producer { get; set; }

    public List<GraphNode> Consumers { get; } = [];

    /// <summary>Whether the file stores it, as it does weights; a copy of such a value is one too, with a name of its own.</summary>
    public bool IsStored { get; set; }

    /// <summary>The file that holds its few elements, and why they were not read; empty where they were, or need not be.</summary>
    public string Unread { get; set; } = "";

    /// <summary>Whether it is the same for every image.</summary>
    public bool IsStatic { get; set; }

    public long[] Shape => Tensor.Shape;

    public override string ToString() => Tensor is null ? Name : $"{Name} {Tensor}";
}

/// <summary>An operator of the graph, its functions inlined.</summary>
internal sealed class GraphNode(int index, OnnxNode source, Value?[] inputs, Value[] outputs)
{
    /// <summary>Its place in the order of computation.</summary>
    public int Index { get; } = index;

    public OnnxNode Source { get; } = source;

    /// <summary>Inputs; null where an optional one is left out.</summary>
    public Value?[] Inputs { get; } = inputs;

    public Value[] Outputs { get; } = outputs;

    public string Operator => Source.Operator;

    public Value Output => Outputs[0];

    /// <summary>An input that must be there.</summary>
    public Value Input(int place) => Inputs[place]!;

    public long Integer(string name, long otherwise) =>
        Source.Attributes.TryGetValue(name, out var attribute) ? attribute.Integer : otherwise;

    public long[]? Integers(string name) => Source.Attributes.TryGetValue(name, out var attribute) ? attribute.Integers : null;

    public string Text(string name, string otherwise) =>
        Source.Attributes.TryGetValue(name, out var attribute) ? attribute.Text : otherwise;

    public override string ToString() => Source.Label;
}

/// <summary>A network's graph in the order of computation, with the shape of every value.</summary>
internal sealed class Graph(string file, OnnxModel model, IReadOnlyList<Value> inputs, IReadOnlyList<Value> values, IReadOnlyList<GraphNode> nodes)
{
    public string File { get; } = file;

    public OnnxModel Model { get; } = model;

    /// <summary>The inputs that are no initializers.</summary>
    public IReadOnlyList<Value> Inputs { get; } = inputs;

    /// <summary>Names of the results.</summary>
    public IReadOnlySet<string> Outputs { get; } = model.Graph.Outputs.ToHashSet(StringComparer.Ordinal);

    public IReadOnlyList<Value> Values { get; } = values;

    public IReadOnlyList<GraphNode> Nodes { get; } = nodes;
}
