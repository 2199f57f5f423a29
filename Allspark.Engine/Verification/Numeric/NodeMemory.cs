using System.Numerics.Tensors;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>What a block holds rows of.</summary>
internal enum OperandKind
{
    Normalized,
    ReducedSums,
    Reduced,
    Queries,
    Keys,
    Values,
    ScoreSums,
    Probabilities,
    OutputSums,
    Columns,
    Squeezed,
    Scales,
    Carried,
    Shortcut,
}

/// <summary>Rows of one operand. A block never changes once made: sending it is putting it into the receiver's memory.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Origin">Node that made it.</param>
/// <param name="Rows">Positions of the rows.</param>
/// <param name="Width">Elements of a row.</param>
/// <param name="Elements">The rows one after another.</param>
internal sealed record Block(OperandKind Kind, int Origin, IndexRange Rows, int Width, ReadOnlyMemory<float> Elements)
{
    /// <summary>Those of the block's rows that are within the range.</summary>
    public Block? Part(IndexRange rows)
    {
        var part = Rows.Intersect(rows);
        return part.IsEmpty ? null
            : part == Rows ? this
            : this with { Rows = part, Elements = Elements.Slice((part.Start - Rows.Start) * Width, part.Length * Width) };
    }

    public ReadOnlySpan<float> this[int row] => Elements.Span.Slice((row - Rows.Start) * Width, Width);
}

/// <summary>The private memory of one virtual node: tokens, blocks of the window at work, and parts of weights.</summary>
internal sealed class NodeMemory(int node)
{
    private readonly List<Block>[] _blocks = [.. Enum.GetValues<OperandKind>().Select(_ => new List<Block>())];
    private readonly Dictionary<WeightTensor, RangeSet> _weights = new(ReferenceEqualityComparer.Instance);

    public int Node { get; } = node;

    /// <summary>Tokens that the phase reads.</summary>
    public Dictionary<int, ReadOnlyMemory<float>> Tokens { get; } = [];

    /// <summary>Tokens that the phase has made.</summary>
    public Dictionary<int, ReadOnlyMemory<float>> Outputs { get; } = [];

    /// <summary>What came beside the tokens that the phase reads, for a later one to add.</summary>
    public Dictionary<int, ReadOnlyMemory<float>> Carried { get; } = [];

    /// <summary>What leaves beside the tokens that the phase has made.</summary>
    public Dictionary<int, ReadOnlyMemory<float>> CarriedOutputs { get; } = [];

    /// <summary>The mean of all tokens, where the phase squeezes it.</summary>
    public float[]? Mean { get; set; }

    public IReadOnlyDictionary<WeightTensor, RangeSet> Weights => _weights;

    /// <summary>A token comes in: another part of its sum where one is here already.</summary>
    public void Receive(int token, ReadOnlyMemory<float> values) => Add(Tokens, token, values);

    /// <summary>A token is made: another part of its sum where the node has made one already.</summary>
    public void Make(int token, ReadOnlyMemory<float> values) => Add(Outputs, token, values);

    private static void Add(Dictionary<int, ReadOnlyMemory<float>> tokens, int token, ReadOnlyMemory<float> values)
    {
        if (tokens.TryGetValue(token, out var part))
        {
            var sum = new float[values.Length];
            TensorPrimitives.Add(part.Span, values.Span, sum);
            values = sum;
        }

        tokens[token] = values;
    }

    public void Put(Block block) => _blocks[(int)block.Kind].Add(block);

    public void Hold(WeightTensor tensor, IndexRange elements)
    {
        if (!_weights.TryGetValue(tensor, out var ranges))
            _weights.Add(tensor, ranges = new RangeSet());
        ranges.Add(elements);
    }

    public IndexRange MissingOf(WeightTensor tensor, IndexRange elements) =>
        _weights.TryGetValue(tensor, out var ranges) ? ranges.FirstGap(elements) : elements;

    /// <summary>The blocks of a kind that this node made, or all it has.</summary>
    public IEnumerable<Block> Made(OperandKind kind) => _blocks[(int)kind].Where(block => block.Origin == Node);

    public IReadOnlyList<Block> All(OperandKind kind) => _blocks[(int)kind];

    /// <summary>Rows of an operand, zero where the node has none.</summary>
    /// <param name="kind">The operand.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="missing">Rows that are not here.</param>
    public ReadOnlyMemory<float> Read(OperandKind kind, IndexRange rows, int width, out int missing)
    {
        var blocks = _blocks[(int)kind];
        missing = 0;
        if (rows.IsEmpty)
            return default;
        foreach (var block in blocks)
        {
            if (block.Width == width && block.Rows.Intersect(rows) == rows)
                return block.Part(rows)!.Elements;
        }

        var packed = new float[rows.Length * width];
        var found = new RangeSet();
        foreach (var block in blocks)
        {
            if (block.Width != width || block.Part(rows) is not { } part)
                continue;
            part.Elements.Span.CopyTo(packed.AsSpan((part.Rows.Start - rows.Start) * width));
            found.Add(part.Rows);
        }

        missing = rows.Length - found.Ranges.Sum(range => range.Length);
        return packed;
    }

    /// <summary>The sum of the partial rows that are here, this node's own among them where it takes part.</summary>
    /// <param name="kind">The operand.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="includeOwn">Whether the node's own part counts.</param>
    /// <param name="summands">Rows added up, in all.</param>
    public float[] Sum(OperandKind kind, IndexRange rows, int width, bool includeOwn, out int summands)
    {
        var sum = new float[rows.Length * width];
        summands = 0;
        foreach (var block in _blocks[(int)kind])
        {
            if (block.Width != width || (block.Origin == Node && !includeOwn) || block.Part(rows) is not { } part)
                continue;
            var target = sum.AsSpan((part.Rows.Start - rows.Start) * width, part.Rows.Length * width);
            TensorPrimitives.Add(target, part.Elements.Span, target);
            summands += part.Rows.Length;
        }

        return sum;
    }

    /// <summary>Forgets the window at work.</summary>
    public void ClearBlocks()
    {
        foreach (var blocks in _blocks)
            blocks.Clear();
    }

    /// <summary>Forgets what the phase read; what it made stays.</summary>
    public void EndPhase()
    {
        ClearBlocks();
        Tokens.Clear();
        Carried.Clear();
        Mean = null;
        _weights.Clear();
    }
}
