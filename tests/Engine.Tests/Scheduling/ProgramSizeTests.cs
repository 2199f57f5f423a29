using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Scheduling;

/// <summary>Very small and very large machines and networks.</summary>
[Trait("Speed", "Slow")]
public sealed class ProgramSizeTests
{
    [Theory]
    [InlineData("swin_t", 1, 1)]
    [InlineData("swin_t", 7, 13)]
    [InlineData("deit_ti", 64, 64)]
    public void ArraysOfOneToFourThousandNodesAreScheduledExactly(string model, int rows, int columns) =>
        AssertOptimal(Partitioner.Split(ModelCatalog.Get(model), Array(rows, columns)));

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void NetworksOfOneToTwoHundredBlocksAreScheduledExactly(int blocks)
    {
        var model = ModelCatalog.Get("deit_ti");
        var block = model.Layers.OfType<TransformerBlock>().First();
        var layers = model.Layers.TakeWhile(layer => layer is not TransformerBlock)
            .Concat(Enumerable.Range(0, blocks).Select(index => block with { Name = $"blocks.{index}" }))
            .Concat(model.Layers.Reverse().TakeWhile(layer => layer is not TransformerBlock).Reverse());
        AssertOptimal(Partitioner.Split(model with { Layers = layers.ToValueList() }, Array(8, 8)));
    }

    [Fact]
    public void NoTimeAtAllLeavesAChoiceThatFitsAndABound()
    {
        var array = Array(16, 16);
        array = array with { Node = array.Node with { MemoryBytes = array.Node.MemoryBytes / 4 } };
        var (scheduler, workload) = (new Scheduler(), Partitioner.Split(ModelCatalog.Get("swin_b"), array));
        scheduler.Schedule(workload, new GreedySolver()); // the costs are known: what is left is the choice
        var schedule = scheduler.Schedule(workload, new ExactSolver(), new SolverSettings(TimeSpan.Zero));

        Assert.Equal(SolverStatus.Feasible, schedule.Solver.Status);
        Assert.InRange(schedule.Solver.Bound, 1, schedule.Solver.Objective);
        Assert.Empty(LegalityChecker.Check(schedule).Findings);
    }

    private static PimArray Array(int rows, int columns) => PimArray.Create(rows, columns, ArrayCatalog.Get(rows * columns == 1 ? "stack-4x4" : "stack-16x16"));

    private static void AssertOptimal(Workload workload)
    {
        var schedule = new Scheduler().Schedule(workload, new ExactSolver());
        Assert.Equal(SolverStatus.Optimal, schedule.Solver.Status);
        Assert.Equal(0, schedule.Solver.Gap);
        Assert.Empty(LegalityChecker.Check(schedule).Findings);
    }
}
