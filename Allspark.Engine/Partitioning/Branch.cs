namespace Allspark.Engine.Partitioning;

/// <summary>A computational branch: one (window, head) pair of one block with its slices of the block's matrices.</summary>
/// <param name="Block">Name of the transformer block.</param>
/// <param name="Window">Window index in raster order of the image, from 0.</param>
/// <param name="Head">Attention head, from 0.</param>
public readonly record struct Branch(string Block, int Window, int Head)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Block}, window {Window}, head {Head}";
}
