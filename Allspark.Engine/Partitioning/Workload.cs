using Allspark.Engine.Hardware;
using Allspark.Engine.Models;

namespace Allspark.Engine.Partitioning;

/// <summary>A network cut into branches and phases for one array under one scheme, with the ways open to each phase.</summary>
public sealed record Workload
{
    /// <summary>The network.</summary>
    public required DnnModel Model { get; init; }

    /// <summary>The machine.</summary>
    public required PimArray Array { get; init; }

    /// <summary>The policy.</summary>
    public required PartitionScheme Scheme { get; init; }

    /// <summary>Phases in the order of computation.</summary>
    public required IReadOnlyList<Phase> Phases { get; init => field = value.ToArray().AsReadOnly(); }

    /// <summary>Options of each phase, as generated: none dropped yet.</summary>
    public required IReadOnlyList<IReadOnlyList<PhaseOption>> Options
    {
        get;
        init
        {
            // Phases that share a list of options go on sharing it.
            var known = value.Distinct().ToDictionary(options => options, options => options.ToArray().AsReadOnly());
            field = value.Select(options => (IReadOnlyList<PhaseOption>)known[options]).ToArray().AsReadOnly();
        }
    }

    /// <summary>What the user wants of the schedule; it has been applied to <see cref="Options"/>.</summary>
    public ScheduleConstraints Constraints { get; init; } = ScheduleConstraints.None;

    /// <summary>Computational branches of all blocks.</summary>
    public IReadOnlyList<Branch> Branches =>
        (from phase in Phases
         where phase.Kind == PhaseKind.Attention
         from window in Enumerable.Range(0, phase.Windows)
         from head in Enumerable.Range(0, phase.Heads)
         select new Branch(phase.Block, window, phase.OrientationOf(window) * phase.Heads + head)).ToArray().AsReadOnly();

    /// <summary>Options of all phases together.</summary>
    public int OptionCount => Options.Sum(options => options.Count);

    /// <inheritdoc/>
    public override string ToString() => $"{Model.Name} on {Array.Name}, {Scheme}";
}
