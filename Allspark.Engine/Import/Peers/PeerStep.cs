using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.Peers;

/// <summary>
/// One step of another tool's workload, as matrix products: <see cref="Groups"/> products of <see cref="Rows"/>×<see
/// cref="Reduction"/> by <see cref="Reduction"/>×<see cref="Columns"/>, with what the file says of the tokens that it reads and
/// leaves.
/// </summary>
internal sealed record PeerStep
{
    /// <summary>Its name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands in the file.</summary>
    public required SpecificationNode Place { get; init; }

    /// <summary>Independent products of the same shape.</summary>
    public long Groups { get; init; } = 1;

    /// <summary>M, the rows of one product: the outputs of both directions.</summary>
    public long Rows => checked(Vertical.Output * Horizontal.Output);

    /// <summary>K, the products summed for one output element.</summary>
    public required long Reduction { get; init; }

    /// <summary>N, the columns of one product.</summary>
    public required long Columns { get; init; }

    /// <summary>What is read and left along the rows of the grid.</summary>
    public required SpatialExtent Vertical { get; init; }

    /// <summary>The same along its columns.</summary>
    public required SpatialExtent Horizontal { get; init; }

    /// <summary>Channels that it reads.</summary>
    public required long Channels { get; init; }

    /// <summary>Whether the second operand is computed by an earlier step, not trained.</summary>
    public bool OfActivations { get; init; }

    /// <summary>Whether its tokens have places in a grid; otherwise they are only counted.</summary>
    public bool IsConvolution { get; init; }

    /// <summary>Channels of earlier results that are still to be read after this step, where the file says so.</summary>
    public long LiveChannels { get; init; }

    /// <summary>All columns: N of every group.</summary>
    public long OutputChannels => checked(Groups * Columns);

    /// <summary>Whether every token is read by itself.</summary>
    public bool IsPointwise => Vertical is { Kernel: 1, Stride: 1 } && Horizontal is { Kernel: 1, Stride: 1 };

    /// <summary>Whether a grid of that size can be what it reads.</summary>
    public bool Accepts(long height, long width) => Vertical.Accepts(height) && Horizontal.Accepts(width);
}

/// <summary>One direction of a convolution: what it reads and leaves.</summary>
/// <param name="Input">Rows (or columns) that the patches span, padding included where the file does not tell it apart.</param>
/// <param name="Output">Rows (or columns) of patches.</param>
/// <param name="Kernel">Rows (or columns) from the first to the last of a patch.</param>
/// <param name="Stride">The distance of two patches.</param>
internal sealed record SpatialExtent(long Input, long Output, long Kernel, long Stride)
{
    /// <summary>A direction in which every row is read by itself.</summary>
    public static SpatialExtent Pointwise(long rows) => new(rows, rows, 1, 1);

    /// <summary>
    /// Whether so many rows can be what it reads: padding adds at most a kernel's less one, and a stride may leave the last ones
    /// out.
    /// </summary>
    public bool Accepts(long rows) => rows >= Input - (Kernel - 1) && rows <= Input + Stride - 1;
}
