namespace Allspark.Engine.Models;

/// <summary>One step of a network for a single image.</summary>
/// <param name="Name">A name unique in the network, such as <c>stages.0.blocks.1</c>.</param>
public abstract record Layer(string Name)
{
    /// <summary>Tokens that come in.</summary>
    public required TokenGrid InputGrid { get; init; }

    /// <summary>Tokens that go out.</summary>
    public required TokenGrid OutputGrid { get; init; }

    /// <summary>Channels of a token that comes in.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Channels of a token that goes out.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>
    /// Channels of earlier results that leave with each token because a later layer adds or concatenates them; 0 where the layer's own
    /// result is all that goes on.
    /// </summary>
    public int CarriedChannels { get; init; }

    /// <summary>Operators beside the layer's matrix products that multiply too; empty for most layers.</summary>
    public ValueList<AuxiliaryOperator> Auxiliary { get; init; } = [];

    /// <summary>Elements that the layer reads: its input tokens' channels.</summary>
    public long InputElements => checked((long)InputGrid.Tokens * InputChannels);

    /// <summary>Elements that the layer leaves, those that are carried past it included.</summary>
    public long OutputElements => checked((long)OutputGrid.Tokens * (OutputChannels + CarriedChannels));

    /// <summary>Trained numbers, all of them.</summary>
    public abstract long Parameters { get; }

    /// <summary>
    /// Multiply-accumulate operations for one image, QKᵀ and S·V included; normalisation, softmax and activation are not counted.
    /// </summary>
    public abstract long Macs { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    private protected long AuxiliaryMacs(LayerPhase phase)
    {
        var sum = 0L;
        foreach (var operation in Auxiliary)
            sum += operation.Phase == phase ? operation.Macs : 0;
        return sum;
    }

    private protected long AuxiliaryParameters(LayerPhase phase)
    {
        var sum = 0L;
        foreach (var operation in Auxiliary)
            sum += operation.Phase == phase ? operation.Parameters : 0;
        return sum;
    }
}

/// <summary>The part of a layer that an operator belongs to.</summary>
public enum LayerPhase
{
    /// <summary>A token-wise linear map: a <see cref="ProjectionLayer"/>.</summary>
    Projection,

    /// <summary>The attention half of a transformer block.</summary>
    Attention,

    /// <summary>The feed-forward half of a transformer block.</summary>
    FeedForward,
}

/// <summary>
/// A convolution inside a layer, as the matrix products that it comes to: <see cref="Groups"/> products of
/// <see cref="Rows"/>×<see cref="ReductionLength"/> by <see cref="ReductionLength"/>×<see cref="Columns"/>.
/// A depthwise k×k convolution has one group per channel, K = k² and one column.
/// </summary>
/// <param name="Name">What it is: <c>spatial reduction</c>, <c>positional encoding</c>.</param>
/// <param name="Phase">The part of the layer that it belongs to.</param>
/// <param name="Groups">Independent products of the same shape.</param>
/// <param name="Rows">M, the output tokens.</param>
/// <param name="ReductionLength">K, the products summed for one output element.</param>
/// <param name="Columns">N, the output channels of one group.</param>
public sealed record AuxiliaryOperator(string Name, LayerPhase Phase, int Groups, int Rows, int ReductionLength, int Columns)
{
    /// <summary>Name of the depthwise convolution over the values, whose result is added to what is attended.</summary>
    public const string ValueConvolution = "value convolution";

    /// <summary>Name of the mean's linear layer in squeeze-and-excitation.</summary>
    public const string Squeeze = "squeeze";

    /// <summary>Name of the linear layer that makes channel scales of it.</summary>
    public const string Excitation = "excitation";

    /// <summary>Name of the convolution that brings a carried input to the shape of the output it is added to.</summary>
    public const string Shortcut = "shortcut";

    /// <summary>Biases and the normalisation that goes with the convolution.</summary>
    public long ExtraParameters { get; init; }

    /// <summary>Elements of the weights of all groups.</summary>
    public long WeightElements => checked((long)Groups * ReductionLength * Columns);

    /// <summary>Weights and <see cref="ExtraParameters"/>.</summary>
    public long Parameters => WeightElements + ExtraParameters;

    /// <summary>Groups · M · K · N.</summary>
    public long Macs => checked(WeightElements * Rows);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Groups}·{Rows}×{ReductionLength}×{Columns}";
}
