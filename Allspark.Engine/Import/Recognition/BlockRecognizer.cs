using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;

namespace Allspark.Engine.Import.Recognition;

/// <summary>
/// Finds transformer blocks: a residual branch that holds an attention, and after it one that holds a feed-forward pair. A block is taken
/// only if its shapes account for every multiply-accumulate of the products that it replaces.
/// </summary>
internal sealed class BlockRecognizer
{
    private readonly DataFlow flow;
    private readonly TokenTracer tracer;
    private readonly GeometryFinder geometry;
    private readonly List<string> notes;
    private readonly HashSet<Product> taken = [];

    private BlockRecognizer(DataFlow flow, TokenTracer tracer, List<string> notes)
    {
        this.flow = flow;
        this.tracer = tracer;
        this.notes = notes;
        geometry = new GeometryFinder(flow, tracer);
    }

    /// <summary>The blocks in the order of computation; what kept an attention from being one is added to the notes.</summary>
    public static List<RecognizedBlock> Find(DataFlow flow, TokenTracer tracer, List<string> notes)
    {
        var finder = new BlockRecognizer(flow, tracer, notes);
        var cores = flow.Graph.Nodes.Where(node => node.Operator == "Softmax").Select(node => AttentionCore.Of(node, flow, tracer)).OfType<AttentionCore>();
        var blocks = new List<RecognizedBlock>();
        foreach (var attention in cores.GroupBy(core => core.Query.Product))
        {
            if (finder.Block([.. attention]) is { } block)
                blocks.Add(block);
        }

        return blocks;
    }

    private RecognizedBlock? Block(AttentionCore[] cores)
    {
        var core = cores[0];
        if (cores.Length > 2 || (cores.Length == 2 && (cores[1].Branches, cores[1].QueryTokens, cores[1].HeadDimension) != (core.Branches, core.QueryTokens, core.HeadDimension)))
            return Left(core, $"{cores.Length} attentions of different shapes share one projection");
        if (flow.FindResidual(core.Values.Node.Output, core.Query.Product.Data) is not { } residual)
            return Left(core, "no residual sum follows it");
        var region = flow.Region(residual);
        var products = region.Select(flow.ProductOf).OfType<Product>().OrderBy(product => product.Place).ToList();
        var attention = cores.SelectMany(part => part.Projections.Append(part.Scores).Append(part.Values)).ToHashSet();
        if (!attention.IsSubsetOf(products))
            return Left(core, "its parts lie outside of the residual branch");
        var output = products.Find(product => !attention.Contains(product) && IsLinear(product) && flow.Upstream(product.Data) is { } before
            && Array.Exists(cores, part => part.Values == before));
        if (output is null)
            return Left(core, "no projection follows it");
        attention.Add(output);
        var rest = products.Where(product => !attention.Contains(product)).ToList();
        var inside = FeedForwardIn(rest, output.Columns);
        var pair = inside is null ? FeedForwardAfter(residual.Sum.Output, output.Columns) : new FeedForward(inside, residual, []);
        if (pair is null)
            return Left(core, "no feed-forward network follows it");
        if (inside is not null)
            rest.RemoveAll(inside.Products.Contains);
        if (rest.Exists(product => !product.IsWeighted))
            return Left(core, "its branch holds a further product of two activations");
        return Assemble(cores, region, pair, attention, rest, output);
    }

