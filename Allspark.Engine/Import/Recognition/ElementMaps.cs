using System.Runtime.InteropServices;
using Allspark.Engine.Import.Onnx;

namespace Allspark.Engine.Import.Recognition;

/// <summary>Where an element of a node's output comes from.</summary>
/// <param name="Input">Place of the input; negative where it comes from none.</param>
/// <param name="Place">The element of that input, in row-major order.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ElementSource(int Input, long Place)
{
    /// <summary>The element is filling around an image.</summary>
    public static readonly ElementSource Padding = new(-1, 0);

    /// <summary>The element has no single source.</summary>
    public static readonly ElementSource None = new(-2, 0);
}

/// <summary>For operators that move elements or work on each by itself: the map from an output's elements to those of an input.</summary>
internal sealed class ElementMaps(Graph graph)
{
    private readonly Dictionary<(int Node, int Output), Func<long, ElementSource>?> maps = [];

    /// <summary>The map of the value's producer; null where its elements have no single source.</summary>
    public Func<long, ElementSource>? Of(Value value)
    {
        var node = value.Producer!;
        var output = node.Outputs.Length == 1 ? 0 : Array.IndexOf(node.Outputs, value);
        if (!maps.TryGetValue((node.Index, output), out var map))
            maps[(node.Index, output)] = map = Build(node, output);
        return map;
    }

    private Func<long, ElementSource>? Build(GraphNode node, int output)
    {
        var context = new NodeContext(node, graph.Model.Opset, graph.File);
        switch (node.Operator)
        {
            case "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" or "Identity" or "Cast" or "Dropout":
                return output == 0 ? static place => new ElementSource(0, place) : null;
            case "Transpose":
                return Transpose(node);
            case "Slice":
                return Slice(node, context);
            case "Split":
                return Split(node, output, context);
            case "Concat":
                return Concat(node, context);
            case "Pad":
                return Pad(node, context);
            case "Gather":
                return Gather(node, context);
            case "Expand":
                var index = new BroadcastIndex(node.Output.Shape, node.Input(0).Shape);
                return place => new ElementSource(0, index.Of(place));
            default:
                return output == 0 ? Elementwise(node) : null;
        }
    }

    private static Func<long, ElementSource>? Elementwise(GraphNode node)
    {
        var input = DataFlow.MainInput(node);
        if (input < 0 || node.Operator is "MatMul" or "Gemm" or "Einsum" or "Conv" or "ConvTranspose")
            return null;
        var shape = node.Input(input).Shape;
        if (shape.AsSpan().SequenceEqual(node.Output.Shape))
            return place => new ElementSource(input, place);
        if (!DataFlow.IsBroadcasting(node))
            return null;
        var index = new BroadcastIndex(node.Output.Shape, shape);
        return place => new ElementSource(input, index.Of(place));
    }

    private static Func<long, ElementSource> Transpose(GraphNode node)
    {
        var order = MovementOperators.Permutation(node);
        var strides = Tensor.Strides(node.Input(0).Shape);
        return Strided(node.Output.Shape, Array.ConvertAll(order, axis => strides[axis]), 0);
    }

    private static Func<long, ElementSource> Slice(GraphNode node, NodeContext context)
    {
        var (starts, steps, sizes) = MovementOperators.Window(context);
        var strides = Tensor.Strides(node.Input(0).Shape);
        var first = starts.Zip(strides, (start, stride) => start * stride).Sum();
        return Strided(sizes, [.. steps.Zip(strides, (step, stride) => step * stride)], first);
    }

    private static Func<long, ElementSource> Split(GraphNode node, int output, NodeContext context)
    {
        var shape = node.Input(0).Shape;
        var axis = context.Axis(node.Integer("axis", 0), shape.Length);
        var strides = Tensor.Strides(shape);
        var first = MovementOperators.Parts(context, shape[axis]).Take(output).Sum() * strides[axis];
        return Strided(node.Outputs[output].Shape, strides, first);
    }

    private static Func<long, ElementSource> Strided(long[] shape, long[] steps, long first) => place =>
    {
        var source = first;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            source += place % shape[axis] * steps[axis];
            place /= shape[axis];
        }

        return new ElementSource(0, source);
    };

    private static Func<long, ElementSource> Concat(GraphNode node, NodeContext context)
    {
        var shape = node.Output.Shape;
        var axis = context.Axis(node.Integer("axis", 0), shape.Length);
        var inner = Tensor.CountOf(shape.AsSpan(axis + 1));
        var sizes = Array.ConvertAll(node.Inputs, input => input!.Shape[axis]);
        var starts = new long[sizes.Length];
        for (var i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + sizes[i - 1];
        return place =>
        {
            var (rest, along, outer) = (place % inner, place / inner % shape[axis], place / inner / shape[axis]);
            var found = Array.BinarySearch(starts, along);
            var input = found >= 0 ? found : ~found - 1;

            // Parts of no size begin where the next one does.
            while (sizes[input] == 0)
                input++;
            return new ElementSource(input, (((outer * sizes[input]) + along - starts[input]) * inner) + rest);
        };
    }

    private static Func<long, ElementSource> Pad(GraphNode node, NodeContext context)
    {
        var (before, _) = MovementOperators.Padding(context);
        var (outer, inner) = (node.Output.Shape, node.Input(0).Shape);
        var strides = Tensor.Strides(inner);
        return place =>
        {
            var source = 0L;
            for (var axis = outer.Length - 1; axis >= 0; axis--)
            {
                var along = (place % outer[axis]) - before[axis];
                if (along < 0 || along >= inner[axis])
                    return ElementSource.Padding;
                source += along * strides[axis];
                place /= outer[axis];
            }

            return new ElementSource(0, source);
        };
    }

    private static Func<long, ElementSource>? Gather(GraphNode node, NodeContext context)
    {
        if (node.Input(1).Tensor.Integers is not { Length: > 0 } indices)
            return null;
        var shape = node.Input(0).Shape;
        var axis = context.Axis(node.Integer("axis", 0), shape.Length);
        var (size, inner) = (shape[axis], Tensor.CountOf(shape.AsSpan(axis + 1)));
        return place =>
        {
            var index = indices[place / inner % indices.Length];
            var outer = place / inner / indices.Length;
            return index < -size || index >= size
                ? ElementSource.None
                : new ElementSource(0, (((outer * size) + (index < 0 ? index + size : index)) * inner) + (place % inner));
        };
    }
}
