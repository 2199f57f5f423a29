using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>The windows of an attention phase in the schedule's order.</summary>
internal static class WindowPrograms
{
    public static IReadOnlyList<WindowProgram> Of(TokenGrid grid, AttentionGeometry geometry, TokenOrder order)
    {
        var tokens = new int[order.Windows][];
        for (var window = 0; window < tokens.Length; window++)
            Array.Fill(tokens[window] = new int[order.WindowTokens], -1);
        for (var places = order; places is not null; places = places.Crossing)
        {
            for (var token = 0; token < places.Window.Count; token++)
                tokens[places.Window[token]][places.Position[token]] = token;
        }

        var masks = Masks(grid, geometry, order);
        return [.. tokens.Select((list, window) =>
        {
            var orientation = window * geometry.Orientations / tokens.Length;
            return new WindowProgram(window, list, masks(window)) { Orientation = orientation, Columns = Columns(grid, geometry, orientation) };
        })];
    }

    private static int Columns(TokenGrid grid, AttentionGeometry geometry, int orientation) => geometry switch
    {
        WindowAttention { Size: var size } => size,
        GridAttention { Size: var size } => size,
        StripeAttention { Width: var width } when orientation > 0 => width,
        _ => grid.Width,
    };

    private static Func<int, float[]?> Masks(TokenGrid grid, AttentionGeometry geometry, TokenOrder order)
    {
        switch (geometry)
        {
            case GlobalAttention { Causal: true }:
                var later = Pairs(order.WindowTokens, static (query, key) => key > query, float.NegativeInfinity);
                return _ => later;
            case WindowAttention window:
                var columns = (grid.Width + window.Size - 1) / window.Size;
                var rows = (grid.Height + window.Size - 1) / window.Size;
                var curve = SpaceFillingCurve.Order(rows, columns);
                var (seamRow, seamColumn) = (Seam(grid.Height, rows, window), Seam(grid.Width, columns, window));
                return index =>
                    SeamMask(window.Size, curve[index].Row * window.Size, curve[index].Column * window.Size, seamRow, seamColumn);
            default:
                return static _ => null;
        }
    }

    // First row (or column) of the rolled grid that came round from the other edge.
    private static int Seam(int extent, int windows, WindowAttention window) =>
        windows * window.Size - window.EffectiveShift(extent);

    // Two tokens on different sides of a seam are no neighbours in the image.
    private static float[]? SeamMask(int size, int top, int left, int seamRow, int seamColumn)
    {
        return top + size <= seamRow && left + size <= seamColumn
            ? null
            : Pairs(size * size, (query, key) => Side(query) != Side(key), ReferenceWindow.Masked);

        (bool, bool) Side(int position) => (top + position / size >= seamRow, left + position % size >= seamColumn);
    }

    private static float[] Pairs(int tokens, Func<int, int, bool> masked, float value)
    {
        var mask = new float[tokens * tokens];
        for (var query = 0; query < tokens; query++)
        {
            for (var key = 0; key < tokens; key++)
                mask[query * tokens + key] = masked(query, key) ? value : 0;
        }

        return mask;
    }
}
