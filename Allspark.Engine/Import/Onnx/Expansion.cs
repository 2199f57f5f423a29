namespace Allspark.Engine.Import.Onnx;

/// <summary>
/// Operators that stand for several: fused ones of ONNX Runtime's optimiser (domain com.microsoft), the standard set's Attention, and products of
/// quantised numbers. Each is spelled out in plain operators, from which everything else follows: shapes, products, structure. What works on
/// single elements only, as scales and rotations do, is left out of the spelling; quantised numbers stay what they are.
/// </summary>
internal sealed partial class Expansion
{
    /// <summary>The operator that makes a matrix of weights of several numbers packed in a byte; no file's operator is called so.</summary>
    public const string UnpackedWeights = "com.microsoft.MatMulNBits.B";

    private const string Microsoft = "com.microsoft.";

    private static readonly Dictionary<string, Func<Expansion, string[]>> Rules = new(StringComparer.Ordinal)
    {
        ["Attention"] = static body => body.StandardAttention(),
        ["ConvInteger"] = static body => [body.Convolution(body.In(0), body.In(1), "")],
        ["DeformConv"] = static body => [body.Convolution(body.In(0), body.In(1), body.In(3))],
        ["MatMulInteger"] = static body => [body.Emit("MatMul", body.In(0), body.In(1))],
        ["QLinearConv"] = static body => [body.Convolution(body.In(0), body.In(3), body.In(8))],
        ["QLinearMatMul"] = static body => [body.Emit("MatMul", body.In(0), body.In(3))],
        ["RotaryEmbedding"] = static body => [body.Emit("Identity", body.In(0))],
        ["SimplifiedLayerNormalization"] = static body => [body.Emit("RMSNormalization", body.In(0), body.In(1))],

        [Microsoft + "Attention"] = static body => body.FusedAttention(body.In(4), body.In(5)),
        [Microsoft + "BiasGelu"] = static body => [body.Emit("Gelu", body.Sum(body.In(0), body.In(1)))],
        [Microsoft + "BiasSoftmax"] = static body => [body.Softmax(body.Sum(body.In(0), body.In(1)), body.Attribute("axis", 1))],
        [Microsoft + "DequantizeLinear"] = static body => [body.Emit("DequantizeLinear", body.In(0), body.In(1))],
        [Microsoft + "DynamicQuantizeMatMul"] = static body => [body.Sum(body.Emit("MatMul", body.In(0), body.In(1)), body.In(4))],
        [Microsoft + "EmbedLayerNormalization"] = static body => body.Embedding(),
        [Microsoft + "FastGelu"] = static body => [body.Emit("Gelu", body.Sum(body.In(0), body.In(1)))],
        [Microsoft + "FusedConv"] = static body => [body.Sum(body.Convolution(body.In(0), body.In(1), body.In(2)), body.In(3))],
        [Microsoft + "FusedGemm"] = static body => [body.Gemm(body.In(0), body.In(1), body.In(2))],
        [Microsoft + "FusedMatMul"] = static body => [body.FusedMatMul()],
        [Microsoft + "Gelu"] = static body => [body.Emit("Gelu", body.In(0))],
        [Microsoft + "GemmFastGelu"] = static body => [body.Emit("Gelu", body.Sum(body.Emit("MatMul", body.In(0), body.In(1)), body.In(2)))],
        [Microsoft + "GroupQueryAttention"] = static body => body.GroupedAttention(),
        [Microsoft + "MatMulIntegerToFloat"] = static body => [body.Sum(body.Emit("MatMul", body.In(0), body.In(1)), body.In(6))],
        [Microsoft + "MatMulNBits"] = static body => [body.PackedMatMul()],
        [Microsoft + "MultiHeadAttention"] = static body => body.MultiHeadAttention(),
        [Microsoft + "QAttention"] = static body => body.FusedAttention(body.In(8), ""),
        [Microsoft + "QGemm"] = static body => [body.Gemm(body.In(0), body.In(3), body.In(6))],
        [Microsoft + "QLinearAdd"] = static body => [body.Emit("Add", body.In(0), body.In(3))],
        [Microsoft + "QLinearConcat"] = static body =>
            [body.Kept("Concat", [.. Enumerable.Range(0, (body.inputs.Length - 2) / 3).Select(i => body.In((3 * i) + 2))])],
        [Microsoft + "QLinearConv"] = static body => [body.Convolution(body.In(0), body.In(3), body.In(8))],
        [Microsoft + "QLinearGlobalAveragePool"] = static body => [body.Kept("GlobalAveragePool", body.In(0))],
        [Microsoft + "QLinearAveragePool"] = static body => [body.Kept("AveragePool", body.In(0))],
        [Microsoft + "QLinearLeakyRelu"] = static body => [body.Emit("LeakyRelu", body.In(0))],
        [Microsoft + "QLinearMul"] = static body => [body.Emit("Mul", body.In(0), body.In(3))],
        [Microsoft + "QLinearReduceMean"] = static body => [body.Kept("ReduceMean", body.In(0))],
        [Microsoft + "QLinearSigmoid"] = static body => [body.Emit("Sigmoid", body.In(0))],
        [Microsoft + "QLinearSoftmax"] = static body => [body.Kept("Softmax", body.In(0))],
        [Microsoft + "QLinearWhere"] = static body => [body.Emit("Where", body.In(0), body.In(1), body.In(4))],
        [Microsoft + "QuantizeLinear"] = static body => [body.Emit("QuantizeLinear", body.In(0), body.In(1), body.In(2))],
        [Microsoft + "QuickGelu"] = static body => [body.Emit("Gelu", body.In(0))],
        [Microsoft + "RotaryEmbedding"] = static body => [body.Emit("Identity", body.In(0))],
        [Microsoft + "SkipLayerNormalization"] = static body => body.SkipNormalization("LayerNormalization", body.In(3), body.In(4)),
        [Microsoft + "SkipSimplifiedLayerNormalization"] = static body => body.SkipNormalization("RMSNormalization", "", body.In(3)),
        [Microsoft + "TransposeMatMul"] = static body => [body.FusedMatMul()],
    };

