using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>A workload with one option chosen and placed for every phase.</summary>
public sealed record Schedule
{
    /// <summary>The workload.</summary>
    public required Workload Workload { get; init; }

    /// <summary>How the choice was found, and what is proven of it.</summary>
    public required SolverReport Solver { get; init; }

    /// <summary>What was minimised.</summary>
    public required ScheduleObjective Objective { get; init; }

    /// <summary>The objective of the choice with its unit, such as <c>1.085 ms</c>.</summary>
    public string ObjectiveText => ObjectiveUnit.Text(Objective, Solver.Objective);

    /// <summary>The phases in order.</summary>
    public required IReadOnlyList<ScheduledPhase> Phases { get; init => field = value.ToArray().AsReadOnly(); }

    /// <summary>Cost of moving the result to the I/O nodes.</summary>
    public required TransitionCost Output { get; init; }

    /// <summary>Options that were left after dominated ones were dropped.</summary>
    public required int OptionsKept { get; init; }

    /// <summary>The network.</summary>
    public DnnModel Model => Workload.Model;

    /// <summary>The machine.</summary>
    public PimArray Array => Workload.Array;

    /// <summary>The policy.</summary>
    public PartitionScheme Scheme => Workload.Scheme;

    /// <summary>Where each phase runs.</summary>
    public IReadOnlyList<PhasePlacement> Placement => Phases.Select(phase => phase.Placement).ToArray().AsReadOnly();

    /// <summary>Who keeps which weights, where the rest comes from and how often they are read: the weight rings of all phases.</summary>
    public IReadOnlyList<WeightRing> Weights => Phases.SelectMany(WeightRing.Of).ToArray().AsReadOnly();

    /// <summary>The placement's bytes × hops beside those of other placements and a lower bound; worked out on demand, at seed 0.</summary>
    public PlacementComparison ComparePlacements() => ComparePlacements(0);

    /// <summary>The same at another seed of the random and the annealed placement.</summary>
    public PlacementComparison ComparePlacements(int seed) => PlacementBinding.Compare(this, seed);

    /// <summary>Most memory that a node needs at any time, in bytes: residents of its region and the largest transient there.</summary>
    public long PeakNodeMemoryBytes => Phases.GroupBy(phase => phase.Option.Region)
        .Max(region => region.Sum(phase => phase.ResidentBytes) + region.Max(phase => phase.TransientBytes));

    /// <inheritdoc/>
    public override string ToString() => $"{Workload}, {Solver.Name}";
}
