using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Scheduling;

/// <summary>One phase of the program with the options that no other dominates.</summary>
public sealed record ProgramPhase
{
    /// <summary>The phase.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Its options, in the order in which they were generated.</summary>
    public required IReadOnlyList<ProgramOption> Options { get; init; }

    /// <summary>Options before dominated ones were dropped.</summary>
    public required int GeneratedOptions { get; init; }

    /// <summary>Tiling of each layout class.</summary>
    public required IReadOnlyList<Tiling> Layouts { get; init; }

    /// <summary>Region of the array whose memory the phase uses.</summary>
    public required int Region { get; init; }

    /// <summary>
    /// Transition coefficients from the layout classes of the phase before (one class, the I/O nodes, for the first phase), row-major
    /// [before, here], in the objective's unit.
    /// </summary>
    public required IReadOnlyList<Coefficient> TransitionsIn { get; init; }

    /// <summary>Coefficient of the transition from a layout class of the phase before.</summary>
    public Coefficient TransitionFrom(int layoutBefore, int layout) => TransitionsIn[layoutBefore * Layouts.Count + layout];
}
