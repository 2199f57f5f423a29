using System.Globalization;
using Allspark.Engine.Import.Recognition;
using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.Peers;

/// <summary>
/// Makes a network of the products of another tool's workload. Every product becomes one layer, whatever its shape: its M, K, N
/// and groups are the file's. What such files leave unsaid is where a layer's input is from: each reads what the one before
/// leaves, pooled, flattened or averaged where the sizes say so, and channels beyond those are carried past the layer before.
/// </summary>
internal sealed class LayerChain(string file)
{
    private const int MostLayers = 10_000;
    private const int MostRemarks = 12;
    private const long MostTokens = 1 << 26;
    private const long MostChannels = 1 << 24;

    private readonly LayerNames names = new();
    private readonly List<Layer> layers = [];
    private readonly List<string> unlike = [];
    private TokenGrid grid;
    private int channels;

    /// <summary>Builds the network.</summary>
    /// <param name="steps">The products, in the order of the file.</param>
    /// <param name="name">The network's name.</param>
    /// <param name="precision">Format of weights and activations.</param>
    /// <param name="batch">Images computed together; the steps are those of one.</param>
    /// <param name="notes">What is to be said of the file before what is found here.</param>
    /// <exception cref="SpecificationException">A layer, or all together, is larger than can be counted.</exception>
    public DnnModel Build(IReadOnlyList<PeerStep> steps, string name, Precision precision, int batch, IEnumerable<string> notes)
    {
        if (steps.Count == 0)
            throw new SpecificationException(file, 1, 1, "", "has no matrix product: there is nothing to schedule.");
        if (steps.Count > MostLayers)
            throw steps[MostLayers].Place.Error($"is one layer too many: at most {MostLayers} are read.");
        try
        {
            var first = steps[0];
            (grid, channels) = (Grid(first, first.Vertical.Input, first.Horizontal.Input),
                Int(first, first.Channels, MostChannels, "channels"));
            var input = (Grid: grid, Channels: channels);
            foreach (var (index, step) in steps.Index())
                Add(step, index + 1 < steps.Count ? steps[index + 1] : null);
            var model = new DnnModel
            {
                Name = name,
                Family = "Imported",
                InputHeight = input.Grid.Height,
                InputWidth = input.Grid.Width,
                InputChannels = input.Channels,
                Batch = batch,
                Precision = precision,
                Layers = layers.ToValueList(),
                Notes = [.. notes, .. Remarks()],
            };
            return checked((model.Macs * batch) + model.ParameterBytes) >= 0 ? model : throw new OverflowException();
        }
        catch (OverflowException error)
        {
            throw new SpecificationException(file, 1, 1, "", "has sizes whose product is more than can be counted.", error);
        }
    }

    private enum Link
    {
        // The tokens go on as they are.
        Same,

        // One token is made of all: of the class token, or of the mean.
        Mean,

        // All elements in another shape, as a linear layer after the last convolution reads them.
        Reshaped,

        // Patches of tokens become one first.
        Pooled,

        // The file does not say how the one becomes the other.
        Unlike,
    }

    private void Add(PeerStep step, PeerStep? next)
    {
        Layer layer = step.OfActivations ? Product(step) : Projection(step);
        layers.Add(layer);
        (grid, channels) = (layer.OutputGrid, layer.OutputChannels);
        if (next is null)
            return;
        var (link, side) = LinkTo(next);
        if (link == Link.Pooled)
            Pool((ProjectionLayer)layer, side);
        var beyond = next.OfActivations || next.Channels == channels || LinkTo(next).Link is Link.Mean or Link.Reshaped ? 0
            : next.Channels > channels ? next.Channels - channels : next.Channels;
        layers[^1] = layers[^1] with { CarriedChannels = Int(step, Math.Max(beyond, step.LiveChannels), MostChannels,
            "carried channels") };
        if (beyond > 0 || (link == Link.Unlike && !next.OfActivations))
            Remark(next, layer.Name, beyond);
    }

