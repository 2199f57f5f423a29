using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>
/// A named tensor of trained numbers, stored so that what a node holds of it are whole rows: a matrix whose outputs are split has
/// a row for each output, one whose inputs are split a row for each input.
/// </summary>
internal sealed class WeightTensor
{
    private readonly Lazy<float[]> _values;

    public WeightTensor(SeededTensors source, string name, int rows, int columns, float centre, float spread)
    {
        (Name, Rows, Columns) = (name, rows, columns);
        _values = new Lazy<float[]>(() => source.Uniform(name, 0, checked(rows * columns), centre, spread));
    }

    public string Name { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Count => Rows * Columns;

    public float[] Values => _values.Value;
}

/// <summary>The trained numbers of a phase: matrices that a group splits by rows, small tensors that every node holds.</summary>
internal abstract class PhaseTensors(SeededTensors source, string layer)
{
    private readonly List<WeightTensor> _split = [];
    private readonly List<WeightTensor> _replicated = [];

    /// <summary>Matrices of equally many rows, cut alike.</summary>
    public IReadOnlyList<WeightTensor> Split => _split;

    /// <summary>Biases, normalisation, tables, small convolutions.</summary>
    public IReadOnlyList<WeightTensor> Replicated => _replicated;

    public static PhaseTensors Of(Layer layer, PhaseKind kind, SeededTensors source) => (layer, kind) switch
    {
        (TransformerBlock block, PhaseKind.Attention) when block.Auxiliary.Any(operation => operation is { Phase: LayerPhase.Attention, Groups: > 1 }
            && operation.Name != AuxiliaryOperator.ValueConvolution) => throw new NotSupportedException(
            $"Layer '{block.Name}' has no numeric execution: convolutions before queries, keys and values are not executed."),
        (TransformerBlock block, _) when block.GatedFeedForward || block.KeyValueHeads != block.Heads => throw new NotSupportedException(
            $"Layer '{block.Name}' has no numeric execution: grouped queries and gated feed-forward networks are not executed."),
        (TransformerBlock block, PhaseKind.Attention) => new AttentionTensors(block, source),
        (TransformerBlock block, PhaseKind.FeedForward) => new FeedForwardTensors(block, source),
        (ProjectionLayer projection, PhaseKind.Projection) => new ProjectionTensors(projection, source),
        _ => throw new NotSupportedException($"Layer '{layer.Name}' has no {kind} phase."),
    };

    // Variance 1/K keeps the activations' scale from layer to layer.
    protected WeightTensor Matrix(string name, int rows, int columns, int reductionLength) =>
        Add(_split, name, rows, columns, 0, MathF.Sqrt(3f / reductionLength));

    protected WeightTensor Small(string name, int rows, int columns, float centre = 0, float spread = 0.25f) =>
        Add(_replicated, name, rows, columns, centre, spread);

    protected (WeightTensor Gain, WeightTensor Offset) Norm(string name, int channels) =>
        (Small($"{name}.gain", 1, channels, centre: 1), Small($"{name}.offset", 1, channels));

    private WeightTensor Add(List<WeightTensor> list, string name, int rows, int columns, float centre, float spread)
    {
        var tensor = new WeightTensor(source, $"{layer}.{name}", rows, columns, centre, spread);
        list.Add(tensor);
        return tensor;
    }
}

/// <summary>Trained numbers of the attention half of a block: rows are channels of heads.</summary>
internal sealed class AttentionTensors : PhaseTensors
{
    public AttentionTensors(TransformerBlock block, SeededTensors source)
        : base(source, $"{block.Name}.attention")
    {
        var (channels, width) = (block.Channels, block.AttentionChannels);
        Query = Matrix("query", width, channels, channels);
        Key = Matrix("key", width, channels, channels);
        Value = Matrix("value", width, channels, channels);
        Output = Matrix("output", width, channels, width);
        QueryBias = Small("query.bias", 1, width);
        KeyBias = Small("key.bias", 1, width);
        ValueBias = Small("value.bias", 1, width);
        OutputBias = Small("output.bias", 1, channels);
        (Gain, Offset) = Norm("norm", channels);
        PositionSide = block.Attention switch
        {
            WindowAttention window => window.Size,
            GridAttention grid => grid.Size,
            _ => 0,
        };
        var side = 2 * PositionSide - 1;
        var small = 3L * width + 3L * channels;
        if (side > 0 && block.AttentionExtraParameters - small >= (long)side * side * block.Heads)
            PositionTable = Small("position", side * side, block.Heads, spread: 1);
        if (block.Auxiliary.FirstOrDefault(operation => operation.Name == AuxiliaryOperator.ValueConvolution) is { } depthwise)
        {
            ValueKernel = (int)Math.Round(Math.Sqrt(depthwise.ReductionLength));
            ValueConvolution = Small("values", depthwise.ReductionLength, width);
            ValueConvolutionBias = Small("values.bias", 1, width);
        }

        if (block.Attention is SpatialReductionAttention { Ratio: > 1 } reduction)
        {
            var patch = reduction.Ratio * reduction.Ratio;
            Reduction = Small("reduction", patch * channels, channels, spread: MathF.Sqrt(3f / (patch * channels)));
            ReductionBias = Small("reduction.bias", 1, channels);
            (ReductionGain, ReductionOffset) = Norm("reduction.norm", channels);
        }
    }

