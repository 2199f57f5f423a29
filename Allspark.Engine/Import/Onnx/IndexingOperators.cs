namespace Allspark.Engine.Import.Onnx;

/// <summary>Operators that read or write elements by index.</summary>
internal static class IndexingOperators
{
    public static void Register(Dictionary<string, Action<NodeContext>> rules)
    {
        rules["Gather"] = Gather;
        rules["GatherElements"] = static context => context.Set(context.In(0).Type, context.Shape(1));
        rules["GatherND"] = GatherNd;
        rules["ScatterND"] = rules["ScatterElements"] = rules["Scatter"] = rules["TensorScatter"] =
            static context => context.Set(context.In(0).Type, context.Shape(0));
        rules["Shape"] = Shape;
        rules["Size"] = static context => context.Set(Tensor.Scalar(context.In(0).Count));
        rules["TopK"] = TopK;
        rules["OneHot"] = OneHot;
        rules["ArgMax"] = rules["ArgMin"] = ArgMax;
        rules["NonZero"] = NonZero;
        rules["ReverseSequence"] = static context => context.SetLike(0);
        rules["Compress"] = static context => throw context.Bad("the size of its result depends on the data.");
    }

    private static void Gather(NodeContext context)
    {
        var (data, indices) = (context.In(0), context.In(1));
        var axis = context.Axis(context.Integer("axis", 0), data.Rank);
        long[] shape = [.. data.Shape[..axis], .. indices.Shape, .. data.Shape[(axis + 1)..]];
        if (!Tensor.IsSound(shape) || !data.IsKnown || indices.Integers is not { } chosen || Tensor.CountOf(shape) > Tensor.MostElements)
        {
            context.Set(data.Type, shape);
            return;
        }

        var size = data.Shape[axis];
        foreach (var index in chosen)
            context.Require(index >= -size && index < size, $"index {index} is none of the {size} of axis {axis}.");
        var inner = Tensor.CountOf(data.Shape.AsSpan(axis + 1));
        context.Set(data.Picked(shape, place =>
        {
            var index = chosen[place / inner % chosen.Length];
            var outer = place / inner / chosen.Length;
            return (((outer * size) + (index < 0 ? index + size : index)) * inner) + (place % inner);
        }));
    }

    private static void GatherNd(NodeContext context)
    {
        var (data, indices) = (context.Shape(0), context.Shape(1));
        var batch = (int)context.Integer("batch_dims", 0);
        context.Require(indices.Length > 0 && batch >= 0 && batch < indices.Length && batch + indices[^1] <= data.Length, $"indices of {context.Shapes()} have more places than axes.");
        context.Set(context.In(0).Type, [.. indices[..^1], .. data[(batch + (int)indices[^1])..]]);
    }

    private static void Shape(NodeContext context)
    {
        var shape = context.Shape(0);
        long Bound(long value) => Math.Clamp(value < 0 ? value + shape.Length : value, 0, shape.Length);
        var (start, end) = ((int)Bound(context.Integer("start", 0)), (int)Bound(context.Integer("end", shape.Length)));
        context.Set(Tensor.Vector(shape[start..Math.Max(start, end)]));
    }

    private static void TopK(NodeContext context)
    {
        var shape = (long[])context.Shape(0).Clone();
        var axis = context.Axis(context.Integer("axis", -1), shape.Length);
        shape[axis] = context.AttributeOrInput("k", 1, "the number of elements") is [var count, ..] ? count : context.Integer("k", 0);
        context.Set(context.In(0).Type, shape);
        context.Set(ElementType.Int64, shape, 1);
    }

    private static void OneHot(NodeContext context)
    {
        var indices = context.Shape(0);
        var axis = context.Axis(context.Integer("axis", -1), indices.Length + 1);
        var depth = context.Known(1, "the depth")[0];
        context.Set(context.In(2).Type, [.. indices[..axis], depth, .. indices[axis..]]);
    }

    private static void ArgMax(NodeContext context)
    {
        var shape = context.Shape(0);
        var axis = context.Axis(context.Integer("axis", 0), shape.Length);
        context.Set(ElementType.Int64, context.Integer("keepdims", 1) != 0
            ? [.. shape[..axis], 1, .. shape[(axis + 1)..]]
            : [.. shape[..axis], .. shape[(axis + 1)..]]);
    }

    private static void NonZero(NodeContext context)
    {
        var input = context.In(0);
        var elements = input.Integers ?? throw context.Bad("the size of its result depends on the data.");
        var places = Enumerable.Range(0, elements.Length).Where(place => elements[place] != 0).ToArray();
        var strides = Tensor.Strides(input.Shape);
        context.Require(input.Rank * places.LongLength <= Tensor.MostElements, "it has too many elements to follow.");
        context.Set(new Tensor(
            ElementType.Int64,
            [input.Rank, places.Length],
            [.. Enumerable.Range(0, input.Rank).SelectMany(axis => places.Select(place => place / strides[axis] % input.Shape[axis]))]));
    }
}
