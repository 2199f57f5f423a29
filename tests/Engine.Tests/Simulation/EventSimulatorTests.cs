using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Xunit;

namespace Engine.Tests.Simulation;

[Trait("Speed", "Slow")]
public sealed class EventSimulatorTests
{
    private static readonly Scheduler s_scheduler = new();

    [Theory]
    [InlineData("swin_t", PartitionScheme.Allspark)]
    [InlineData("swin_t", PartitionScheme.WholeBranch)]
    [InlineData("swin_t", PartitionScheme.LayerPipeline)]
    [InlineData("vit_b_16", PartitionScheme.Allspark)]
    [InlineData("vit_b_16", PartitionScheme.TensorParallel)]
    public void MeasurementsAddUp(string model, PartitionScheme scheme)
    {
        var (schedule, machine) = Schedule(model, "stack-16x16", scheme);
        var analytic = AnalyticSimulator.Measure(schedule, machine);
        var measured = EventSimulator.Measure(schedule, machine);

        Assert.Equal(Fidelity.Event, measured.Fidelity);
        Assert.InRange(measured.LatencySeconds / analytic.LatencySeconds, 0.9, 1.1);
        Assert.InRange(measured.Efficiency, 0, 1);
        Assert.InRange(measured.ExposedCommunicationSeconds, 0, measured.LatencySeconds);
        Assert.InRange(measured.Phases.Sum(phase => phase.LatencySeconds), 0, measured.LatencySeconds);
        Assert.Equal(measured.Energy.StaticJoules, measured.LatencySeconds * schedule.Array.Energy.StaticWattsPerNode * schedule.Array.NodeCount, 1e-12);
        Assert.Equal(analytic.Energy with { StaticJoules = 0 }, measured.Energy with { StaticJoules = 0 });
        Assert.Equal(analytic.LinkBytes, measured.LinkBytes);
    }

    [Fact]
    public void TheSameScheduleMeasuresTheSameBits()
    {
        var (schedule, machine) = Schedule("swin_t", "stack-16x16", PartitionScheme.Allspark);
        var first = EventSimulator.Measure(schedule, machine);
        var second = EventSimulator.Measure(schedule, new MachineModel(schedule.Array, schedule.Model.Precision));

        Assert.Equal(BitConverter.DoubleToInt64Bits(first.LatencySeconds), BitConverter.DoubleToInt64Bits(second.LatencySeconds));
        Assert.Equal(first.Phases, second.Phases);
    }

    [Fact]
    public void TheTimelineShowsWhatTheBlockDid()
    {
        var (schedule, machine) = Schedule("swin_t", "stack-8x8", PartitionScheme.Allspark);
        var measured = EventSimulator.Measure(schedule, machine, "stages.1.blocks.1");
        var timeline = measured.Timeline!;
        var phases = schedule.Phases.Where(phase => phase.Block == "stages.1.blocks.1").ToArray();

        Assert.Equal(measured.LatencySeconds, EventSimulator.Measure(schedule, machine).LatencySeconds);
        Assert.All(timeline.Nodes.Concat(timeline.Links), interval =>
        {
            Assert.Contains(interval.Phase, phases.Select(phase => phase.Index));
            Assert.InRange(interval.EndSeconds, interval.StartSeconds, measured.LatencySeconds);
        });
        foreach (var resources in new[] { timeline.Nodes, timeline.Links })
        {
            foreach (var lane in resources.GroupBy(interval => interval.Resource))
                Assert.All(lane.Zip(lane.Skip(1)), pair => Assert.True(pair.Second.StartSeconds >= pair.First.EndSeconds - 1e-15, $"{pair}"));
        }

        foreach (var phase in phases)
        {
            var busiest = timeline.Nodes.Where(interval => interval.Phase == phase.Index).GroupBy(interval => interval.Resource).Max(node => node.Sum(interval => interval.Seconds));
            Assert.Equal(measured.Phases[phase.Index].ComputeSeconds, busiest, 1e-12);
        }
    }

    [Fact]
    public void AnUnknownBlockIsRefusedWithTheBlocksThereAre()
    {
        var (schedule, machine) = Schedule("deit_ti", "stack-4x4", PartitionScheme.Allspark);
        var error = Assert.Throws<ArgumentException>(() => EventSimulator.Measure(schedule, machine, "stages.9"));
        Assert.Contains(schedule.Phases[3].Block, error.Message);
    }

    [Fact]
    public void ASimulationCanBeCancelled()
    {
        var (schedule, machine) = Schedule("deit_ti", "stack-4x4", PartitionScheme.Allspark);
        Assert.Throws<OperationCanceledException>(() => EventSimulator.Measure(schedule, machine, new CancellationToken(canceled: true)));
    }

    private static (Schedule Schedule, MachineModel Machine) Schedule(string model, string array, PartitionScheme scheme)
    {
        var workload = Partitioner.Split(ModelCatalog.Get(model), ArrayCatalog.Get(array), scheme);
        return (s_scheduler.Schedule(workload, new ExactSolver()), s_scheduler.Machine(workload));
    }
}
