namespace Allspark.Engine.Partitioning;

/// <summary>What a phase computes.</summary>
public enum PhaseKind
{
    /// <summary>Normalisation, query/key/value projection, attention and output projection of one block.</summary>
    Attention,

    /// <summary>Normalisation and the two matrices of a block's feed-forward network.</summary>
    FeedForward,

    /// <summary>One token-wise matrix outside the blocks: patch embedding, patch merging, head.</summary>
    Projection,
}
