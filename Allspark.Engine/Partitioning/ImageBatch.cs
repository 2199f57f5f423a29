using Allspark.Engine.Models;

namespace Allspark.Engine.Partitioning;

/// <summary>Attention of several images at once: their grids stand one under the other, and no window has tokens of two.</summary>
/// <param name="OfOne">The geometry of one image.</param>
/// <param name="Images">The images.</param>
public sealed record ImageBatch(AttentionGeometry OfOne, int Images) : AttentionGeometry
{
    /// <inheritdoc/>
    public override int Orientations => OfOne.Orientations;

    /// <inheritdoc/>
    public override int Windows(TokenGrid grid) => checked(OfOne.Windows(One(grid)) * Images);

    /// <inheritdoc/>
    public override int QueryTokens(TokenGrid grid) => OfOne.QueryTokens(One(grid));

    /// <inheritdoc/>
    public override int KeyTokens(TokenGrid grid) => OfOne.KeyTokens(One(grid));

    /// <summary>The grid of one of the images that stand in a grid.</summary>
    public TokenGrid One(TokenGrid grid) => new(grid.Height / Images, grid.Width, grid.ExtraTokens / Images);

    /// <summary>The grid in which so many images stand.</summary>
    public static TokenGrid Stack(TokenGrid grid, int images) => new(checked(grid.Height * images), grid.Width, checked(grid.ExtraTokens * images));

    /// <inheritdoc/>
    public override string ToString() => $"{OfOne}, {Images} images";
}
