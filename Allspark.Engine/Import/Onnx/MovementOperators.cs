namespace Allspark.Engine.Import.Onnx;

/// <summary>Operators that move elements about and leave them as they are.</summary>
internal static class MovementOperators
{
    public static void Register(Dictionary<string, Action<NodeContext>> rules)
    {
        rules["Reshape"] = Reshape;
        rules["Transpose"] = Transpose;
        rules["Squeeze"] = Squeeze;
        rules["Unsqueeze"] = Unsqueeze;
        rules["Flatten"] = Flatten;
        rules["Expand"] = Expand;
        rules["Tile"] = Tile;
        rules["Pad"] = Pad;
        rules["Concat"] = Concat;
        rules["Slice"] = Slice;
        rules["Split"] = Split;
        rules["DepthToSpace"] = DepthToSpace;
        rules["SpaceToDepth"] = SpaceToDepth;
    }

    /// <summary>The permutation of a Transpose: the reverse one where none is given.</summary>
    public static long[] Permutation(GraphNode node)
    {
        var rank = node.Input(0).Tensor.Rank;
        return node.Integers("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)];
    }

    /// <summary>For each axis the first element of a Slice and the step to the next.</summary>
    public static (long[] Starts, long[] Steps, long[] Sizes) Window(NodeContext context)
    {
        var shape = context.Shape(0);
        var from = context.AttributeOrInput("starts", 1, "the start of the slice") ?? throw context.Bad("it has no start.");
        var to = context.AttributeOrInput("ends", 2, "the end of the slice") ?? throw context.Bad("it has no end.");
        var axes = context.AttributeOrInput("axes", 3, "the slice's axes") ?? [.. Enumerable.Range(0, from.Length).Select(axis => (long)axis)];
        var by = context.Has(4) ? context.Known(4, "the slice's step") : [.. Enumerable.Repeat(1L, from.Length)];
        context.Require(to.Length == from.Length && axes.Length == from.Length && by.Length == from.Length, "starts, ends, axes and steps differ in number.");
        var (starts, steps, sizes) = (new long[shape.Length], new long[shape.Length], (long[])shape.Clone());
        Array.Fill(steps, 1);
        for (var i = 0; i < from.Length; i++)
        {
            var axis = context.Axis(axes[i], shape.Length);
            var size = shape[axis];
            context.Require(by[i] != 0 && by[i] > -Tensor.LargestSize && by[i] < Tensor.LargestSize, $"a step of {by[i]} is impossible.");
            long Bound(long value, long least, long most) => Math.Clamp(value < 0 ? value + size : value, least, most);
            var (start, end) = by[i] > 0
                ? (Bound(from[i], 0, size), Bound(to[i], 0, size))
                : (Bound(from[i], 0, size - 1), Bound(to[i], -1, size - 1));
            (starts[axis], steps[axis]) = (start, by[i]);
            sizes[axis] = Math.Max(0, by[i] > 0 ? (end - start + by[i] - 1) / by[i] : (start - end - by[i] - 1) / -by[i]);
        }

        return (starts, steps, sizes);
    }

    /// <summary>Sizes of the parts of a Split.</summary>
    public static long[] Parts(NodeContext context, long size)
    {
        var given = context.AttributeOrInput("split", 1, "the sizes of the parts");
        if (given is not null)
        {
            context.Require(given.Length == context.OutputCount && given.Sum() == size && given.All(part => part >= 0),
                $"parts of [{string.Join(", ", given)}] do not make up {size}.");
            return given;
        }

        var count = context.OutputCount;
        var part = (size + count - 1) / count;
        return [.. Enumerable.Range(0, count).Select(i => Math.Clamp(size - (i * part), 0, part))];
    }

    /// <summary>Elements that a Pad puts before and after each axis.</summary>
    public static (long[] Before, long[] After) Padding(NodeContext context)
    {
        var rank = context.Shape(0).Length;
        var pads = context.AttributeOrInput("pads", 1, "the padding") ?? throw context.Bad("it has no padding.");
        long[] axes = context.Has(3)
            ? Array.ConvertAll(context.Known(3, "the padding's axes"), axis => (long)context.Axis(axis, rank))
            : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        context.Require(pads.Length == 2 * axes.Length, $"{pads.Length} paddings do not fit {axes.Length} axes.");
        var (before, after) = (new long[rank], new long[rank]);
        for (var i = 0; i < axes.Length; i++)
            (before[axes[i]], after[axes[i]]) = (pads[i], pads[i + axes.Length]);
        return (before, after);
    }

    private static void Reshape(NodeContext context)
    {
        var input = context.In(0);
        var wanted = (long[])context.Known(1, "the shape").Clone();
        var unknown = -1;
        var known = 1L;
        for (var axis = 0; axis < wanted.Length; axis++)
        {
            if (wanted[axis] == 0 && context.Integer("allowzero", 0) == 0)
            {
                context.Require(axis < input.Rank, $"axis {axis} of the shape is to be kept, and there is none.");
                wanted[axis] = input.Shape[axis];
            }

            if (wanted[axis] == -1)
            {
                context.Require(unknown < 0, "two axes of the shape are left open.");
                unknown = axis;
            }
            else
            {
                context.Require(wanted[axis] is >= 0 and <= Tensor.LargestSize, $"a size of {wanted[axis]} is impossible.");
                known = checked(known * wanted[axis]);
            }
        }

        if (unknown >= 0)
        {
            context.Require(known > 0 && input.Count % known == 0, Misfit(input, wanted));
            wanted[unknown] = input.Count / known;
            known *= wanted[unknown];
        }

        context.Require(known == input.Count, Misfit(input, wanted));
        context.Set(input.Reshaped(wanted));
    }

    private static string Misfit(Tensor input, long[] wanted) =>
        $"the {input.Count} elements of [{string.Join(", ", input.Shape)}] do not fill the shape [{string.Join(", ", wanted)}].";

    private static void Transpose(NodeContext context)
    {
        var input = context.In(0);
        var order = Permutation(context.Node);
        context.Require(order.Length == input.Rank && order.Order().SequenceEqual(Enumerable.Range(0, input.Rank).Select(axis => (long)axis)),
            $"[{string.Join(", ", order)}] is no permutation of {input.Rank} axes.");
        var shape = Array.ConvertAll(order, axis => input.Shape[axis]);
        var strides = Tensor.Strides(input.Shape);
        var target = Tensor.Strides(shape);
        context.Set(input.Picked(shape, place =>
        {
            var source = 0L;
            for (var axis = 0; axis < shape.Length; axis++)
                source += place / target[axis] % shape[axis] * strides[order[axis]];
            return source;
        }));
    }

    private static void Squeeze(NodeContext context)
    {
        var input = context.In(0);
        var axes = context.AttributeOrInput("axes", 1, "the axes");
        var dropped = axes is null
            ? Enumerable.Range(0, input.Rank).Where(axis => input.Shape[axis] == 1).ToHashSet()
            : axes.Select(axis => context.Axis(axis, input.Rank)).ToHashSet();
        foreach (var axis in dropped)
            context.Require(input.Shape[axis] == 1, $"axis {axis} of [{string.Join(", ", input.Shape)}] is not 1.");
        context.Set(input.Reshaped([.. input.Shape.Where((_, axis) => !dropped.Contains(axis))]));
    }

    private static void Unsqueeze(NodeContext context)
    {
        var input = context.In(0);
        var axes = context.AttributeOrInput("axes", 1, "the axes") ?? throw context.Bad("it has no axes.");
        var rank = input.Rank + axes.Length;
        var added = axes.Select(axis => context.Axis(axis, rank)).ToHashSet();
        context.Require(added.Count == axes.Length, "an axis is given twice.");
        var shape = new long[rank];
        var source = 0;
        for (var axis = 0; axis < rank; axis++)
            shape[axis] = added.Contains(axis) ? 1 : input.Shape[source++];
        context.Set(input.Reshaped(shape));
    }

    private static void Flatten(NodeContext context)
    {
        var input = context.In(0);
        var axis = context.Integer("axis", 1);
        var cut = axis == input.Rank ? input.Rank : context.Axis(axis, input.Rank);
        context.Set(input.Reshaped([Tensor.CountOf(input.Shape.AsSpan(0, cut)), Tensor.CountOf(input.Shape.AsSpan(cut))]));
    }

    private static void Expand(NodeContext context)
    {
        var input = context.In(0);
        var shape = context.Broadcast(input.Shape, context.Known(1, "the shape"));
        context.Require(Tensor.IsSound(shape), $"the shape [{string.Join(", ", shape)}] is impossible.");
        var index = new BroadcastIndex(shape, input.Shape);
        context.Set(input.Picked(shape, index.Of));
    }

    private static void Tile(NodeContext context)
    {
        var input = context.In(0);
        var repeats = context.Known(1, "the number of copies");
        context.Require(repeats.Length == input.Rank && repeats.All(count => count is >= 0 and < Tensor.LargestSize), "copies and axes differ in number.");
        context.Set(input.Type, [.. input.Shape.Zip(repeats, (size, count) => checked(size * count))]);
    }

    private static void Pad(NodeContext context)
    {
        var input = context.In(0);
        var (before, after) = Padding(context);
        var shape = new long[input.Rank];
        for (var axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = checked(input.Shape[axis] + before[axis] + after[axis]);
            context.Require(shape[axis] >= 0, $"axis {axis} would have {shape[axis]} elements.");
        }

        context.Set(Array.TrueForAll(before, size => size == 0) && Array.TrueForAll(after, size => size == 0) ? input : new Tensor(input.Type, shape));
    }

    private static void Concat(NodeContext context)
    {
        var first = context.In(0);
        var axis = context.Axis(context.Integer("axis", 0), first.Rank);
        var shape = (long[])first.Shape.Clone();
        for (var place = 1; place < context.InputCount; place++)
        {
            var other = context.Shape(place);
            context.Require(other.Length == shape.Length, $"{context.Shapes()} differ in rank.");
            for (var i = 0; i < shape.Length; i++)
                context.Require(i == axis || other[i] == shape[i], $"shapes differ outside of axis {axis}: {context.Shapes()}.");
            shape[axis] = checked(shape[axis] + other[axis]);
        }

        var parts = Enumerable.Range(0, context.InputCount).Select(context.In).ToArray();
        context.Set(shape.Length == 1 && shape[0] <= Tensor.MostElements && Array.TrueForAll(parts, part => part.Integers is not null)
            ? new Tensor(first.Type, shape, [.. parts.SelectMany(part => part.Integers!)])
            : new Tensor(first.Type, shape));
    }

    private static void Slice(NodeContext context)
    {
        var input = context.In(0);
        var (starts, steps, sizes) = Window(context);
        var strides = Tensor.Strides(input.Shape);
        var target = Tensor.Strides(sizes);
        context.Set(input.Picked(sizes, place =>
        {
            var source = 0L;
            for (var axis = 0; axis < sizes.Length; axis++)
                source += (starts[axis] + (place / target[axis] % sizes[axis] * steps[axis])) * strides[axis];
            return source;
        }));
    }

    private static void Split(NodeContext context)
    {
        var input = context.In(0);
        var axis = context.Axis(context.Integer("axis", 0), input.Rank);
        var parts = Parts(context, input.Shape[axis]);
        var start = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            var shape = (long[])input.Shape.Clone();
            shape[axis] = parts[i];
            var from = start;
            context.Set(input.Rank == 1 ? input.Picked(shape, place => from + place) : new Tensor(input.Type, shape), i);
            start += parts[i];
        }
    }

    private static void DepthToSpace(NodeContext context)
    {
        var shape = context.Shape(0);
        var side = context.Integer("blocksize", 0);
        context.Require(shape.Length == 4 && side is > 0 and < 1 << 20 && shape[1] % (side * side) == 0, $"blocks of {side} do not fit {context.Shapes()}.");
        context.Set(context.In(0).Type, [shape[0], shape[1] / (side * side), shape[2] * side, shape[3] * side]);
    }

    private static void SpaceToDepth(NodeContext context)
    {
        var shape = context.Shape(0);
        var side = context.Integer("blocksize", 0);
        context.Require(shape.Length == 4 && side is > 0 and < 1 << 20 && shape[2] % side == 0 && shape[3] % side == 0, $"blocks of {side} do not fit {context.Shapes()}.");
        context.Set(context.In(0).Type, [shape[0], shape[1] * side * side, shape[2] / side, shape[3] / side]);
    }
}
