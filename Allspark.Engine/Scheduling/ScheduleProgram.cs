using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Scheduling;

/// <summary>The integer program of a workload, independent of any solver.</summary>
/// <remarks>
/// Minimise Σ objective[p,o]·x[p,o] + Σ transition[p,l,l']·y[p,l,l'] with one option a phase, y linking the layout classes of consecutive
/// phases, and for every phase q of a region: Σ_p w[p,o]·x[p,o] (phases p of the region) + Σ_o a[q,o]·x[q,o] ≤ capacity. With an energy budget, energy summed as the objective is
/// stays within it. Coefficients are integers.
/// </remarks>
public sealed record ScheduleProgram
{
    /// <summary>The workload.</summary>
    public required Workload Workload { get; init; }

    /// <summary>What is minimised.</summary>
    public required ScheduleObjective Objective { get; init; }

    /// <summary>The phases in order.</summary>
    public required IReadOnlyList<ProgramPhase> Phases { get; init; }

    /// <summary>Transition from each layout class of the last phase to the I/O nodes.</summary>
    public required IReadOnlyList<Coefficient> TransitionsOut { get; init; }

    /// <summary>Memory of a node, in bytes.</summary>
    public required long CapacityBytes { get; init; }

    /// <summary>Energy of a choice at most, in picojoules; <see langword="null"/> for any. In programs of other objectives energy is what breaks ties.</summary>
    public long? EnergyLimitPicojoules { get; init; }

    /// <summary>Options left after dominated ones were dropped.</summary>
    public int OptionCount => Phases.Sum(phase => phase.Options.Count);

    /// <summary>Objective and tie-break of a choice of one option (by index) for each phase.</summary>
    public Coefficient ValueOf(IReadOnlyList<int> choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var (total, layout) = (default(Coefficient), 0);
        for (var p = 0; p < Phases.Count; p++)
        {
            var option = Phases[p].Options[choice[p]];
            total += Phases[p].TransitionFrom(layout, option.LayoutClass) + option.Coefficient;
            layout = option.LayoutClass;
        }

        return total + TransitionsOut[layout];
    }

    /// <summary>Whether a choice is within the memory of the nodes and the energy limit.</summary>
    public bool Fits(IReadOnlyList<int> choice) =>
        MemoryOf(choice) <= CapacityBytes && (EnergyLimitPicojoules is not { } limit || EnergyOf(choice) <= limit);

    /// <summary>Energy of a choice in picojoules.</summary>
    public long EnergyOf(IReadOnlyList<int> choice)
    {
        var value = ValueOf(choice);
        return Objective == ScheduleObjective.Energy ? value.Objective : value.TieBreak;
    }

    /// <summary>Bytes that a choice needs on the fullest node of any region: its residents and its largest transient.</summary>
    public long MemoryOf(IReadOnlyList<int> choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return Phases.Index().GroupBy(item => item.Item.Region)
            .Max(region => region.Sum(item => item.Item.Options[choice[item.Index]].ResidentBytes)
                + region.Max(item => item.Item.Options[choice[item.Index]].TransientBytes));
    }
}
