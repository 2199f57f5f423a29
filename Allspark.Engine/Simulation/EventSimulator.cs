using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation.Events;

namespace Allspark.Engine.Simulation;

/// <summary>
/// Executes a schedule as discrete events: groups compute chunk after chunk, exchanges and fetches occupy the links of their routes, and
/// a group starts its next phase when the tokens that it reads have come (docs/model.md, "Measurement").
/// </summary>
public static class EventSimulator
{
    /// <summary>Measures a schedule.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Measurement Measure(Schedule schedule, MachineModel machine, CancellationToken cancellationToken = default) =>
        Measure(schedule, machine, block: null, cancellationToken);

    /// <summary>Measures a schedule and keeps the timeline of one block.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="machine">The model of its machine.</param>
    /// <param name="block">Name of the layer; <see langword="null"/> for no timeline.</param>
    /// <param name="cancellationToken">Cancels the simulation.</param>
    /// <exception cref="ArgumentException">The network has no such layer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Measurement Measure(Schedule schedule, MachineModel machine, string? block, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(machine);
        if (block is not null && !schedule.Phases.Any(phase => phase.Block == block))
            throw new ArgumentException(
                $"{schedule.Model.Name} has no block '{block}'. Its blocks: {string.Join(", ", schedule.Phases.Select(phase => phase.Block).Distinct())}.",
                nameof(block));
        var recorder = block is null ? null : new TimelineRecorder(schedule, block);
        var execution = new EventExecution(EventPlanBuilder.Build(schedule, machine), schedule, recorder);
        var latency = execution.Execute(cancellationToken);
        var links = LinkTraffic.Of(schedule, machine);
        var (phases, end) = Phases(schedule, execution.Times);
        var output = latency - end;
        return new Measurement
        {
            Schedule = schedule,
            Fidelity = Fidelity.Event,
            LatencySeconds = latency,
            IntervalSeconds = schedule.Scheme == PartitionScheme.LayerPipeline ? PhaseMeasurement.SlowestStage(schedule, phases) : latency,
            Energy = phases.Aggregate(Over(schedule, schedule.Output.Energy, output), (sum, phase) => sum + phase.Energy),
            Phases = phases,
            ExposedCommunicationSeconds = phases.Sum(phase => phase.ExposedCommunicationSeconds) + output,
            PeakNodeMemoryBytes = schedule.PeakNodeMemoryBytes,
            LinkBytes = links,
            Bounds = LatencyBounds.Of(schedule, links),
            Timeline = recorder?.Finish(),
        };
    }

    // A phase lasts from the end of the one before to its own, so that the phases add up although they overlap.
    private static (List<PhaseMeasurement> Phases, double End) Phases(Schedule schedule, IReadOnlyList<PhaseTimes> times)
    {
        var measured = new List<PhaseMeasurement>(times.Count);
        var clock = 0.0;
        foreach (var (phase, time) in schedule.Phases.Zip(times))
        {
            var end = Math.Max(clock, time.End);
            var latency = end - clock;
            measured.Add(new PhaseMeasurement
            {
                Index = phase.Index,
                Block = phase.Block,
                Kind = phase.Kind,
                Macs = phase.Phase.Macs,
                StartSeconds = clock,
                LatencySeconds = latency,
                ComputeSeconds = time.ComputeSeconds,
                ExchangeSeconds = time.ExchangeSeconds,
                FetchSeconds = time.FetchSeconds,
                TransitionSeconds = Math.Clamp(time.LastStart - clock, 0, latency),
                ExposedCommunicationSeconds = Math.Max(0, latency - time.ComputeSeconds),
                Utilization = latency > 0 ? phase.Phase.Macs / (schedule.Array.PeakMacsPerSecond * latency) : 0,
                NodeMemoryBytes = phase.ResidentBytes + phase.TransientBytes,
                Energy = Over(schedule, phase.Transition.Energy + phase.Cost.Energy, latency),
            });
            clock = end;
        }

        return (measured, clock);
    }

    // All but the static energy is of what is done, not of when.
    private static EnergyBreakdown Over(Schedule schedule, EnergyBreakdown energy, double seconds) =>
        energy with { StaticJoules = seconds * schedule.Array.Energy.StaticWattsPerNode * schedule.Array.NodeCount };
}
