using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Partitioning;

[Trait("Speed", "Slow")]
public sealed class ScheduleConstraintsTests
{
    private static readonly Workload s_workload = Partitioner.Split(ModelCatalog.Get("swin_t"), ArrayCatalog.Get("stack-8x8"));
    private static readonly Scheduler s_scheduler = new();

    [Theory]
    [InlineData("stages.2.*=4x4/s8", 4, 4, 8, false)]
    [InlineData("*.Attention = S2", null, null, 2, false)]
    [InlineData("head=streamed/1X2", 1, 2, null, true)]
    [InlineData("*=Split/interleaved/shared", null, null, null, false)]
    public void RulesAreRead(string text, int? rows, int? columns, int? degree, bool streamed)
    {
        var rule = OptionRule.Parse(text);
        Assert.Equal((rows, columns), (rule.Group?.Rows, rule.Group?.Columns));
        Assert.Equal((degree, streamed), (rule.SharingDegree, (rule.Traits & OptionTraits.Streamed) != OptionTraits.None));
        Assert.Equal(rule, OptionRule.Parse(rule.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("4x4")]
    [InlineData("=4x4")]
    [InlineData("head=")]
    [InlineData("head=4x")]
    [InlineData("head=0x4")]
    [InlineData("head=s-1")]
    [InlineData("head=s1/s2")]
    [InlineData("head=4x4/2x2")]
    [InlineData("head=streamed/streamed")]
    [InlineData("head=none")]
    [InlineData("head=s99999999999")]
    public void WhatIsNoRuleIsRefused(string text) => Assert.Contains("RxC/sN", Assert.Throws<ArgumentException>(() => OptionRule.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void FixedAndForbiddenOptionsShowInTheScheduleAndCostWhatTheySay()
    {
        var free = Solve(s_workload);
        var bound = Solve(Parse(["stages.0.blocks.1.Attention=4x4", "stages.2.*.FeedForward=s1"], ["head=streamed"]).Apply(s_workload));
        Assert.All(bound.Phases.Where(phase => phase is { Block: "stages.0.blocks.1", Kind: PhaseKind.Attention }), phase => Assert.Equal((4, 4), (phase.GroupRows, phase.GroupColumns)));
        Assert.All(bound.Phases.Where(phase => phase.Block.StartsWith("stages.2.b", StringComparison.Ordinal) && phase.Kind == PhaseKind.FeedForward), phase => Assert.Equal(1, phase.SharingDegree));
        Assert.False(bound.Phases[^1].Streamed);
        // A block alike but unnamed keeps its choice.
        Assert.NotEqual((4, 4), (free.Phases[1].GroupRows, free.Phases[1].GroupColumns));
        Assert.True(bound.Solver.Objective > free.Solver.Objective);

        // The optimum among all options that follow the rules is found: what was optimal stays so where it is fixed.
        var same = Parse([.. free.Phases.Select(phase => $"{phase.Block}.{phase.Kind}={phase.GroupRows}x{phase.GroupColumns}/s{phase.SharingDegree}")], []);
        Assert.Equal(free.Solver.Objective, Solve(same.Apply(s_workload)).Solver.Objective);
    }

    [Fact]
    public void TraitsThatAreForbiddenAreNotTaken()
    {
        var free = Solve(s_workload);
        var plain = Solve(Parse([], ["*=interleaved", "*=split", "*=shared"]).Apply(s_workload));
        Assert.DoesNotContain(plain.Phases, phase => phase.Interleaved || phase.RowParts > 1 || phase.ChannelParts > 1 || phase.SharingDegree > 1);
        Assert.Contains(free.Phases, phase => phase.Interleaved);
        Assert.True(plain.Solver.Objective > free.Solver.Objective);
        Assert.True(LegalityChecker.Check(plain).Passed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(1000)]
    public void FewerNodesAreUsedLegallyAndNoFaster(int maxNodes)
    {
        var free = Solve(s_workload);
        var workload = s_workload with { Array = s_workload.Array with { Node = s_workload.Array.Node with { MemoryBytes = 1L << 30 } } };
        var schedule = Solve(new ScheduleConstraints { MaxNodes = maxNodes }.Apply(workload));
        Assert.All(schedule.Phases, phase => Assert.InRange(phase.Groups * phase.GroupRows * phase.GroupColumns, 1, maxNodes));
        Assert.True(LegalityChecker.Check(schedule).Passed);
        Assert.True(schedule.Solver.Objective >= (maxNodes < 64 ? free.Solver.Objective : 0));
        Assert.Equal(maxNodes >= 64, schedule.Workload.OptionCount == s_workload.OptionCount);
        Assert.InRange(AnalyticSimulator.Measure(schedule, s_scheduler.Machine(schedule.Workload)).Efficiency, 0, 1);
    }

    [Fact]
    public void ConstraintsThatLeaveNothingSayWhatAndWhere()
    {
        Assert.Contains("names no phase", Message(Parse(["stage.0=4x4"], [])), StringComparison.Ordinal);
        Assert.Contains("Did you mean embedding", Message(Parse([], ["embeding=4x4"])), StringComparison.Ordinal);
        Assert.Contains("embedding.Projection is left without an option: none", Message(Parse(["*=3x3"], [])), StringComparison.Ordinal);
        var contradiction = Message(Parse(["head=4x4", "head.Projection=2x2"], []));
        Assert.Contains("head.Projection", contradiction, StringComparison.Ordinal);
        Assert.Contains("'fix head=4x4', 'fix head.Projection=2x2' contradict", contradiction, StringComparison.Ordinal);
        Assert.Contains("'fix head=4x4', 'forbid *=4x4' contradict", Message(Parse(["head=4x4"], ["*=4x4"])), StringComparison.Ordinal);
        Assert.Contains("Allow 1", Message(new ScheduleConstraints { MaxNodes = 0 }), StringComparison.Ordinal);
        var whole = Partitioner.Split(s_workload.Model, s_workload.Array, PartitionScheme.TensorParallel);
        Assert.Contains("at most 4 nodes", Assert.Throws<ArgumentException>(() => new ScheduleConstraints { MaxNodes = 4 }.Apply(whole)).Message, StringComparison.Ordinal);
    }

    private static ScheduleConstraints Parse(string[] fix, string[] forbid) => ScheduleConstraints.Parse(fix, forbid, null);

    private static string Message(ScheduleConstraints constraints) => Assert.Throws<ArgumentException>(() => constraints.Apply(s_workload)).Message;

    private static Schedule Solve(Workload workload) => s_scheduler.Schedule(workload, new ExactSolver());
}
