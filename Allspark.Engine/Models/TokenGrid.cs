using System.Runtime.InteropServices;

namespace Allspark.Engine.Models;

/// <summary>The tokens of one image at one point of the network: a grid of patches and the tokens that have no place in it.</summary>
/// <param name="Height">Rows of patches.</param>
/// <param name="Width">Columns of patches.</param>
/// <param name="ExtraTokens">Tokens outside the grid: class and distillation tokens.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenGrid(int Height, int Width, int ExtraTokens)
{
    /// <summary>All tokens: <c>Height · Width + ExtraTokens</c>.</summary>
    public int Tokens => checked((Height * Width) + ExtraTokens);

    /// <summary>The token of this grid whose patch covers a token of another grid of the same image, neither of them an extra one.</summary>
    /// <param name="token">The other grid's token, in raster order.</param>
    /// <param name="other">The other grid.</param>
    public int TokenCovering(int token, TokenGrid other)
    {
        var (row, column) = Math.DivRem(token, other.Width);
        return ((int)((long)row * Height / other.Height) * Width) + (int)((long)column * Width / other.Width);
    }

    /// <inheritdoc/>
    public override string ToString() => ExtraTokens == 0 ? $"{Height}×{Width}" : $"{Height}×{Width}+{ExtraTokens}";
}
