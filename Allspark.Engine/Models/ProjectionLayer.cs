namespace Allspark.Engine.Models;

/// <summary>What a <see cref="ProjectionLayer"/> is in its network.</summary>
public enum ProjectionKind
{
    /// <summary>Image patches become tokens.</summary>
    PatchEmbedding,

    /// <summary>Neighbouring tokens become one, between stages.</summary>
    PatchMerging,

    /// <summary>A convolution inside the network, as a matrix product over unfolded patches.</summary>
    Convolution,

    /// <summary>A table that words are looked up in: no products, and no part of the computation on an array.</summary>
    TokenEmbedding,

    /// <summary>The classifier.</summary>
    Head,

    /// <summary>A linear map of no special role.</summary>
    Linear,
}

/// <summary>
/// A token-wise linear map, one matrix product of M = <see cref="ComputedTokens"/>, K = <see cref="ReductionLength"/>,
/// N = <see cref="Layer.OutputChannels"/>. A convolution is one over its unfolded patches: K = k²·C.
/// </summary>
public sealed record ProjectionLayer(string Name) : Layer(Name)
{
    /// <summary>Its role.</summary>
    public required ProjectionKind Kind { get; init; }

    /// <summary>
    /// M, the tokens that are computed: fewer than go out where some are trained numbers, as a class token is; more where patches of
    /// them are pooled to one.
    /// </summary>
    public required int ComputedTokens { get; init; }

    /// <summary>K, the input elements that one output element sums over; the words of a table, 0 where it is another layer's.</summary>
    public required int ReductionLength { get; init; }

    /// <summary>Independent groups of channels, more than 1 in a depthwise convolution; each yields N / Groups columns.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Trained numbers beside the matrix: biases, normalisation, position embeddings, class tokens.</summary>
    public long ExtraParameters { get; init; }

    /// <summary>Side of the patch of computed tokens that is pooled to one token out; 1 where nothing is pooled.</summary>
    public int PooledBy { get; init; } = 1;

    /// <summary>Whether one token is made of all: of the class token, or of the mean.</summary>
    public bool PoolsAll => ComputedTokens == 1 && InputGrid.Tokens > 1 && ReductionLength == InputChannels;

    /// <summary>The patches that the product is over; a token-wise map where the reduction length is no square patch of tokens.</summary>
    public ConvolutionShape Convolution
    {
        get
        {
            var kernel = (int)Math.Round(Math.Sqrt((double)ReductionLength * Groups / InputChannels));
            if ((long)kernel * kernel * InputChannels != (long)ReductionLength * Groups || Kind == ProjectionKind.TokenEmbedding || PoolsAll)
                return ConvolutionShape.TokenWise;
            var computed = OutputGrid.Height * PooledBy;
            return new ConvolutionShape(kernel, Math.Max(1, (InputGrid.Height + (computed / 2)) / computed), PooledBy);
        }
    }

    /// <summary>Elements of the weight matrix, K · N.</summary>
    public long WeightElements => checked((long)ReductionLength * OutputChannels);

    /// <inheritdoc/>
    public override long Parameters => WeightElements + ExtraParameters + AuxiliaryParameters(LayerPhase.Projection);

    /// <inheritdoc/>
    public override long Macs => checked(WeightElements * ComputedTokens) + AuxiliaryMacs(LayerPhase.Projection);
}