    private ProjectionLayer Projection(PeerStep step) => new(names.Unique(step.Name))
    {
        Kind = step.IsConvolution ? ProjectionKind.Convolution : ProjectionKind.Linear,
        InputGrid = grid,
        InputChannels = LinkTo(step).Link == Link.Reshaped ? channels : Int(step, step.Channels, MostChannels, "channels"),
        // Tokens that are only counted keep their grid.
        OutputGrid = !step.IsConvolution && step.Rows == grid.Tokens ? grid
            : Grid(step, step.Vertical.Output, step.Horizontal.Output),
        OutputChannels = Int(step, step.OutputChannels, MostChannels, "output channels"),
        ComputedTokens = Int(step, step.Rows, MostTokens, "rows"),
        ReductionLength = Int(step, step.Reduction, int.MaxValue, "products summed for one output (the reduction length)"),
        Groups = Int(step, step.Groups, MostChannels, "groups"),
    };

    private ProductLayer Product(PeerStep step)
    {
        var rows = checked(step.Groups * step.Rows);
        return new ProductLayer(names.Unique(step.Name))
        {
            InputGrid = grid,
            InputChannels = channels,
            OutputGrid = rows == grid.Tokens ? grid : Grid(step, rows, 1),
            OutputChannels = Int(step, step.Columns, MostChannels, "columns"),
            Groups = Int(step, step.Groups, MostChannels, "groups"),
            Rows = Int(step, step.Rows, MostTokens, "rows"),
            ReductionLength = Int(step, step.Reduction, int.MaxValue, "products summed for one output (the reduction length)"),
        };
    }

    // How the tokens that are there become those that the step reads, and by what side of patches where they are pooled.
    private (Link Link, int Side) LinkTo(PeerStep step)
    {
        if (step.IsConvolution ? step.Accepts(grid.Height, grid.Width) : step.Rows == grid.Tokens)
            return (Link.Same, 1);
        var single = step.Rows == 1 && step.Reduction == step.Channels;
        if (single && step.Channels == channels)
            return (Link.Mean, 1);
        if (step.IsPointwise && (Int128)step.Vertical.Input * step.Horizontal.Input * step.Channels == (Int128)grid.Tokens * channels)
            return (Link.Reshaped, 1);
        for (var side = 2; side <= Math.Min(grid.Height, grid.Width) && layers[^1] is ProjectionLayer; side++)
        {
            if (grid.Height % side != 0 || grid.Width % side != 0)
                continue;
            var (height, width) = (grid.Height / side, grid.Width / side);
            if (single ? step.Channels == (long)height * width * channels : step.IsConvolution && step.Accepts(height, width))
                return (Link.Pooled, side);
        }

        return (Link.Unlike, 1);
    }

    private void Pool(ProjectionLayer layer, int side)
    {
        grid = new TokenGrid(grid.Height / side, grid.Width / side, 0);
        layers[^1] = layer with { OutputGrid = grid, PooledBy = side };
    }

    private void Remark(PeerStep next, string before, long beyond) => unlike.Add(string.Create(CultureInfo.InvariantCulture,
        $"'{next.Name}' reads {next.Vertical.Input}×{next.Horizontal.Input} tokens of {next.Channels} channels, and '{before}' leaves {grid} of {channels}. The file does not say how the one becomes the other: the tokens are taken from there")
        + (beyond > 0 ? string.Create(CultureInfo.InvariantCulture, $", {beyond} channels of earlier results with them.") : "."));

    private IEnumerable<string> Remarks()
    {
        foreach (var remark in unlike.Take(MostRemarks))
            yield return remark;
        if (unlike.Count > MostRemarks)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{unlike.Count - MostRemarks} more layers read other sizes than the layer before them leaves.");
    }

    private static TokenGrid Grid(PeerStep step, long height, long width) =>
        height is >= 1 and <= MostTokens && width is >= 1 and <= MostTokens && height * width <= MostTokens
            ? new TokenGrid((int)height, (int)width, 0)
            : throw step.Place.Error(string.Create(CultureInfo.InvariantCulture,
                $"has {height}×{width} tokens. Allowed: 1 to {MostTokens}."));

    private static int Int(PeerStep step, long value, long most, string what) => value >= 0 && value <= most
        ? (int)value
        : throw step.Place.Error(string.Create(CultureInfo.InvariantCulture, $"has {value} {what}. Allowed: up to {most}."));
}
