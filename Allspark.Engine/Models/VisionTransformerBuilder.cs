namespace Allspark.Engine.Models;

/// <summary>Turns a network's description into layers for an image of one size.</summary>
internal sealed class VisionTransformerBuilder
{
    private readonly NetworkSpecification network;
    private readonly List<Layer> layers = [];
    private TokenGrid grid;
    private int channels;

    private VisionTransformerBuilder(NetworkSpecification network, int resolution)
    {
        this.network = network;
        grid = new TokenGrid(resolution, resolution, 0);
        channels = network.InputChannels;
    }

    /// <summary>Builds the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It cannot take an image of that resolution.</exception>
    public static DnnModel Build(NetworkSpecification network, int resolution, Precision precision)
    {
        CheckResolution(network, resolution);
        var builder = new VisionTransformerBuilder(network, resolution);
        builder.Embed();
        for (var stage = 0; stage < network.Stages.Count; stage++)
            builder.Stage(stage);
        builder.Classify();
        return new DnnModel
        {
            Name = network.Name,
            Family = network.Family,
            InputHeight = resolution,
            InputWidth = resolution,
            InputChannels = network.InputChannels,
            Precision = precision,
            Layers = builder.layers.ToValueList(),
            Notes = [network.Source],
        };
    }

    private static void CheckResolution(NetworkSpecification network, int resolution)
    {
        var stride = network.TotalStride;
        if (resolution < stride || resolution > ModelCatalog.HighestResolution || resolution % stride != 0)
        {
            var near = Math.Clamp((resolution + (stride / 2)) / stride, 1, ModelCatalog.HighestResolution / stride) * stride;
            throw Unfit(network, resolution, $"multiples of {stride} up to {ModelCatalog.HighestResolution}. The nearest is {near}.");
        }

        for (var stage = 0; stage < network.Stages.Count; stage++)
        {
            var side = network.SideOf(stage, resolution);
            var (divisor, what) = network.Stages[stage] switch
            {
                { Attention: AttentionPattern.Stripe, Stripe: var stripe } => (stripe, "stripes"),
                { Attention: AttentionPattern.WindowGrid, Window: var window } => (window, "windows"),
                _ => (1, ""),
            };
            if (side % divisor != 0)
                throw Unfit(network, resolution, $"those whose {side}×{side} tokens in stage {stage} fall into whole "
                    + $"{what} of {divisor}; the published one is {network.Resolution}.");
        }
    }

    private static ArgumentOutOfRangeException Unfit(NetworkSpecification network, int resolution, string allowed) =>
        new(nameof(resolution), resolution,
            $"{network.Name} cannot take images of {resolution}×{resolution} pixels. It takes {allowed}");

    private void Embed()
    {
        for (var index = 0; index < network.Embedding.Count; index++)
        {
            var last = index == network.Embedding.Count - 1;
            var name = network.Embedding.Count == 1 ? "embedding" : $"embedding.{index}";
            var layer = Convolve(name, ProjectionKind.PatchEmbedding, network.Embedding[index], network.Stages[0].Channels);
            Add(last ? WithTrainedTokens(layer, network.ExtraTokens, network.PositionEmbedding) : layer);
        }
    }

    private static ProjectionLayer WithTrainedTokens(ProjectionLayer layer, int extraTokens, bool positions)
    {
        var output = layer.OutputGrid with { ExtraTokens = extraTokens };
        var trained = extraTokens + (positions ? output.Tokens : 0);
        return layer with
        {
            OutputGrid = output,
            ExtraParameters = layer.ExtraParameters + ((long)trained * layer.OutputChannels),
        };
    }

    private void Stage(int index)
    {
        var stage = network.Stages[index];
        if (index > 0 && network.Merging is { } merging)
        {
            var layer = Convolve($"stages.{index}.merging", ProjectionKind.PatchMerging, merging, stage.Channels);
            Add(WithTrainedTokens(layer, stage.ExtraTokens, stage.PositionEmbedding));
        }

        for (var step = 0; step < stage.Depth; step++)
        {
            if (stage.Attention == AttentionPattern.WindowGrid)
            {
                Bottleneck($"stages.{index}.bottlenecks.{step}", stage.Channels, step == 0 ? 2 : 1);
                Add(Block(index, 2 * step, new WindowAttention(stage.Window, 0)));
                Add(Block(index, (2 * step) + 1, new GridAttention(stage.Window)));
            }
            else
            {
                Add(Block(index, step, Geometry(stage, step)));
            }
        }
    }

