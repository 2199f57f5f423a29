using Allspark.Engine.Hardware;
using Allspark.Engine.Models;

namespace Allspark.Engine.Partitioning;

/// <summary>Cuts a network into phases and lists each phase's options under a scheme.</summary>
public static class Partitioner
{
    /// <summary>Splits the network for the array.</summary>
    /// <exception cref="ArgumentException">The network has no layers, or the array no nodes: it is a name alone.</exception>
    /// <exception cref="NotSupportedException">A layer's attention geometry has no partition.</exception>
    public static Workload Split(DnnModel model, PimArray array, PartitionScheme scheme = PartitionScheme.Allspark)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(array);
        if (model.Layers.Count == 0)
            throw new ArgumentException($"{model} is a name alone: it has no layers.", nameof(model));
        if (array.NodeCount == 0)
            throw new ArgumentException($"{array} is a name alone: it has no nodes.", nameof(array));
        var phases = model.Batch == 1 ? Phases(model) : [.. Phases(model).Select(phase => OfBatch(phase, model.Batch))];
        return new Workload
        {
            Model = model,
            Array = array,
            Scheme = scheme,
            Phases = phases,
            Options = SchemeOptions.For(scheme, array, phases),
        };
    }

    private static List<Phase> Phases(DnnModel model)
    {
        var phases = new List<Phase>();
        for (var i = 0; i < model.Layers.Count; i++)
        {
            switch (model.Layers[i])
            {
                case ProjectionLayer { Kind: ProjectionKind.TokenEmbedding }:
                    break;
                case TransformerBlock block:
                    phases.Add(AttentionPhase(block, phases.Count, i));
                    phases.Add(FeedForwardPhase(block, phases.Count, i));
                    break;
                case ProjectionLayer projection:
                    phases.Add(ProjectionPhase(projection, phases.Count, i, NearestGeometry(model, i)));
                    break;
                case ProductLayer product:
                    phases.Add(ProductPhase(product, phases.Count, i));
                    break;
                case var layer:
                    throw Unpartitioned(model, layer, $"kind {layer.GetType().Name}");
            }
        }

        return phases;
    }

    // More windows and more tokens; what a window or a token costs is the same, and the weights serve all.
    private static Phase OfBatch(Phase phase, int images) => phase with
    {
        Images = images,
        InputGrid = ImageBatch.Stack(phase.InputGrid, images),
        OutputGrid = ImageBatch.Stack(phase.OutputGrid, images),
        Geometry = phase.Geometry is null ? null : new ImageBatch(phase.Geometry, images),
        Windows = phase.Kind == PhaseKind.Projection ? 1 : checked(phase.Windows * images),
        QueryTokens = phase.Kind == PhaseKind.Projection ? checked(phase.QueryTokens * images) : phase.QueryTokens,
        KeyTokens = phase.Kind == PhaseKind.Projection ? checked(phase.KeyTokens * images) : phase.KeyTokens,
        Tokens = checked(phase.Tokens * images),
        Macs = checked(phase.Macs * images),
        AuxiliaryMacs = checked(phase.AuxiliaryMacs * images),
    };

    private static NotSupportedException Unpartitioned(DnnModel model, Layer layer, string what) => new(
        $"{model.Name} cannot be partitioned yet: layer '{layer.Name}' has {what}, for which no phase is defined. "
        + "Transformer blocks, projections and products are.");

    // Stripes of both orientations are windows of the phase, each with its half of the heads.
    private static Phase AttentionPhase(TransformerBlock block, int index, int layer) => new()
    {
        Index = index,
        Block = block.Name,
        LayerIndex = layer,
        Kind = PhaseKind.Attention,
        InputGrid = block.Grid,
        OutputGrid = block.OutputGrid,
        Geometry = block.Attention,
        Windows = checked(block.Windows * block.Attention.Orientations),
        QueryTokens = block.QueryTokens,
        KeyTokens = block.KeyTokens,
        Tokens = checked(block.Windows * block.QueryTokens),
        InputChannels = block.Channels,
        InputElements = block.Channels,
        OutputChannels = block.Channels,
        Heads = block.Heads / block.Attention.Orientations,
        KeyValueHeads = block.KeyValueHeads / block.Attention.Orientations,
        Orientations = block.Attention.Orientations,
        BlockHeads = block.KeyValueHeads / block.Attention.Orientations,
        HeadDimension = block.HeadDimension,
        HiddenWidth = 0,
        Macs = block.AttentionMacs,
        AuxiliaryMacs = AuxiliaryMacs(block, LayerPhase.Attention),
        WeightElements = block.AttentionWeightElements,
        ReplicatedElements = block.AttentionParameters - block.AttentionWeightElements,
    };

    private static Phase FeedForwardPhase(TransformerBlock block, int index, int layer) => new()
    {
        Index = index,
        Block = block.Name,
        LayerIndex = layer,
        Kind = PhaseKind.FeedForward,
        InputGrid = block.Grid,
        OutputGrid = block.OutputGrid,
        Geometry = block.Attention,
        Windows = block.Windows,
        QueryTokens = block.QueryTokens,
        KeyTokens = block.QueryTokens,
        Tokens = block.Grid.Tokens,
        InputChannels = block.Channels,
        InputElements = block.Channels,
        OutputChannels = block.Channels,
        Heads = 1,
        Gated = block.GatedFeedForward,
        BlockHeads = block.KeyValueHeads / block.Attention.Orientations,
        HeadDimension = block.FeedForwardWidth,
        HiddenWidth = block.FeedForwardWidth,
        Macs = block.FeedForwardMacs,
        AuxiliaryMacs = AuxiliaryMacs(block, LayerPhase.FeedForward),
        WeightElements = block.FeedForwardWeightElements,
        ReplicatedElements = block.FeedForwardParameters - block.FeedForwardWeightElements,
    };

    private static Phase ProjectionPhase(ProjectionLayer layer, int index, int layerIndex, AttentionGeometry? geometry) => new()
    {
        Index = index,
        Block = layer.Name,
        LayerIndex = layerIndex,
        Kind = PhaseKind.Projection,
        InputGrid = layer.InputGrid,
        OutputGrid = layer.OutputGrid,
        Geometry = layer.Kind == ProjectionKind.Head ? null : geometry,
        Windows = 1,
        QueryTokens = layer.ComputedTokens,
        KeyTokens = layer.ComputedTokens,
        Tokens = layer.ComputedTokens,
        InputChannels = layer.ReductionLength,
        InputElements = InputElements(layer),
        Convolution = layer.Convolution,
        ConvolutionGroups = layer.Groups,
        CarriedChannels = layer.CarriedChannels,
        ShortcutChannels = Dense(layer, AuxiliaryOperator.Shortcut)?.ReductionLength ?? 0,
        SqueezedChannels = Dense(layer, AuxiliaryOperator.Squeeze)?.Columns ?? 0,
        OutputChannels = layer.OutputChannels,
        Heads = 1,
        BlockHeads = 1,
        HeadDimension = layer.OutputChannels,
        HiddenWidth = 0,
        Macs = layer.Macs,
        AuxiliaryMacs = layer.Auxiliary.Where(operation => operation.Name != AuxiliaryOperator.Shortcut).Sum(operation => operation.Macs),
        WeightElements = layer.WeightElements + DenseElements(layer),
        ReplicatedElements = layer.Parameters - layer.WeightElements - DenseElements(layer),
    };

    // The second operand is kept as weights are: it must be there whole before the first row is done. Rows of all products are its tokens.
    private static Phase ProductPhase(ProductLayer layer, int index, int layerIndex) => new()
    {
        Index = index,
        Block = layer.Name,
        LayerIndex = layerIndex,
        Kind = PhaseKind.Projection,
        InputGrid = layer.InputGrid,
        OutputGrid = layer.OutputGrid,
        Windows = 1,
        QueryTokens = checked(layer.Groups * layer.Rows),
        KeyTokens = checked(layer.Groups * layer.Rows),
        Tokens = checked(layer.Groups * layer.Rows),
        InputChannels = layer.ReductionLength,
        InputElements = layer.ReductionLength,
        OutputChannels = layer.OutputChannels,
        Heads = 1,
        BlockHeads = 1,
        HeadDimension = layer.OutputChannels,
        HiddenWidth = 0,
        Macs = layer.Macs,
        AuxiliaryMacs = AuxiliaryMacs(layer, LayerPhase.Projection),
        WeightElements = layer.OperandElements,
        ReplicatedElements = layer.Parameters,
    };

    private static int InputElements(ProjectionLayer layer) => layer.Convolution is { Kernel: var kernel, Stride: var stride } && kernel > stride
        ? checked(stride * stride * layer.InputChannels)
        : layer.ReductionLength;

    // The matrices beside the main one are cut with it, column by column.
    private static long DenseElements(ProjectionLayer layer) =>
        layer.Auxiliary.Where(operation => operation.Groups == 1).Sum(operation => operation.WeightElements);

    private static AuxiliaryOperator? Dense(ProjectionLayer layer, string name) =>
        layer.Auxiliary.FirstOrDefault(operation => operation.Name == name);

    // A projection lays its tokens out as the block that reads them wants them.
    private static AttentionGeometry? NearestGeometry(DnnModel model, int layer) =>
        model.Layers.Skip(layer + 1).OfType<TransformerBlock>().FirstOrDefault()?.Attention;

    private static long AuxiliaryMacs(Layer layer, LayerPhase phase) =>
        layer.Auxiliary.Where(operation => operation.Phase == phase).Sum(operation => operation.Macs);
}
