namespace Allspark.Engine.Import.Onnx;

/// <summary>The shapes of a node's outputs from those of its inputs; subgraphs that compute shapes are folded on the way.</summary>
internal static class ShapeInference
{
    private static readonly Dictionary<string, Action<NodeContext>> Rules = new(StringComparer.Ordinal);

    // Operators whose result's shape cannot be known before they run.
    private static readonly HashSet<string> ControlFlow = new(StringComparer.Ordinal)
    {
        "Scan", "SequenceMap", "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceInsert", "SplitToSequence",
        "ConcatFromSequence", "Optional", "OptionalGetElement", "OptionalHasElement", "Unique", "StringNormalizer",
    };

    static ShapeInference()
    {
        ElementwiseOperators.Register(Rules);
        MovementOperators.Register(Rules);
        IndexingOperators.Register(Rules);
        CreationOperators.Register(Rules);
        ReductionOperators.Register(Rules);
        ProductOperators.Register(Rules);
        PoolingOperators.Register(Rules);
        Rules[Expansion.UnpackedWeights] = static context => context.Set(ElementType.Float, context.Integers("size") ?? []);
    }

    /// <summary>The operators that are known.</summary>
    public static IReadOnlyCollection<string> Operators => Rules.Keys;

    private static string Unknown(OnnxNode source)
    {
        if (source is { Domain: "", Operator: "LSTM" or "GRU" or "RNN" })
            return "recurrent layers are not read: their steps follow each other, and no layer of ours does. Export the rest of the network without them.";
        var domain = source.Domain.Length == 0 ? "" : $" of domain {ModelImportException.Quote(source.Domain)}";
        var remedy = source.Domain.StartsWith("com.microsoft", StringComparison.Ordinal) || source.Domain.StartsWith("com.ms", StringComparison.Ordinal)
            ? " It is one that ONNX Runtime's optimiser writes: save the model without optimisation, or with its level 'basic'."
            : "";
        return $"the operator{domain} is unknown. docs/import.md lists those that are known.{remedy}";
    }

    /// <summary>Infers the outputs.</summary>
    /// <exception cref="ModelImportException">The operator is unknown, or the inputs do not fit it.</exception>
    public static void Infer(GraphNode node, long opset, string file)
    {
        var context = new NodeContext(node, opset, file);
        if (ControlFlow.Contains(node.Operator) || node.Source.HasGraph)
            throw context.Bad("graphs within graphs, sequences and results of unforeseeable size are not supported. Export the model traced, without control flow.");
        if (node.Source.Domain is not ("" or "ai.onnx") || !Rules.TryGetValue(node.Operator, out var rule))
        {
            throw context.Bad(Unknown(node.Source));
        }

        try
        {
            rule(context);
        }
        catch (Exception failure) when (failure is OverflowException or IndexOutOfRangeException or ArgumentException or InvalidOperationException
            or DivideByZeroException)
        {
            throw new ModelImportException(file, node.Source.Label, $"its inputs or attributes do not fit: {context.Shapes()}.", failure);
        }

        foreach (var output in node.Outputs)
        {
            // An output that nobody names and the rule does not know of.
            output.Tensor ??= new Tensor(ElementType.Undefined, []);
        }
    }
}
