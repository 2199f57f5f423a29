using Allspark.Engine.Specifications;

namespace Allspark.Engine.Models;

/// <summary>How attention goes, as a model's file says it.</summary>
internal enum AttentionKind
{
    /// <summary>Every token to every token.</summary>
    Global,

    /// <summary>Every token to those before it.</summary>
    Causal,

    /// <summary>Windows.</summary>
    Window,

    /// <summary>Tokens a distance apart.</summary>
    Grid,

    /// <summary>Stripes of two orientations.</summary>
    Stripe,

    /// <summary>Pooled keys.</summary>
    SpatialReduction,
}

/// <summary>The kind of a layer, as a model's file says it.</summary>
internal enum LayerType
{
    /// <summary>A <see cref="ProjectionLayer"/>.</summary>
    Projection,

    /// <summary>A <see cref="TransformerBlock"/>.</summary>
    Block,

    /// <summary>A <see cref="ProductLayer"/>.</summary>
    Product,
}

/// <summary>Reads the YAML of a network strictly: unknown keys are refused, and so are layers that do not fit together.</summary>
internal sealed class ModelFileReader(SpecificationMap file)
{
    private const int MostLayers = 10_000;
    private const int WidestGrid = 1 << 26;
    private const int MostChannels = 1 << 24;

    private const long MostParameters = 1L << 50;

    public DnnModel Model()
    {
        file.Allow("name", "family", "precision", "batch", "input", "notes", "layers");
        var input = file["input"].Each(3, 3, node => node.Integer(1, WidestGrid));
        try
        {
            var model = new DnnModel
            {
                Name = file["name"].Sentence(200),
                Family = file["family"].Sentence(200),
                Precision = file.TryGet("precision", out var precision) ? precision.Word<Precision>() : Precision.Fp16,
                Batch = Integer(file, "batch", 1, ModelCatalog.LargestBatch, 1),
                InputHeight = input[0],
                InputWidth = input[1],
                InputChannels = input[2],
                Notes = file.TryGet("notes", out var notes) ? notes.Each(0, 1000, note => note.Sentence(2000)) : [],
                Layers = file["layers"].Each(1, MostLayers, node => Read(node.AsMap())),
            };
            CheckChain(model);
            // Sums that do not fit are found here and not in the middle of a schedule.
            return checked(model.Macs + model.ParameterBytes) >= 0 ? model : throw new OverflowException();
        }
        catch (OverflowException error)
        {
            throw new SpecificationException(file.File, 1, 1, "layers", "has sizes whose product is more than can be counted.", error);
        }
    }

    // Every layer reads what the one before leaves, or of that and what it carried past itself a part.
    private void CheckChain(DnnModel model)
    {
        var nodes = file["layers"].AsList().Items;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var (grid, channels, carried) = (new TokenGrid(model.InputHeight, model.InputWidth, 0), model.InputChannels, 0);
        bool Readable(int read) => read == channels || read == channels + carried || (carried > 0 && read <= channels + carried);
        foreach (var (index, layer) in model.Layers.Index())
        {
            var map = nodes[index].AsMap();
            if (!names.Add(layer.Name))
                throw map["name"].Error($"'{layer.Name}' is the name of an earlier layer too.");
            if (layer.InputGrid != grid || !Readable(layer.InputChannels))
            {
                throw map["input"].Error($"{layer.InputGrid} tokens of {layer.InputChannels} channels do not follow on "
                    + $"{grid} tokens of {channels}{(carried > 0 ? $", or a part of {channels + carried}" : "")}.");
            }

            (grid, channels, carried) = (layer.OutputGrid, layer.OutputChannels, layer.CarriedChannels);
        }
    }

    private static Layer Read(SpecificationMap map) => map["type"].Word<LayerType>() switch
    {
        LayerType.Block => Block(map),
        LayerType.Product => Product(map),
        _ => Projection(map),
    };

    private static ProductLayer Product(SpecificationMap map)
    {
        map.Allow("name", "type", "input", "output", "groups", "rows", "reductionLength", "extraParameters", "carriedChannels", "auxiliary");
        var (input, inputChannels) = Shape(map["input"]);
        var (output, outputChannels) = Shape(map["output"]);
        return new ProductLayer(Name(map))
        {
            InputGrid = input,
            InputChannels = inputChannels,
            OutputGrid = output,
            OutputChannels = outputChannels,
            Groups = map["groups"].Integer(1, MostChannels),
            Rows = map["rows"].Integer(1, int.MaxValue),
            ReductionLength = map["reductionLength"].Integer(1, int.MaxValue),
            ExtraParameters = Long(map, "extraParameters"),
            CarriedChannels = Integer(map, "carriedChannels", 0, MostChannels, 0),
            Auxiliary = Auxiliary(map),
        };
    }

    private static ProjectionLayer Projection(SpecificationMap map)
    {
        map.Allow("name", "type", "kind", "input", "output", "computedTokens", "reductionLength", "groups", "pooledBy", "extraParameters", "carriedChannels", "auxiliary");
        var (input, inputChannels) = Shape(map["input"]);
        var (output, outputChannels) = Shape(map["output"]);
        var (kind, groups, pooledBy) = (map["kind"].Word<ProjectionKind>(), Integer(map, "groups", 1, MostChannels, 1), Integer(map, "pooledBy", 1, 1024, 1));
        var table = kind == ProjectionKind.TokenEmbedding;
        var most = checked(output.Tokens * pooledBy * pooledBy);
        if (outputChannels % groups != 0 || inputChannels % groups != 0)
            throw map["groups"].Error($"{groups} groups do not divide {inputChannels} and {outputChannels} channels.");
        return new ProjectionLayer(Name(map))
        {
            Kind = kind,
            InputGrid = input,
            InputChannels = inputChannels,
            OutputGrid = output,
            OutputChannels = outputChannels,
            ComputedTokens = map["computedTokens"].Integer(table ? 0 : 1, table ? 0 : most),
            ReductionLength = map["reductionLength"].Integer(table ? 0 : 1, int.MaxValue),
            Groups = groups,
            PooledBy = pooledBy,
            ExtraParameters = Long(map, "extraParameters"),
            CarriedChannels = Integer(map, "carriedChannels", 0, MostChannels, 0),
            Auxiliary = Auxiliary(map),
        };
    }

