using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation;

/// <summary>Adds up a schedule's phases and moves by closed forms, and its traffic link by link.</summary>
public static class AnalyticSimulator
{
    /// <summary>Measures a schedule.</summary>
    public static Measurement Measure(Schedule schedule, MachineModel machine)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(machine);
        var phases = new List<PhaseMeasurement>(schedule.Phases.Count);
        var clock = 0.0;
        foreach (var phase in schedule.Phases)
        {
            var measured = Measure(phase, schedule, clock);
            phases.Add(measured);
            clock += measured.LatencySeconds;
        }

        var latency = clock + schedule.Output.LatencySeconds;
        var links = LinkTraffic.Of(schedule, machine);
        return new Measurement
        {
            Schedule = schedule,
            Fidelity = Fidelity.Analytic,
            LatencySeconds = latency,
            IntervalSeconds = schedule.Scheme == PartitionScheme.LayerPipeline ? PhaseMeasurement.SlowestStage(schedule, phases) : latency,
            Energy = phases.Aggregate(schedule.Output.Energy, (sum, phase) => sum + phase.Energy),
            Phases = phases,
            ExposedCommunicationSeconds = phases.Sum(phase => phase.ExposedCommunicationSeconds) + schedule.Output.LatencySeconds,
            PeakNodeMemoryBytes = schedule.PeakNodeMemoryBytes,
            LinkBytes = links,
            Bounds = LatencyBounds.Of(schedule, links),
        };
    }

    private static PhaseMeasurement Measure(ScheduledPhase phase, Schedule schedule, double start)
    {
        var latency = phase.Transition.LatencySeconds + phase.Cost.LatencySeconds;
        return new PhaseMeasurement
        {
            Index = phase.Index,
            Block = phase.Block,
            Kind = phase.Kind,
            Macs = phase.Phase.Macs,
            StartSeconds = start,
            LatencySeconds = latency,
            ComputeSeconds = phase.Cost.ComputeSeconds,
            ExchangeSeconds = phase.Cost.ExchangeSeconds,
            FetchSeconds = phase.Cost.FetchSeconds,
            TransitionSeconds = phase.Transition.LatencySeconds,
            ExposedCommunicationSeconds = phase.Transition.LatencySeconds + phase.Cost.ExposedCommunicationSeconds,
            Utilization = phase.Phase.Macs / (schedule.Array.PeakMacsPerSecond * latency),
            NodeMemoryBytes = phase.ResidentBytes + phase.TransientBytes,
            Energy = phase.Transition.Energy + phase.Cost.Energy,
        };
    }
}
