using Allspark.Engine.Models;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>One window of the plain network, by direct indexing of the image.</summary>
/// <param name="Tokens">Token at each position, in raster order of the grid; −1 where the window overhangs it.</param>
/// <param name="Regions">
/// Label of the image region that each position comes from: after a cyclic shift, positions of different labels are no neighbours
/// in the image and must not attend to each other.
/// </param>
internal sealed record ReferenceWindow(int[] Tokens, int[] Regions)
{
    /// <summary>Tokens of a row of the window.</summary>
    public required int Columns { get; init; }

    /// <summary>Part of the heads that attend in it: all, or half of them from the first or the middle one.</summary>
    public (int Part, int Parts) Heads { get; init; } = (0, 1);

    /// <summary>Added to the score of a pair that must not attend, as in the authors' code of Swin.</summary>
    public const float Masked = -100;

    /// <summary>The windows of a grid in raster order.</summary>
    public static IReadOnlyList<ReferenceWindow> Of(TokenGrid grid, AttentionGeometry geometry) => geometry switch
    {
        WindowAttention window => Shifted(grid, window),
        StripeAttention stripe => Stripes(grid, stripe),
        GridAttention spread => Spread(grid, spread),
        GlobalAttention or SpatialReductionAttention => [Whole(grid)],
        _ => throw new NotSupportedException($"No numeric execution is defined for attention of kind {geometry.GetType().Name}."),
    };

    // Extra tokens come first in the sequence.
    private static ReferenceWindow Whole(TokenGrid grid)
    {
        var patches = grid.Height * grid.Width;
        int[] tokens = [.. Enumerable.Range(patches, grid.ExtraTokens), .. Enumerable.Range(0, patches)];
        return new ReferenceWindow(tokens, new int[tokens.Length]) { Columns = grid.Width };
    }

    // Bands of rows for the first half of the heads, bands of columns for the second (arXiv:2107.00652, section 3.2).
    private static List<ReferenceWindow> Stripes(TokenGrid grid, StripeAttention geometry)
    {
        var windows = new List<ReferenceWindow>();
        for (var top = 0; top < grid.Height; top += geometry.Width)
            windows.Add(Cut(grid, top, 0, geometry.Width, grid.Width) with { Heads = (0, 2) });
        for (var left = 0; left < grid.Width; left += geometry.Width)
            windows.Add(Cut(grid, 0, left, grid.Height, geometry.Width) with { Heads = (1, 2) });
        return windows;
    }

    private static ReferenceWindow Cut(TokenGrid grid, int top, int left, int height, int width)
    {
        var tokens = new List<int>();
        for (var row = top; row < top + height; row++)
        {
            for (var column = left; column < left + width; column++)
                tokens.Add(row < grid.Height && column < grid.Width ? row * grid.Width + column : -1);
        }

        return new ReferenceWindow([.. tokens], new int[tokens.Count]) { Columns = width };
    }

    // The grid is cut into g×g cells; a window takes the same place of every cell (arXiv:2204.01697, section 3.2).
    private static List<ReferenceWindow> Spread(TokenGrid grid, GridAttention geometry)
    {
        var size = geometry.Size;
        var (cellHeight, cellWidth) = ((grid.Height + size - 1) / size, (grid.Width + size - 1) / size);
        var windows = new List<ReferenceWindow>();
        for (var place = 0; place < cellHeight * cellWidth; place++)
        {
            var tokens = new int[size * size];
            for (var cell = 0; cell < tokens.Length; cell++)
            {
                var row = cell / size * cellHeight + place / cellWidth;
                var column = cell % size * cellWidth + place % cellWidth;
                tokens[cell] = row < grid.Height && column < grid.Width ? row * grid.Width + column : -1;
            }

            windows.Add(new ReferenceWindow(tokens, new int[tokens.Length]) { Columns = size });
        }

        return windows;
    }

    // Pad to whole windows, roll up and left by the shift, cut.
    private static List<ReferenceWindow> Shifted(TokenGrid grid, WindowAttention geometry)
    {
        var size = geometry.Size;
        var height = (grid.Height + size - 1) / size * size;
        var width = (grid.Width + size - 1) / size * size;
        var shiftRow = geometry.EffectiveShift(grid.Height);
        var shiftColumn = geometry.EffectiveShift(grid.Width);
        var windows = new List<ReferenceWindow>();
        for (var top = 0; top < height; top += size)
        {
            for (var left = 0; left < width; left += size)
            {
                var (tokens, regions) = (new int[size * size], new int[size * size]);
                for (var position = 0; position < tokens.Length; position++)
                {
                    var (row, column) = (top + position / size, left + position % size);
                    var (sourceRow, sourceColumn) = ((row + shiftRow) % height, (column + shiftColumn) % width);
                    var inside = sourceRow < grid.Height && sourceColumn < grid.Width;
                    tokens[position] = inside ? sourceRow * grid.Width + sourceColumn : -1;
                    regions[position] = 3 * Region(row, height, size, shiftRow) + Region(column, width, size, shiftColumn);
                }

                windows.Add(new ReferenceWindow(tokens, regions) { Columns = size });
            }
        }

        return windows;
    }

    // Three bands of the rolled grid: whole windows, the last one before the seam, what came round (arXiv:2103.14030, figure 4).
    private static int Region(int place, int extent, int size, int shift) =>
        shift == 0 || place < extent - size ? 0 : place < extent - shift ? 1 : 2;
}
