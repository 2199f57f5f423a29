using Allspark.Engine.Import.Onnx;

namespace Allspark.Engine.Import.Recognition;

/// <summary>
/// A node that multiplies and accumulates, as <see cref="Groups"/> matrix products of <see cref="Rows"/>×<see cref="Reduction"/> by
/// <see cref="Reduction"/>×<see cref="Columns"/>.
/// </summary>
internal sealed class Product
{
    private Product(GraphNode node, Value data, Value other, bool weighted)
    {
        Node = node;
        Data = data;
        Other = other;
        IsWeighted = weighted;
    }

    public GraphNode Node { get; }

    /// <summary>Its place among the products, in the order of computation.</summary>
    public int Place { get; private set; }

    /// <summary>What flows in: the operand that has the rows.</summary>
    public Value Data { get; }

    /// <summary>The weights, or the other of two activations.</summary>
    public Value Other { get; }

    /// <summary>Whether <see cref="Other"/> is the same for every image.</summary>
    public bool IsWeighted { get; private set; }

    public long Groups { get; private init; } = 1;

    public long Rows { get; private init; }

    public long Reduction { get; private init; }

    public long Columns { get; private init; }

    /// <summary>Whether each row of the result is computed from the same row of <see cref="Data"/>, and nothing else.</summary>
    public bool IsRowWise { get; private set; }

    /// <summary>A convolution over an image, of any kernel.</summary>
    public bool IsConvolution { get; private init; }

    /// <summary>Positions times frequencies: neither is trained.</summary>
    public bool IsAngle { get; private set; }

    public long Macs => Groups * Rows * Reduction * Columns;

    public long WeightElements => Groups * Reduction * Columns;

    /// <summary>A convolution with no more than one input channel for an output.</summary>
    public bool IsDepthwise => IsConvolution && Groups > 1 && Groups == Data.Shape[1];

    public override string ToString() => $"{Node.Source.Name} {Groups}·{Rows}×{Reduction}×{Columns}";

    /// <summary>All products of a graph.</summary>
    /// <exception cref="ModelImportException">A product is too large to count.</exception>
    public static Product[] Of(Graph graph)
    {
        var products = new List<Product>();
        foreach (var node in graph.Nodes)
        {
            var product = node.Operator switch
            {
                "MatMul" => MatMul(node),
                "Gemm" => Gemm(node),
                "Conv" => Convolution(node),
                "ConvTranspose" => Transposed(node),
                "Einsum" => Einsum(node, graph),
                _ => null,
            };
            if (product is null)
                continue;
            if (product.IsWeighted && GivesAngles(product))
                (product.IsWeighted, product.IsRowWise, product.IsAngle) = (false, false, true);
            if ((double)product.Groups * product.Rows * product.Reduction * product.Columns > 1e17)
                throw new ModelImportException(graph.File, node.Source.Label, "its multiplications are more than can be counted; its shapes are impossible.");
            product.Place = products.Count;
            products.Add(product);
        }

        return [.. products];
    }

    // Stored, or stored numbers rearranged and rescaled; what weights and weights make is no weight itself.
    private static bool IsWeights(Value value)
    {
        if (!value.IsStatic)
            return false;
        var open = new Stack<Value>([value]);
        for (var steps = 0; steps < 64 && open.TryPop(out var at); steps++)
        {
            if (at.IsStored || at.Producer is not { } node)
                continue;
            if (node.Operator is "MatMul" or "Gemm" or "Conv" or "ConvTranspose" or "Einsum")
                return false;
            foreach (var input in node.Inputs)
            {
                if (input is not null && open.Count < 64)
                    open.Push(input);
            }
        }

        return true;
    }

    // Positions times frequencies, of which only sines and cosines are taken: a rotation's angles, which are computed and not trained.
    private static bool GivesAngles(Product product)
    {
        if (product.Reduction != 1 || (!AreIntegers(product.Data) && !AreIntegers(product.Other)))
            return false;
        var open = new Queue<Value>([product.Node.Output]);
        for (var steps = 0; open.TryDequeue(out var value); steps++)
        {
            if (steps >= 32 || value.Consumers.Count == 0)
                return false;
            foreach (var node in value.Consumers.Where(node => node.Operator is not ("Sin" or "Cos" or "Shape")))
            {
                if (!DataFlow.IsMoving(node) && node.Operator is not ("Concat" or "Mul"))
                    return false;
                open.Enqueue(node.Output);
            }
        }

        return true;
    }

    private static bool AreIntegers(Value value)
    {
        for (var steps = 0; steps < 32 && Tensor.IsReal(value.Tensor.Type); steps++)
        {
            if (value.Producer is not { } node || !DataFlow.IsMoving(node))
                return false;
            value = node.Input(0);
        }

        return !Tensor.IsReal(value.Tensor.Type);
    }