    private readonly OnnxNode node;
    private readonly Value?[] inputs;
    private readonly string file;
    private readonly List<OnnxNode> nodes = [];

    private Expansion(OnnxNode node, Value?[] inputs, string file)
    {
        this.node = node;
        this.inputs = inputs;
        this.file = file;
    }

    /// <summary>The operators that are spelled out, with their domains.</summary>
    public static IReadOnlyCollection<string> Operators => Rules.Keys;

    /// <summary>The graph that a node stands for; null for an operator that is one by itself.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Its inputs, inferred.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="ModelImportException">The inputs do not fit the operator.</exception>
    public static OnnxGraph? Of(OnnxNode node, Value?[] inputs, string file)
    {
        var name = node.Domain is "" or "ai.onnx" ? node.Operator : $"{node.Domain}.{node.Operator}";
        if (!Rules.TryGetValue(name, out var rule))
            return null;
        var body = new Expansion(node, inputs, file);
        try
        {
            return body.Graph(rule(body));
        }
        catch (Exception failure) when (failure is OverflowException or IndexOutOfRangeException or ArgumentException or DivideByZeroException)
        {
            var shapes = inputs.OfType<Value>().Select(value => $"[{string.Join(", ", value.Shape)}]");
            throw body.Bad($"its inputs or attributes do not fit: {string.Join(" and ", shapes)}.");
        }
    }

    private OnnxGraph Graph(string[] results)
    {
        for (var i = results.Length; i < node.Outputs.Length; i++)
        {
            if (node.Outputs[i].Length > 0)
                throw Bad($"its result {ModelImportException.Quote(node.Outputs[i])} is not supported.");
        }

        var unnamed = Enumerable.Range(results.Length, Math.Max(0, node.Outputs.Length - results.Length)).Select(_ => Numbers(0));
        return new OnnxGraph
        {
            Outputs = [.. results, .. unnamed],
            Inputs = [.. Enumerable.Range(0, inputs.Length).Select(i => new OnnxInput($"in{i}", ElementType.Undefined, [], []))],
            Nodes = nodes,
        };
    }

    private bool Has(int place) => place < inputs.Length && inputs[place] is not null;

    // The name of an input; empty where it is left out.
    private string In(int place) => Has(place) ? $"in{place}" : "";

    private long[] Shape(int place) => Has(place) ? inputs[place]!.Shape : throw Bad($"input {place} is missing.");

    private long Attribute(string name, long otherwise) => node.Attributes.TryGetValue(name, out var attribute) ? attribute.Integer : otherwise;

    private long Needed(string name) => Attribute(name, 0) is > 0 and < int.MaxValue and var value
        ? value
        : throw Bad($"its attribute '{name}' is missing or not positive.");

