using Allspark.Engine.Import.Onnx;

namespace Allspark.Engine.Import.Recognition;

/// <summary>Scores, softmax and weighted values: softmax(QKᵀ)·V with what scales, biases and masks it.</summary>
internal sealed record AttentionCore(Product Scores, GraphNode Softmax, Product Values, ProductElement Query, ProductElement Key, ProductElement Value)
{
    private const int Farthest = 256;

    /// <summary>n.</summary>
    public long QueryTokens => Scores.Rows;

    /// <summary>m.</summary>
    public long KeyTokens => Scores.Columns;

    /// <summary>d.</summary>
    public long HeadDimension => Scores.Reduction;

    /// <summary>Windows times heads.</summary>
    public long Branches => Scores.Groups;

    /// <summary>The weighted products that queries, keys and values come from, each once.</summary>
    public IEnumerable<Product> Projections => new[] { Query.Product, Key.Product, Value.Product }.Distinct();

    /// <summary>The attention that a softmax belongs to; null where it belongs to none.</summary>
    public static AttentionCore? Of(GraphNode softmax, DataFlow flow, TokenTracer tracer)
    {
        if (softmax.Input(0).IsStatic || ScoresOf(softmax, flow) is not { } scores || ValuesOf(softmax, flow) is not { } values)
            return null;
        if (values.Groups != scores.Groups || values.Rows != scores.Rows || values.Reduction != scores.Columns || values.Columns != scores.Reduction)
            return null;
        return tracer.ProductOf(scores.Data, 0) is { } query && tracer.ProductOf(scores.Other, 0) is { } key && tracer.ProductOf(values.Other, 0) is { } value
            ? new AttentionCore(scores, softmax, values, query, key, value)
            : null;
    }

    /// <summary>
    /// Trained numbers that are added to the scores, and masks, which are fixed: a mask is the same for every head, a bias for every window.
    /// </summary>
    public IEnumerable<(Value Value, bool IsMask)> Added(DataFlow flow, long heads)
    {
        foreach (var node in Path(Softmax, flow))
        {
            if (node.Operator is not ("Add" or "Sub" or "Where" or "Mul"))
                continue;
            foreach (var input in node.Inputs)
            {
                if (input is { IsStatic: true } && Tensor.CountOf(input.Shape) > 1)
                    yield return (input, Tensor.CountOf(input.Shape) % (heads * QueryTokens * KeyTokens) != 0 || (heads == 1 && Tensor.CountOf(input.Shape) != QueryTokens * KeyTokens));
            }
        }
    }

    /// <summary>Whether a token sees only those before it.</summary>
    public bool IsCausal(DataFlow flow)
    {
        foreach (var node in Path(Softmax, flow))
        {
            if (node.Operator is "Add" or "Where" or "Sub" && node.Inputs.Any(input => input is not null && (IsTriangular(input) || IsFixedMask(node, input))))
                return true;
        }

        return false;
    }

    // A mask that is part of the file, for every pair of tokens and the same for all heads, whose elements were left out or are too many.
    private bool IsFixedMask(GraphNode node, Value input) => input is { IsStatic: true, Tensor: { IsKnown: false, Rank: >= 2 } tensor }
        && (node.Operator == "Where" ? node.Inputs[0] == input : Branches > 1)
        && tensor.Shape[^1] == KeyTokens && tensor.Shape[^2] == QueryTokens && KeyTokens > 1 && tensor.Count == KeyTokens * QueryTokens;

    // Queries and keys over the same tokens, and somewhere behind the operand a triangle: cut by Trilu, compared of ranges, or stored.
    private bool IsTriangular(Value operand)
    {
        var seen = new HashSet<int>();
        var open = new Stack<Value>([operand]);
        while (open.TryPop(out var value) && seen.Count < Farthest)
        {
            if (value == Scores.Node.Output || IsLowerTriangle(value.Tensor))
            {
                if (value != Scores.Node.Output)
                    return true;
                continue;
            }

            if (value.Producer is not { } node || !seen.Add(node.Index))
                continue;
            if (node.Operator == "Trilu"
                || (node.Operator is "Less" or "LessOrEqual" or "Greater" or "GreaterOrEqual" && node.Inputs.All(input => FromRange(input!))))
                return true;
            foreach (var input in node.Inputs)
            {
                if (input is not null)
                    open.Push(input);
            }
        }

        return false;
    }

    private static bool FromRange(Value value) => DataFlow.Rearranged(value).Any(part => part.Producer?.Operator == "Range")
        || (value.IsStatic && value.Tensor.Integers is { Length: > 1 } numbers && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second == pair.First + 1));

    private bool IsLowerTriangle(Tensor tensor)
    {
        if (tensor.Rank < 2 || tensor.Shape[^1] != tensor.Shape[^2] || tensor.Shape[^1] < Math.Max(2, KeyTokens) || tensor.Count != tensor.Shape[^1] * tensor.Shape[^1]
            || !tensor.IsKnown)
            return false;
        return tensor.Integers is { } integers ? IsLowerTriangle(integers, tensor.Shape[^1]) : IsLowerTriangle(tensor.Reals!, tensor.Shape[^1]);
    }

    private static bool IsLowerTriangle<T>(T[] elements, long side)
        where T : IEquatable<T>
    {
        var below = elements[side];
        for (var i = 0L; i < elements.Length; i++)
        {
            if (elements[i].Equals(below) != (i % side <= i / side))
                return false;
        }

        return true;
    }

    /// <summary>The nodes between the scores' product and the softmax.</summary>
    public static IEnumerable<GraphNode> Path(GraphNode softmax, DataFlow flow)
    {
        var value = softmax.Input(0);
        for (var steps = 0; steps < Farthest && value.Producer is { } node && flow.ProductOf(node) is null; steps++)
        {
            yield return node;
            var place = DataFlow.MainInput(node);
            if (place < 0)
                yield break;
            value = node.Input(place);
        }
    }

    private static Product? ScoresOf(GraphNode softmax, DataFlow flow)
    {
        // Until set 13 a softmax that names no axis begins with the second.
        var axis = softmax.Integer("axis", flow.Graph.Model.Opset < 13 ? 1 : -1);
        var rank = softmax.Input(0).Tensor.Rank;
        if (axis != -1 && axis != rank - 1)
            return null;
        return flow.Upstream(softmax.Input(0)) is { IsWeighted: false } scores ? scores : null;
    }

    private static Product? ValuesOf(GraphNode softmax, DataFlow flow)
    {
        var open = new Queue<Value>([softmax.Output]);
        for (var visited = 0; visited < Farthest && open.TryDequeue(out var value); visited++)
        {
            foreach (var node in value.Consumers)
            {
                if (!flow.Spend())
                    return null;
                if (flow.ProductOf(node) is { } product)
                    return !product.IsWeighted && product.Data == value ? product : null;
                if (DataFlow.MainInput(node) is >= 0 and var place && node.Input(place) == value)
                    open.Enqueue(node.Output);
            }
        }

        return null;
    }
}
