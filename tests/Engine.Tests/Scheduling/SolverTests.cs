using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

public sealed class SolverTests
{
    private static readonly PimArray s_array = ArrayCatalog.Get("stack-4x4");
    private static readonly Workload s_workload = Partitioner.Split(ModelCatalog.Get("swin_t"), s_array);
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
        var program = Random(seed, regions);
        var best = AllChoices(program).Where(choice => program.MemoryOf(choice) <= program.CapacityBytes)
            .Select(choice => (Coefficient?)program.ValueOf(choice)).Min();
        if (best is null)
        {
            var error = Assert.Throws<InfeasibleScheduleException>(() => Solve(new ExactSolver(), program));
            Assert.Equal(AllChoices(program).Min(program.MemoryOf), error.NeededBytes);
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
    public void ATimeLimitOfZeroStillGivesAChoiceAndABound()
    {
        var program = Enumerable.Range(0, 500).Select(seed => Random(seed, 1))
            .First(candidate => AllChoices(candidate).Any(choice => candidate.MemoryOf(choice) <= candidate.CapacityBytes));
        var result = new ExactSolver().Solve(program, new SolverSettings(TimeSpan.Zero), CancellationToken.None);

        Assert.Equal(SolverStatus.Feasible, result.Report.Status);
        Assert.True(result.Report.Bound <= result.Report.Objective);
        Assert.True(program.MemoryOf(result.Choice) <= program.CapacityBytes);
    }

    [Fact]
    public void CancellationStopsTheSearch() => Assert.Throws<OperationCanceledException>(
        () => new ExactSolver().Solve(Random(1, 1) with { CapacityBytes = 1000 }, s_settings, new CancellationToken(canceled: true)));

    private static SolverResult Solve(IScheduleSolver solver, ScheduleProgram program) => solver.Solve(program, s_settings, CancellationToken.None);

    private static IEnumerable<int[]> AllChoices(ScheduleProgram program) => program.Phases.Aggregate(
        (IEnumerable<int[]>)[[]],
        (choices, phase) => choices.SelectMany(choice => Enumerable.Range(0, phase.Options.Count).Select(option => (int[])[.. choice, option])));

    // Few phases, few options, small integers, so that ties and tight memory are common.
    private static ScheduleProgram Random(int seed, int regions)
    {
        var random = new Random(seed);
        var tilings = Tiling.Rectangles(s_array);
        var phases = new List<ProgramPhase>();
        var count = random.Next(regions, 7);
        for (var p = 0; p < count; p++)
        {
            var layouts = random.Next(1, 4);
            var options = Enumerable.Range(0, random.Next(layouts, 6)).Select(o => Option(random, tilings, o < layouts ? o : random.Next(layouts))).ToArray();
            phases.Add(new ProgramPhase
            {
                Phase = s_workload.Phases[p],
                Options = options,
                GeneratedOptions = options.Length,
                Layouts = [.. tilings.Take(layouts)],
                Region = p * regions / count,
                TransitionsIn = [.. Enumerable.Range(0, layouts * (p == 0 ? 1 : phases[p - 1].Layouts.Count)).Select(_ => new Coefficient(random.Next(8), random.Next(3)))],
            });
        }

        return new ScheduleProgram
        {
            Workload = s_workload,
            Objective = ScheduleObjective.Latency,
            Phases = phases,
            TransitionsOut = [.. phases[^1].Layouts.Select(_ => new Coefficient(random.Next(4), random.Next(3)))],
            CapacityBytes = random.Next(8, 45),
        };
    }

    private static ProgramOption Option(Random random, IReadOnlyList<Tiling> tilings, int layout)
    {
        var objective = random.Next(20);
        var cost = new PhaseCost
        {
            LatencySeconds = objective,
            ComputeSeconds = objective,
            ExchangeSeconds = 0,
            FetchSeconds = 0,
            TemporalLayers = 1,
            Chunks = 1,
            ResidentBytes = random.Next(12),
            TransientBytes = random.Next(10),
            DramBytes = 0,
            NocByteHops = 0,
            OffStackBytes = 0,
            Energy = default,
        };
        return new ProgramOption(new PhaseOption { Tiling = tilings[layout], HeadParts = tilings[layout].GroupSize }, cost, layout, new Coefficient(objective, random.Next(5)));
    }
}
