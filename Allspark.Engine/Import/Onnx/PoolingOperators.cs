namespace Allspark.Engine.Import.Onnx;

/// <summary>Operators on images that slide a window or change the number of pixels.</summary>
internal static class PoolingOperators
{
    public static void Register(Dictionary<string, Action<NodeContext>> rules)
    {
        rules["MaxPool"] = rules["AveragePool"] = rules["LpPool"] = Pool;
        rules["GlobalAveragePool"] = rules["GlobalMaxPool"] = rules["GlobalLpPool"] = GlobalPool;
        rules["Resize"] = rules["Upsample"] = Resize;
    }

    /// <summary>Sizes after a window of the kernel's extent has slid over the padded image.</summary>
    public static long[] Slide(NodeContext context, long[] sizes, long[] kernel)
    {
        var rank = sizes.Length;
        var strides = Numbers(context, "strides", rank, 1);
        var dilations = Numbers(context, "dilations", rank, 1);
        var pads = Numbers(context, "pads", 2 * rank, 0);
        context.Require(kernel.Length == rank, $"a kernel of {kernel.Length} axes does not fit an image of {rank}.");
        context.Require(strides.All(stride => stride > 0) && dilations.All(dilation => dilation > 0) && kernel.All(side => side > 0)
            && strides.Concat(dilations).Concat(kernel).Concat(pads).All(value => Math.Abs(value) < 1 << 30), "kernel, strides or dilations are not positive.");
        var mode = context.Node.Text("auto_pad", "NOTSET");
        var result = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var extent = ((kernel[axis] - 1) * dilations[axis]) + 1;
            var padded = sizes[axis] + pads[axis] + pads[axis + rank];
            var room = padded - extent;
            context.Require(mode.StartsWith("SAME", StringComparison.Ordinal) || room >= 0,
                $"a kernel that spans {extent} does not fit {padded} padded pixels.");
            var rounding = context.Integer("ceil_mode", 0) != 0 ? strides[axis] - 1 : 0;
            result[axis] = mode switch
            {
                "SAME_UPPER" or "SAME_LOWER" => (sizes[axis] + strides[axis] - 1) / strides[axis],
                "VALID" => ((sizes[axis] - extent) / strides[axis]) + 1,
                _ => ((room + rounding) / strides[axis]) + 1,
            };

            // A last window that would begin in the padding behind the image is left out, as frameworks do.
            if (rounding > 0 && mode == "NOTSET" && (result[axis] - 1) * strides[axis] >= sizes[axis] + pads[axis])
                result[axis]--;
        }

        return result;
    }

    /// <summary>An attribute of that many integers; all alike where it is not given.</summary>
    public static long[] Numbers(NodeContext context, string name, int count, long otherwise)
    {
        var given = context.Integers(name);
        if (given is null || given.Length == 0)
            return [.. Enumerable.Repeat(otherwise, count)];
        context.Require(given.Length == count, $"{name} has {given.Length} numbers; {count} are needed.");
        return given;
    }

    private static void Pool(NodeContext context)
    {
        var shape = context.Shape(0);
        context.Require(shape.Length >= 3, $"{context.Shapes()} is no image.");
        var kernel = context.Integers("kernel_shape") ?? throw context.Bad("it has no kernel_shape.");
        long[] result = [.. shape[..2], .. Slide(context, shape[2..], kernel)];
        context.Set(context.In(0).Type, result);
        context.Set(ElementType.Int64, result, 1);
    }

    private static void GlobalPool(NodeContext context)
    {
        var shape = context.Shape(0);
        context.Require(shape.Length >= 2, $"{context.Shapes()} is no image.");
        context.Set(context.In(0).Type, [.. shape[..2], .. Enumerable.Repeat(1L, shape.Length - 2)]);
    }

    // Scales stood in an attribute, then in the second input (Upsample, and Resize of set 10), then in the third with sizes in the fourth.
    private static void Resize(NodeContext context)
    {
        var shape = context.Shape(0);
        var scalesAt = context.Node.Operator == "Upsample" || context.InputCount == 2 ? 1 : 2;
        long[] axes = context.Integers("axes") is { Length: > 0 } given
            ? Array.ConvertAll(given, axis => (long)context.Axis(axis, shape.Length))
            : [.. Enumerable.Range(0, shape.Length).Select(axis => (long)axis)];
        var result = (long[])shape.Clone();
        if (context.Node.Operator == "Resize" && context.Has(3) && context.In(3).Count > 0)
        {
            var sizes = context.Known(3, "the new size");
            context.Require(sizes.Length == axes.Length, "sizes and axes differ in number.");
            var ratio = Ratio(context.Node.Text("keep_aspect_ratio_policy", "stretch"), sizes.Zip(axes, (size, axis) => (double)size / shape[axis]));
            for (var i = 0; i < axes.Length; i++)
                result[axes[i]] = ratio is { } same ? (long)Math.Round(shape[axes[i]] * same, MidpointRounding.AwayFromZero) : sizes[i];
        }
        else
        {
            var scales = context.Has(scalesAt)
                ? context.In(scalesAt).Reals ?? throw context.Unknown(scalesAt, "the scale")
                : context.Node.Source.Attributes.GetValueOrDefault("scales")?.Reals.Select(scale => (double)scale).ToArray() ?? throw context.Bad("it has no scales.");
            context.Require(scales.Length == axes.Length && scales.All(scale => scale is > 0 and < 1 << 20), "scales do not fit the axes.");
            for (var i = 0; i < axes.Length; i++)
                result[axes[i]] = (long)Math.Floor(shape[axes[i]] * scales[i]);
        }

        context.Set(context.In(0).Type, result);
    }

    // The one scale of all axes, where they are to keep their proportions.
    private static double? Ratio(string policy, IEnumerable<double> scales) => policy switch
    {
        "not_larger" => scales.Min(),
        "not_smaller" => scales.Max(),
        _ => null,
    };
}