    private static AttentionGeometry Geometry(StageSpecification stage, int step) => stage.Attention switch
    {
        AttentionPattern.Global => new GlobalAttention(),
        AttentionPattern.ShiftedWindow => new WindowAttention(stage.Window, step % 2 == 0 ? 0 : stage.Window / 2),
        AttentionPattern.Stripe => new StripeAttention(stage.Stripe),
        AttentionPattern.LocalGlobal when step % 2 == 0 => new WindowAttention(stage.Window, 0),
        _ => new SpatialReductionAttention(stage.Reduction),
    };

    private TransformerBlock Block(int stage, int index, AttentionGeometry attention)
    {
        var specification = network.Stages[stage];
        var heads = specification.Heads;
        var width = specification.FeedForwardWidth;
        var window = attention switch
        {
            WindowAttention { Size: var size } => size,
            GridAttention { Size: var size } => size,
            _ => 0,
        };
        var table = network.RelativePosition && window > 0 ? (long)((2 * window) - 1) * ((2 * window) - 1) * heads : 0;
        var biases = 1L + (network.QueryValueBias ? 2 : 0) + (network.KeyBias ? 1 : 0);

        // Two coordinates to the hidden width, that to the heads, and a scale for each head (arXiv:2111.09883).
        var positions = network.PositionNetworkWidth is var hidden and > 0 ? (3L * hidden) + ((hidden + 1L) * heads) : 0;
        return new TransformerBlock($"stages.{stage}.blocks.{index}")
        {
            Stage = stage,
            IndexInStage = index,
            InputGrid = grid,
            OutputGrid = grid,
            InputChannels = channels,
            OutputChannels = channels,
            Heads = heads,
            HeadDimension = channels / heads,
            FeedForwardWidth = width,
            Attention = Shift(attention),

            // Biases, and a gain and an offset for each channel.
            AttentionExtraParameters = ((biases + 2) * channels) + table + positions,
            FeedForwardExtraParameters = (3L * channels) + width,
            Auxiliary = Auxiliary(index, attention).ToValueList(),
        };
    }

    private AttentionGeometry Shift(AttentionGeometry attention) => attention is WindowAttention window
        ? window with { Shift = window.EffectiveShift(Math.Min(grid.Height, grid.Width)) }
        : attention;

    private IEnumerable<AuxiliaryOperator> Auxiliary(int index, AttentionGeometry attention)
    {
        if (network.ProjectionKernel > 0)
        {
            var keys = attention.KeyTokens(grid) - grid.ExtraTokens;
            yield return Projected("query convolution", grid.Height * grid.Width);
            yield return Projected("key convolution", keys);
            yield return Projected("value projection convolution", keys);
        }
        else if (attention is SpatialReductionAttention { Ratio: > 1 } reduction)
        {
            var keys = reduction.ReducedGrid(grid).Tokens;
            var patch = checked(reduction.Ratio * reduction.Ratio * channels);
            yield return new AuxiliaryOperator("spatial reduction", LayerPhase.Attention, 1, keys, patch, channels)
            {
                ExtraParameters = 3L * channels,
            };
        }

        if (network.ValueConvolution > 0)
            yield return Depthwise(AuxiliaryOperator.ValueConvolution, LayerPhase.Attention, network.ValueConvolution);
        if (network.TokenConvolution > 0 && index == 0)
            yield return Depthwise("positional encoding", LayerPhase.FeedForward, network.TokenConvolution);
    }

    // With a batch normalisation and no bias.
    private AuxiliaryOperator Projected(string name, int rows) =>
        new(name, LayerPhase.Attention, channels, rows, network.ProjectionKernel * network.ProjectionKernel, 1) { ExtraParameters = 2L * channels };

    private AuxiliaryOperator Depthwise(string name, LayerPhase phase, int kernel) =>
        new(name, phase, channels, grid.Tokens, kernel * kernel, 1) { ExtraParameters = channels };

