using Allspark.Engine.Import.Onnx;

namespace Allspark.Engine.Import.Recognition;

/// <summary>
/// Which stored values are trained: numbers that a gradient of the result reaches. Not those that only choose or compare, statistics,
/// settings of operators, masks, and tables that rotate queries and keys by their positions.
/// </summary>
internal sealed class TrainedValues
{
    private const int Farthest = 64;

    // Of what a mask adds to the scores of pairs that it forbids.
    private const double LeastForbidding = 1000;

    // A linear map of so few channels, of weights alone, works on coordinates.
    private const long MostCoordinates = 4;

    // Inputs that hold settings and choices, not weights.
    private static readonly HashSet<(string Operator, int Input)> Settings =
    [
        ("BatchNormalization", 3), ("BatchNormalization", 4), ("Clip", 1), ("Clip", 2), ("Pad", 2), ("Resize", 1), ("Resize", 2),
        ("Upsample", 1), ("Dropout", 1), ("Pow", 1), ("QuantizeLinear", 1), ("QuantizeLinear", 2), ("DequantizeLinear", 1),
        ("DequantizeLinear", 2), ("Where", 0), ("Gather", 1), ("GatherElements", 1), ("GatherND", 1), ("OneHot", 2),
    ];

    // Operators that pass no gradient on.
    private static readonly HashSet<string> Choosing = new(StringComparer.Ordinal)
    {
        "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor", "Not", "IsNaN", "IsInf", "Shape", "Size", "ArgMax",
        "ArgMin", "NonZero", "Range", "ConstantOfShape", "EyeLike", "RandomNormalLike", "RandomUniformLike", "Bernoulli",
    };

    // Buffers that libraries keep beside their weights, by a part of the name.
    private static readonly string[] Buffers =
    [
        "attn_mask", "relative_coords_table", "inv_freq", "cos_cached", "sin_cached", "rotary_emb", "running_mean", "running_var",
        "causal_mask", "masked_bias",
    ];

    private readonly DataFlow flow;
    private readonly HashSet<Value> masks = [];
    private readonly bool[] reached;

    public TrainedValues(DataFlow flow, IReadOnlyList<RecognizedBlock> blocks)
    {
        this.flow = flow;
        reached = new bool[flow.Graph.Values.Count];
        Reach();
        foreach (var block in blocks)
        {
            foreach (var (value, _) in block.Added.Where(added => added.IsMask && added.Value.Shape[^1] == block.Layer.KeyTokens))
                MarkMask(value);
        }

        foreach (var softmax in flow.Graph.Nodes.Where(node => node.Operator == "Softmax"))
            FindMasks(softmax);
    }

    /// <summary>Whether a value is trained.</summary>
    public bool Contains(Value value) => value.IsStatic && value.Tensor.Rank > 0 && reached[value.Index] && !masks.Contains(value)
        && (value.IsStored ? Readers(value).Any() && IsNumber(value) : IsOperand(value))
        && !Array.Exists(Buffers, name => value.Name.Contains(name, StringComparison.OrdinalIgnoreCase)) && !IsRotation(value);

    /// <summary>The trained numbers of a value: its elements, or those that are packed in them.</summary>
    public static long CountOf(Value value) =>
        (Readers(value).FirstOrDefault(node => node.Operator == Expansion.UnpackedWeights)?.Output ?? value).Tensor.Count;

    /// <summary>The nodes that read a value itself. A copy of a stored value is one of its own.</summary>
    public static IEnumerable<GraphNode> Readers(Value value) => value.Consumers.Where(node => node.Operator != "Identity" || !node.Output.IsStored);

    // From the results backwards, through every operator that a gradient goes through.
    private void Reach()
    {
        foreach (var value in flow.Graph.Values)
            reached[value.Index] = value.Consumers.Count == 0 || flow.Graph.Outputs.Contains(value.Name);
        for (var i = flow.Graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = flow.Graph.Nodes[i];
            if (!Array.Exists(node.Outputs, output => reached[output.Index]))
                continue;
            for (var place = 0; place < node.Inputs.Length; place++)
            {
                if (node.Inputs[place] is { } input && !reached[input.Index])
                    reached[input.Index] = Passes(node, place, input);
            }
        }
    }

    private bool Passes(GraphNode node, int place, Value input) => !Choosing.Contains(node.Operator) && !Settings.Contains((node.Operator, place))
        && !(node.Operator is "Cast" or "CastLike" && !Tensor.IsReal(node.Output.Tensor.Type))
        && !(node.Operator is "Cos" or "Sin" && input.IsStatic)
        && !(node.Operator is "MatMul" or "Gemm" && place == 0 && IsCoordinates(node, input))
        && !(input.IsStatic && node.Operator == "Mul" && Array.Exists(node.Inputs, other => other?.Producer?.Operator == "DynamicQuantizeLinear"))
        && flow.ProductOf(node) is not { IsAngle: true } && !IsPreparation(node, input);

    // What a linear map of the weights alone works on: coordinates that a bias is computed from.
    private static bool IsCoordinates(GraphNode node, Value value) =>
        value is { IsStored: true, Tensor.Rank: > 0 } && node.Input(1).IsStored && value.Shape[^1] <= MostCoordinates;