    private RecognizedBlock? Assemble(
        AttentionCore[] cores, HashSet<GraphNode> region, FeedForward pair, HashSet<Product> attention, List<Product> rest, Product output)
    {
        var core = cores[0];
        var (channels, width) = (output.Columns, output.Reduction);
        if (core.HeadDimension == 0 || width % core.HeadDimension != 0 || KeyWidth(core, width) is not { } keyWidth || keyWidth % core.HeadDimension != 0)
            return Left(core, "heads and projections do not fit each other");
        var (heads, keyHeads) = (width / core.HeadDimension, keyWidth / core.HeadDimension);
        var windows = core.Branches * cores.Length / heads;
        if (Grid(pair.Expand) is not { } grid)
            return Left(core, "its tokens could not be followed to an image");
        if (geometry.Of(cores, windows, grid) is not { } found)
            return Left(core, $"its {windows} windows of {core.QueryTokens} tokens form no pattern that is known");
        if (!IsSmall(channels, heads, keyHeads, pair.Contract.Reduction) || heads % keyHeads != 0)
            return Left(core, $"{heads} heads of queries and {keyHeads} of keys do not go together");
        var auxiliary = rest.Select(product => Auxiliary(product, LayerPhase.Attention, product.Data.IsStatic ? "position bias" : "convolution"))
            .Concat(pair.Rest.Select(product => Auxiliary(product, LayerPhase.FeedForward, "convolution")));
        var layer = new TransformerBlock("")
        {
            Stage = 0,
            IndexInStage = 0,
            InputGrid = grid,
            OutputGrid = grid,
            InputChannels = (int)channels,
            OutputChannels = (int)channels,
            Heads = (int)heads,
            QueriesPerKey = (int)(heads / keyHeads),
            HeadDimension = (int)core.HeadDimension,
            FeedForwardWidth = (int)pair.Contract.Reduction,
            GatedFeedForward = pair.Pair.IsGated,
            Attention = found,
            Auxiliary = auxiliary.Select(operation => Named(operation, found)).ToValueList(),
        };
        Product[] all = [.. attention, .. rest, .. pair.Pair.Products, .. pair.Rest];
        var attentionMacs = attention.Concat(rest).Sum(product => product.Macs);
        if (layer.Parameters != all.Where(product => product.IsWeighted).Sum(product => product.WeightElements))
            return Left(core, "its matrices are not those of its heads and channels");
        if (layer.AttentionMacs != attentionMacs || layer.Macs != all.Sum(product => product.Macs))
            return Left(core, $"its products come to {all.Sum(product => product.Macs)} multiply-accumulates, its shapes to {layer.Macs}");
        if (Array.Exists(all, taken.Contains))
            return Left(core, "it shares products with another block");
        taken.UnionWith(all);
        return new RecognizedBlock
        {
            Layer = layer,
            AttentionNodes = region,
            FeedForwardNodes = FeedForwardNodes(pair, region),
            Products = all,
            Last = pair.Residual.Sum,
            Added = [.. cores.SelectMany(part => part.Added(flow, heads / cores.Length))],
        };
    }

    // Columns of all heads of keys; queries, keys and values may share a projection in any way.
    private static long? KeyWidth(AttentionCore core, long width)
    {
        var (query, key, value) = (core.Query.Product, core.Key.Product, core.Value.Product);
        if (key == query)
            return value == query ? Half(query.Columns - width) : query.Columns - width;
        if (query.Columns != width + (value == query ? key.Columns : 0))
            return null;
        return key == value ? Half(key.Columns) : key.Columns;

        static long? Half(long columns) => columns > 0 && columns % 2 == 0 ? columns / 2 : null;
    }

    private HashSet<GraphNode> FeedForwardNodes(FeedForward pair, HashSet<GraphNode> attention)
    {
        var nodes = flow.Region(pair.Residual);
        nodes.ExceptWith(attention);
        return nodes;
    }

    private static bool IsSmall(params ReadOnlySpan<long> sizes)
    {
        foreach (var size in sizes)
        {
            if (size is <= 0 or > 1 << 24)
                return false;
        }

        return true;
    }

    // The tokens of a row-wise product: all of a grid, each once, and trained ones beside it.
    private TokenGrid? Grid(Product product)
    {
        TokenPlace[] places;
        if (product.IsConvolution)
        {
            var shape = product.Node.Output.Shape;
            return shape.Length == 4 ? new TokenGrid((int)shape[2], (int)shape[3], 0) : null;
        }

        if (tracer.RowsOf(product) is not { } rows)
            return null;
        places = rows;
        var first = Array.Find(places, place => place.InGrid);
        var inGrid = places.Where(place => place.InGrid).ToList();
        var extra = places.Count(place => place == TokenPlace.Extra);
        return first.Height > 0 && inGrid.Count == (long)first.Height * first.Width && inGrid.Count + extra == places.Length
            && inGrid.TrueForAll(place => (place.Height, place.Width) == (first.Height, first.Width))
            && inGrid.Select(place => place.Index).Distinct().Count() == inGrid.Count
                ? new TokenGrid(first.Height, first.Width, extra)
                : null;
    }

