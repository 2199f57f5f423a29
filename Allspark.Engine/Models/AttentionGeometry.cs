namespace Allspark.Engine.Models;

/// <summary>Which tokens attend to which: the windows that a token grid falls into, and their queries and keys.</summary>
public abstract record AttentionGeometry
{
    /// <summary>W, the windows that attend independently of each other (for stripes: of one orientation).</summary>
    public abstract int Windows(TokenGrid grid);

    /// <summary>Sets of windows that each cover the grid, each attended in by its own part of the heads: 2 for stripes, else 1.</summary>
    public virtual int Orientations => 1;

    /// <summary>n, the query tokens of one window, padding included.</summary>
    public abstract int QueryTokens(TokenGrid grid);

    /// <summary>m, the key tokens of one window, padding included.</summary>
    public virtual int KeyTokens(TokenGrid grid) => QueryTokens(grid);

    private protected static int CeilingDivide(int value, int divisor) => (value + divisor - 1) / divisor;
}

/// <summary>Every token attends to every token (ViT, DeiT), or to those before it (GPT).</summary>
/// <param name="Causal">Whether a token sees only those before it. The work is counted in full, as published counts are.</param>
public sealed record GlobalAttention(bool Causal = false) : AttentionGeometry
{
    /// <inheritdoc/>
    public override int Windows(TokenGrid grid) => 1;

    /// <inheritdoc/>
    public override int QueryTokens(TokenGrid grid) => grid.Tokens;

    /// <inheritdoc/>
    public override string ToString() => Causal ? "all tokens, causal" : "all tokens";
}

/// <summary>Square windows of neighbouring tokens, alternately shifted (Swin, arXiv:2103.14030).</summary>
/// <param name="Size">w, the side of a window in tokens; a window has w² tokens, the grid is padded to whole windows.</param>
/// <param name="Shift">By how many tokens the grid is rolled up and left before it is cut into windows.</param>
public sealed record WindowAttention(int Size, int Shift) : AttentionGeometry
{
    /// <inheritdoc/>
    public override int Windows(TokenGrid grid) => CeilingDivide(grid.Height, Size) * CeilingDivide(grid.Width, Size);

    /// <inheritdoc/>
    public override int QueryTokens(TokenGrid grid) => checked(Size * Size);

    /// <summary>The shift that a grid really gets in one direction: none where it is no larger than one window.</summary>
    /// <param name="extent">The grid's height or width in tokens.</param>
    public int EffectiveShift(int extent) => extent <= Size ? 0 : Shift;

    /// <inheritdoc/>
    public override string ToString() => $"windows of {Size}×{Size}" + (Shift == 0 ? "" : $", shifted by {Shift}");
}

/// <summary>Tokens a fixed distance apart attend to each other: every window spans the image (MaxViT, arXiv:2204.01697).</summary>
/// <param name="Size">g, the side of the grid of tokens that one window gathers; a window has g² tokens.</param>
public sealed record GridAttention(int Size) : AttentionGeometry
{
    /// <inheritdoc/>
    public override int Windows(TokenGrid grid) => CeilingDivide(grid.Height, Size) * CeilingDivide(grid.Width, Size);

    /// <inheritdoc/>
    public override int QueryTokens(TokenGrid grid) => checked(Size * Size);

    /// <inheritdoc/>
    public override string ToString() => $"grids of {Size}×{Size}";
}

/// <summary>
/// Cross-shaped stripes (CSWin, arXiv:2107.00652): half of the heads attend in horizontal stripes, half in vertical ones.
/// The grid is square, so that both orientations have the same windows; one stripe as wide as the grid is global attention.
/// </summary>
/// <param name="Width">sw, the width of a stripe in tokens.</param>
public sealed record StripeAttention(int Width) : AttentionGeometry
{
    /// <inheritdoc/>
    public override int Orientations => 2;

    /// <inheritdoc/>
    public override int Windows(TokenGrid grid) => CeilingDivide(Side(grid), Width);

    /// <inheritdoc/>
    public override int QueryTokens(TokenGrid grid) => checked(Width * Side(grid));

    private static int Side(TokenGrid grid) => grid.Height == grid.Width
        ? grid.Height
        : throw new ArgumentException($"Stripe attention needs a square token grid; this one is {grid}.", paramName: null);

    /// <inheritdoc/>
    public override string ToString() => $"stripes {Width} wide";
}

/// <summary>All tokens attend to keys pooled over r×r patches (PVT, arXiv:2102.12122; the global layers of Twins-SVT).</summary>
/// <param name="Ratio">r, the side of the patch of tokens that becomes one key; 1 is global attention.</param>
public sealed record SpatialReductionAttention(int Ratio) : AttentionGeometry
{
    /// <inheritdoc/>
    public override int Windows(TokenGrid grid) => 1;

    /// <inheritdoc/>
    public override int QueryTokens(TokenGrid grid) => grid.Tokens;

    /// <inheritdoc/>
    public override int KeyTokens(TokenGrid grid) => ReducedGrid(grid).Tokens;

    /// <summary>The grid of pooled keys: whole patches only, as a convolution of stride r leaves them.</summary>
    public TokenGrid ReducedGrid(TokenGrid grid) =>
        Ratio == 1 ? grid : new(grid.Height / Ratio, grid.Width / Ratio, grid.ExtraTokens);

    /// <inheritdoc/>
    public override string ToString() => $"keys of {Ratio}×{Ratio} tokens";
}
