using System.Globalization;
using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;

namespace Allspark.Engine.Import.Recognition;

/// <summary>Puts a network together of the blocks that were recognised and of the products that were not.</summary>
internal sealed class ModelAssembler
{
    private const int MostNotes = 500;

    private static readonly TokenGrid Single = new(1, 1, 0);

    private readonly DataFlow flow;
    private readonly TokenTracer tracer;
    private readonly List<RecognizedBlock> blocks;
    private readonly ParameterLedger ledger;
    private readonly List<string> notes;
    private readonly List<Layer> layers = [];
    private readonly LayerNames names = new();
    private readonly SideProducts sides;
    private readonly List<Product> plain;
    private readonly ILookup<Product, Product> readers;
    private readonly int lastWide;
    private readonly int embeddings;
    private TransformerBlock? lastBlock;
    private TokenGrid grid;
    private int channels;

    private ModelAssembler(DataFlow flow, TokenTracer tracer, List<RecognizedBlock> blocks, List<string> notes)
    {
        this.flow = flow;
        this.tracer = tracer;
        this.blocks = [.. blocks.OrderBy(block => block.Last.Index)];
        this.notes = notes;
        ledger = new ParameterLedger(flow, blocks);
        var inBlocks = blocks.SelectMany(block => block.Products).ToHashSet();
        plain = [.. flow.Products.Where(product => !inBlocks.Contains(product))];
        sides = new SideProducts(flow, plain);
        readers = plain.Where(product => product is { IsConvolution: true, Rows: > 1 } && flow.Upstream(product.Data) is not null)
            .ToLookup(product => flow.Upstream(product.Data)!);
        lastWide = plain.FindLast(product => product.Rows > 1)?.Place ?? -1;
        embeddings = plain.TakeWhile(product => product is { IsConvolution: true, Groups: 1 } && product.Reduction > product.Data.Shape[1]).Count();
    }

    /// <summary>Recognises what there is to recognise and makes a network of the graph.</summary>
    public static DnnModel Assemble(Graph graph, string name, Precision precision)
    {
        var data = new DataFlow(graph);
        if (data.Products.Length == 0)
            throw new ModelImportException(graph.File, "", "there is no matrix product or convolution in the graph: nothing to schedule.");
        var remarks = new List<string>();
        var tokens = new TokenTracer(data);
        return new ModelAssembler(data, tokens, BlockRecognizer.Find(data, tokens, remarks), remarks).Build(name, precision);
    }

    private DnnModel Build(string name, Precision precision)
    {
        var image = flow.Graph.Inputs.Select(input => input.Shape).FirstOrDefault(shape => shape.Length == 4);
        var words = flow.Graph.Inputs.FirstOrDefault(input => input.Shape.Length > 0)?.Shape[^1] ?? 1;
        var (depth, height, width) = image is null ? (1, 1, words) : (image[1], image[2], image[3]);
        (grid, channels) = (new TokenGrid(Int(height), Int(width), 0), Int(depth));
        Layers();
        if (layers.Sum(layer => layer.Macs) != flow.Products.Sum(product => product.Macs))
            throw new InvalidDataException("The layers do not come to the multiply-accumulates of the graph: this is a fault of the import, please report it.");
        Remarks();
        return new DnnModel
        {
            Name = name,
            Family = "Imported",
            InputHeight = Int(height),
            InputWidth = Int(width),
            InputChannels = Int(depth),
            Precision = precision,
            Layers = layers.ToValueList(),
            Notes = notes.ToValueList(),
        };
    }

    // Blocks where they end, other products where they stand.
    private void Layers()
    {
        if (ledger.Tables.Count > 0 || flow.IsText)
            Add(Embedding());
        var units = blocks.Select(block => (At: block.Last.Index, Make: (Action)(() => AddBlock(block))))
            .Concat(plain.Where(product => !sides.IsBeside(product)).Select(product => (At: product.Node.Index, Make: (Action)(() => AddPlain(product)))));
        foreach (var (_, make) in units.OrderBy(unit => unit.At))
            make();
    }

    private void Add(Layer layer)
    {
        layers.Add(layer);
        lastBlock = layer as TransformerBlock ?? lastBlock;
        (grid, channels) = (layer.OutputGrid, layer.OutputChannels);
    }

    // Tables that words and positions are looked up in. A table that is also the classifier's matrix is counted there.
    private ProjectionLayer Embedding()
    {
        var table = ledger.Tables.Where(value => value.Tensor.Rank == 2).MaxBy(value => value.Shape[0]);
        var width = table?.Shape[1] ?? blocks.FirstOrDefault()?.Layer.Channels ?? 1;
        return new ProjectionLayer(names.Unique("embedding"))
        {
            Kind = ProjectionKind.TokenEmbedding,
            InputGrid = grid,
            OutputGrid = grid,
            InputChannels = channels,
            OutputChannels = Int(width),
            ComputedTokens = 0,
            ReductionLength = 0,
            ExtraParameters = ledger.Tables.Sum(value => value.Tensor.Count),
        };
    }

