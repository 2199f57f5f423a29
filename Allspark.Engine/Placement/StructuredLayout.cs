using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>
/// The structured placement: group rectangles tile the array along a space-filling curve, windows follow the same curve through the image, so
/// windows that exchange tokens are on neighbouring groups; head slices sit in ring order inside a group.
/// </summary>
public static class StructuredLayout
{
    /// <summary>Places a phase on a tiling.</summary>
    public static PhasePlacement Place(Phase phase, Tiling tiling)
    {
        ArgumentNullException.ThrowIfNull(phase);
        var groups = phase.ActiveGroups(tiling);
        return new PhasePlacement(phase.Index, tiling, phase.Kind != PhaseKind.Attention
            ? []
            : Enumerable.Range(0, phase.Windows).Select(window => TokenLayout.SlotOf(window, phase.Windows, groups)).ToArray());
    }
}
