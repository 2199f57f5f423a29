using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>The order in which a token grid is laid out: window by window along a space-filling curve, row by row within a window.</summary>
/// <remarks>Tokens are numbered in raster order, extra (class) tokens last. Extra tokens come first in the order, as in the sequence.</remarks>
public sealed class TokenOrder
{
    private TokenOrder(int windows, int windowTokens, int[] window, int[] position, int[] rank, TokenOrder? crossing = null)
    {
        Crossing = crossing;
        Windows = windows;
        WindowTokens = windowTokens;
        Window = window;
        Position = position;
        Rank = rank;
    }

    /// <summary>Windows along the curve.</summary>
    public int Windows { get; }

    /// <summary>Tokens of a whole window, those that overhang the grid included.</summary>
    public int WindowTokens { get; }

    /// <summary>Window of each token, numbered along the curve.</summary>
    public IReadOnlyList<int> Window { get; }

    /// <summary>Position of each token within its window.</summary>
    public IReadOnlyList<int> Position { get; }

    /// <summary>Rank of each token in the whole order.</summary>
    public IReadOnlyList<int> Rank { get; }

    /// <summary>The second window that each token lies in, where there is one: the vertical stripes, numbered after the horizontal ones.</summary>
    public TokenOrder? Crossing { get; }

    /// <summary>The order that the attention geometry gives the grid; raster order where there is none or it has one window.</summary>
    /// <exception cref="NotSupportedException">The geometry has no order.</exception>
    public static TokenOrder Of(TokenGrid grid, AttentionGeometry? geometry) => geometry switch
    {
        WindowAttention window => Windowed(grid, window),
        ImageBatch batch => Batched(Of(batch.One(grid), batch.OfOne), batch.One(grid), batch),
        StripeAttention stripe => Striped(grid, stripe),
        GridAttention spread => Spread(grid, spread),
        null or GlobalAttention or SpatialReductionAttention => Raster(grid),
        _ => throw new NotSupportedException($"No token order is defined for {geometry.GetType().Name}."),
    };

    // Image after image; where windows have orientations, those of one orientation stay together.
    private static TokenOrder Batched(TokenOrder one, TokenGrid grid, ImageBatch batch)
    {
        var (images, tokens, patches) = (batch.Images, grid.Tokens, grid.Height * grid.Width);
        var perOrientation = one.Windows / batch.Orientations;
        var (window, position, rank) = (new int[tokens * images], new int[tokens * images], new int[tokens * images]);
        for (var image = 0; image < images; image++)
        {
            for (var token = 0; token < tokens; token++)
            {
                var place = token < patches ? image * patches + token : patches * images + image * grid.ExtraTokens + token - patches;
                var (orientation, along) = Math.DivRem(one.Window[token], perOrientation);
                window[place] = (orientation * images + image) * perOrientation + along;
                position[place] = one.Position[token];
                rank[place] = image * tokens + one.Rank[token];
            }
        }

        var crossing = one.Crossing is null ? null : Batched(one.Crossing, grid, batch);
        return new TokenOrder(one.Windows * images, one.WindowTokens, window, position, rank, crossing);
    }

    private static TokenOrder Raster(TokenGrid grid)
    {
        var tokens = grid.Tokens;
        var position = new int[tokens];
        for (var token = 0; token < tokens; token++)
            position[token] = (token + grid.ExtraTokens) % tokens;
        return new TokenOrder(1, tokens, new int[tokens], position, position);
    }

    private static TokenOrder Windowed(TokenGrid grid, WindowAttention geometry)
    {
        var size = geometry.Size;
        var windowRows = (grid.Height + size - 1) / size;
        var windowColumns = (grid.Width + size - 1) / size;
        var along = PlacesAlongCurve(windowRows, windowColumns);

        // A shifted window reads the grid rolled by the shift; what overhangs is rolled in whole.
        var shiftRow = geometry.EffectiveShift(grid.Height);
        var shiftColumn = geometry.EffectiveShift(grid.Width);
        var (height, width) = (windowRows * size, windowColumns * size);
        var tokens = grid.Tokens;
        var (window, position) = (new int[tokens], new int[tokens]);
        for (var row = 0; row < grid.Height; row++)
        {
            var rolledRow = (row - shiftRow + height) % height;
            for (var column = 0; column < grid.Width; column++)
            {
                var rolledColumn = (column - shiftColumn + width) % width;
                var token = row * grid.Width + column;
                window[token] = along[rolledRow / size * windowColumns + rolledColumn / size];
                position[token] = rolledRow % size * size + rolledColumn % size;
            }
        }

        return new TokenOrder(along.Length, size * size, window, position, RankOf(window, position, size * size, along.Length));
    }

    // Horizontal stripes from top to bottom, vertical ones from left to right; rows of a stripe one after another.
    private static TokenOrder Striped(TokenGrid grid, StripeAttention geometry)
    {
        var (width, stripes, size) = (geometry.Width, geometry.Windows(grid), geometry.QueryTokens(grid));
        var vertical = Of(token => stripes + token % grid.Width / width, token => token / grid.Width * width + token % grid.Width % width, null);
        return Of(token => token / grid.Width / width, token => token / grid.Width % width * grid.Width + token % grid.Width, vertical);

        TokenOrder Of(Func<int, int> windowOf, Func<int, int> positionOf, TokenOrder? crossing)
        {
            int[] window = [.. Enumerable.Range(0, grid.Tokens).Select(windowOf)];
            int[] position = [.. Enumerable.Range(0, grid.Tokens).Select(positionOf)];
            return new TokenOrder(2 * stripes, size, window, position, RankOf(window, position, size, 2 * stripes), crossing);
        }
    }

    // A window takes every stride-th token of every stride-th row; windows of neighbouring offsets are neighbours along the curve.
    private static TokenOrder Spread(TokenGrid grid, GridAttention geometry)
    {
        var size = geometry.Size;
        var (strideRow, strideColumn) = ((grid.Height + size - 1) / size, (grid.Width + size - 1) / size);
        var along = PlacesAlongCurve(strideRow, strideColumn);
        var tokens = grid.Tokens;
        var (window, position) = (new int[tokens], new int[tokens]);
        for (var token = 0; token < grid.Height * grid.Width; token++)
        {
            var (row, column) = (token / grid.Width, token % grid.Width);
            window[token] = along[row % strideRow * strideColumn + column % strideColumn];
            position[token] = row / strideRow * size + column / strideColumn;
        }

        return new TokenOrder(along.Length, size * size, window, position, RankOf(window, position, size * size, along.Length));
    }

    private static int[] PlacesAlongCurve(int rows, int columns)
    {
        var along = new int[rows * columns];
        foreach (var (place, (row, column)) in SpaceFillingCurve.Order(rows, columns).Index())
            along[row * columns + column] = place;
        return along;
    }

    private static int[] RankOf(int[] window, int[] position, int windowTokens, int windows)
    {
        var occupied = new int[windows * windowTokens];
        for (var token = 0; token < window.Length; token++)
            occupied[window[token] * windowTokens + position[token]] = 1;
        var before = 0;
        for (var place = 0; place < occupied.Length; place++)
        {
            before += occupied[place];
            occupied[place] = before - occupied[place];
        }

        var rank = new int[window.Length];
        for (var token = 0; token < rank.Length; token++)
            rank[token] = occupied[window[token] * windowTokens + position[token]];
        return rank;
    }
}
