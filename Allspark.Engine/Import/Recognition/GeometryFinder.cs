using Allspark.Engine.Import.Onnx;
using Allspark.Engine.Models;

namespace Allspark.Engine.Import.Recognition;

/// <summary>Tells from where the queries of each window come from which tokens attend to which.</summary>
internal sealed class GeometryFinder(DataFlow flow, TokenTracer tracer)
{
    /// <summary>The geometry of an attention; null where it is none of those the engine knows.</summary>
    /// <param name="cores">The attention's cores: one, or two of half the heads each.</param>
    /// <param name="windows">Windows of one core.</param>
    /// <param name="grid">The block's tokens.</param>
    public AttentionGeometry? Of(IReadOnlyList<AttentionCore> cores, long windows, TokenGrid grid)
    {
        var core = cores[0];
        if (cores.Count == 1 && windows == 1)
            return Whole(core, grid);
        var tokens = cores.Select(part => WindowTokens(part, windows)).ToArray();
        if (Array.Exists(tokens, part => part is null))
            return null;
        return cores.Count == 2 ? Stripe(core, windows, grid, tokens!) : Local(core, windows, grid, tokens[0]!);
    }

    // One window of all tokens; the keys may be pooled.
    private AttentionGeometry? Whole(AttentionCore core, TokenGrid grid)
    {
        if (core.QueryTokens != grid.Tokens)
            return null;
        if (core.KeyTokens == core.QueryTokens)
        {
            // A bias for each pair of neighbours' distances makes the single window of a small grid one of those that larger grids have.
            return grid is { ExtraTokens: 0 } && grid.Height == grid.Width && core.Added(flow, core.Branches).Any(added => !added.IsMask)
                ? new WindowAttention(grid.Height, 0)
                : new GlobalAttention(core.IsCausal(flow));
        }

        for (var ratio = 2; ratio <= Math.Min(grid.Height, grid.Width); ratio++)
        {
            var pooled = new SpatialReductionAttention(ratio);
            if (pooled.KeyTokens(grid) == core.KeyTokens)
                return pooled;
        }

        return null;
    }

    private static AttentionGeometry? Local(AttentionCore core, long windows, TokenGrid grid, TokenPlace[][] tokens)
    {
        var side = (int)Math.Sqrt(core.QueryTokens);
        if ((long)side * side != core.QueryTokens || core.KeyTokens != core.QueryTokens || grid.ExtraTokens > 0)
            return null;
        var (down, across) = ((grid.Height + side - 1) / side, (grid.Width + side - 1) / side);
        if (windows != (long)down * across)
            return null;
        var (height, width) = (down * side, across * side);
        for (var shift = 0; shift < side; shift++)
        {
            if (Fits(tokens, place => (Modulo(place.Row - shift, height) / side * across) + (Modulo(place.Column - shift, width) / side)))
                return new WindowAttention(side, shift);
            if (!Shifted(tokens))
                break;
        }

        return height == grid.Height && width == grid.Width && Fits(tokens, place => (place.Row % down * across) + (place.Column % across))
            ? new GridAttention(side)
            : null;
    }

    // A first window that begins elsewhere than with the first token is shifted, or only filling.
    private static bool Shifted(TokenPlace[][] tokens) => tokens[0][0] is not { InGrid: true, Index: 0 };

    private static StripeAttention? Stripe(AttentionCore core, long windows, TokenGrid grid, TokenPlace[][][] tokens)
    {
        if (grid.Height != grid.Width || grid.ExtraTokens > 0 || core.QueryTokens % grid.Height != 0 || core.KeyTokens != core.QueryTokens)
            return null;
        var width = (int)(core.QueryTokens / grid.Height);
        if (windows * width != grid.Height)
            return null;
        bool Rows(TokenPlace[][] part) => Fits(part, place => place.Row / width);
        bool Columns(TokenPlace[][] part) => Fits(part, place => place.Column / width);
        return (Rows(tokens[0]) && Columns(tokens[1])) || (Columns(tokens[0]) && Rows(tokens[1])) ? new StripeAttention(width) : null;
    }

    // Every window holds the tokens that the rule puts together, and no two windows the same.
    private static bool Fits(TokenPlace[][] windows, Func<TokenPlace, int> windowOf)
    {
        var taken = new HashSet<int>();
        foreach (var window in windows)
        {
            var of = -1;
            foreach (var place in window)
            {
                if (!place.InGrid)
                    continue;
                var wanted = windowOf(place);
                if (of >= 0 && of != wanted)
                    return false;
                of = wanted;
            }

            if (of >= 0 && !taken.Add(of))
                return false;
        }

        return true;
    }

    // The tokens of each window's queries, as those of the first head show them.
    private TokenPlace[][]? WindowTokens(AttentionCore core, long windows)
    {
        var scores = core.Scores;
        if (scores.Data.Tensor.Count != scores.Groups * scores.Rows * scores.Reduction || tracer.RowsOf(core.Query.Product) is not { } rows
            || scores.Rows > rows.Length)
            return null;
        var found = new List<TokenPlace[]>();
        for (var branch = 0L; branch < scores.Groups; branch++)
        {
            var first = branch * scores.Rows * scores.Reduction;
            if (tracer.ProductOf(scores.Data, first) is not { } element || element.Product != core.Query.Product)
                return null;
            if (element.Column != core.Query.Column)
                continue;
            var window = new TokenPlace[scores.Rows];
            for (var row = 0; row < window.Length; row++)
            {
                if (tracer.ProductOf(scores.Data, first + (row * scores.Reduction)) is not { } query || query.Row >= rows.Length
                    || (window[row] = rows[query.Row]) == TokenPlace.Lost)
                    return null;
            }

            found.Add(window);
        }

        return found.Count == windows ? [.. found] : null;
    }

    private static int Modulo(int value, int size) => ((value % size) + size) % size;
}
