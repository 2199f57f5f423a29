using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

[Trait("Speed", "Slow")]
public sealed class ParetoFrontTests
{
    private static readonly Scheduler s_scheduler = new();
    private static readonly Workload s_workload = Partitioner.Split(ModelCatalog.Get("deit_ti"), ArrayCatalog.Get("stack-4x4"));
    private static readonly IReadOnlyList<Schedule> s_whole = [.. Front(0)];

    public static TheoryData<int, double> Seeds() => [.. Enumerable.Range(0, 120).Select(seed => new TheoryDataRow<int, double>(seed, (seed % 4) * 0.1))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void EveryCornerOfEveryMemorySizeIsWithinTheStepOfARow(int seed, double resolution)
    {
        var program = RandomProgram.Make(seed, 1 + seed % 2);
        var points = RandomProgram.Choices(program).Select(choice => (Value: program.ValueOf(choice), Memory: program.MemoryOf(choice)))
            .Where(point => point.Memory <= program.CapacityBytes).Distinct().ToArray();
        if (points.Length == 0)
            return;
        var front = new ParetoFront(program, new ExactSolver(), new SolverSettings(), resolution, new Clock(null, CancellationToken.None));
        var parts = new List<double>();
        var rows = front.Rows(parts.Add).Select(result => (Value: program.ValueOf(result.Choice), Memory: program.MemoryOf(result.Choice), result.Report)).ToArray();
        Assert.Equal(1, parts[^1]);
        Assert.Equal(parts.Order(), parts);

        var least = points.Min(point => point.Memory);
        for (var capacity = program.CapacityBytes; ; capacity = Math.Max(least, capacity / 2))
        {
            var shown = rows.Where(row => row.Memory <= capacity * (capacity == least ? 1 : 1 + resolution)).ToArray();
            var corners = RandomProgram.Hull([.. points.Where(point => point.Memory <= capacity).Select(point => point.Value).Distinct()]);
            Assert.All(corners, corner => Assert.Contains(shown, row => Within(row.Value, corner, resolution)));
            if (capacity == least)
                break;
        }

        Assert.Equal(points.Min(point => point.Value), rows[0].Value);
        var thriftiest = points.Min(point => point.Value.TieBreak);
        Assert.Contains(rows, row => row.Value.TieBreak == thriftiest);
        Assert.Contains(rows, row => row.Memory == least);

        for (var i = 0; i < rows.Length; i++)
        {
            var (value, memory, report) = rows[i];
            // Proven: nothing that needs no more energy and memory is faster.
            Assert.Equal((SolverStatus.Optimal, value.Objective, value.Objective), (report.Status, report.Objective, report.Bound));
            Assert.DoesNotContain(points, point => point.Memory <= memory && point.Value.TieBreak <= value.TieBreak
                && (point.Value.Objective < value.Objective || (point.Value.Objective == value.Objective && point.Value.TieBreak < value.TieBreak)));
            // None are alike in all three, but where one is needed: for its energy or its memory there is no less.
            Assert.DoesNotContain(rows[..i], other => Math.Min(value.TieBreak, other.Value.TieBreak) > thriftiest && Within(other.Value, value, resolution) && Within(value, other.Value, resolution)
                && Math.Min(memory, other.Memory) > least && Math.Max(memory, other.Memory) <= Math.Min(memory, other.Memory) * (1 + resolution));
        }
    }

    [Fact]
    public void NoScheduleOfTheWholeFrontBeatsAnotherAndTheEndsAreTheOptima()
    {
        Assert.True(s_whole.Count > 3);
        var fastest = s_scheduler.Schedule(s_workload, new ExactSolver());
        var thriftiest = s_scheduler.Schedule(s_workload, new ExactSolver(), objective: ScheduleObjective.Energy);
        Assert.Equal(Measures(fastest), Measures(s_whole[0]));
        Assert.Equal(Measures(thriftiest)[1], s_whole.Min(schedule => Measures(schedule)[1]));
        Assert.All(s_whole, a => Assert.DoesNotContain(s_whole, b => !ReferenceEquals(a, b) && Measures(b).Zip(Measures(a)).All(pair => pair.First <= pair.Second)));
        Assert.All(s_whole, schedule => Assert.Equal(SolverStatus.Optimal, schedule.Solver.Status));
        Assert.True(s_whole.Min(schedule => schedule.PeakNodeMemoryBytes) < fastest.PeakNodeMemoryBytes);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    public void AThinnedFrontStandsForTheWholeOneAndKeepsItsEnds(double resolution)
    {
        Schedule[] front = [.. Front(resolution)];
        Assert.True(front.Length < s_whole.Count);
        Assert.Equal(Measures(s_whole[0]), Measures(front[0]));
        Assert.Equal(s_whole.Min(schedule => Measures(schedule)[1]), front.Min(schedule => Measures(schedule)[1]));
        Assert.Equal(s_whole.Min(schedule => schedule.PeakNodeMemoryBytes), front.Min(schedule => schedule.PeakNodeMemoryBytes));
        // A row of a size of memory has up to twice as much as another of the same size.
        Assert.All(s_whole, left => Assert.Contains(front, shown => Measures(shown)[..2].Zip(Measures(left)[..2])
            .All(pair => pair.First <= pair.Second * (1 + resolution) * (1 + 1e-9)) && shown.PeakNodeMemoryBytes <= 2 * (1 + resolution) * left.PeakNodeMemoryBytes));
    }

    [Fact]
    public void TheFirstOfAFrontStandBestForAllOfIt()
    {
        Assert.Same(s_whole, FrontSelection.Take(s_whole, s_whole.Count));
        var worst = double.PositiveInfinity;
        for (var count = 1; count < s_whole.Count; count++)
        {
            var taken = FrontSelection.Take(s_whole, count);
            Assert.Equal(count, taken.Count);
            Assert.Same(s_whole[0], taken[0]);
            Assert.Equal(taken, s_whole.Where(taken.Contains));
            var factor = s_whole.Max(left => taken.Min(shown => Measures(shown).Zip(Measures(left), (a, b) => a / b).Max()));
            Assert.True(factor <= worst, $"{count}: {factor} after {worst}");
            worst = factor;
        }

        Assert.True(worst < 1.1);
        Assert.Throws<ArgumentOutOfRangeException>(() => FrontSelection.Take(s_whole, 0));
    }

    [Fact]
    public void AFrontComesPieceByPieceAndEndsWhenTold()
    {
        using var cancel = new CancellationTokenSource();
        var rows = new List<Schedule>();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var schedule in s_scheduler.Front(s_workload, new ExactSolver(), resolution: 0, cancellationToken: cancel.Token))
            {
                rows.Add(schedule);
                cancel.Cancel();
            }
        });
        Assert.InRange(rows.Count, 1, s_whole.Count - 1);
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(double.NaN)]
    public void AStepIsNotNegative(double resolution) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => s_scheduler.Front(s_workload, new ExactSolver(), resolution: resolution));

    private static IEnumerable<Schedule> Front(double resolution) => s_scheduler.Front(s_workload, new ExactSolver(), resolution: resolution);

    private static bool Within(Coefficient shown, Coefficient point, double step) =>
        shown.Objective <= point.Objective * (1 + step) && shown.TieBreak <= point.TieBreak * (1 + step);

    // Picoseconds, picojoules and bytes.
    private static double[] Measures(Schedule schedule)
    {
        var sum = schedule.Phases.Aggregate(
            Coefficient.Of(schedule.Output.LatencySeconds, schedule.Output.Energy.TotalJoules),
            (sum, phase) => sum + Coefficient.Of(phase.Cost.LatencySeconds, phase.Cost.Energy.TotalJoules)
                + Coefficient.Of(phase.Transition.LatencySeconds, phase.Transition.Energy.TotalJoules));
        return [sum.Objective, sum.TieBreak, schedule.PeakNodeMemoryBytes];
    }
}
