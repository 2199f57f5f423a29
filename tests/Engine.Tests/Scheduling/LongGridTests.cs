using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Scheduling;

[Trait("Speed", "Slow")]
public sealed class LongGridTests
{
    /// <summary>Token grids of more rows in times rows out (or columns) than 31 bits count, as volumes and long sequences have.</summary>
    [Theory]
    [InlineData(262_144, 1, 1)]
    [InlineData(131_072, 1, 2)]
    [InlineData(1, 131_072, 2)]
    [InlineData(1, 196_608, 3)]
    public void AreScheduledAndMeasured(int height, int width, int merged)
    {
        var grid = new TokenGrid(height, width, 0);
        var coarser = height > 1 ? new TokenGrid(height / merged, 1, 0) : new TokenGrid(1, width / merged, 0);
        var model = new DnnModel
        {
            Name = "long",
            Family = "Test",
            InputHeight = height,
            InputWidth = width,
            Layers = [Layer("first", grid, grid), Layer("second", grid, coarser)],
        };
        var workload = Partitioner.Split(model, ArrayCatalog.Get("stack-8x8"));
        var scheduler = new Scheduler();

        var schedule = scheduler.Schedule(workload, new ExactSolver());

        Assert.Equal(SolverStatus.Optimal, schedule.Solver.Status);
        Assert.True(LegalityChecker.Check(schedule).Passed);
        Assert.InRange(
            EventSimulator.Measure(schedule, scheduler.Machine(workload)).LatencySeconds / AnalyticSimulator.Measure(schedule, scheduler.Machine(workload)).LatencySeconds,
            0.9,
            1.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99_999)]
    [InlineData(199_999)]
    public void ACoarserTokenCoversTheTokensOfItsPatch(int row) => Assert.Equal(
        row / 2 * 3 + 1, new TokenGrid(100_000, 3, 0).TokenCovering(row * 6 + 3, new TokenGrid(200_000, 6, 0)));

    private static ProjectionLayer Layer(string name, TokenGrid input, TokenGrid output) => new(name)
    {
        Kind = ProjectionKind.Linear,
        InputGrid = input,
        OutputGrid = output,
        InputChannels = 4,
        OutputChannels = 4,
        ReductionLength = 4 * input.Tokens / output.Tokens,
        ComputedTokens = output.Tokens,
    };
}
