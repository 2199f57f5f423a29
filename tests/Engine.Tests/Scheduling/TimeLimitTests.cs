using System.Diagnostics;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Scheduling;

/// <summary>A time limit is for all that scheduling does: options and moves take longer than the search where grids are large.</summary>
[Trait("Speed", "Slow")]
public sealed class TimeLimitTests
{
    // What may be under way when the time is over: one option, one pair of layouts, the moves of the choice.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private static readonly Workload Large = Partitioner.Split(ModelCatalog.Get("resnet18", 2048), ArrayCatalog.Get("stack-16x16"));

    [Theory]
    [InlineData(ScheduleObjective.Latency)]
    [InlineData(ScheduleObjective.Energy)]
    [InlineData(ScheduleObjective.EnergyDelayProduct)]
    public void HoldsWhileTheProgramIsBuiltAndGivesALegalSchedule(ScheduleObjective objective)
    {
        var scheduler = new Scheduler();
        scheduler.Schedule(Small, new GreedySolver()); // compiled
        var limit = TimeSpan.FromSeconds(2);
        var clock = Stopwatch.StartNew();
        var schedule = scheduler.Schedule(Large, new ExactSolver(), new SolverSettings(limit), objective, TestContext.Current.CancellationToken);

        Assert.True(clock.Elapsed < limit + Slack, $"{clock.Elapsed}");
        Assert.Equal((SolverStatus.Feasible, "Exact"), (schedule.Solver.Status, schedule.Solver.Name));
        Assert.InRange(schedule.Solver.Objective, Math.Max(1, schedule.Solver.Bound), long.MaxValue);
        Assert.True(LegalityChecker.Check(schedule).Passed);
    }

    [Fact]
    public void WhatThePhasesTakeWithoutMovesIsABound()
    {
        var scheduler = new Scheduler();
        var program = new ProgramBuilder(Small, scheduler.Machine(Small), new Clock(null, TestContext.Current.CancellationToken)).WithoutMoves(ScheduleObjective.Latency);
        var exact = scheduler.Schedule(Small, new ExactSolver()).Solver.Objective;
        Assert.InRange(GreedySolver.LowerBound(program), exact / 2, exact);
    }

    [Fact]
    public void WithoutTimeForTheOptionsThereIsAClearError()
    {
        var clock = Stopwatch.StartNew();
        var grid = PimArray.Create(128, 128, ArrayCatalog.Get("stack-16x16"));
        var workload = Partitioner.Split(ModelCatalog.Get("swin_b", 1792), grid);
        clock.Restart();
        var error = Assert.Throws<TimeLimitException>(() => new Scheduler().Schedule(workload, new ExactSolver(), new SolverSettings(TimeSpan.FromSeconds(0.1))));
        Assert.True(clock.Elapsed < Slack * 2, $"{clock.Elapsed}");
        Assert.Contains("The time limit of 0.1 s was over before the costs of", error.Message, StringComparison.Ordinal);
        Assert.Contains("Give more time, or fewer options by -Fix, -Forbid or -MaxNodes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFrontEndsInTime()
    {
        var clock = Stopwatch.StartNew();
        var limit = TimeSpan.FromSeconds(1);
        var workload = Partitioner.Split(ModelCatalog.Get("swin_b"), ArrayCatalog.Get("stack-16x16"));
        Assert.NotEmpty(new Scheduler().Front(workload, new ExactSolver(), new SolverSettings(limit), cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(clock.Elapsed < limit + Slack, $"{clock.Elapsed}");
    }

    private static Workload Small => Partitioner.Split(ModelCatalog.Get("deit_ti"), ArrayCatalog.Get("stack-4x4"));
}
