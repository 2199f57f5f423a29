using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;

namespace Allspark.Engine.Import.Recognition;

/// <summary>A transformer block found in the graph: its layer but for names, stages and trained numbers beside the matrices.</summary>
internal sealed record RecognizedBlock
{
    /// <summary>The block's shapes; names and extra numbers are still to come.</summary>
    public required TransformerBlock Layer { get; init; }

    /// <summary>The nodes of the attention half.</summary>
    public required HashSet<GraphNode> AttentionNodes { get; init; }

    /// <summary>The nodes of the feed-forward half.</summary>
    public required HashSet<GraphNode> FeedForwardNodes { get; init; }

    /// <summary>All products that the layer accounts for.</summary>
    public required IReadOnlyCollection<Product> Products { get; init; }

    /// <summary>The sum that ends the block.</summary>
    public required GraphNode Last { get; init; }

    /// <summary>The stored values that are added to the scores, and whether they are masks.</summary>
    public required IReadOnlyList<(Value Value, bool IsMask)> Added { get; init; }
}