    /// <summary>
    /// Expansion, depthwise convolution, squeeze-and-excitation, projection. The excitation and, where the shape changes, the
    /// shortcut's convolution are auxiliary operators of the projection.
    /// </summary>
    private void Bottleneck(string name, int outputChannels, int stride)
    {
        var bottleneck = network.Bottleneck!;
        var (before, input) = (grid, channels);
        var inner = checked(outputChannels * bottleneck.Expansion);
        var squeezed = outputChannels / bottleneck.Squeeze;
        var after = new TokenGrid(before.Height / stride, before.Width / stride, 0);
        Add(Projection($"{name}.expansion", ProjectionKind.Convolution, before, input, inner) with
        {
            ExtraParameters = 2L * (input + inner),
            CarriedChannels = input,
        });
        Add(Projection($"{name}.depthwise", ProjectionKind.Convolution, after, bottleneck.Kernel * bottleneck.Kernel, inner) with
        {
            Groups = inner,
            ExtraParameters = 2L * inner,
            CarriedChannels = input,
        });
        var auxiliary = new List<AuxiliaryOperator>
        {
            new(AuxiliaryOperator.Squeeze, LayerPhase.Projection, 1, 1, inner, squeezed) { ExtraParameters = squeezed },
            new(AuxiliaryOperator.Excitation, LayerPhase.Projection, 1, 1, squeezed, inner) { ExtraParameters = inner },
        };
        if (stride > 1 || input != outputChannels)
        {
            auxiliary.Add(new(AuxiliaryOperator.Shortcut, LayerPhase.Projection, 1, after.Tokens, input, outputChannels)
            {
                ExtraParameters = outputChannels,
            });
        }

        Add(Projection($"{name}.projection", ProjectionKind.Convolution, after, inner, outputChannels) with
        {
            ExtraParameters = outputChannels,
            Auxiliary = auxiliary.ToValueList(),
        });
    }

    private void Classify()
    {
        var head = network.Head;
        var single = new TokenGrid(1, 1, 0);
        var extra = (head.Normalized ? 2L * channels : 0) + ((long)head.MaskTokens * network.Stages[0].Channels);
        if (head.Classes == 0)
        {
            layers[^1] = WithTrained(layers[^1], extra);
            return;
        }

        if (head.Hidden)
        {
            Add(Projection("head.hidden", ProjectionKind.Head, single, channels, channels) with
            {
                ExtraParameters = extra + channels,
            });
            extra = 0;
        }

        var bias = head.Bias ? head.Classes : 0;
        var layer = head.EveryPatch
            ? Projection("decoder", ProjectionKind.Linear, grid with { ExtraTokens = 0 }, channels, head.Classes)
            : Projection("head", ProjectionKind.Head, single, channels, head.Classes);
        Add(layer with
        {
            ExtraParameters = extra + bias,
            Auxiliary = head.Distilled
                ? [new("distillation head", LayerPhase.Projection, 1, 1, channels, head.Classes) { ExtraParameters = bias }]
                : [],
        });
    }

    private static Layer WithTrained(Layer layer, long numbers) => layer switch
    {
        TransformerBlock block => block with { FeedForwardExtraParameters = block.FeedForwardExtraParameters + numbers },
        ProjectionLayer projection => projection with { ExtraParameters = projection.ExtraParameters + numbers },
        _ => layer,
    };

    private ProjectionLayer Convolve(string name, ProjectionKind kind, ConvolutionSpecification convolution, int outputChannels)
    {
        var output = new TokenGrid(grid.Height / convolution.Stride, grid.Width / convolution.Stride, 0);
        var length = checked(convolution.Kernel * convolution.Kernel * channels);
        var extra = (convolution.Bias ? outputChannels : 0) + convolution.Normalization switch
        {
            Normalization.Before => 2L * length,
            Normalization.After => 2L * outputChannels,
            _ => 0,
        };
        return Projection(name, kind, output, length, outputChannels) with { ExtraParameters = extra };
    }

    private ProjectionLayer Projection(string name, ProjectionKind kind, TokenGrid output, int length, int outputChannels) => new(name)
    {
        Kind = kind,
        InputGrid = grid,
        InputChannels = channels,
        OutputGrid = output,
        OutputChannels = outputChannels,
        ComputedTokens = output.Tokens,
        ReductionLength = length,
    };

    private void Add(Layer layer)
    {
        layers.Add(layer);
        grid = layer.OutputGrid;
        channels = layer.OutputChannels;
    }
}