    private static Product MatMul(GraphNode node)
    {
        var (left, right) = (node.Input(0), node.Input(1));
        var (a, b) = (Matrix(left.Shape, row: true), Matrix(right.Shape, row: false));
        var batch = Tensor.CountOf(node.Output.Shape.AsSpan(0, Math.Max(a.Length, b.Length) - 2));
        if (IsWeights(right))
        {
            var matrices = Matrices(b, batch);
            return new Product(node, left, right, weighted: true)
            {
                Groups = matrices,
                Rows = batch / matrices * a[^2],
                Reduction = a[^1],
                Columns = b[^1],
                IsRowWise = matrices == 1 && left.Shape.Length > 1,
            };
        }

        if (!IsWeights(left) || right.IsStatic)
            return new Product(node, left, right, weighted: false) { Groups = batch, Rows = a[^2], Reduction = a[^1], Columns = b[^1] };
        var own = Matrices(a, batch);
        return new Product(node, right, left, weighted: true) { Groups = own, Rows = batch / own * b[^1], Reduction = a[^1], Columns = a[^2] };
    }

    // Matrices of weights that there are; the same ones serve all others of the batch. An empty batch has none.
    private static long Matrices(long[] weights, long batch) => batch == 0 ? 1 : Tensor.CountOf(weights.AsSpan(0, weights.Length - 2));

    private static long[] Matrix(long[] shape, bool row) => shape.Length > 1 ? shape : row ? [1, shape[0]] : [shape[0], 1];

    private static Product Gemm(GraphNode node)
    {
        var (left, right) = (node.Input(0), node.Input(1));
        var transposed = node.Integer("transA", 0) != 0;
        var weighted = IsWeights(right) || IsWeights(left);
        var inner = left.Shape[transposed ? 0 : 1];
        var (rows, columns) = (node.Output.Shape[0], node.Output.Shape[1]);
        return IsWeights(left) && !right.IsStatic
            ? new Product(node, right, left, weighted) { Rows = columns, Reduction = inner, Columns = rows }
            : new Product(node, left, right, weighted) { Rows = rows, Reduction = inner, Columns = columns, IsRowWise = !transposed };
    }

    private static Product Convolution(GraphNode node)
    {
        var (weights, output) = (node.Input(1).Shape, node.Output.Shape);
        var groups = node.Integer("group", 1);
        return new Product(node, node.Input(0), node.Input(1), IsWeights(node.Input(1)))
        {
            Groups = groups,
            Rows = output[0] * Tensor.CountOf(output.AsSpan(2)),
            Reduction = Tensor.CountOf(weights.AsSpan(1)),
            Columns = weights[0] / groups,
            IsConvolution = true,
        };
    }

    private static Product Transposed(GraphNode node)
    {
        var (image, weights) = (node.Input(0).Shape, node.Input(1).Shape);
        var groups = node.Integer("group", 1);
        return new Product(node, node.Input(0), node.Input(1), IsWeights(node.Input(1)))
        {
            Groups = groups,
            Rows = image[0] * Tensor.CountOf(image.AsSpan(2)),
            Reduction = weights[0] / groups,
            Columns = Tensor.CountOf(weights.AsSpan(1)),
            IsConvolution = true,
        };
    }

    private static Product? Einsum(GraphNode node, Graph graph)
    {
        var equation = EinsumEquation.Of(new NodeContext(node, graph.Model.Opset, graph.File));
        if (equation.Operands.Length == 1)
            return null;
        if (equation.Operands.Length > 2)
            throw new ModelImportException(graph.File, node.Source.Label, "a sum over more than two operands is not supported. Write it as several.");
        var swap = IsWeights(node.Input(0)) && !node.Input(1).IsStatic;
        var (data, other) = swap ? (1, 0) : (0, 1);
        var (mine, theirs) = (equation.Operands[data], equation.Operands[other]);
        long Sizes(Func<char, bool> which) => Tensor.CountOf([.. equation.Sizes.Where(pair => which(pair.Key)).Select(pair => pair.Value)]);
        bool InOutput(char letter) => equation.Output.Contains(letter, StringComparison.Ordinal);
        bool Shared(char letter) => mine.Contains(letter, StringComparison.Ordinal) && theirs.Contains(letter, StringComparison.Ordinal);
        var contracted = mine.Where(letter => !InOutput(letter)).Distinct().ToArray();
        return new Product(node, node.Input(data), node.Input(other), IsWeights(node.Input(other)))
        {
            Groups = Sizes(letter => InOutput(letter) && Shared(letter)),
            Rows = Sizes(letter => InOutput(letter) && !theirs.Contains(letter, StringComparison.Ordinal)),
            Reduction = Sizes(letter => !InOutput(letter)),
            Columns = Sizes(letter => InOutput(letter) && !mine.Contains(letter, StringComparison.Ordinal)),
            IsRowWise = IsWeights(node.Input(other)) && contracted is [var last] && mine.EndsWith(last) && theirs.Length == 2
                && equation.Output.StartsWith(mine[..^1], StringComparison.Ordinal),
        };
    }
}