    private void AddBlock(RecognizedBlock block)
    {
        var previous = lastBlock;
        var layer = block.Layer;
        var next = previous is not null && (layers[^1] != previous || previous.Grid != layer.Grid || previous.Channels != layer.Channels);
        var stage = previous is null ? 0 : previous.Stage + (next && (previous.Grid, previous.Channels) != (layer.Grid, layer.Channels) ? 1 : 0);
        var index = previous is null || stage != previous.Stage ? 0 : previous.IndexInStage + 1;
        var (attention, forward) = (ledger.Extra(block, LayerPhase.Attention), ledger.Extra(block, LayerPhase.FeedForward));
        var together = block.FeedForwardNodes.Count == 0;
        Add(layer with
        {
            Name = names.Unique(string.Create(CultureInfo.InvariantCulture, $"{(flow.IsText ? "" : $"stages.{stage}.")}blocks.{index}")),
            Stage = stage,
            IndexInStage = index,
            AttentionExtraParameters = together ? attention + forward : attention,
            FeedForwardExtraParameters = together ? 0 : forward,
        });
    }

    private void AddPlain(Product product)
    {
        if (!product.IsWeighted)
        {
            AddActivations(product);
            return;
        }

        if (EncodesPositions(product))
        {
            var block = (TransformerBlock)layers[^1];
            layers[^1] = lastBlock = block with { Auxiliary = [.. block.Auxiliary, PositionalEncoding(product)] };
            return;
        }

        var auxiliary = sides.Of(product);
        var output = OutputGrid(product);
        var kind = Kind(product, output);
        var computed = Int(product.Rows);
        var (shown, pooled) = Pooled(product, output);
        Add(new ProjectionLayer(names.Unique(Name(product, kind)))
        {
            Kind = kind,
            InputGrid = grid,
            InputChannels = kind == ProjectionKind.Head || !product.IsConvolution ? channels : Int(product.Data.Shape[1]),
            OutputGrid = shown,
            OutputChannels = Int(product.Groups * product.Columns),
            ComputedTokens = computed,
            PooledBy = pooled,
            ReductionLength = Int(product.Reduction),
            Groups = Int(product.Groups),
            ExtraParameters = ledger.Extra(product) + auxiliary.Sum(side => ledger.Extra(side.Product)),
            CarriedChannels = sides.Carried(product),
            Auxiliary = auxiliary.Select(side => new AuxiliaryOperator(
                side.Name, LayerPhase.Projection, Int(side.Product.Groups), Int(side.Product.Rows), Int(side.Product.Reduction), Int(side.Product.Columns))).ToValueList(),
        });
    }

    // A depthwise convolution over the tokens that a block leaves.
    private bool EncodesPositions(Product product) => layers.LastOrDefault() is TransformerBlock block && product.IsDepthwise && product.Columns == 1
        && product.Groups == block.Channels && product.Rows == block.Grid.Tokens && sides.Of(product).Count == 0;

    private AuxiliaryOperator PositionalEncoding(Product product) =>
        new("positional encoding", LayerPhase.FeedForward, Int(product.Groups), Int(product.Rows), Int(product.Reduction), 1)
        {
            ExtraParameters = ledger.Extra(product),
        };

    private void AddActivations(Product product)
    {
        var name = names.Unique(LayerNames.Of(product.Node));
        var rows = product.Groups * product.Rows;
        Add(new ProductLayer(name)
        {
            InputGrid = grid,
            OutputGrid = rows == grid.Tokens ? grid : new TokenGrid(Int(rows), 1, 0),
            InputChannels = channels,
            OutputChannels = Int(product.Columns),
            Groups = Int(product.Groups),
            Rows = Int(product.Rows),
            ReductionLength = Int(product.Reduction),
            ExtraParameters = ledger.Extra(product),
        });
        notes.Add($"'{name}' is a product of two activations outside of any block: {product.Groups} of {product.Rows}×{product.Reduction} by "
            + $"{product.Reduction}×{product.Columns}, a plain operator.");
    }

    private TokenGrid OutputGrid(Product product)
    {
        if (product.Rows == 1)
            return Single;
        if (product.IsConvolution && product.Node.Output.Shape is [1, _, var height, var width])
            return new TokenGrid(Int(height), Int(width), 0);
        if (tracer.RowsOf(product) is { } rows && Array.Find(rows, place => place.InGrid) is { Height: > 0 } first)
        {
            var extra = rows.Count(place => place == TokenPlace.Extra);
            if ((long)first.Height * first.Width + extra == product.Rows)
                return new TokenGrid(first.Height, first.Width, extra);
        }

        return product.Rows == grid.Tokens ? grid : new TokenGrid(Int(product.Rows), 1, 0);
    }

