using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>Which node holds each token of a phase.</summary>
/// <remarks>
/// An attention phase gives group slot ⌊κ·G/W⌋ the κ-th window along the curve (slot κ where there are more groups than windows) and
/// shards the window's tokens evenly over the group's ring. A token-wise phase shards its whole token order evenly over all nodes in use.
/// </remarks>
public static class TokenLayout
{
    /// <summary>Slot of the window with the given place along the curve.</summary>
    public static int SlotOf(int window, int windows, int groups) =>
        windows <= groups ? window : (int)((long)window * groups / windows);

    /// <summary>The node of each token of the phase's output grid, in raster order with extra tokens last.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="tiling">Its groups.</param>
    /// <param name="order">The order of its tokens.</param>
    /// <param name="slots">Slot of each window (of each group's share of the tokens of a token-wise phase); the structured layout if omitted.</param>
    public static int[] NodeOfToken(Phase phase, Tiling tiling, TokenOrder order, IReadOnlyList<int>? slots = null)
    {
        var (shares, ranks) = SharesOf(phase, tiling, order);
        var structured = slots is null ? StructuredSlots(phase, tiling) : null;
        var nodes = new int[shares.Length];
        for (var token = 0; token < nodes.Length; token++)
            nodes[token] = tiling[structured is null ? slots![shares[token]] : structured[shares[token]], ranks[token]];
        return nodes;
    }

    /// <summary>For each token the window it is in (of a token-wise phase the group's share of the tokens) and its rank in the group.</summary>
    public static (int[] Shares, int[] Ranks) SharesOf(Phase phase, Tiling tiling, TokenOrder order)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(tiling);
        ArgumentNullException.ThrowIfNull(order);
        var size = tiling.GroupSize;
        var places = phase.ActiveGroups(tiling) * size;
        var (shares, ranks) = (new int[order.Rank.Count], new int[order.Rank.Count]);
        for (var token = 0; token < shares.Length; token++)
        {
            if (phase.Kind == PhaseKind.Attention)
                (shares[token], ranks[token]) = (order.Window[token], (int)((long)order.Position[token] * size / order.WindowTokens));
            else
                (shares[token], ranks[token]) = Math.DivRem((int)((long)order.Rank[token] * places / shares.Length), size);
        }

        return (shares, ranks);
    }

    /// <summary>Slot of each window, or share, under the structured layout.</summary>
    public static int[] StructuredSlots(Phase phase, Tiling tiling)
    {
        ArgumentNullException.ThrowIfNull(phase);
        var groups = phase.ActiveGroups(tiling);
        return phase.Kind == PhaseKind.Attention
            ? [.. Enumerable.Range(0, phase.Windows).Select(window => SlotOf(window, phase.Windows, groups))]
            : [.. Enumerable.Range(0, groups)];
    }
}
