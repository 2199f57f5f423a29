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
}

/// <summary>A tensor of the file: its shape, and its elements where they are few.</summary>
internal sealed record OnnxTensor(string Name, Tensor Value);

/// <summary>An attribute of a node; which property has it depends on its type.</summary>
internal sealed record OnnxAttribute(string Name)
{
    public long Integer { get; init; }

    public float Real { get; init; }

    public string Text { get; init; } = "";

    public long[] Integers { get; init; } = [];

    public float[] Reals { get; init; } = [];

    public OnnxTensor? Tensor { get; init; }

    /// <summary>Whether it holds a graph, as the branches of a conditional do.</summary>
    public bool HasGraph { get; init; }

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
}

/// <summary>An input of the graph. A dimension has a size, or a name and no size (−1).</summary>
internal sealed record OnnxInput(string Name, ElementType Type, long[] Sizes, string[] SizeNames);

/// <summary>Operators under a name of their own, which nodes call.</summary>
internal sealed record OnnxFunction(string Name, string Domain, string[] Inputs, string[] Outputs, OnnxNode[] Nodes)
{
    public IReadOnlyDictionary<string, OnnxAttribute> Defaults { get; init; } = new Dictionary<string, OnnxAttribute>();
}

/// <summary>The parts of an ONNX file that carry shapes.</summary>
internal sealed record OnnxModel
{
    public required string Producer { get; init; }

    /// <summary>Version of the standard operators.</summary>
    public required long Opset { get; init; }

    public required string GraphName { get; init; }

    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    public required IReadOnlyList<OnnxTensor> Initializers { get; init; }

    public required IReadOnlyList<OnnxInput> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public required IReadOnlyList<OnnxFunction> Functions { get; init; }
}