    // Trained tokens that join the image's, and pooling, come before the next layer, and show in what this one leaves.
    private (TokenGrid Grid, int PooledBy) Pooled(Product product, TokenGrid output)
    {
        if (TokensJoining(product) is { } joined && (joined.Height, joined.Width) == (output.Height, output.Width))
            return (joined, 1);
        if (!product.IsConvolution || output.Height < 2 || output.Height != output.Width)
            return (output, 1);
        var after = readers[product].Where(other => other.Place > product.Place).ToList();
        if (after.Count == 0 || after[0].Data.Shape is not [1, _, var height, var width] || height != width || height == 0)
            return (output, 1);
        var ratio = output.Height / height;
        return ratio > 1 && ratio * height == output.Height && after.TrueForAll(other => other.Data.Shape[2] == height)
            ? (new TokenGrid(Int(height), Int(width), 0), Int(ratio))
            : (output, 1);
    }

    // The tokens of the block that comes next, where no other layer comes before it.
    private TokenGrid? TokensJoining(Product product)
    {
        var next = blocks.FindIndex(block => block.Last.Index > product.Node.Index);
        var other = plain.BinarySearch(product, Comparer<Product>.Create(static (a, b) => a.Place.CompareTo(b.Place))) + 1;
        while (other < plain.Count && (!plain[other].IsWeighted || sides.IsBeside(plain[other])))
            other++;
        return next >= 0 && (other >= plain.Count || plain[other].Node.Index > blocks[next].Last.Index) ? blocks[next].Layer.Grid : null;
    }

    private ProjectionKind Kind(Product product, TokenGrid output)
    {
        if (flow.IsText && product.IsRowWise && product == plain[^1] && blocks.Count > 0 && blocks[^1].Last.Index < product.Node.Index)
            return ProjectionKind.Head;
        if (output == Single && lastWide < product.Place && (blocks.Count == 0 || blocks[^1].Last.Index < product.Node.Index))
            return ProjectionKind.Head;
        if (blocks.Count == 0)
            return product.IsConvolution ? ProjectionKind.Convolution : ProjectionKind.Linear;
        var before = lastBlock;
        if (before is null && layers.Count < embeddings)
            return ProjectionKind.PatchEmbedding;
        if (before is not null && product.Groups == 1 && output.Tokens < before.Grid.Tokens && layers[^1] == before)
            return ProjectionKind.PatchMerging;
        return product.IsConvolution ? ProjectionKind.Convolution : ProjectionKind.Linear;
    }

    private string Name(Product product, ProjectionKind kind)
    {
        switch (kind)
        {
            case ProjectionKind.PatchEmbedding:
                return embeddings == 1 ? "embedding" : string.Create(CultureInfo.InvariantCulture, $"embedding.{layers.Count}");
            case ProjectionKind.PatchMerging:
                return string.Create(CultureInfo.InvariantCulture, $"stages.{lastBlock!.Stage + 1}.merging");
            case ProjectionKind.Head:
                return product.Place == flow.Products[^1].Place ? "head" : "head.hidden";
            default:
                return LayerNames.Of(product.Node);
        }
    }

    private void Remarks()
    {
        var model = flow.Graph.Model;
        var remarks = new List<string>
        {
            $"Imported from {flow.Graph.File}"
            + (model.Producer.Length > 0 ? $", written by {ModelImportException.Quote(model.Producer).Trim('\'')}" : "") + $", operator set {model.Opset}.",
        };
        if (blocks.Count > 0)
            remarks.Add($"{blocks.Count} transformer blocks recognised.");
        if (ledger.Unfolded > 0)
            remarks.Add($"Relative position biases are stored for every pair of tokens; {ledger.Unfolded} repeated numbers are not counted as trained.");
        var folded = plain.Count(product => product.IsConvolution && product.Other.Name.StartsWith("onnx::Conv", StringComparison.Ordinal));
        if (folded > 0)
            remarks.Add($"The exporter folded the normalisation of {folded} convolutions into their weights: the gains are not counted.");
        if (flow.Graph.Inputs.Any(value => model.Graph.Inputs.Any(input => input.Name == value.Name && input.Sizes is [> 1, ..] && value.Shape[0] == 1)))
            remarks.Add("The graph is for a batch of several images; the model is for one.");
        if (blocks.Count > 0)
        {
            remarks.AddRange(layers.OfType<ProjectionLayer>().Where(layer => layer.Kind is ProjectionKind.Linear or ProjectionKind.Convolution)
                .Select(layer => $"'{layer.Name}' is outside of any block: a plain operator."));
        }

        notes.InsertRange(0, remarks);
        if (notes.Count > MostNotes)
        {
            var more = notes.Count - MostNotes;
            notes.RemoveRange(MostNotes, more);
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{more} more remarks of the kind."));
        }

        var total = layers.Sum(layer => layer.Parameters);
        if (total != ledger.Total)
            notes.Add($"The layers hold {total} numbers, the file stores {ledger.Total} trained ones: weights that several layers share are counted for each.");
    }

    private int Int(long value) => value is >= 0 and <= 1 << 30
        ? (int)value
        : throw new ModelImportException(flow.Graph.File, "", $"a size of {value} is more than a layer can have.");
}
