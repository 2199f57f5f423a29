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
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(tiling);
        ArgumentNullException.ThrowIfNull(order);
        var groups = phase.ActiveGroups(tiling);
        var size = tiling.GroupSize;
        var nodes = new int[order.Rank.Count];
        if (phase.Kind == PhaseKind.Attention)
        {
            for (var token = 0; token < nodes.Length; token++)
            {
                var rank = (int)((long)order.Position[token] * size / order.WindowTokens);
                nodes[token] = tiling[slots?[order.Window[token]] ?? SlotOf(order.Window[token], order.Windows, groups), rank];
            }

            return nodes;
        }

        var all = tiling.Nodes;
        for (var token = 0; token < nodes.Length; token++)
        {
            var place = (int)((long)order.Rank[token] * groups * size / nodes.Length);
            nodes[token] = slots is null ? all[place] : tiling[slots[place / size], place % size];
        }

        return nodes;
    }
}
