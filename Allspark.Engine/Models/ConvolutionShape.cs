using System.Runtime.InteropServices;

namespace Allspark.Engine.Models;

/// <summary>A convolution of square kernels over a token grid; kernel, stride and pooling of 1 are a token-wise map.</summary>
/// <param name="Kernel">k, the side of the patch of input tokens that one computed token sums over.</param>
/// <param name="Stride">s, the distance of two patches.</param>
/// <param name="PooledBy">Side of the patch of computed tokens that becomes one token out; 1 where nothing is pooled.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConvolutionShape(int Kernel, int Stride, int PooledBy)
{
    /// <summary>A token-wise map.</summary>
    public static ConvolutionShape TokenWise { get; } = new(1, 1, 1);

    /// <summary>Rows and columns of zeros before the grid: as many as keep the patches centred.</summary>
    public int Padding => (Math.Max(0, Kernel - Stride) + 1) / 2;

    /// <summary>Whether tokens are read by several computed ones.</summary>
    public bool Overlaps => Kernel > Stride;

    /// <summary>First and last input row (or column) that a row (or column) of tokens out reads, clipped to the grid.</summary>
    /// <param name="index">Row or column of the token out.</param>
    /// <param name="extent">Height or width of the input grid.</param>
    public (int First, int Last) Reads(int index, int extent)
    {
        var first = (index * PooledBy * Stride) - Padding;
        var last = (((index * PooledBy) + PooledBy - 1) * Stride) - Padding + Kernel - 1;
        return (Math.Max(0, first), Math.Min(extent - 1, last));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kernel}×{Kernel}, stride {Stride}" + (PooledBy == 1 ? "" : $", pooled by {PooledBy}");
}
