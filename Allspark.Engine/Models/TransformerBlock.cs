namespace Allspark.Engine.Models;

/// <summary>
/// One encoder block: attention, then a token-wise feed-forward network, each with normalisation and residual.
/// Symbols: W windows of n query and m key tokens, H heads of size d, C channels, F feed-forward width.
/// </summary>
public sealed record TransformerBlock(string Name) : Layer(Name)
{
    /// <summary>The stage, from 0.</summary>
    public required int Stage { get; init; }

    /// <summary>The block's place in its stage, from 0.</summary>
    public required int IndexInStage { get; init; }

    /// <summary>H.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of queries that read the same keys and values (grouped-query attention, arXiv:2305.13245); divides H.</summary>
    public int QueriesPerKey { get; init; } = 1;

    /// <summary>Heads of keys and values.</summary>
    public int KeyValueHeads => Heads / QueriesPerKey;

    /// <summary>Whether a third matrix gates the hidden channels of the feed-forward network (arXiv:2002.05202).</summary>
    public bool GatedFeedForward { get; init; }

    /// <summary>d, so that the attention works on H·d channels.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>F.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Which tokens attend to which.</summary>
    public required AttentionGeometry Attention { get; init; }

    /// <summary>Trained numbers of the attention half beside its four matrices: biases, normalisation, position tables.</summary>
    public long AttentionExtraParameters { get; init; }

    /// <summary>Trained numbers of the feed-forward half beside its two matrices: biases, normalisation.</summary>
    public long FeedForwardExtraParameters { get; init; }

    /// <summary>The token grid, the same before and after.</summary>
    public TokenGrid Grid => InputGrid;

    /// <summary>C.</summary>
    public int Channels => InputChannels;

    /// <summary>H·d, the channels of Q, K and V.</summary>
    public int AttentionChannels => checked(Heads * HeadDimension);

    /// <summary>W; for stripes, of one orientation.</summary>
    public int Windows => Attention.Windows(Grid);

    /// <summary>n.</summary>
    public int QueryTokens => Attention.QueryTokens(Grid);

    /// <summary>m.</summary>
    public int KeyTokens => Attention.KeyTokens(Grid);

    /// <summary>Computational branches: (window, head) pairs. A stripe has half of the heads, in each of two orientations.</summary>
    public int Branches => checked(Windows * Heads);

    /// <summary>Channels of K, or of V: H·d, or less where queries share them.</summary>
    public int KeyValueChannels => checked(KeyValueHeads * HeadDimension);

    /// <summary>Elements of W_Q, W_K, W_V and W_O: 4·C·H·d where each head has its own keys and values.</summary>
    public long AttentionWeightElements => checked(2L * Channels * (AttentionChannels + KeyValueChannels));

    /// <summary>Elements of the feed-forward matrices: 2·C·F, 3·C·F where one gates.</summary>
    public long FeedForwardWeightElements => checked((GatedFeedForward ? 3L : 2L) * Channels * FeedForwardWidth);

    /// <summary>Trained numbers of the attention half, auxiliary operators included.</summary>
    public long AttentionParameters =>
        AttentionWeightElements + AttentionExtraParameters + AuxiliaryParameters(LayerPhase.Attention);

    /// <summary>Trained numbers of the feed-forward half, auxiliary operators included.</summary>
    public long FeedForwardParameters =>
        FeedForwardWeightElements + FeedForwardExtraParameters + AuxiliaryParameters(LayerPhase.FeedForward);

    /// <summary>Trained numbers beside the six matrices and the auxiliary operators.</summary>
    public long ExtraParameters => AttentionExtraParameters + FeedForwardExtraParameters;

    /// <summary>MACs of Q, K and V: W·(n + 2m)·C·H·d where each head has its own keys and values, padding tokens included.</summary>
    public long QueryKeyValueMacs =>
        checked((long)Windows * Channels * (((long)QueryTokens * AttentionChannels) + (2L * KeyTokens * KeyValueChannels)));

    /// <summary>MACs of QKᵀ and S·V: 2·W·n·m·H·d.</summary>
    public long ScoreMacs => checked(2L * Windows * QueryTokens * KeyTokens * AttentionChannels);

    /// <summary>MACs of the output projection: W·n·H·d·C.</summary>
    public long OutputProjectionMacs => checked((long)Windows * QueryTokens * AttentionChannels * Channels);

    /// <summary>All MACs of the attention half, auxiliary operators included.</summary>
    public long AttentionMacs =>
        checked(QueryKeyValueMacs + ScoreMacs + OutputProjectionMacs + AuxiliaryMacs(LayerPhase.Attention));

    /// <summary>All MACs of the feed-forward half, 2·T·C·F (3·T·C·F where one matrix gates) and the auxiliary operators.</summary>
    public long FeedForwardMacs => checked((Grid.Tokens * FeedForwardWeightElements) + AuxiliaryMacs(LayerPhase.FeedForward));

    /// <inheritdoc/>
    public override long Parameters => AttentionParameters + FeedForwardParameters;

    /// <inheritdoc/>
    public override long Macs => checked(AttentionMacs + FeedForwardMacs);
}