    private static TransformerBlock Block(SpecificationMap map)
    {
        map.Allow("name", "type", "input", "output", "stage", "indexInStage", "heads", "keyValueHeads", "headDimension", "feedForwardWidth",
            "gatedFeedForward", "attention", "attentionExtraParameters", "feedForwardExtraParameters", "carriedChannels", "auxiliary");
        var (grid, channels) = Shape(map["input"]);
        if (Shape(map["output"]) != (grid, channels))
            throw map["output"].Error($"a block leaves what it reads, {grid} tokens of {channels} channels.");
        var heads = map["heads"].Integer(1, 1 << 16);
        var shared = Integer(map, "keyValueHeads", 1, heads, heads);
        if (heads % shared != 0)
            throw map["keyValueHeads"].Error($"{shared} heads of keys and values do not divide the {heads} heads of queries.");
        var attention = Attention(map["attention"].AsMap(), grid);
        if (heads % attention.Orientations != 0 || shared % attention.Orientations != 0)
            throw map["heads"].Error($"{heads} heads are not two halves, as stripes of two orientations need.");
        return new TransformerBlock(Name(map))
        {
            Stage = map["stage"].Integer(0, 1 << 16),
            IndexInStage = map["indexInStage"].Integer(0, 1 << 16),
            InputGrid = grid,
            OutputGrid = grid,
            InputChannels = channels,
            OutputChannels = channels,
            Heads = heads,
            QueriesPerKey = heads / shared,
            HeadDimension = map["headDimension"].Integer(1, 1 << 16),
            FeedForwardWidth = map["feedForwardWidth"].Integer(1, MostChannels),
            GatedFeedForward = map.TryGet("gatedFeedForward", out var gated) && gated.Truth(),
            Attention = attention,
            AttentionExtraParameters = Long(map, "attentionExtraParameters"),
            FeedForwardExtraParameters = Long(map, "feedForwardExtraParameters"),
            CarriedChannels = Integer(map, "carriedChannels", 0, MostChannels, 0),
            Auxiliary = Auxiliary(map),
        };
    }

    private static AttentionGeometry Attention(SpecificationMap map, TokenGrid grid)
    {
        map.Allow("kind", "size", "shift", "width", "ratio");
        var kind = map["kind"].Word<AttentionKind>();
        if (grid.ExtraTokens > 0 && kind is AttentionKind.Window or AttentionKind.Grid or AttentionKind.Stripe)
            throw map["kind"].Error($"tokens outside the grid ({grid}) have no place in {kind.ToString().ToLowerInvariant()} attention.");
        switch (kind)
        {
            case AttentionKind.Window:
                var size = map["size"].Integer(1, 1 << 12);
                return new WindowAttention(size, Integer(map, "shift", 0, size - 1, 0));
            case AttentionKind.Grid:
                return new GridAttention(map["size"].Integer(1, 1 << 12));
            case AttentionKind.Stripe:
                return grid.Height == grid.Width
                    ? new StripeAttention(map["width"].Integer(1, 1 << 12))
                    : throw map["kind"].Error($"stripes need a square grid; this one is {grid}.");
            case AttentionKind.SpatialReduction:
                return new SpatialReductionAttention(map["ratio"].Integer(1, Math.Min(grid.Height, grid.Width)));
            default:
                return new GlobalAttention(kind == AttentionKind.Causal);
        }
    }

    private static ValueList<AuxiliaryOperator> Auxiliary(SpecificationMap map) => !map.TryGet("auxiliary", out var list) ? []
        : list.Each(1, 16, node =>
        {
            var entry = node.AsMap().Allow("name", "phase", "groups", "rows", "reductionLength", "columns", "extraParameters");
            return new AuxiliaryOperator(
                Name(entry), entry["phase"].Word<LayerPhase>(), entry["groups"].Integer(1, MostChannels), entry["rows"].Integer(1, int.MaxValue),
                entry["reductionLength"].Integer(1, int.MaxValue), entry["columns"].Integer(1, MostChannels))
            {
                ExtraParameters = Long(entry, "extraParameters"),
            };
        });

    private static (TokenGrid Grid, int Channels) Shape(SpecificationNode node)
    {
        var shape = node.Each(4, 4, item => item.Integer(0, MostChannels));
        if (shape[0] is < 1 or > WidestGrid || shape[1] is < 1 or > WidestGrid || shape[2] > WidestGrid || shape[3] < 1
            || ((long)shape[0] * shape[1]) + shape[2] > 1 << 26)
        {
            throw node.Error("is [rows, columns, extra tokens, channels], at most 67108864 tokens of 16777216 channels.");
        }

        return (new TokenGrid(shape[0], shape[1], shape[2]), shape[3]);
    }

    private static string Name(SpecificationMap map) => map["name"].Sentence(200);

    private static int Integer(SpecificationMap map, string key, int least, int most, int missing) =>
        map.TryGet(key, out var node) ? node.Integer(least, most) : missing;

    private static long Long(SpecificationMap map, string key) =>
        map.TryGet(key, out var node) ? node.WholeQuantity(Unit.Count, 0, MostParameters) : 0;
}