    public WeightTensor Query { get; }

    public WeightTensor Key { get; }

    public WeightTensor Value { get; }

    /// <summary>One row for each channel of a head: the transpose of how frameworks store it.</summary>
    public WeightTensor Output { get; }

    public WeightTensor QueryBias { get; }

    public WeightTensor KeyBias { get; }

    public WeightTensor ValueBias { get; }

    public WeightTensor OutputBias { get; }

    public WeightTensor Gain { get; }

    public WeightTensor Offset { get; }

    /// <summary>A bias for each relative position (row) and head (column), where the block's windows have one.</summary>
    public WeightTensor? PositionTable { get; }

    /// <summary>Side of the windows that the table is for; 0 where there are none.</summary>
    public int PositionSide { get; }

    /// <summary>Side of the depthwise kernel over the values; 0 where there is none.</summary>
    public int ValueKernel { get; }

    /// <summary>The depthwise kernel over the values, one row for each of its places.</summary>
    public WeightTensor? ValueConvolution { get; }

    public WeightTensor? ValueConvolutionBias { get; }

    /// <summary>The r×r convolution that pools keys: a C×C matrix for each place in the patch, inputs by rows.</summary>
    public WeightTensor? Reduction { get; }

    public WeightTensor? ReductionBias { get; }

    public WeightTensor? ReductionGain { get; }

    public WeightTensor? ReductionOffset { get; }
}

/// <summary>Trained numbers of the feed-forward half of a block: rows are hidden channels.</summary>
internal sealed class FeedForwardTensors : PhaseTensors
{
    public FeedForwardTensors(TransformerBlock block, SeededTensors source)
        : base(source, $"{block.Name}.feedForward")
    {
        var (channels, width) = (block.Channels, block.FeedForwardWidth);
        Expand = Matrix("expand", width, channels, channels);
        Contract = Matrix("contract", width, channels, width);
        ExpandBias = Small("expand.bias", 1, width);
        ContractBias = Small("contract.bias", 1, channels);
        (Gain, Offset) = Norm("norm", channels);
        foreach (var operation in block.Auxiliary)
        {
            if (operation.Phase != LayerPhase.FeedForward)
                continue;
            Kernel = (int)Math.Round(Math.Sqrt(operation.ReductionLength));
            Position = Small("position", operation.ReductionLength, channels);
            PositionBias = Small("position.bias", 1, channels);
        }
    }

    public WeightTensor Expand { get; }

    public WeightTensor Contract { get; }

    public WeightTensor ExpandBias { get; }

    public WeightTensor ContractBias { get; }

    public WeightTensor Gain { get; }

    public WeightTensor Offset { get; }

    /// <summary>Side of the depthwise kernel that encodes positions after the block; 0 where there is none.</summary>
    public int Kernel { get; }

    /// <summary>The depthwise kernel, one row for each of its places.</summary>
    public WeightTensor? Position { get; }

