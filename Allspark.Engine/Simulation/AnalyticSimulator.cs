using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation;

/// <summary>Adds up a schedule's phases and moves by closed forms, and its traffic link by link.</summary>
public static class AnalyticSimulator
{
    private const int LinksReported = 8;

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
        var links = LinkBytes(schedule, machine);
        return new Measurement
        {
            Schedule = schedule,
            Fidelity = Fidelity.Analytic,
            LatencySeconds = latency,
            IntervalSeconds = schedule.Scheme == PartitionScheme.LayerPipeline ? SlowestStage(schedule, phases) : latency,
            Energy = phases.Aggregate(schedule.Output.Energy, (sum, phase) => sum + phase.Energy),
            Phases = phases,
            ExposedCommunicationSeconds = phases.Sum(phase => phase.ExposedCommunicationSeconds) + schedule.Output.LatencySeconds,
            PeakNodeMemoryBytes = schedule.PeakNodeMemoryBytes,
            HeaviestLinks = Heaviest(schedule, links),
            Bounds = Bounds(schedule, links),
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

    private static double SlowestStage(Schedule schedule, List<PhaseMeasurement> phases) => schedule.Phases.Zip(phases)
        .GroupBy(pair => pair.First.Option.Region)
        .Max(stage => stage.Sum(pair => pair.Second.LatencySeconds));

    private static double[] LinkBytes(Schedule schedule, MachineModel machine)
    {
        var totals = new double[schedule.Array.Interconnect.LinkCount];
        (Phase Phase, Tiling Tiling)? before = null;
        foreach (var phase in schedule.Phases)
        {
            var here = (phase.Phase, phase.Option.Tiling);
            AddMove(before, here);
            foreach (var exchange in machine.Costs.Exchanges(phase.Phase, phase.Option))
                Add(totals, machine.LinkShards(phase.Phase, phase.Option.Tiling, exchange), exchange.ShardBytes * exchange.Repeats);
            before = here;
        }

        AddMove(before, null);
        return totals;

        void AddMove((Phase Phase, Tiling)? producer, (Phase Phase, Tiling)? consumer) =>
            Add(totals, machine.Flows.Links(producer, consumer), TokenFlows.TokenBytes(producer?.Phase, consumer?.Phase, schedule.Model.Precision));
    }

    private static void Add(double[] totals, IReadOnlyList<long> links, double factor)
    {
        for (var link = 0; link < totals.Length; link++)
            totals[link] += links[link] * factor;
    }

    private static LinkLoad[] Heaviest(Schedule schedule, double[] linkBytes) =>
    [
        .. linkBytes.Index().Where(link => link.Item > 0).OrderByDescending(link => link.Item).ThenBy(link => link.Index).Take(LinksReported)
            .Select(link => new LinkLoad(schedule.Array.Interconnect[link.Index], link.Item)),
    ];

    private static LatencyBounds Bounds(Schedule schedule, double[] linkBytes)
    {
        var array = schedule.Array;
        var dramBytes = schedule.Phases.Sum(phase => phase.Cost.DramBytes);
        var (across, links) = AcrossMiddle(schedule, linkBytes);
        return new LatencyBounds(
            schedule.Model.Macs / array.PeakMacsPerSecond,
            dramBytes / (array.NodeCount * array.Node.StreamingBandwidthBytesPerSecond),
            links == 0 ? 0 : across / (links * array.Interconnect.LinkBandwidthBytesPerSecond));
    }

    // The cut across the longer side, as the interconnect counts its bisection.
    private static (double Bytes, int Links) AcrossMiddle(Schedule schedule, double[] linkBytes)
    {
        var array = schedule.Array;
        var (bytes, links) = (0.0, 0);
        for (var link = 0; link < linkBytes.Length; link++)
        {
            var (from, to) = array.Interconnect[link];
            if (Half(from) == Half(to))
                continue;
            bytes += linkBytes[link];
            links++;
        }

        return (bytes, links);

        bool Half(int node) => array.Columns >= array.Rows ? node % array.Columns < array.Columns / 2 : node / array.Columns < array.Rows / 2;
    }
}
