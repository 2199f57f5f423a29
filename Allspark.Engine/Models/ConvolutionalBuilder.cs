namespace Allspark.Engine.Models;

/// <summary>Turns the description of a network of convolutions into layers for an image of one size.</summary>
internal sealed class ConvolutionalBuilder
{
    private readonly ConvolutionalSpecification network;
    private readonly List<Layer> layers = [];
    private TokenGrid grid;
    private int channels = 3;

    private ConvolutionalBuilder(ConvolutionalSpecification network, int resolution)
    {
        this.network = network;
        grid = new TokenGrid(resolution, resolution, 0);
    }

    /// <summary>Builds the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It cannot take an image of that resolution.</exception>
    public static DnnModel Build(ConvolutionalSpecification network, int resolution, Precision precision)
    {
        CheckResolution(network, resolution);
        var builder = new ConvolutionalBuilder(network, resolution);
        switch (network.Kind)
        {
            case NetworkKind.Residual:
                builder.Residual();
                break;
            case NetworkKind.Dense:
                builder.Dense();
                break;
            default:
                builder.Plain();
                break;
        }

        return new DnnModel
        {
            Name = network.Name,
            Family = network.Family,
            InputHeight = resolution,
            InputWidth = resolution,
            Precision = precision,
            Layers = builder.layers.ToValueList(),
            Notes = [network.Source],
        };
    }

    // A plain network's first linear layer reads a grid of one size.
    private static void CheckResolution(ConvolutionalSpecification network, int resolution)
    {
        var stride = 1 << (network.Depths.Count + (network.Kind == NetworkKind.Plain ? 0 : 1));
        var fits = network.Kind == NetworkKind.Plain ? resolution == network.Resolution : resolution % stride == 0;
        if (fits && resolution >= stride && resolution <= ModelCatalog.HighestResolution)
            return;
        var near = Math.Clamp((resolution + (stride / 2)) / stride, 1, ModelCatalog.HighestResolution / stride) * stride;
        throw new ArgumentOutOfRangeException(nameof(resolution), resolution,
            $"{network.Name} cannot take images of {resolution}×{resolution} pixels. It takes "
            + (network.Kind == NetworkKind.Plain
                ? $"{network.Resolution}×{network.Resolution} alone, which its linear layers are made for."
                : $"multiples of {stride} up to {ModelCatalog.HighestResolution}. The nearest is {near}."));
    }

    private void Residual()
    {
        Add(Convolution("stem", 7, 2, network.Channels[0], pooledBy: 2));
        for (var stage = 0; stage < network.Depths.Count; stage++)
        {
            for (var block = 0; block < network.Depths[stage]; block++)
                ResidualBlock($"stages.{stage}.blocks.{block}", network.Channels[stage], stage > 0 && block == 0 ? 2 : 1);
        }

        Classify(norm: 0);
    }

    // Two 3×3 convolutions, or 1×1, 3×3, 1×1; the input is added to the last, by way of a 1×1 convolution where the shapes differ.
    private void ResidualBlock(string name, int inner, int stride)
    {
        var (input, output) = (channels, inner * network.Expansion);
        var narrow = network.Expansion > 1;
        if (narrow)
            Add(Convolution($"{name}.0", 1, 1, inner) with { CarriedChannels = input });
        Add(Convolution($"{name}.{(narrow ? 1 : 0)}", 3, stride, inner) with { CarriedChannels = input });
        var last = Convolution($"{name}.{(narrow ? 2 : 1)}", narrow ? 1 : 3, 1, output);
        if (stride > 1 || input != output)
        {
            last = last with
            {
                Auxiliary =
                [
                    new(AuxiliaryOperator.Shortcut, LayerPhase.Projection, 1, grid.Tokens, input, output) { ExtraParameters = 2L * output },
                ],
            };
        }

        Add(last);
    }

    private void Plain()
    {
        for (var stage = 0; stage < network.Depths.Count; stage++)
        {
            for (var step = 0; step < network.Depths[stage]; step++)
            {
                var pooledBy = step == network.Depths[stage] - 1 ? 2 : 1;
                Add(Convolution($"stages.{stage}.{step}", 3, 1, network.Channels[stage], pooledBy) with
                {
                    ExtraParameters = network.Channels[stage],
                });
            }
        }

        foreach (var (index, width) in network.Hidden.Index())
            Add(Linear($"classifier.{index}", ProjectionKind.Linear, grid.Tokens * channels, width));
        Add(Linear("head", ProjectionKind.Head, channels, network.Classes));
    }

    // A layer's result joins its input, which is carried past its two convolutions.
    private void Dense()
    {
        Add(Convolution("stem", 7, 2, network.Channels[0], pooledBy: 2));
        for (var stage = 0; stage < network.Depths.Count; stage++)
        {
            if (stage > 0)
                Add(Convolution($"stages.{stage}.transition", 1, 1, channels / 2, pooledBy: 2) with { ExtraParameters = 2L * channels });
            for (var layer = 0; layer < network.Depths[stage]; layer++)
            {
                var (name, input, inner) = ($"stages.{stage}.layers.{layer}", channels, network.Growth * network.Expansion);
                Add(Convolution($"{name}.0", 1, 1, inner) with { ExtraParameters = 2L * (input + inner), CarriedChannels = input });
                Add(Convolution($"{name}.1", 3, 1, network.Growth) with { ExtraParameters = 0, CarriedChannels = input });
                channels += input;
            }
        }

        Classify(norm: 2L * channels);
    }

    private void Classify(long norm)
    {
        var head = Linear("head", ProjectionKind.Head, channels, network.Classes);
        Add(head with { ExtraParameters = head.ExtraParameters + norm });
    }

    // Without bias, with the gain and offset of a batch normalisation.
    private ProjectionLayer Convolution(string name, int kernel, int stride, int outputChannels, int pooledBy = 1)
    {
        var computed = new TokenGrid(grid.Height / stride, grid.Width / stride, 0);
        return new ProjectionLayer(name)
        {
            Kind = ProjectionKind.Convolution,
            InputGrid = grid,
            InputChannels = channels,
            OutputGrid = new TokenGrid(computed.Height / pooledBy, computed.Width / pooledBy, 0),
            OutputChannels = outputChannels,
            ComputedTokens = computed.Tokens,
            PooledBy = pooledBy,
            ReductionLength = checked(kernel * kernel * channels),
            ExtraParameters = 2L * outputChannels,
        };
    }

    private ProjectionLayer Linear(string name, ProjectionKind kind, int length, int outputChannels) => new(name)
    {
        Kind = kind,
        InputGrid = grid,
        InputChannels = channels,
        OutputGrid = new TokenGrid(1, 1, 0),
        OutputChannels = outputChannels,
        ComputedTokens = 1,
        ReductionLength = length,
        ExtraParameters = outputChannels,
    };

    private void Add(ProjectionLayer layer)
    {
        layers.Add(layer);
        grid = layer.OutputGrid;
        channels = layer.OutputChannels;
    }
}