    private string Emit(string kind, params string[] operands) => Emit(kind, operands, 1)[0];

    private string EmitWith(string kind, string operand, string attribute, params long[] values) => Emit(kind, [operand], 1, (attribute, values))[0];

    private string[] Emit(string kind, string[] operands, int results, params (string Name, long[] Value)[] attributes)
    {
        var made = attributes.ToDictionary(
            pair => pair.Name, pair => new OnnxAttribute(pair.Name) { Integer = pair.Value[0], Integers = pair.Value }, StringComparer.Ordinal);
        return Emit(kind, operands, results, made);
    }

    private string[] Emit(string kind, string[] operands, int results, IReadOnlyDictionary<string, OnnxAttribute> attributes)
    {
        string[] outputs = [.. Enumerable.Range(0, results).Select(i => $"{nodes.Count}.{i}")];
        nodes.Add(new OnnxNode(node.Name, kind, "", operands, outputs, attributes));
        return outputs;
    }

    // The operator with the attributes of the node itself.
    private string Kept(string kind, params string[] operands) => Attribute("channels_last", 0) == 0
        ? Emit(kind, operands, 1, node.Attributes)[0]
        : throw Bad("channels behind the pixels (channels_last) are not read. Save the model with the optimiser's level 'basic'.");

    private string Numbers(params long[] values) =>
        Emit("Constant", [], 1, new Dictionary<string, OnnxAttribute> { ["value_ints"] = new("value_ints") { Integers = values } })[0];

    // One number that is no vector, so that an axis it is gathered by goes.
    private string Index(long value) =>
        Emit("Constant", [], 1, new Dictionary<string, OnnxAttribute> { ["value_int"] = new("value_int") { Integer = value } })[0];

    private string Sum(string left, string right) => right.Length == 0 ? left : Emit("Add", left, right);

    private string Softmax(string scores, long axis) => EmitWith("Softmax", scores, "axis", axis);

    private string Convolution(string image, string weights, string bias) =>
        Kept("Conv", bias.Length == 0 ? [image, weights] : [image, weights, bias]);

    private string Gemm(string left, string right, string bias) => Kept("Gemm", bias.Length == 0 ? [left, right] : [left, right, bias]);

    private string FusedMatMul()
    {
        if (Attribute("transBatchA", 0) != 0 || Attribute("transBatchB", 0) != 0)
        {
            throw Bad("operands with the batch behind the rows (transBatchA, transBatchB) are not read. "
                + "Save the model with the optimiser's level 'basic'.");
        }

        return Emit("MatMul", Turned(0, "transA"), Turned(1, "transB"));

        string Turned(int place, string attribute)
        {
            var rank = Shape(place).Length;
            return Attribute(attribute, 0) == 0 || rank < 2
                ? In(place)
                : EmitWith("Transpose", In(place), "perm", [.. Enumerable.Range(0, rank - 2).Select(axis => (long)axis), rank - 1, rank - 2]);
        }
    }

    private string PackedMatMul()
    {
        var weights = EmitWith(UnpackedWeights, In(1), "size", Needed("K"), Needed("N"));
        return Sum(Emit("MatMul", In(0), weights), In(5));
    }

    // The sum goes on as the next trunk: it is the fourth result.
    private string[] SkipNormalization(string kind, string offset, string bias)
    {
        var sum = Emit("Add", Sum(In(0), bias), In(1));
        var normalised = offset.Length == 0 ? Emit(kind, sum, In(2)) : Emit(kind, sum, In(2), offset);
        return [normalised, Numbers(0), Numbers(0), sum];
    }

    // Rows for words, positions and segments, added up and normalised.
    private string[] Embedding()
    {
        var sum = Emit("Gather", In(2), In(0));
        var positions = Has(8) ? In(8) : Numbers([.. Enumerable.Range(0, (int)Math.Min(Shape(0)[1], 1 << 20)).Select(i => (long)i)]);
        sum = Emit("Add", sum, Emit("Gather", In(3), positions));
        if (Has(1) && Has(4))
            sum = Emit("Add", sum, Emit("Gather", In(4), In(1)));
        var counted = Emit("ReduceSum", [Has(7) ? In(7) : In(0)], 1, ("axes", [1]), ("keepdims", [0]))[0];
        return [Emit("LayerNormalization", sum, In(5), In(6)), counted, sum];
    }
}
