using System.Runtime.InteropServices;
using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;

namespace Allspark.Engine.Import.Recognition;

/// <summary>What is trained among the stored values, and which part of the network it belongs to.</summary>
internal sealed class ParameterLedger
{
    private const int Farthest = 64;

    // Inputs that hold settings, not weights.
    private static readonly HashSet<(string Operator, int Input)> Settings =
    [
        ("BatchNormalization", 3), ("BatchNormalization", 4), ("Clip", 1), ("Clip", 2), ("Pad", 2), ("Resize", 1), ("Resize", 2),
        ("Upsample", 1), ("Dropout", 1), ("Pow", 1), ("QuantizeLinear", 1), ("DequantizeLinear", 1),
    ];

    // Buffers that libraries keep beside their weights, by the last part of the name.
    private static readonly string[] Buffers =
    [
        "attn_mask", "relative_coords_table", "inv_freq", "cos_cached", "sin_cached", "rotary_emb", "running_mean", "running_var",
        "causal_mask", "masked_bias",
    ];

    private readonly DataFlow flow;
    private readonly Dictionary<GraphNode, BlockPart> parts = [];
    private readonly Dictionary<Product, RecognizedBlock> blockOf = [];

    public ParameterLedger(DataFlow flow, IReadOnlyList<RecognizedBlock> blocks)
    {
        this.flow = flow;
        var masks = new HashSet<Value>();
        foreach (var block in blocks)
        {
            foreach (var node in block.FeedForwardNodes)
                parts[node] = new BlockPart(block, LayerPhase.FeedForward);
            foreach (var node in block.AttentionNodes)
                parts[node] = new BlockPart(block, LayerPhase.Attention);
            foreach (var product in block.Products)
                blockOf[product] = block;
            masks.UnionWith(block.Added.Where(added => added.IsMask).Select(added => added.Value));
        }

        foreach (var value in flow.Graph.Values)
        {
            if (IsTrained(value) && !masks.Contains(value))
                Assign(value);
        }
    }

    /// <summary>Trained numbers of the two halves of a block.</summary>
    public Dictionary<BlockPart, long> OfBlocks { get; } = [];

    /// <summary>Trained numbers of a product outside of the blocks.</summary>
    public Dictionary<Product, long> OfProducts { get; } = [];

    /// <summary>Tables that are looked up in and belong to no product.</summary>
    public List<Value> Tables { get; } = [];

    /// <summary>Numbers of values that belong nowhere: in a graph without products.</summary>
    public long Others { get; private set; }

    /// <summary>Numbers that the tables of relative positions are short of what is stored, which repeats them for every pair.</summary>
    public long Unfolded { get; private set; }

    /// <summary>All trained numbers.</summary>
    public long Total => OfBlocks.Values.Sum() + OfProducts.Values.Sum() + Tables.Sum(table => table.Tensor.Count) + Others;

    private static IEnumerable<GraphNode> Readers(Value value) => value.Consumers.Where(node => node.Operator != "Identity" || !node.Output.IsStored);

    private static bool IsTrained(Value value)
    {
        if (!value.IsStored || value.Tensor.Rank == 0 || !Readers(value).Any())
            return false;
        var quantized = Readers(value).Any(node => node.Operator == "DequantizeLinear" && node.Inputs[0] == value);
        if (!Tensor.IsReal(value.Tensor.Type) && !quantized)
            return false;
        return !Array.Exists(Buffers, name => value.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
            && !Readers(value).All(node => Settings.Contains((node.Operator, Array.IndexOf(node.Inputs, value))) || IsCoordinates(node, value)
                || node.Operator is "Cos" or "Sin");
    }

    // What a linear map of the weights alone works on is no weight: coordinates that a bias is computed from.
    private static bool IsCoordinates(GraphNode node, Value value) =>
        node.Operator is "MatMul" or "Gemm" && node.Input(0) == value && node.Input(1).IsStored;

    private void Assign(Value value)
    {
        var reader = Readers(value).MinBy(node => flow.ProductOf(node) is null ? node.Index : -1)!;
        var count = value.Tensor.Count;
        var node = NonStatic(reader);
        if (parts.TryGetValue(reader, out var part) || parts.TryGetValue(node, out part))
        {
            if (IsRotation(value, reader, part))
                return;
            if (Table(value, part.Block) is { } table)
            {
                Unfolded += count - table;
                count = table;
            }

            Add(OfBlocks, part, count);
        }
        else if (flow.IsText && flow.Latest(node) is null)
            Tables.Add(value);
        else if (Owner(node) is { } product)
            AddTo(product, count);
        else
            Others += count;
    }

    private void AddTo(Product product, long count)
    {
        if (blockOf.TryGetValue(product, out var block))
            Add(OfBlocks, new BlockPart(block, LayerPhase.FeedForward), count);
        else
            Add(OfProducts, product, count);
    }

    private static void Add<T>(Dictionary<T, long> counts, T key, long count)
        where T : notnull => counts[key] = counts.GetValueOrDefault(key) + count;

    // Sines and cosines that queries and keys are turned by.
    private static bool IsRotation(Value value, GraphNode reader, BlockPart part) =>
        part.Phase == LayerPhase.Attention && reader.Operator == "Mul" && value.Tensor.Rank >= 2 && value.Shape[^2] == part.Block.Layer.QueryTokens
        && value.Tensor.Count == value.Shape[^1] * value.Shape[^2] && part.Block.Layer.HeadDimension % Math.Max(1, value.Shape[^1]) == 0;

    // A bias for each pair of tokens of a window, looked up in a table of relative positions before it was stored: (2w − 1)²·H were trained.
    private static long? Table(Value value, RecognizedBlock block)
    {
        if (!block.Added.Any(added => !added.IsMask && DataFlow.Rearranged(added.Value).Contains(value)))
            return null;
        var (tokens, heads) = (block.Layer.QueryTokens, block.Layer.Heads);
        var side = block.Layer.Attention switch
        {
            WindowAttention { Size: var size } => size,
            GridAttention { Size: var size } => size,
            _ => 0,
        };
        return side > 0 && value.Tensor.Count == (long)heads * tokens * tokens ? (long)heads * ((2 * side) - 1) * ((2 * side) - 1) : null;
    }

    // Weights may be rearranged or rescaled before they are used.
    private GraphNode NonStatic(GraphNode node)
    {
        for (var steps = 0; steps < Farthest && node.Output.IsStatic && flow.ProductOf(node) is null && node.Output.Consumers.Count > 0; steps++)
            node = node.Output.Consumers[0];
        return node;
    }

    // What stands behind a product belongs to it: biases, norms. Behind a block it belongs to the plain product that follows, if one does.
    private Product? Owner(GraphNode node)
    {
        if (flow.ProductOf(node) is { } own)
            return own;
        var before = flow.Latest(node);
        return before is not null && !blockOf.ContainsKey(before) ? before : flow.Next(node) is { } after && (before is null || !blockOf.ContainsKey(after)) ? after : before;
    }
}

/// <summary>One half of a block.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockPart(RecognizedBlock Block, LayerPhase Phase);