    private FeedForward? FeedForwardAfter(Value value, long channels)
    {
        if (FirstLinear(value) is not { } expand || flow.FindResidual(expand.Node.Output, expand.Data) is not { } residual
            || !LeadsTo(value, residual.Trunk))
            return null;
        var products = flow.Region(residual).Select(flow.ProductOf).OfType<Product>().OrderBy(product => product.Place).ToList();
        return FeedForwardIn(products, channels) is { } pair
            ? new FeedForward(pair, residual, [.. products.Except(pair.Products)])
            : null;
    }

    // Two linear maps, out to F channels and back; one that goes out beside the first, or 2F channels that the first leaves, are a gate's.
    private static LinearPair? FeedForwardIn(List<Product> products, long channels)
    {
        var linear = products.Where(IsLinear).ToList();
        if (linear.FindLast(product => product.Columns == channels) is not { } back
            || !products.TrueForAll(product => product.IsWeighted && (product.IsDepthwise || linear.Contains(product))))
            return null;
        var wide = linear.Where(product => product != back && product.Reduction == channels && product.Rows == back.Rows && product.Place < back.Place).ToList();
        if (linear.Count != wide.Count + 1)
            return null;
        return wide switch
        {
            [var only] when only.Columns == back.Reduction => new LinearPair(only, back, null, IsGated: false),
            [var packed] when packed.Columns == 2 * back.Reduction => new LinearPair(packed, back, null, IsGated: true),
            [var first, var second] when first.Columns == back.Reduction && second.Columns == back.Reduction => new LinearPair(first, back, second, IsGated: true),
            _ => null,
        };
    }

    private Product? FirstLinear(Value value)
    {
        var seen = new HashSet<int>();
        var open = new PriorityQueue<GraphNode, int>(value.Consumers.Select(node => (node, node.Index)));
        for (var visited = 0; visited < 256 && open.TryDequeue(out var node, out _); visited++)
        {
            if (flow.ProductOf(node) is { } product)
            {
                if (IsLinear(product))
                    return product;
                if (!product.IsDepthwise)
                    return null;
            }

            foreach (var consumer in node.Output.Consumers)
            {
                if (seen.Add(consumer.Index) && flow.Spend())
                    open.Enqueue(consumer, consumer.Index);
            }
        }

        return null;
    }

    // Along the trunk: norms and rearrangements, no products but depthwise ones that encode positions.
    private bool LeadsTo(Value value, Value trunk)
    {
        for (var (at, steps) = (trunk, 0); steps < 64; steps++)
        {
            if (at == value)
                return true;
            if (at.Producer is not { } node || flow.ProductOf(node) is not null || DataFlow.MainInput(node) is not (>= 0 and var place))
                return false;
            at = node.Input(place);
        }

        return false;
    }

    private static bool IsLinear(Product product) => product.IsWeighted && product.Groups == 1
        && (product.IsRowWise || (product.IsConvolution && product.Reduction == product.Data.Shape[1] && product.Node.Operator == "Conv"));

    private static AuxiliaryOperator Auxiliary(Product product, LayerPhase phase, string name) => new(
        name, phase, checked((int)product.Groups), checked((int)product.Rows), checked((int)product.Reduction), checked((int)product.Columns));

    private static AuxiliaryOperator Named(AuxiliaryOperator operation, AttentionGeometry geometry) => operation switch
    {
        { Phase: LayerPhase.Attention, Groups: 1, Name: "convolution" } when geometry is SpatialReductionAttention => operation with { Name = "spatial reduction" },
        { Phase: LayerPhase.Attention, Groups: > 1 } when geometry is StripeAttention => operation with { Name = "value convolution" },
        _ => operation,
    };

    private RecognizedBlock? Left(AttentionCore core, string why)
    {
        notes.Add($"The attention at {ModelImportException.Quote(core.Softmax.Source.Name)} stays plain operators: {why}.");
        return null;
    }

    private sealed record LinearPair(Product Expand, Product Contract, Product? Gate, bool IsGated)
    {
        public IEnumerable<Product> Products => new[] { Expand, Contract, Gate }.OfType<Product>();
    }

    private sealed record FeedForward(LinearPair Pair, Residual Residual, Product[] Rest)
    {
        public Product Expand => Pair.Expand;

        public Product Contract => Pair.Contract;
    }
}
