using Allspark.Engine.Specifications;

namespace Allspark.Engine.Import.Peers;

/// <summary>
/// A nest of loops around one multiply-accumulate, O[…] += A[…]·B[…], each index a loop or a sum of two. The products that it
/// comes to follow from which loops each array has: both operands and the result, a group; the first operand and the result, a
/// row; the second and the result, a column; both operands alone, a term of the sum. The work is the product of all loops,
/// whatever their names.
/// </summary>
internal sealed record LoopNest
{
    /// <summary>The most loops of a nest.</summary>
    public const int MostLoops = 32;

    /// <summary>The loops in the order of the file: name and trips.</summary>
    public required IReadOnlyList<(string Name, long Size)> Loops { get; init; }

    /// <summary>Loops of the result, the first operand (inputs) and the second (weights), in the order of their
    /// indices.</summary>
    public required LoopArrays Arrays { get; init; }

    /// <summary>Indices of the first operand that are sums: stride · output loop + dilation · kernel loop.</summary>
    public IReadOnlyList<SlidingIndex> Sliding { get; init; } = [];

    /// <summary>The loop over images that are computed together, if there is one.</summary>
    public string? BatchLoop { get; init; }

    /// <summary>The step that it is, for one image.</summary>
    /// <param name="name">The step's name.</param>
    /// <param name="place">Where it stands in the file.</param>
    /// <param name="ofActivations">Whether the second operand is computed by an earlier step.</param>
    /// <param name="images">How many images there are; 1 where no loop is over them.</param>
    /// <exception cref="SpecificationException">A loop is in one array alone, so that there is no product.</exception>
    /// <exception cref="OverflowException">A size is more than can be counted.</exception>
    public PeerStep Step(string name, SpecificationNode place, bool ofActivations, out int images)
    {
        images = 1;
        var (groups, rows, columns, plain, kernels) = (1L, 1L, 1L, 1L, 1L);
        foreach (var (loop, size) in Loops)
        {
            checked
            {
                switch (Arrays.Output.Contains(loop), Arrays.Input.Contains(loop), Arrays.Weights.Contains(loop))
                {
                    case (true, true, var shared) when loop == BatchLoop && (!shared || ofActivations):
                        images = size <= Models.ModelCatalog.LargestBatch ? (int)size : throw place.Error(
                            $"{loop} = {size} images are computed together. Allowed: 1 to {Models.ModelCatalog.LargestBatch}.");
                        break;
                    case (true, true, true):
                        groups *= size;
                        break;
                    case (true, true, false):
                        rows *= Sliding.Any(index => index.Output == loop) ? 1 : size;
                        break;
                    case (true, false, true):
                        columns *= size;
                        break;
                    case (false, true, true) when Sliding.Any(index => index.Kernel == loop):
                        kernels *= size;
                        break;
                    case (false, true, true):
                        plain *= size;
                        break;
                    case var _ when size == 1:
                        break;
                    case var _:
                        throw place.Error($"the loop {loop} = {size} is in one array alone: that is no matrix product.");
                }
            }
        }

        var directions = Directions(rows);
        return new PeerStep
        {
            Name = name,
            Place = place,
            Groups = groups,
            Reduction = checked(plain * kernels),
            Columns = columns,
            Channels = checked(groups * plain),
            Vertical = directions.Vertical,
            Horizontal = directions.Horizontal,
            IsConvolution = Sliding.Count > 0,
            OfActivations = ofActivations,
        };
    }

    // Rows that slide nowhere lie along the first direction, and so do all directions but the last two.
    private (SpatialExtent Vertical, SpatialExtent Horizontal) Directions(long rows)
    {
        var sizes = Loops.ToDictionary(loop => loop.Name, loop => loop.Size, StringComparer.Ordinal);
        var extents = Sliding.OrderBy(index => Arrays.Output.IndexOf(index.Output)).Select(index => index.Extent(sizes)).ToList();
        checked
        {
            while (extents.Count > 2)
            {
                rows *= extents[0].Output;
                extents.RemoveAt(0);
            }

            var vertical = extents.Count > 0 ? extents[0] : SpatialExtent.Pointwise(1);
            var horizontal = extents.Count > 1 ? extents[1] : SpatialExtent.Pointwise(1);
            return (rows == 1 ? vertical : new SpatialExtent(vertical.Input * rows, vertical.Output * rows, vertical.Kernel,
                vertical.Stride), horizontal);
        }
    }
}

/// <summary>The loops that index each array of a nest.</summary>
internal sealed record LoopArrays(List<string> Output, List<string> Input, List<string> Weights);

/// <summary>An index that slides: stride · output + dilation · kernel.</summary>
/// <param name="Output">The loop over outputs.</param>
/// <param name="Stride">The distance of two patches.</param>
/// <param name="Kernel">The loop over the patch.</param>
/// <param name="Dilation">The distance of two elements of a patch.</param>
internal sealed record SlidingIndex(string Output, long Stride, string Kernel, long Dilation)
{
    /// <summary>What it reads and leaves.</summary>
    public SpatialExtent Extent(Dictionary<string, long> sizes)
    {
        var (outputs, kernels) = (sizes.GetValueOrDefault(Output, 1), sizes.GetValueOrDefault(Kernel, 1));
        var patch = checked((Dilation * (kernels - 1)) + 1);
        return new SpatialExtent(checked((Stride * (outputs - 1)) + patch), outputs, patch, Stride);
    }
}
