using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>Where one phase runs: the nodes of each group slot, and the slot of each window.</summary>
/// <param name="PhaseIndex">The phase.</param>
/// <param name="Tiling">Groups in slot order, nodes in ring order.</param>
/// <param name="WindowSlots">Group slot of each window, windows numbered along the space-filling curve; empty for a token-wise phase.</param>
public sealed record PhasePlacement(int PhaseIndex, Tiling Tiling, IReadOnlyList<int> WindowSlots);
