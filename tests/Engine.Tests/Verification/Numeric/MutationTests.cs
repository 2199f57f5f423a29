using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Verification.Numeric;
using Xunit;

namespace Engine.Tests.Verification.Numeric;

/// <summary>A wrong schedule, or a wrong program of a right one, does not pass, and says where it is wrong.</summary>
[Trait("Speed", "Slow")]
public sealed class MutationTests
{
    private static readonly PimArray s_array = ArrayCatalog.Get("stack-4x4");
    private static readonly Schedule s_shifted = TinyNetworks.Schedule(TinyNetworks.Get("shifted"), PartitionScheme.Allspark);
    private static readonly Schedule s_bottlenecks = TinyNetworks.Schedule(TinyNetworks.Get("bottlenecks"), PartitionScheme.Allspark);
    private static readonly Schedule s_pooled = TinyNetworks.Schedule(TinyNetworks.Get("pooled"), PartitionScheme.Allspark);

    // Slots are where tokens go too, so windows may trade places.
    [Fact]
    public void ExchangedWindowsTakeTheirTokensAlong()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 1, channels: 1, degree: 1, groupSize: 1);
        var slots = schedule.Phases[phase].Placement.WindowSlots;
        var report = NumericChecker.Check(schedule.With(phase, old => old with
        {
            Placement = old.Placement with { WindowSlots = [slots[1], slots[0], .. slots.Skip(2)] },
        }));
        Assert.True(report.Passed, string.Join('\n', report.Findings));
    }

    [Fact]
    public void AWindowOnNoSlotIsComputedByNobody()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 1, channels: 1, degree: 1, groupSize: 1);
        Assert.Contains("nobody computes", Failure(schedule.With(phase, old => old with
        {
            Placement = old.Placement with { WindowSlots = [.. old.Placement.WindowSlots.SkipLast(1)] },
        })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASharingDegreeThatLeavesPartsNowhereReadsMissingWeights()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 1, channels: 1, degree: 3, groupSize: 1);
        var finding = Failure(schedule.With(phase, old => old with { Option = old.Option with { SharingDegree = 4 } }));
        Assert.StartsWith("stages.0.blocks.1.attention.", finding.Tensor, StringComparison.Ordinal);
        Assert.InRange(finding.Node, 0, s_array.NodeCount - 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void AWrongShiftAttendsToOtherTokens(int shift)
    {
        var (schedule, phase) = WithSplit(heads: 3, rows: 1, channels: 1, degree: 1);
        Assert.Equal(2, ((WindowAttention)schedule.Phases[phase].Phase.Geometry!).Shift);
        var geometry = new WindowAttention(4, shift);
        var finding = Failure(schedule.With(phase, old => old with { Phase = old.Phase with { Geometry = geometry } }));
        Assert.Contains("differs from the plain network", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PartsThatDoNotFillTheGroupLoseRows()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 4, channels: 1, degree: 1);
        Failure(schedule.With(phase, old => old with { Option = old.Option with { RowParts = 3 } }));
    }

    [Fact]
    public void AnotherShapeThanTheNetworksIsNotExecuted()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 1, channels: 1, degree: 1);
        Assert.Contains("heads", Failure(schedule.With(phase, old => old with
        {
            Phase = old.Phase with { Heads = 4 },
        })).Message, StringComparison.Ordinal);
        Assert.Contains("geometry", Failure(schedule.With(phase, old => old with
        {
            Phase = old.Phase with { Geometry = new GlobalAttention() },
        })).Message, StringComparison.Ordinal);
        Assert.Contains("at least 1", Failure(schedule.With(phase, old => old with
        {
            Option = old.Option with { HeadParts = 0 },
        })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATilingOfALargerArrayIsNotExecuted()
    {
        var option = new PhaseOption { Tiling = Tiling.Runs(1, 0, s_array.NodeCount + 1), HeadParts = 1 };
        Assert.Contains("not on the array", Failure(s_shifted.WithOption(2, option)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingPhaseIsNamed()
    {
        var finding = Failure(s_shifted with { Phases = [.. s_shifted.Phases.Where(phase => phase.Index != 3)] });
        Assert.Equal("stages.0.blocks.1 Attention", finding.Phase);
    }

    [Theory]
    [InlineData(1, 1, 4)]
    [InlineData(3, 1, 1)]
    [InlineData(2, 1, 2)]
    public void ADroppedReductionShowsInTheResult(int heads, int rows, int channels)
    {
        var (schedule, phase) = WithSplit(heads, rows, channels, degree: 1);
        var finding = Failure(schedule, phase, program => WithRank(program, 1, rank => rank with { OutputFrom = [1] }));
        Assert.Contains("differs", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADroppedReductionOfScoresShowsInTheResult()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 1, channels: 4, degree: 1);
        Failure(schedule, phase, program => WithRank(program, 2, rank => rank with { ScoresFrom = [2] }));
    }

    [Fact]
    public void ADroppedGatherOfKeysIsMissed()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 4, channels: 1, degree: 1);
        var finding = Failure(schedule, phase, program => WithRank(program, 3, rank => rank with { KeysFrom = [3] }));
        Assert.Equal("keys", finding.Tensor);
    }

    [Fact]
    public void ADroppedGatherOfTheInputIsMissed()
    {
        var (schedule, phase) = WithSplit(heads: 3, rows: 1, channels: 1, degree: 1);
        var finding = Failure(schedule, phase, program => WithRank(program, 0, rank => rank with { InputFrom = [0, 1] }));
        Assert.Equal("normalised input", finding.Tensor);
    }

    [Fact]
    public void ASliceOffByOneReadsWeightsThatTheNodeDoesNotHold()
    {
        var finding = Failure(SplitFeedForward(out var phase), phase, OffByOne);
        Assert.Contains("feedForward.", finding.Tensor, StringComparison.Ordinal);
        Assert.Contains("does not hold", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASliceOffByOneShowsInTheResultWhereTheNodeHoldsEverything() =>
        Assert.Contains("differs", Failure(SplitFeedForward(out var phase), phase, program => OffByOne(program) with
        {
            Weights = [.. program.Weights.Select(held => held with { Elements = new IndexRange(0, held.Tensor.Count) })],
        }).Message, StringComparison.Ordinal);

    [Fact]
    public void AMissingHolderOfASharedSliceIsMissed()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 1, channels: 1, degree: 3, groupSize: 1);
        var finding = Failure(schedule, phase, program =>
        {
            var lost = program.Weights.First(held => held.Tensor.Name.EndsWith("attention.value", StringComparison.Ordinal));
            return program with { Weights = [.. program.Weights.Where(held => held != lost)] };
        });
        Assert.Equal("stages.0.blocks.1.attention.value", finding.Tensor);
    }

    [Fact]
    public void ALostMoveIsMissed()
    {
        var finding = Failure(s_shifted, 2, program => program with
        {
            Moves = [.. program.Moves.Where(move => move.Token != 17)],
        });
        Assert.Equal("token 17", finding.Tensor);
    }

    [Fact]
    public void ADroppedMaskShowsInTheResult()
    {
        var (schedule, phase) = WithSplit(heads: 1, rows: 1, channels: 1, degree: 1);
        Failure(schedule, phase, program => program with
        {
            Groups = [.. program.Groups.Select(group => group with
            {
                Windows = [.. group.Windows.Select(window => window with { Mask = null })],
            })],
        });
    }

    [Fact]
    public void TwoWindowsInterchangedWithinAGroupAreRight()
    {
        var (schedule, phase) = WithSplit(heads: 3, rows: 1, channels: 1, degree: 1);
        var report = NumericChecker.Check(schedule, 0, program => program.Phase.Index != phase ? program : program with
        {
            Groups = [.. program.Groups.Select(group => group with { Windows = [.. group.Windows.Reverse()] })],
        });
        Assert.True(report.Passed);
    }

    [Fact]
    public void ALostNeighbourOfTheEncodingIsMissed()
    {
        var phase = s_pooled.Phases.First(phase => phase.Kind == PhaseKind.FeedForward).Index;
        var finding = Failure(s_pooled, phase, program => program with { Halo = [.. program.Halo.Skip(1)] });
        Assert.StartsWith("token", finding.Tensor, StringComparison.Ordinal);
    }

    [Fact]
    public void ALostSummandOfTheMeanShowsInTheResult() =>
        Failure(s_pooled, s_pooled.Phases.Count - 1, program => program with { Sums = [.. program.Sums.Skip(1)] });

    // Every token of a striped phase has a second place, from which half of its result comes.
    [Fact]
    public void ALostPartialSumOfAStripeShowsInTheNextPhase()
    {
        var phase = StripedOnOwnNodes(out var schedule);
        var finding = Failure(schedule, phase + 1, program =>
        {
            var second = program.Moves.GroupBy(move => move.Token).First(moves => moves.Count() == 2).Last();
            return program with { Moves = [.. program.Moves.Where(move => move != second)] };
        });
        Assert.Equal(schedule.Phases[phase + 1].Phase.ToString(), finding.Phase);
        Assert.Contains("differs", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStripeWithoutOneOfItsTokensReadsWhatIsNotThere()
    {
        var phase = StripedOnOwnNodes(out var schedule);
        var finding = Failure(schedule, phase, program => program with { Moves = [.. program.Moves.SkipLast(1)] });
        Assert.StartsWith("token", finding.Tensor, StringComparison.Ordinal);
    }

    [Fact]
    public void AStripeOfTheOtherOrientationsHeadsReadsWeightsThatAreElsewhere()
    {
        var phase = StripedOnOwnNodes(out var schedule);
        var finding = Failure(schedule, phase, program => program with
        {
            Groups = [.. program.Groups.Select(group => group with
            {
                Windows = [.. group.Windows.Select(window => window with { Orientation = 1 - window.Orientation })],
            })],
        });
        Assert.Contains(".attention.", finding.Tensor, StringComparison.Ordinal);
    }

    [Fact]
    public void ALostSummandOfTheSqueezedMeanShowsInTheResult()
    {
        var finding = Failure(s_bottlenecks, SqueezingPhase, program => program with { Sums = [.. program.Sums.Skip(1)] });
        Assert.Contains("differs", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANodeWithoutTheMeanIsNamed()
    {
        var finding = Failure(s_bottlenecks, SqueezingPhase, program => program with { Means = [.. program.Means.Skip(1)] });
        Assert.Equal("mean", finding.Tensor);
    }

    // The first bottleneck ends by adding what its first convolution read, the third phase before it.
    [Fact]
    public void ALostMoveOnTheWayLosesWhatIsCarried()
    {
        var finding = Failure(s_bottlenecks, SqueezingPhase, program => program with { Moves = [.. program.Moves.SkipLast(1)] });
        Assert.StartsWith("token", finding.Tensor, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInputThatIsNotAddedShowsInTheResult()
    {
        var unmapped = s_bottlenecks.Phases.First(phase => phase.Phase is { SqueezedChannels: > 0, ShortcutChannels: 0 }).Index;
        Assert.Contains("differs", Failure(s_bottlenecks, unmapped, program => program with { Connection = default }).Message, StringComparison.Ordinal);
    }

    private static int SqueezingPhase => s_bottlenecks.Phases.First(phase => phase.Phase.SqueezedChannels > 0).Index;

    private static int StripedOnOwnNodes(out Schedule schedule)
    {
        var solved = TinyNetworks.Schedule(TinyNetworks.Get("striped"), PartitionScheme.Allspark);
        var phase = solved.Phases.First(scheduled => scheduled.Kind == PhaseKind.Attention).Index;
        schedule = solved.WithOption(phase, new PhaseOption { Tiling = Tiling.Runs(1, 0, s_array.NodeCount), HeadParts = 1 });
        Assert.True(NumericChecker.Check(schedule).Passed);
        return phase;
    }

    // The second block of the first stage, whose windows are shifted, under a split of our choice.
    private static (Schedule Schedule, int Phase) WithSplit(int heads, int rows, int channels, int degree, int groupSize = 0)
    {
        var phase = s_shifted.Phases.Where(phase => phase.Kind == PhaseKind.Attention).ElementAt(1);
        var size = groupSize > 0 ? groupSize : heads * rows * channels;
        var option = new PhaseOption
        {
            Tiling = Tiling.Runs(size, 0, s_array.NodeCount),
            HeadParts = heads,
            RowParts = rows,
            ChannelParts = channels,
            SharingDegree = degree,
        };
        var schedule = s_shifted.WithOption(phase.Index, option);
        Assert.True(NumericChecker.Check(schedule).Passed);
        return (schedule, phase.Index);
    }

    private static Schedule SplitFeedForward(out int phase)
    {
        phase = s_shifted.Phases.First(scheduled => scheduled.Kind == PhaseKind.FeedForward).Index;
        return s_shifted.WithOption(phase, new PhaseOption { Tiling = Tiling.Runs(4, 0, s_array.NodeCount), HeadParts = 4 });
    }

    private static PhaseProgram OffByOne(PhaseProgram program) => WithRank(program, 1, rank => rank with
    {
        Channels = new IndexRange(rank.Channels.Start + 1, rank.Channels.End + 1),
    });

    private static PhaseProgram WithRank(PhaseProgram program, int rank, Func<RankProgram, RankProgram> change) => program with
    {
        Groups = [.. program.Groups.Select(group => group with
        {
            Ranks = [.. group.Ranks.Select((old, place) => place == rank ? change(old) : old)],
        })],
    };

    private static NumericFinding Failure(Schedule schedule, int phase = -1, Func<PhaseProgram, PhaseProgram>? change = null)
    {
        var report = NumericChecker.Check(schedule, 0, program => program.Phase.Index == phase ? change!(program) : program);
        Assert.False(report.Passed);
        Assert.All(report.Findings, finding => Assert.NotEmpty(finding.Message));
        return report.Findings[0];
    }
}
