using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Xunit;

namespace Engine.Tests.Simulation;

/// <summary>No schedule is faster than its bounds, whichever resource is the scarce one; the presets are in <see cref="FidelityAgreementTests"/>.</summary>
[Trait("Speed", "Slow")]
public sealed class LatencyBoundTests
{
    private const int Arrays = 24;

    [Theory]
    [InlineData("deit_ti", 1)]
    [InlineData("swin_t", 2)]
    [InlineData("resnet18", 1)]
    public void HoldOnArraysOfAnyBalance(string name, int batch)
    {
        var model = ModelCatalog.Get(name) with { Batch = batch };
        var largest = new HashSet<string>();
        foreach (var array in RandomArrays(new Random(20 * batch + name.Length)))
        {
            var scheduler = new Scheduler();
            var workload = Partitioner.Split(model, array);
            if (Schedule(scheduler, workload) is not { } schedule)
                continue;
            var machine = scheduler.Machine(workload);
            AssertHold(EventSimulator.Measure(schedule, machine));
            largest.Add(AssertHold(AnalyticSimulator.Measure(schedule, machine)));
        }

        Assert.InRange(largest.Count, 2, 5);
    }

    private static Schedule? Schedule(Scheduler scheduler, Workload workload)
    {
        try
        {
            return scheduler.Schedule(workload, new GreedySolver());
        }
        catch (InfeasibleScheduleException)
        {
            return null;
        }
    }

    // One token reads every weight once and computes next to nothing with it: the way into the stack is what counts.
    [Fact]
    public void AWholeDecoderStreamedForOneTokenIsBoundByThePorts()
    {
        var array = ArrayCatalog.Get("stack-16x16");
        var scheduler = new Scheduler();
        var workload = Partitioner.Split(ModelCatalog.Get("gpt_j", sequenceLength: 1), array);
        var measurement = AnalyticSimulator.Measure(scheduler.Schedule(workload, new ExactSolver()), scheduler.Machine(workload));

        Assert.Equal("port link", AssertHold(measurement));
        Assert.InRange(measurement.Efficiency, 0.9, 1);
        var streamed = measurement.Schedule.Phases.Where(phase => phase.Streamed).Sum(phase => phase.Phase.WeightElements + phase.Phase.ReplicatedElements) * 2.0;
        Assert.InRange(measurement.Bounds.OffStackSeconds * 256e9 / streamed, 1, 1.0001);
    }

    /// <summary>Holds for each bound, to the rounding of long sums; returns the name of the largest.</summary>
    internal static string AssertHold(Measurement measurement)
    {
        var (compute, memory, bisection, offStack, portLink) = measurement.Bounds;
        (string Name, double Seconds)[] bounds =
            [("compute", compute), ("memory", memory), ("bisection", bisection), ("off-stack", offStack), ("port link", portLink)];
        Assert.All(bounds, bound => Assert.True(
            bound.Seconds <= measurement.LatencySeconds * (1 + 1e-9), $"{measurement}: {measurement.LatencySeconds} s, {bound.Name} bound {bound.Seconds} s"));
        var largest = bounds.MaxBy(bound => bound.Seconds);
        Assert.Equal(largest.Seconds, measurement.Bounds.LargestSeconds);
        return largest.Name;
    }

    private static IEnumerable<PimArray> RandomArrays(Random random)
    {
        var based = ArrayCatalog.Get("stack-8x8");
        for (var i = 0; i < Arrays; i++)
        {
            var array = PimArray.Create(1 << random.Next(0, 4), 1 << random.Next(1, 4), based);
            yield return array with
            {
                Node = array.Node with
                {
                    MemoryBytes = 1L << random.Next(18, 28),
                    BufferBytes = 1024L << random.Next(3, 11),
                    MemoryBandwidthBytesPerSecond = 1e8 * Math.Pow(10, 3 * random.NextDouble()),
                },
                InterconnectSpec = array.InterconnectSpec with
                {
                    LinkBytesPerCycle = 1 << random.Next(0, 9),
                    Topology = random.Next(2) == 0 ? Topology.Mesh : Topology.Torus,
                },
                Io = array.Io with
                {
                    Ports = random.Next(2) == 0 ? [] : [new GridPosition(0, 0)],
                    OffStackBandwidthBytesPerSecond = 1e8 * Math.Pow(10, 4 * random.NextDouble()),
                },
            };
        }
    }
}
