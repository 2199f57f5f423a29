using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>Which input tokens (or pixels) a projection's output token sums over: the square patch of a convolution.</summary>
/// <remarks>
/// The side of the kernel follows from the reduction length, the stride from the two grids, the padding from both: as much as
/// keeps the patches centred.
/// </remarks>
internal sealed class Unfolding
{
    private readonly ProjectionLayer _layer;
    private readonly ConvolutionShape _shape;

    /// <exception cref="NotSupportedException">The reduction length is no square patch of tokens.</exception>
    public Unfolding(ProjectionLayer layer)
    {
        _layer = layer;
        _shape = layer.Convolution;
        if (!Pools && (long)Places * layer.InputChannels != (long)layer.ReductionLength * layer.Groups)
        {
            throw new NotSupportedException($"Layer '{layer.Name}' sums over {layer.ReductionLength} elements of tokens of "
                + $"{layer.InputChannels} channels, which is no square patch.");
        }
    }

    /// <summary>k², the tokens of a patch.</summary>
    public int Places => _shape.Kernel * _shape.Kernel;

    /// <summary>Whether one token is made of all: the class token's, or the mean.</summary>
    public bool Pools => _layer.PoolsAll;

    /// <summary>Whether it is the mean.</summary>
    public bool Averages => Pools && _layer.InputGrid.ExtraTokens == 0;

    /// <summary>
    /// Input token at one place of an output token's patch, −1 beyond the edge; of a token that pools, at one place of its patches one
    /// after another.
    /// </summary>
    /// <remarks>
    /// Patch merging takes the places column by column, as Swin concatenates its four tokens; a convolution row by row.
    /// </remarks>
    public int Source(int token, int place)
    {
        var (patch, inPatch) = Math.DivRem(place, Places);
        var (patchRow, patchColumn) = Math.DivRem(patch, _shape.PooledBy);
        place = inPatch;
        var byColumn = _layer.Kind == ProjectionKind.PatchMerging && _shape.Padding == 0;
        var (down, right) = byColumn ? (place % _shape.Kernel, place / _shape.Kernel) : (place / _shape.Kernel, place % _shape.Kernel);
        var row = (token / _layer.OutputGrid.Width * _shape.PooledBy + patchRow) * _shape.Stride + down - _shape.Padding;
        var column = (token % _layer.OutputGrid.Width * _shape.PooledBy + patchColumn) * _shape.Stride + right - _shape.Padding;
        var grid = _layer.InputGrid;
        return row < 0 || row >= grid.Height || column < 0 || column >= grid.Width ? -1 : row * grid.Width + column;
    }
}