    public WeightTensor? PositionBias { get; }
}

/// <summary>Trained numbers of a projection: rows are output channels.</summary>
/// <remarks>
/// A layer says how many small parameters it has, not what they are: the combination of bias, normalisation before or after and
/// position table that adds up to their number is taken.
/// </remarks>
internal sealed class ProjectionTensors : PhaseTensors
{
    public ProjectionTensors(ProjectionLayer layer, SeededTensors source)
        : base(source, layer.Name)
    {
        var (length, columns, output) = (layer.ReductionLength, layer.OutputChannels, layer.OutputGrid);
        Weight = Matrix("weight", columns, length, length);
        if (output.ExtraTokens > 0)
            ExtraTokens = Small("extraTokens", output.ExtraTokens, columns, spread: 1);
        var (bias, before, after, position) = Form(layer);
        if (bias)
            Bias = Small("bias", 1, columns);
        if (position)
            Position = Small("position", output.Tokens, columns, spread: 1);
        NormalizesInput = before;
        NormalizesOutput = after;
        if (before)
            (Gain, Offset) = Norm("norm", length);
        if (after)
            (OutputGain, OutputOffset) = Norm("outputNorm", columns);
        AddConnections(layer);
    }

    // Both matrices of the squeezed mean are stored in rows of the output's number, so that all are cut alike.
    private void AddConnections(ProjectionLayer layer)
    {
        var (columns, channels) = (layer.OutputChannels, layer.InputChannels);
        foreach (var operation in layer.Auxiliary)
        {
            switch (operation)
            {
                case { Name: AuxiliaryOperator.Shortcut }:
                    Shortcut = Matrix("shortcut", columns, operation.ReductionLength, operation.ReductionLength);
                    if (operation.ExtraParameters == 2L * columns)
                        ShortcutGain = Small("shortcut.gain", 1, columns, centre: 1);
                    if (operation.ExtraParameters >= columns)
                        ShortcutBias = Small("shortcut.bias", 1, columns);
                    break;
                case { Name: AuxiliaryOperator.Squeeze } when channels % columns == 0:
                    Squeeze = Matrix("squeeze", columns, channels / columns * operation.Columns, channels);
                    SqueezeBias = Small("squeeze.bias", 1, operation.Columns);
                    break;
                case { Name: AuxiliaryOperator.Excitation } when channels % columns == 0:
                    Excitation = Matrix("excitation", columns, channels / columns * operation.ReductionLength, operation.ReductionLength);
                    ExcitationBias = Small("excitation.bias", 1, channels);
                    break;
                default:
                    throw new NotSupportedException($"Layer '{layer.Name}' has no numeric execution: its {operation.Name} is not executed.");
            }
        }
    }

    public WeightTensor Weight { get; }

    public WeightTensor? Bias { get; }

    public bool NormalizesInput { get; }

    public bool NormalizesOutput { get; }

    public WeightTensor? Gain { get; }

    public WeightTensor? Offset { get; }

    /// <summary>Of the normalisation of the output.</summary>
    public WeightTensor? OutputGain { get; }

    public WeightTensor? OutputOffset { get; }

    /// <summary>Maps what is carried before it is added.</summary>
    public WeightTensor? Shortcut { get; private set; }

    public WeightTensor? ShortcutGain { get; private set; }

    public WeightTensor? ShortcutBias { get; private set; }

    /// <summary>A row of squeezed channels for each input channel, as many to a row of the matrix as there are input channels to an output channel.</summary>
    public WeightTensor? Squeeze { get; private set; }

    public WeightTensor? SqueezeBias { get; private set; }

    /// <summary>Likewise.</summary>
    public WeightTensor? Excitation { get; private set; }

    public WeightTensor? ExcitationBias { get; private set; }

    /// <summary>A vector for each output token.</summary>
    public WeightTensor? Position { get; }

    /// <summary>The class token and its like.</summary>
    public WeightTensor? ExtraTokens { get; }

    // A normalisation of the input is looked for first in the head and between stages, one of the output first in the embedding.
    private static (bool Bias, bool Before, bool After, bool Position) Form(ProjectionLayer layer)
    {
        var columns = (long)layer.OutputChannels;
        var trained = layer.ExtraParameters - layer.OutputGrid.ExtraTokens * columns;
        (bool, bool)[] norms = layer.Kind == ProjectionKind.PatchEmbedding
            ? [(false, false), (false, true), (true, false), (true, true)]
            : [(false, false), (true, false), (false, true), (true, true)];
        foreach (var (before, after) in norms)
        {
            foreach (var bias in (bool[])[true, false])
            {
                foreach (var position in (bool[])[false, true])
                {
                    var count = (bias ? columns : 0) + (before ? 2L * layer.ReductionLength : 0) + (after ? 2 * columns : 0)
                        + (position ? layer.OutputGrid.Tokens * columns : 0);
                    if (count == trained)
                        return (bias, before, after, position);
                }
            }
        }

        return (true, false, false, false);
    }
}
