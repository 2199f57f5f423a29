namespace Allspark.Engine.Partitioning;

/// <summary>The policy by which a network is split over the nodes of an array.</summary>
public enum PartitionScheme
{
    /// <summary>Fine-grained phases on node groups with weight sharing and interleaved dataflow; the schedule is chosen by the program.</summary>
    Allspark,

    /// <summary>One computational branch (window, head) to one node, in raster order; no finer split, exchange and computation in turn.</summary>
    WholeBranch,

    /// <summary>Tokens spread over all nodes, weights broadcast phase by phase (the token flow of TransPIM).</summary>
    TokenParallel,

    /// <summary>Each matrix split over the whole array, two all-reduces a block (Megatron-LM).</summary>
    TensorParallel,

    /// <summary>Consecutive blocks on consecutive node groups, each holding only its own weights.</summary>
    LayerPipeline,
}
