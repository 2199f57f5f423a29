namespace Allspark.Engine.Import.Onnx;

/// <summary>Operators that put one element in the place of many.</summary>
internal static class ReductionOperators
{
    private static readonly string[] Names =
    [
        "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSum",
        "ReduceLogSumExp",
    ];

    public static void Register(Dictionary<string, Action<NodeContext>> rules)
    {
        foreach (var name in Names)
            rules[name] = Reduce;
    }

    /// <summary>The axes that are reduced; all where none are given.</summary>
    public static HashSet<int> Axes(NodeContext context)
    {
        var rank = context.Shape(0).Length;
        var axes = context.AttributeOrInput("axes", 1, "the axes") ?? [];
        return axes.Length > 0
            ? axes.Select(axis => context.Axis(axis, rank)).ToHashSet()
            : context.Integer("noop_with_empty_axes", 0) != 0 ? [] : Enumerable.Range(0, rank).ToHashSet();
    }

    private static void Reduce(NodeContext context)
    {
        var input = context.In(0);
        var axes = Axes(context);
        var keep = context.Integer("keepdims", 1) != 0;
        var shape = new List<long>();
        for (var axis = 0; axis < input.Rank; axis++)
        {
            if (!axes.Contains(axis))
                shape.Add(input.Shape[axis]);
            else if (keep)
                shape.Add(1);
        }

        context.Set(axes.Count == input.Rank && input.Integers is { Length: > 0 } elements && Fold(context.Node.Operator, elements) is { } value
            ? new Tensor(input.Type, [.. shape], [value])
            : new Tensor(input.Type, [.. shape]));
    }

    private static long? Fold(string name, long[] elements) => name switch
    {
        "ReduceProd" => elements.Aggregate(1L, static (product, element) => checked(product * element)),
        "ReduceSum" => elements.Aggregate(0L, static (sum, element) => checked(sum + element)),
        "ReduceMax" => elements.Max(),
        "ReduceMin" => elements.Min(),
        _ => null,
    };
}
