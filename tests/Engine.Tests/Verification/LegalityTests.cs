using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Verification;
using Xunit;

namespace Engine.Tests.Verification;

public sealed class LegalityTests
{
    private static readonly Schedule s_schedule = new Scheduler().Schedule(
        Partitioner.Split(ModelCatalog.Get("swin_t"), ArrayCatalog.Get("stack-16x16")), new ExactSolver());

    [Fact]
    public void ASolvedScheduleIsLegal() => Assert.True(LegalityChecker.Check(s_schedule).Passed);

    [Fact]
    public void AHeadComputedTwiceBreaksCoverage() => AssertBroken("coverage", Mutate(s_schedule, FirstAttention(), phase => phase with
    {
        Phase = phase.Phase with { Heads = phase.Phase.Heads + 1 },
    }));

    [Fact]
    public void AMisplacedWindowBreaksPlacement() => AssertBroken("placement", Mutate(s_schedule, FirstAttention(), phase => phase with
    {
        Placement = phase.Placement with { WindowSlots = [phase.Groups, .. phase.Placement.WindowSlots.Skip(1)] },
    }));

    [Fact]
    public void ADroppedWindowBreaksPlacement() => AssertBroken("placement", Mutate(s_schedule, FirstAttention(), phase => phase with
    {
        Placement = phase.Placement with { WindowSlots = [.. phase.Placement.WindowSlots.Skip(1)] },
    }));

    [Fact]
    public void AnOddSharingDegreeLosesWeights() => AssertBroken("sharing", Mutate(s_schedule, FirstAttention(), phase => phase with
    {
        Option = phase.Option with { SharingDegree = phase.Option.SliceCopies(phase.Phase) + 1 },
    }));

    [Fact]
    public void TooManyResidentsBreakCapacity() => AssertBroken("capacity", Mutate(s_schedule, 0, phase => phase with
    {
        Cost = phase.Cost with { ResidentBytes = s_schedule.Array.Node.MemoryBytes },
    }));

    [Fact]
    public void PartsThatDoNotFillAGroupAreFound() => AssertBroken("groups", Mutate(s_schedule, FirstAttention(), phase => phase with
    {
        Option = phase.Option with { RowParts = phase.Option.RowParts + 1 },
    }));

    [Fact]
    public void AMissingPhaseBreaksDelivery()
    {
        var merging = s_schedule.Phases.First(phase => phase.Kind == PhaseKind.Projection && phase.Index > 0).Index;
        AssertBroken("delivery", s_schedule with { Phases = [.. s_schedule.Phases.Where(phase => phase.Index != merging)] });
    }

    private static int FirstAttention() => s_schedule.Phases.First(phase => phase.Kind == PhaseKind.Attention).Index;

    private static Schedule Mutate(Schedule schedule, int index, Func<ScheduledPhase, ScheduledPhase> change) =>
        schedule with { Phases = [.. schedule.Phases.Select(phase => phase.Index == index ? change(phase) : phase)] };

    private static void AssertBroken(string rule, Schedule schedule) =>
        Assert.Contains(rule, LegalityChecker.Check(schedule).Findings.Select(finding => finding.Rule));
}
