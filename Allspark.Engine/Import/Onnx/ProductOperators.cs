namespace Allspark.Engine.Import.Onnx;

/// <summary>Operators that multiply and accumulate.</summary>
internal static class ProductOperators
{
    public static void Register(Dictionary<string, Action<NodeContext>> rules)
    {
        rules["Conv"] = Conv;
        rules["ConvTranspose"] = ConvTranspose;
        rules["MatMul"] = MatMul;
        rules["Gemm"] = Gemm;
        rules["Einsum"] = Einsum;
    }

    private static void Conv(NodeContext context)
    {
        var (image, weights) = (context.Shape(0), context.Shape(1));
        context.Require(image.Length >= 3 && weights.Length == image.Length, $"an image and weights of {context.Shapes()} do not go together.");
        var groups = Groups(context, image[1]);
        context.Require(weights[1] * groups == image[1] && weights[0] % groups == 0,
            $"weights of [{string.Join(", ", weights)}] in {groups} groups do not fit {image[1]} channels.");
        context.Set(context.In(0).Type, [image[0], weights[0], .. PoolingOperators.Slide(context, image[2..], weights[2..])]);
    }

    private static long Groups(NodeContext context, long channels)
    {
        var groups = context.Integer("group", 1);
        context.Require(groups > 0 && groups <= Math.Max(1, channels), $"{groups} groups of {channels} channels are impossible.");
        return groups;
    }

    private static void ConvTranspose(NodeContext context)
    {
        var (image, weights) = (context.Shape(0), context.Shape(1));
        context.Require(image.Length >= 3 && weights.Length == image.Length && weights[0] == image[1], $"an image and weights of {context.Shapes()} do not go together.");
        var rank = image.Length - 2;
        var groups = Groups(context, image[1]);
        var strides = PoolingOperators.Numbers(context, "strides", rank, 1);
        var dilations = PoolingOperators.Numbers(context, "dilations", rank, 1);
        var pads = PoolingOperators.Numbers(context, "pads", 2 * rank, 0);
        var extra = PoolingOperators.Numbers(context, "output_padding", rank, 0);
        var given = context.Integers("output_shape");
        var same = context.Node.Text("auto_pad", "NOTSET").StartsWith("SAME", StringComparison.Ordinal);
        var result = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            result[axis] = given is { Length: > 0 } ? given[axis] : same ? checked(strides[axis] * image[axis + 2]) : checked((strides[axis] * (image[axis + 2] - 1)) + extra[axis]
                + ((weights[axis + 2] - 1) * dilations[axis]) + 1 - pads[axis] - pads[axis + rank]);
        }

        context.Set(context.In(0).Type, [image[0], checked(weights[1] * groups), .. result]);
    }

    private static void MatMul(NodeContext context)
    {
        var (left, right) = (context.Shape(0), context.Shape(1));
        context.Require(left.Length > 0 && right.Length > 0, "it multiplies a scalar.");
        var a = left.Length == 1 ? [1, left[0]] : left;
        var b = right.Length == 1 ? [right[0], 1] : right;
        context.Require(a[^1] == b[^2], $"{context.Shapes()} cannot be multiplied: {a[^1]} is not {b[^2]}.");
        long[] shape = [.. context.Broadcast(a[..^2], b[..^2]), .. left.Length == 1 ? [] : new[] { a[^2] }, .. right.Length == 1 ? [] : new[] { b[^1] }];
        context.Set(context.In(0).Type, shape);
    }

    private static void Gemm(NodeContext context)
    {
        var (a, b) = (context.Shape(0), context.Shape(1));
        context.Require(a.Length == 2 && b.Length == 2, $"{context.Shapes()} are no two matrices.");
        var (rows, inner) = context.Integer("transA", 0) == 0 ? (a[0], a[1]) : (a[1], a[0]);
        var (depth, columns) = context.Integer("transB", 0) == 0 ? (b[0], b[1]) : (b[1], b[0]);
        context.Require(inner == depth, $"{context.Shapes()} cannot be multiplied: {inner} is not {depth}.");
        context.Set(context.In(0).Type, [rows, columns]);
    }

    private static void Einsum(NodeContext context)
    {
        var equation = EinsumEquation.Of(context);
        context.Set(context.In(0).Type, Array.ConvertAll(equation.Output.ToCharArray(), letter => equation.Sizes[letter]));
    }
}

/// <summary>An Einstein sum: the letters of the operands' axes, those of the result, and the size of each.</summary>
internal sealed record EinsumEquation(string[] Operands, string Output, Dictionary<char, long> Sizes)
{
    // Axes that an ellipsis stands for get letters from here on.
    private const char FirstEllipsisLetter = 'α';

    public static EinsumEquation Of(NodeContext context)
    {
        var text = context.Node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        var sides = text.Split("->");
        var operands = sides[0].Split(',');
        context.Require(sides.Length <= 2 && operands.Length == context.InputCount, $"the equation {ModelImportException.Quote(text)} does not fit {context.InputCount} operands.");
        var longest = 0;
        for (var i = 0; i < operands.Length; i++)
        {
            if (operands[i].Contains("...", StringComparison.Ordinal))
                longest = Math.Max(longest, context.Shape(i).Length - (operands[i].Length - 3));
        }

        string Spell(string term, int axes) => term.Replace(
            "...",
            string.Concat(Enumerable.Range(longest - axes, Math.Max(0, axes)).Select(place => (char)(FirstEllipsisLetter + place))),
            StringComparison.Ordinal);
        var sizes = new Dictionary<char, long>();
        for (var i = 0; i < operands.Length; i++)
        {
            var shape = context.Shape(i);
            operands[i] = Spell(operands[i], shape.Length - (operands[i].Length - 3));
            context.Require(operands[i].Length == shape.Length, $"the equation {ModelImportException.Quote(text)} does not fit {context.Shapes()}.");
            for (var axis = 0; axis < shape.Length; axis++)
            {
                var letter = operands[i][axis];
                var known = sizes.GetValueOrDefault(letter, 1);
                context.Require(known == shape[axis] || known == 1 || shape[axis] == 1, $"axis {letter} has two sizes: {context.Shapes()}.");
                sizes[letter] = Math.Max(known, shape[axis]);
            }
        }

        var all = string.Concat(operands);
        var output = sides.Length == 2
            ? Spell(sides[1], longest)
            : string.Concat(all.Distinct().Where(letter => letter >= FirstEllipsisLetter || all.Count(other => other == letter) == 1)
                .OrderBy(letter => letter < FirstEllipsisLetter).ThenBy(letter => letter));
        foreach (var letter in output)
            context.Require(sizes.ContainsKey(letter), $"axis {letter} of the result is in no operand.");
        return new EinsumEquation(operands, output, sizes);
    }
}
