namespace Allspark.Engine.Import.Onnx;

/// <summary>Element types by the numbers that the format gives them.</summary>
internal enum ElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
    Float8E4M3Fn = 17,
    Float8E4M3FnUz = 18,
    Float8E5M2 = 19,
    Float8E5M2FnUz = 20,
    UInt4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
    Float8E8M0 = 24,
    UInt2 = 25,
    Int2 = 26,
}

/// <summary>A tensor of the file: its shape, and its elements where they are few.</summary>
internal sealed record OnnxTensor(string Name, Tensor Value)
{
    /// <summary>Where its elements are, if in another file.</summary>
    public ExternalData? External { get; init; }
}

/// <summary>A run of bytes of another file.</summary>
/// <param name="Location">The file, from the model's folder.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Bytes; negative where the file does not say.</param>
internal sealed record ExternalData(string Location, long Offset, long Length);

/// <summary>An attribute of a node; which property has it depends on its type.</summary>
internal sealed record OnnxAttribute(string Name)
{
    public long Integer { get; init; }

    public float Real { get; init; }

    public string Text { get; init; } = "";

    public long[] Integers { get; init; } = [];

    public float[] Reals { get; init; } = [];

    public OnnxTensor? Tensor { get; init; }

    /// <summary>A graph, as the branches of a conditional are.</summary>
    public OnnxGraph? Graph { get; init; }

    /// <summary>In a function: the caller's attribute that it stands for; empty for none.</summary>
    public string Reference { get; init; } = "";
}

/// <summary>One operator.</summary>
internal sealed record OnnxNode(
    string Name, string Operator, string Domain, string[] Inputs, string[] Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    /// <summary>What a message calls it.</summary>
    public string Label => $"{ModelImportException.Quote(Name.Length > 0 ? Name : Outputs.FirstOrDefault("?"))} "
        + $"({ModelImportException.Quote(Operator).Trim('\'')})";

    /// <summary>Whether graphs are within it.</summary>
    public bool HasGraph => Attributes.Count > 0 && Attributes.Values.Any(attribute => attribute.Graph is not null);

    /// <summary>Names of the values that it and the graphs within it read.</summary>
    public IEnumerable<string> Reads() =>
        Attributes.Values.Select(attribute => attribute.Graph).OfType<OnnxGraph>().SelectMany(graph => graph.Captured()).Concat(Inputs);

    /// <summary>The same node under other names.</summary>
    public OnnxNode Renamed(Func<string, string> rename) => this with
    {
        Inputs = Array.ConvertAll(Inputs, rename.Invoke),
        Outputs = Array.ConvertAll(Outputs, rename.Invoke),
        Attributes = Attributes.ToDictionary(
            pair => pair.Key,
            pair => pair.Value.Graph is { } graph ? pair.Value with { Graph = graph.Renamed(rename) } : pair.Value,
            StringComparer.Ordinal),
    };
}

/// <summary>An input of the graph. A dimension has a size, or a name and no size (−1).</summary>
internal sealed record OnnxInput(string Name, ElementType Type, long[] Sizes, string[] SizeNames);

/// <summary>Operators under a name of their own, which nodes call.</summary>
internal sealed record OnnxFunction(string Name, string Domain, string[] Inputs, string[] Outputs, OnnxNode[] Nodes)
{
    public IReadOnlyDictionary<string, OnnxAttribute> Defaults { get; init; } = new Dictionary<string, OnnxAttribute>();
}

/// <summary>Nodes and what they read and leave: the model's, or one within an attribute.</summary>
internal sealed record OnnxGraph
{
    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    public IReadOnlyList<OnnxTensor> Initializers { get; init; } = [];

    public required IReadOnlyList<OnnxInput> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Names of values that are made around the graph.</summary>
    public IReadOnlySet<string> Captured()
    {
        var own = Inputs.Select(input => input.Name).Concat(Initializers.Select(tensor => tensor.Name)).Concat(Nodes.SelectMany(node => node.Outputs))
            .ToHashSet(StringComparer.Ordinal);
        return Nodes.SelectMany(node => node.Reads()).Concat(Outputs).Where(name => name.Length > 0 && !own.Contains(name))
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The same graph under other names.</summary>
    public OnnxGraph Renamed(Func<string, string> rename) => new()
    {
        Nodes = [.. Nodes.Select(node => node.Renamed(rename))],
        Initializers = [.. Initializers.Select(tensor => tensor with { Name = rename(tensor.Name) })],
        Inputs = [.. Inputs.Select(input => input with { Name = rename(input.Name) })],
        Outputs = [.. Outputs.Select(rename)],
    };
}

/// <summary>The parts of an ONNX file that carry shapes.</summary>
internal sealed record OnnxModel
{
    public required string Producer { get; init; }

    /// <summary>Version of the standard operators.</summary>
    public required long Opset { get; init; }

    public required OnnxGraph Graph { get; init; }

    public required IReadOnlyList<OnnxFunction> Functions { get; init; }
}
