using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>Where one phase runs: the nodes of each group slot, and the slot of each window.</summary>
/// <param name="PhaseIndex">The phase.</param>
/// <param name="Tiling">Groups in slot order, nodes in ring order.</param>
/// <param name="WindowSlots">
/// Group slot of each window, windows numbered along the space-filling curve. Of a token-wise phase the slot of each group's share of the
/// tokens, in their order; empty where that is the share's own number.
/// </param>
public sealed record PhasePlacement(int PhaseIndex, Tiling Tiling, IReadOnlyList<int> WindowSlots)
{
    /// <summary>Group slot of each window.</summary>
    public IReadOnlyList<int> WindowSlots { get; init => field = value.ToArray().AsReadOnly(); } = WindowSlots.ToArray().AsReadOnly();

    /// <summary>Whether every window (share) has a slot that the phase uses.</summary>
    public bool IsLegal(Phase phase)
    {
        ArgumentNullException.ThrowIfNull(phase);
        var groups = phase.ActiveGroups(Tiling);
        var shares = phase.Kind == PhaseKind.Attention ? phase.Windows : groups;
        return (WindowSlots.Count == shares || (WindowSlots.Count == 0 && phase.Kind != PhaseKind.Attention))
            && WindowSlots.All(slot => slot >= 0 && slot < groups);
    }

    /// <summary>Whether the slots are those of <see cref="StructuredLayout"/>.</summary>
    public bool IsStructured(Phase phase)
    {
        ArgumentNullException.ThrowIfNull(phase);
        var groups = phase.ActiveGroups(Tiling);
        return WindowSlots.Index().All(window =>
            window.Item == (phase.Kind == PhaseKind.Attention ? TokenLayout.SlotOf(window.Index, phase.Windows, groups) : window.Index));
    }

    /// <inheritdoc/>
    public override string ToString() => $"phase {PhaseIndex}: {WindowSlots.Count} windows in {Tiling}";
}
