using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

[Trait("Speed", "Slow")]
public sealed class ConvexFrontTests
{
    private static readonly SolverSettings s_settings = new();
    private static readonly Scheduler s_scheduler = new();
    private static readonly Workload s_workload = Partitioner.Split(ModelCatalog.Get("swin_t"), ArrayCatalog.Get("stack-8x8"));

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ProductAndCornersEqualBruteForce(int seed)
    {
        var program = RandomProgram.Make(seed, 1 + seed % 2);
        var points = RandomProgram.Choices(program).Where(choice => program.MemoryOf(choice) <= program.CapacityBytes)
            .Select(choice => program.ValueOf(choice)).Distinct().ToArray();
        if (points.Length == 0)
        {
            Assert.Throws<InfeasibleScheduleException>(() => ConvexFront.LeastProduct(program, new ExactSolver(), s_settings, CancellationToken.None));
            return;
        }

        var least = ConvexFront.LeastProduct(program, new ExactSolver(), s_settings, CancellationToken.None);
        Assert.Equal(points.Min(Product), Product(program.ValueOf(least.Choice)));
        Assert.Equal((SolverStatus.Optimal, least.Report.Objective), (least.Report.Status, least.Report.Bound));
        Assert.True(program.MemoryOf(least.Choice) <= program.CapacityBytes);

        var clock = new Clock(null, CancellationToken.None);
        var corners = new CornerSearch(new ConvexFront(program, new ExactSolver(), s_settings, clock), 0, [], clock).Search(ends: true, static _ => { });
        Assert.Equal(RandomProgram.Hull(points), corners.Select(corner => corner.Value));
    }

    [Theory]
    [InlineData("Exact")]
    [InlineData("Greedy")]
    public void TheLeastProductOfANetworkLiesBetweenLeastLatencyAndLeastEnergy(string name)
    {
        var solver = Scheduler.Solvers.First(known => known.Name == name);
        var product = Solve(ScheduleObjective.EnergyDelayProduct);
        var (fast, thrifty) = (Values(Solve(ScheduleObjective.Latency)), Values(Solve(ScheduleObjective.Energy)));
        var values = Values(product);
        Assert.True(Product(values) <= Math.Min(Product(fast), Product(thrifty)));
        if (name == "Exact")
        {
            Assert.InRange(values.Objective, fast.Objective, thrifty.Objective);
            Assert.InRange(values.TieBreak, thrifty.TieBreak, fast.TieBreak);
            Assert.Equal(SolverStatus.Optimal, product.Solver.Status);
        }

        Assert.True(product.Solver.Bound <= product.Solver.Objective);
        Assert.Equal(ScheduleObjective.EnergyDelayProduct, product.Objective);
        // 10⁻¹² s · 10⁻¹² J = 10⁻⁹ · 10⁻¹⁵ J·s.
        Assert.Equal((long)Math.Round(Product(values) * 1e-9), product.Solver.Objective);

        Schedule Solve(ScheduleObjective objective) => s_scheduler.Schedule(s_workload, solver, s_settings, objective);
    }

    [Fact]
    public void ATimeLimitOfZeroGivesAChoiceAndABound()
    {
        var schedule = s_scheduler.Schedule(s_workload, new ExactSolver(), new SolverSettings(TimeSpan.Zero), ScheduleObjective.EnergyDelayProduct);
        Assert.Equal(SolverStatus.Feasible, schedule.Solver.Status);
        Assert.InRange(schedule.Solver.Gap, 0, 1);
        var proven = s_scheduler.Schedule(s_workload, new ExactSolver(), null, ScheduleObjective.EnergyDelayProduct).Solver.Objective;
        Assert.InRange(proven, schedule.Solver.Bound, schedule.Solver.Objective);
    }

    private static double Product(Coefficient value) => (double)value.Objective * value.TieBreak;

    private static Coefficient Values(Schedule schedule) => schedule.Phases.Aggregate(
        Coefficient.Of(schedule.Output.LatencySeconds, schedule.Output.Energy.TotalJoules),
        (sum, phase) => sum + Coefficient.Of(phase.Cost.LatencySeconds, phase.Cost.Energy.TotalJoules)
            + Coefficient.Of(phase.Transition.LatencySeconds, phase.Transition.Energy.TotalJoules));
}
