using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Scheduling;

/// <summary>Cost of one phase option on one machine: the seam at which machine families differ.</summary>
public interface IPhaseCostModel
{
    /// <summary>Latency, memory, traffic and energy of a phase under an option.</summary>
    PhaseCost Evaluate(Phase phase, PhaseOption option);

    /// <summary>The exchanges that the option makes, for link loads.</summary>
    IReadOnlyList<Exchange> Exchanges(Phase phase, PhaseOption option);
}
