using System.Diagnostics;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Verification.Numeric;
using Xunit;

namespace Engine.Tests.Verification.Numeric;

[Trait("Speed", "Slow")]
public sealed class NumericCheckerTests(ITestOutputHelper output)
{
    public static TheoryData<string, PartitionScheme> Cases()
    {
        var cases = new TheoryData<string, PartitionScheme>();
        foreach (var name in TinyNetworks.Names)
        {
            foreach (var scheme in Enum.GetValues<PartitionScheme>())
                cases.Add(name, scheme);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EverySchemeComputesTheNetwork(string network, PartitionScheme scheme) =>
        AssertRight(TinyNetworks.Schedule(TinyNetworks.Get(network), scheme));

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryOptionComputesTheNetwork(string network, PartitionScheme scheme)
    {
        var schedule = TinyNetworks.Schedule(TinyNetworks.Get(network), scheme);
        for (var seed = 0; seed < 12; seed++)
            AssertRight(TinyNetworks.WithRandomOptions(schedule, seed));
    }

    [Theory]
    [InlineData("swin_t", 64)]
    [InlineData("vit_ti_16", 64)]
    [InlineData("twins_svt_s", 64)]
    [InlineData("pcpvt_s", 64)]
    [InlineData("cswin_t", 224)]
    [InlineData("maxvit_t", 224)]
    [InlineData("resnet18", 64)]
    [InlineData("resnet50", 64)]
    [InlineData("densenet121", 64)]
    public void PresetsOfLowResolutionAreComputed(string model, int resolution) =>
        AssertRight(TinyNetworks.Schedule(ModelCatalog.Get(model, resolution), PartitionScheme.Allspark, "stack-8x8"));

    [Fact]
    public void SwinTinyIsComputedOnTheReferenceArray()
    {
        var schedule = TinyNetworks.Schedule(ModelCatalog.Get("swin_t"), PartitionScheme.Allspark, "stack-16x16");
        var watch = Stopwatch.StartNew();
        AssertRight(schedule);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s, {GC.GetTotalMemory(false) >> 20} MiB");
    }

    [Theory]
    [InlineData("gpt3_xl", 1, "reads text")]
    [InlineData("gpt_j", 1, "reads text")]
    [InlineData("vit_ti_16", 2, "batch of 2")]
    public void WhatHasNoExecutionIsRefusedByName(string name, int batch, string reason)
    {
        var schedule = TinyNetworks.Schedule(TinyNetworks.Get("whole"), PartitionScheme.Allspark);
        var model = ModelCatalog.Get(name) with { Batch = batch };
        var error = Assert.Throws<NotSupportedException>(() => NumericChecker.Check(schedule with { Workload = schedule.Workload with { Model = model } }));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EqualSeedsGiveEqualReports()
    {
        var schedule = TinyNetworks.Schedule(TinyNetworks.Get("shifted"), PartitionScheme.Allspark);
        var once = NumericChecker.Check(schedule, 3);
        Assert.Equal(once.Phases, NumericChecker.Check(schedule, 3).Phases);
        Assert.NotEqual(once.Phases, NumericChecker.Check(schedule, 4).Phases);
    }

    [Fact]
    public void EveryPhaseIsAnnouncedAndTheRunCanBeStopped()
    {
        var schedule = TinyNetworks.Schedule(TinyNetworks.Get("whole"), PartitionScheme.Allspark);
        using var stop = new CancellationTokenSource();
        var seen = new Announced(progress =>
        {
            if (progress.Index == 2)
                stop.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => NumericChecker.Check(schedule, 0, seen, stop.Token));
        Assert.Equal(["embedding Projection", "stages.0.blocks.0 Attention", "stages.0.blocks.0 FeedForward"], seen.Phases);
    }

    private sealed class Announced(Action<NumericProgress> then) : IProgress<NumericProgress>
    {
        public List<string> Phases { get; } = [];

        public void Report(NumericProgress value)
        {
            Phases.Add(value.Phase);
            then(value);
        }
    }

    private void AssertRight(Schedule schedule)
    {
        var report = NumericChecker.Check(schedule);
        Assert.True(report.Passed, string.Join('\n', report.Findings.Take(5)));
        Assert.Equal(schedule.Phases.Count, report.Phases.Count);
        // Convolutions whose columns alone are cut add up in the same order as the plain network, to the bit.
        Assert.InRange(report.MaxRelativeError, 0, NumericReport.Tolerance);
        output.WriteLine($"{report.MaxRelativeError:G3}");
    }
}
