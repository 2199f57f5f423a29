using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

[Trait("Speed", "Slow")]
public sealed class SolverTests
{
    private static readonly SolverSettings s_settings = new();

    public static TheoryData<int, int> Programs()
    {
        var data = new TheoryData<int, int>();
        for (var seed = 0; seed < 150; seed++)
            data.Add(seed, 1 + seed % 3);
        return data;
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void ExactEqualsBruteForce(int seed, int regions)
    {
        var program = RandomProgram.Make(seed, regions);
        var best = RandomProgram.Choices(program).Where(choice => program.MemoryOf(choice) <= program.CapacityBytes)
            .Select(choice => (Coefficient?)program.ValueOf(choice)).Min();
        if (best is null)
        {
            var error = Assert.Throws<InfeasibleScheduleException>(() => Solve(new ExactSolver(), program));
            Assert.Equal(RandomProgram.Choices(program).Min(program.MemoryOf), error.NeededBytes);
            AssertNoneCanBeLeftOut(program, error.Phases);
            return;
        }

        var exact = Solve(new ExactSolver(), program);
        Assert.Equal(best, program.ValueOf(exact.Choice));
        Assert.Equal(SolverStatus.Optimal, exact.Report.Status);
        Assert.Equal(exact.Report.Objective, exact.Report.Bound);
        Assert.Equal(program.ValueOf(exact.Choice).Objective, exact.Report.Objective);
        Assert.True(program.MemoryOf(exact.Choice) <= program.CapacityBytes);

        var greedy = Solve(new GreedySolver(), program);
        Assert.True(program.MemoryOf(greedy.Choice) <= program.CapacityBytes);
        Assert.InRange(exact.Report.Objective, greedy.Report.Bound, greedy.Report.Objective);
    }

    [Fact]
    public void ExactEqualsEnumerationOnLongPrograms()
    {
        var solved = 0;
        for (var seed = 1000; seed < 1060; seed++)
        {
            var program = RandomProgram.Make(seed, 1, 24);
            if (RandomProgram.BestByEnumeration(program) is not { } best)
                continue;
            var exact = Solve(new ExactSolver(), program);
            Assert.Equal(best, program.ValueOf(exact.Choice));
            Assert.Equal(SolverStatus.Optimal, exact.Report.Status);
            solved++;
        }

        Assert.InRange(solved, 30, 60);
    }

    // The phases named do not fit together, but do without any one of them.
    private static void AssertNoneCanBeLeftOut(ScheduleProgram program, IReadOnlyList<string> names)
    {
        var named = program.Phases.Where(phase => names.Contains(phase.Phase.ToString())).ToArray();
        Assert.Equal(names.Count, named.Length);
        Assert.True(Least(named) > program.CapacityBytes);
        foreach (var phase in named)
            Assert.True(named.Length == 1 || Least([.. named.Where(other => other != phase)]) <= program.CapacityBytes);

        static long Least(ProgramPhase[] phases) => phases.Aggregate(
            (IEnumerable<(long Resident, long Transient)>)[(0, 0)],
            (sums, phase) => sums.SelectMany(sum => phase.Options.Select(option => (sum.Resident + option.ResidentBytes, Math.Max(sum.Transient, option.TransientBytes)))))
            .Min(sum => sum.Resident + sum.Transient);
    }

    [Fact]
    public void ATimeLimitOfZeroStillGivesAChoiceAndABound()
    {
        var program = Enumerable.Range(0, 500).Select(seed => RandomProgram.Make(seed, 1))
            .First(candidate => RandomProgram.Choices(candidate).Any(choice => candidate.MemoryOf(choice) <= candidate.CapacityBytes));
        var result = new ExactSolver().Solve(program, new SolverSettings(TimeSpan.Zero), CancellationToken.None);

        Assert.Equal(SolverStatus.Feasible, result.Report.Status);
        Assert.True(result.Report.Bound <= result.Report.Objective);
        Assert.True(program.MemoryOf(result.Choice) <= program.CapacityBytes);
    }

    [Fact]
    public void CancellationStopsTheSearch() => Assert.Throws<OperationCanceledException>(
        () => new ExactSolver().Solve(RandomProgram.Make(1, 1) with { CapacityBytes = 1000 }, s_settings, new CancellationToken(canceled: true)));

    private static SolverResult Solve(IScheduleSolver solver, ScheduleProgram program) => solver.Solve(program, s_settings, CancellationToken.None);
}
