using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Simulation;

[Trait("Speed", "Slow")]
public sealed class SchemeTests
{
    private static readonly string[] s_models = ["swin_t", "swin_s", "swin_b", "deit_s", "vit_b_16"];
    private static readonly Scheduler s_scheduler = new();

    public static TheoryData<string, string, PartitionScheme> Cases() =>
    [
        .. from model in s_models
           from array in ArrayCatalog.Names
           from scheme in Enum.GetValues<PartitionScheme>()
           select (model, array, scheme),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void SchedulesAreLegalAndTheirMeasurementsAddUp(string model, string array, PartitionScheme scheme)
    {
        var (schedule, measurement) = Measure(model, array, scheme, new ExactSolver());

        Assert.Empty(LegalityChecker.Check(schedule).Findings);
        Assert.Equal(SolverStatus.Optimal, schedule.Solver.Status);
        Assert.Equal(schedule.Solver.Objective * 1e-12, measurement.LatencySeconds, 1e-9);
        Assert.Equal(measurement.LatencySeconds, measurement.Phases.Sum(phase => phase.LatencySeconds) + schedule.Output.LatencySeconds, 1e-12);
        Assert.Equal(measurement.EnergyJoules, (measurement.Phases.Sum(phase => phase.Energy.TotalJoules) + schedule.Output.Energy.TotalJoules), 1e-9);
        Assert.InRange(measurement.PeakNodeMemoryBytes, 1, schedule.Array.Node.MemoryBytes);
        Assert.InRange(measurement.Efficiency, 0, 1);
        Assert.InRange(measurement.ExposedCommunicationSeconds, 0, measurement.LatencySeconds);
        Assert.True(measurement.IntervalSeconds <= measurement.LatencySeconds);
    }

    [Theory]
    [InlineData("swin_t")]
    [InlineData("vit_b_16")]
    public void ExactIsNeverWorseThanGreedy(string model)
    {
        var exact = Measure(model, "stack-16x16", PartitionScheme.Allspark, new ExactSolver()).Schedule.Solver;
        var greedy = Measure(model, "stack-16x16", PartitionScheme.Allspark, new GreedySolver()).Schedule.Solver;

        Assert.InRange(exact.Objective, 1, greedy.Objective);
        Assert.InRange(greedy.Bound, 1, exact.Objective);
    }

    [Fact]
    public void TheSameInputsGiveTheSameBits()
    {
        var first = Measure("swin_t", "stack-16x16", PartitionScheme.Allspark, new ExactSolver(), new Scheduler()).Measurement;
        var second = Measure("swin_t", "stack-16x16", PartitionScheme.Allspark, new ExactSolver(), new Scheduler()).Measurement;

        Assert.Equal(BitConverter.DoubleToInt64Bits(first.LatencySeconds), BitConverter.DoubleToInt64Bits(second.LatencySeconds));
        Assert.Equal(first.Energy, second.Energy);
        Assert.Equal(first.Phases, second.Phases);
        Assert.Equal(first.HeaviestLinks, second.HeaviestLinks);
    }

    [Fact]
    public void TooLittleMemoryNamesTheBytesAndThePhase()
    {
        var array = ArrayCatalog.Get("stack-16x16");
        var small = array with { Node = array.Node with { MemoryBytes = 4096 } };
        var workload = Partitioner.Split(ModelCatalog.Get("swin_b"), small);

        var error = Assert.Throws<InfeasibleScheduleException>(() => s_scheduler.Schedule(workload, new ExactSolver()));
        Assert.True(error.MissingBytes > 0);
        Assert.Contains(error.Phase.Split(' ')[0], workload.Phases.Select(phase => phase.Block));
        Assert.Contains(error.Phase, error.Phases);
        Assert.Contains("It fits on stack-4x4, or on stack-8x8, or on stack-16x16.", error.Message, StringComparison.Ordinal);
    }

    private static (Schedule Schedule, Measurement Measurement) Measure(
        string model, string array, PartitionScheme scheme, IScheduleSolver solver, Scheduler? scheduler = null)
    {
        scheduler ??= s_scheduler;
        var workload = Partitioner.Split(ModelCatalog.Get(model), ArrayCatalog.Get(array), scheme);
        var schedule = scheduler.Schedule(workload, solver);
        return (schedule, AnalyticSimulator.Measure(schedule, scheduler.Machine(workload)));
    }
}
