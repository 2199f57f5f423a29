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
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;

    /// <exception cref="NotSupportedException">The reduction length is no square patch of tokens.</exception>
    public Unfolding(ProjectionLayer layer)
    {
        _layer = layer;
        var places = layer.ReductionLength / layer.InputChannels;
        _kernel = (int)Math.Round(Math.Sqrt(places));
        if (_kernel * _kernel * layer.InputChannels != layer.ReductionLength)
        {
            throw new NotSupportedException($"Layer '{layer.Name}' sums over {layer.ReductionLength} elements of tokens of "
                + $"{layer.InputChannels} channels, which is no square patch.");
        }

        Places = places;
        Pools = layer is { Kind: ProjectionKind.Head, ComputedTokens: 1 } && layer.InputGrid.Tokens > 1;
        if (Pools)
            return;
        _stride = (layer.InputGrid.Height + layer.OutputGrid.Height / 2) / layer.OutputGrid.Height;
        _padding = (Math.Max(0, _kernel - _stride) + 1) / 2;
    }

    /// <summary>k², the tokens of a patch.</summary>
    public int Places { get; }

    /// <summary>Whether one token is made of all: the class token's, or the mean.</summary>
    public bool Pools { get; }

    /// <summary>Whether it is the mean.</summary>
    public bool Averages => Pools && _layer.InputGrid.ExtraTokens == 0;

    /// <summary>Input token at one place of an output token's patch; −1 beyond the edge.</summary>
    /// <remarks>
    /// Patch merging takes the places column by column, as Swin concatenates its four tokens; a convolution row by row.
    /// </remarks>
    public int Source(int token, int place)
    {
        var byColumn = _layer.Kind == ProjectionKind.PatchMerging && _padding == 0;
        var (down, right) = byColumn ? (place % _kernel, place / _kernel) : (place / _kernel, place % _kernel);
        var row = token / _layer.OutputGrid.Width * _stride + down - _padding;
        var column = token % _layer.OutputGrid.Width * _stride + right - _padding;
        var grid = _layer.InputGrid;
        return row < 0 || row >= grid.Height || column < 0 || column >= grid.Width ? -1 : row * grid.Width + column;
    }
}
