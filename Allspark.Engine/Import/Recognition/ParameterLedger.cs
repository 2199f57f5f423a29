using System.Runtime.InteropServices;
using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;

namespace Allspark.Engine.Import.Recognition;

/// <summary>What is trained among the stored values, and which part of the network it belongs to.</summary>
internal sealed class ParameterLedger
{
    private const int Farthest = 64;

    private readonly DataFlow flow;
    private readonly Dictionary<GraphNode, BlockPart> parts = [];
    private readonly Dictionary<Product, RecognizedBlock> blockOf = [];
    private readonly Dictionary<Product, long> weights = [];
    private readonly Dictionary<Product, long> besideProducts = [];
    private readonly Dictionary<BlockPart, long> besideBlocks = [];

    public ParameterLedger(DataFlow flow, IReadOnlyList<RecognizedBlock> blocks)
    {
        this.flow = flow;
        foreach (var block in blocks)
        {
            foreach (var node in block.FeedForwardNodes)
                parts[node] = new BlockPart(block, LayerPhase.FeedForward);
            foreach (var node in block.AttentionNodes)
                parts[node] = new BlockPart(block, LayerPhase.Attention);
            foreach (var product in block.Products)
                blockOf[product] = block;
        }

        var trained = new TrainedValues(flow, blocks);
        foreach (var value in flow.Graph.Values.Where(trained.Contains))
            Assign(value, TrainedValues.CountOf(value));
    }

    /// <summary>Tables that are looked up in and belong to no product.</summary>
    public List<Value> Tables { get; } = [];

    /// <summary>Numbers that the tables of relative positions are short of what is stored, which repeats them for every pair.</summary>
    public long Unfolded { get; private set; }

    /// <summary>All trained numbers.</summary>
    public long Total => weights.Values.Sum() + besideProducts.Values.Sum() + besideBlocks.Values.Sum() + Tables.Sum(table => table.Tensor.Count);

    /// <summary>Trained numbers of a product outside of the blocks, beside its matrix.</summary>
    public long Extra(Product product) => besideProducts.GetValueOrDefault(product) + Surplus(product);

    /// <summary>Trained numbers of one half of a block, beside its matrices.</summary>
    public long Extra(RecognizedBlock block, LayerPhase phase)
    {
        var part = new BlockPart(block, phase);
        return besideBlocks.GetValueOrDefault(part) + block.Products.Where(product => PartOf(product) == part).Sum(Surplus);
    }

    // What a matrix is computed from may be more than the matrix: a gain for each of its columns.
    private long Surplus(Product product) => Math.Max(0, weights.GetValueOrDefault(product) - (product.IsWeighted ? product.WeightElements : 0));

    private BlockPart PartOf(Product product) =>
        parts.TryGetValue(product.Node, out var part) ? part : new BlockPart(blockOf[product], LayerPhase.FeedForward);

    private void Assign(Value value, long count)
    {
        foreach (var reader in TrainedValues.Readers(value))
        {
            var (last, user) = Use(value, reader);
            if (flow.ProductOf(user) is { } product && (last == product.Other || (last == product.Data && !product.IsWeighted)))
            {
                Add(weights, product, count);
                return;
            }
        }

        var first = TrainedValues.Readers(value).MinBy(node => node.Index)!;
        var end = Use(value, first).User;
        if (parts.TryGetValue(first, out var part) || parts.TryGetValue(end, out part))
        {
            if (Table(value, part.Block) is { } table)
            {
                Unfolded += count - table;
                count = table;
            }

            Add(besideBlocks, part, count);
        }
        else if (flow.IsText && flow.Latest(end) is null && flow.ProductOf(end) is null)
            Tables.Add(value);
        else if (Owner(end) is var owner && blockOf.ContainsKey(owner))
            Add(besideBlocks, PartOf(owner) with { Phase = LayerPhase.FeedForward }, count);
        else
            Add(besideProducts, owner, count);
    }

    private static void Add<T>(Dictionary<T, long> counts, T key, long count)
        where T : notnull => counts[key] = counts.GetValueOrDefault(key) + count;

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

    // Weights may be rearranged or rescaled before they are used: the node that uses them, and what it reads of them.
    private (Value Last, GraphNode User) Use(Value value, GraphNode node)
    {
        for (var steps = 0; steps < Farthest && node.Output.IsStatic && flow.ProductOf(node) is null && node.Output.Consumers.Count > 0; steps++)
            (value, node) = (node.Output, node.Output.Consumers[0]);
        return (value, node);
    }

    // What stands behind a product belongs to it: biases, norms. Behind a block it belongs to the plain product that follows, if one does.
    private Product Owner(GraphNode node)
    {
        if (flow.ProductOf(node) is { } own)
            return own;
        var before = flow.Latest(node);
        if (before is not null && !blockOf.ContainsKey(before))
            return before;
        var after = flow.Next(node);
        return after is not null && (before is null || !blockOf.ContainsKey(after)) ? after : before ?? flow.Products[^1];
    }
}

/// <summary>One half of a block.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockPart(RecognizedBlock Block, LayerPhase Phase);
