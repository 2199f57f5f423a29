using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Simulation;

/// <summary>One phase's part of a measurement.</summary>
public sealed record PhaseMeasurement
{
    /// <summary>Position in the network.</summary>
    public required int Index { get; init; }

    /// <summary>Layer the phase belongs to.</summary>
    public required string Block { get; init; }

    /// <summary>What the phase computes.</summary>
    public required PhaseKind Kind { get; init; }

    /// <summary>Multiply-accumulate operations.</summary>
    public required long Macs { get; init; }

    /// <summary>Start after the beginning of the inference, transition included, in seconds.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>Time of the phase with the token move before it, in seconds.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Computation of the busiest node, in seconds.</summary>
    public required double ComputeSeconds { get; init; }

    /// <summary>Exchange within the groups, hidden or not, in seconds.</summary>
    public required double ExchangeSeconds { get; init; }

    /// <summary>Fetch of shared or streamed weights, hidden or not, in seconds.</summary>
    public required double FetchSeconds { get; init; }

    /// <summary>Token move from the phase before, in seconds.</summary>
    public required double TransitionSeconds { get; init; }

    /// <summary>Part of the latency in which the busiest node waits for the interconnect, in seconds.</summary>
    public required double ExposedCommunicationSeconds { get; init; }

    /// <summary>Share of the array's peak that the phase's operations make over its latency.</summary>
    public required double Utilization { get; init; }

    /// <summary>Weights kept and further bytes needed on the fullest node.</summary>
    public required long NodeMemoryBytes { get; init; }

    /// <summary>Energy by component, the transition's included.</summary>
    public required EnergyBreakdown Energy { get; init; }

    /// <summary>Time of the slowest region: what separates results where the regions of the array work on successive inferences.</summary>
    internal static double SlowestStage(Schedule schedule, IEnumerable<PhaseMeasurement> phases) => schedule.Phases.Zip(phases)
        .GroupBy(pair => pair.First.Option.Region)
        .Max(stage => stage.Sum(pair => pair.Second.LatencySeconds));

    /// <inheritdoc/>
    public override string ToString() => $"{Block} {Kind}: {new PhysicalQuantity(LatencySeconds, "s")}, {Energy}";
}