    // A picture's colours are brought to the network's range before its first product: by their statistics, not by training.
    private bool IsPreparation(GraphNode node, Value input) => node.Operator is "Add" or "Sub" or "Mul" or "Div" && input.IsStatic
        && node.Output.Shape is [_, _, _, _] shape && flow.Latest(node) is null
        && (shape[1] <= MostCoordinates ? input.Tensor.Count == shape[1] : input.Tensor.Count == shape[3] && shape[3] <= MostCoordinates);

    // Reals; integers where they are a quantised form of them.
    private bool IsNumber(Value value) => Tensor.IsReal(value.Tensor.Type) || Tensor.IsNarrow(value.Tensor.Type)
        || Readers(value).Any(node => (node.Operator == "DequantizeLinear" && node.Inputs[0] == value) || flow.ProductOf(node) is not null);

    // Constants are settings, but for those that stand where a layer has its weights: some exporters write no initializers.
    private bool IsOperand(Value value) => value is { IsStatic: true, Producer.Operator: "Constant" } && Tensor.IsReal(value.Tensor.Type)
        && Readers(value).Any(node => flow.ProductOf(node) is { } product ? product.Data != value
            : node.Operator is "BatchNormalization" or "LayerNormalization" or "InstanceNormalization" or "GroupNormalization"
            || (node.Operator == "Add" && value.Tensor.Rank == 1 && flow.Upstream(node.Output) is { IsWeighted: true } before
                && value.Tensor.Count == before.Columns && node.Inputs.Any(input => input is not null && flow.ProductOf(input) == before)));

    // What is added to scores, or multiplies them, and is the same for all heads, or differs by window, or forbids.
    private void FindMasks(GraphNode softmax)
    {
        foreach (var node in AttentionCore.Path(softmax, flow))
        {
            if (node.Operator is not ("Add" or "Sub" or "Mul" or "Where") || node.Output.Shape is not { Length: >= 2 } scores)
                continue;
            foreach (var input in node.Inputs)
            {
                if (input is { IsStatic: true } && Tensor.CountOf(input.Shape) > 1 && IsMask(input.Tensor, scores))
                    MarkMask(input);
            }
        }
    }

    private static bool IsMask(Tensor tensor, long[] scores)
    {
        if (tensor.Rank == 0 || tensor.Shape[^1] != scores[^1])
            return false;
        var heads = scores.Length > 2 ? scores[^3] : 1;
        return (heads > 1 && (tensor.Rank < 3 || tensor.Shape[^3] == 1))
            || (tensor.Rank > 3 && Tensor.CountOf(tensor.Shape.AsSpan(0, tensor.Rank - 3)) > 1)
            || Forbids(tensor) || IsSlope(tensor);
    }

    private static bool Forbids(Tensor tensor) => tensor.Reals is { } reals && Array.Exists(reals, value => value == 0)
        && (OnlyZeroAnd(reals, value => Math.Abs(value) >= LeastForbidding) || OnlyZeroAnd(reals, value => value == 1));

    private static bool OnlyZeroAnd(double[] reals, Predicate<double> other) =>
        Array.Exists(reals, other) && Array.TrueForAll(reals, value => value == 0 || other(value));

    // Distances times a slope for each head (arXiv:2108.12409): rows that go on by equal steps.
    private static bool IsSlope(Tensor tensor)
    {
        if (tensor.Reals is not { } reals || tensor.Shape[^1] < 4 || reals[^1] == reals[^2])
            return false;
        for (var i = 2L; i < reals.Length; i++)
        {
            if (i % tensor.Shape[^1] >= 2 && Math.Abs(reals[i] - (2 * reals[i - 1]) + reals[i - 2]) > 1e-6 * Math.Abs(reals[i]))
                return false;
        }

        return true;
    }

    private void MarkMask(Value mask)
    {
        var open = new Stack<Value>([mask]);
        for (var steps = 0; steps < Farthest && open.TryPop(out var value); steps++)
        {
            if (!masks.Add(value) || value.Producer is not { } node)
                continue;
            foreach (var input in node.Inputs)
            {
                if (input is not null && open.Count < Farthest)
                    open.Push(input);
            }
        }
    }

    // Cosines and sines that queries and keys are turned by: x·cos + turned(x)·sin, or the same with the two halves apart.
    private bool IsRotation(Value value)
    {
        var open = new Queue<Value>([value]);
        var found = false;
        for (var steps = 0; open.TryDequeue(out var at); steps++)
        {
            if (steps >= Farthest)
                return false;
            foreach (var node in Readers(at))
            {
                if (node.Operator == "Mul" && !node.Output.IsStatic && TurnsWith(node, at))
                    found = true;
                else if ((DataFlow.IsMoving(node) || node.Operator == "Gather") && node.Inputs[0] == at)
                    open.Enqueue(node.Output);
                else
                    return false;
            }
        }

        return found;
    }

    private bool TurnsWith(GraphNode product, Value table) => table.Tensor.Rank >= 2
        && product.Output.Consumers.Any(sum => sum.Operator is "Add" or "Sub" && sum.Inputs.Any(other => other is { Producer: { Operator: "Mul" } beside }
            && beside != product && flow.Upstream(beside.Output) == flow.Upstream(product.Output) && beside.Inputs.Any(second => second != table
                && second!.Shape.AsSpan().SequenceEqual(table.Shape) && !second.Shape.AsSpan().SequenceEqual(product.Output.Shape))));
}
