using Allspark.Engine.Models;

namespace Allspark.Engine.Hardware;

/// <summary>Equal matrix products of one layer.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Operation">What of the layer it is: <c>query</c>, <c>scores</c>; empty where the layer is this product
/// alone.</param>
/// <param name="Count">How many there are, for all images of the batch.</param>
/// <param name="Gemm">The shape of one.</param>
public sealed record LayerProduct(string Layer, string Operation, int Count, Gemm Gemm)
{
    /// <summary>Count · M · K · N.</summary>
    public long Macs => checked(Count * Gemm.Macs);
}

/// <summary>The matrix products that a network comes to, layer by layer; their multiply-accumulates are the network's.</summary>
public static class LayerProducts
{
    /// <summary>The products in execution order. Images of a batch are further rows where they share weights, further products
    /// where not.</summary>
    /// <exception cref="NotSupportedException">A layer is of a kind without products.</exception>
    /// <exception cref="OverflowException">A size is more than can be counted.</exception>
    public static IEnumerable<LayerProduct> Of(DnnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Layers.SelectMany(layer => Of(layer, model.Batch));
    }

    private static IEnumerable<LayerProduct> Of(Layer layer, int images)
    {
        var own = layer switch
        {
            ProjectionLayer { Kind: ProjectionKind.TokenEmbedding } => [],
            ProjectionLayer projection => [Weighted(layer, "", projection.Groups, images, projection.ComputedTokens,
                projection.ReductionLength, projection.OutputChannels / projection.Groups)],
            ProductLayer product => [new LayerProduct(layer.Name, "", checked(product.Groups * images),
                new Gemm(product.Rows, product.ReductionLength, product.OutputChannels))],
            TransformerBlock block => OfBlock(block, images),
            _ => throw new NotSupportedException($"Layer '{layer.Name}' is of kind {layer.GetType().Name}, whose products are not known."),
        };
        return own.Concat(layer.Auxiliary.Select(side =>
            Weighted(layer, side.Name, side.Groups, images, side.Rows, side.ReductionLength, side.Columns)));
    }

    private static IEnumerable<LayerProduct> OfBlock(TransformerBlock block, int images)
    {
        checked
        {
            var (queries, keys) = (block.Windows * block.QueryTokens, block.Windows * block.KeyTokens);
            var branches = block.Branches * images;
            LayerProduct Map(string operation, int rows, int inputs, int outputs) =>
                Weighted(block, operation, 1, images, rows, inputs, outputs);
            yield return Map("query", queries, block.Channels, block.AttentionChannels);
            yield return Map("key", keys, block.Channels, block.KeyValueChannels);
            yield return Map("value", keys, block.Channels, block.KeyValueChannels);
            yield return new LayerProduct(block.Name, "scores", branches,
                new Gemm(block.QueryTokens, block.HeadDimension, block.KeyTokens));
            yield return new LayerProduct(block.Name, "context", branches,
                new Gemm(block.QueryTokens, block.KeyTokens, block.HeadDimension));
            yield return Map("output", queries, block.AttentionChannels, block.Channels);
            yield return Map("up", block.Grid.Tokens, block.Channels, block.FeedForwardWidth);
            if (block.GatedFeedForward)
                yield return Map("gate", block.Grid.Tokens, block.Channels, block.FeedForwardWidth);
            yield return Map("down", block.Grid.Tokens, block.FeedForwardWidth, block.Channels);
        }
    }

    private static LayerProduct Weighted(Layer layer, string operation, int groups, int images, int rows, int reduction,
        int columns) =>
        new(layer.Name, operation, groups, new Gemm(checked(rows * images), reduction, columns));
}
