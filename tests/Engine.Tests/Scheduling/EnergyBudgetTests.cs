using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

[Trait("Speed", "Slow")]
public sealed class EnergyBudgetTests
{
    private static readonly SolverSettings s_settings = new();
    private static readonly Scheduler s_scheduler = new();

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ExactEqualsBruteForceAtEveryBudget(int seed)
    {
        var free = RandomProgram.Make(seed, 1 + seed % 2);
        var points = RandomProgram.Choices(free).Where(free.Fits).Select(choice => free.ValueOf(choice)).ToArray();
        if (points.Length == 0)
            return;
        var least = points.Min(point => point.TieBreak);
        for (var limit = least - 1; limit <= least + 6; limit++)
        {
            var program = free with { EnergyLimitPicojoules = limit };
            if (limit < least)
            {
                Assert.Equal(least * 1e-12, Assert.Throws<EnergyBudgetException>(() => Solve(new ExactSolver(), program)).LeastJoules, 1e-18);
                Assert.Throws<EnergyBudgetException>(() => Solve(new GreedySolver(), program));
                continue;
            }

            var exact = Solve(new ExactSolver(), program);
            Assert.Equal(points.Where(point => point.TieBreak <= limit).Min(), free.ValueOf(exact.Choice));
            Assert.Equal((SolverStatus.Optimal, exact.Report.Objective), (exact.Report.Status, exact.Report.Bound));
            Assert.True(program.Fits(exact.Choice));
            var greedy = Solve(new GreedySolver(), program);
            Assert.True(program.Fits(greedy.Choice));
            Assert.InRange(exact.Report.Objective, greedy.Report.Bound, greedy.Report.Objective);
            var product = ConvexFront.LeastProduct(program, new ExactSolver(), s_settings, CancellationToken.None);
            Assert.Equal(points.Where(point => point.TieBreak <= limit).Min(Product), Product(free.ValueOf(product.Choice)));
        }
    }

    [Fact]
    public void TheRowOfTheBudgetSumsTheEnergyOfAChoice()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var program = RandomProgram.Make(seed, 1) with { EnergyLimitPicojoules = 40 };
            var rows = LinearProgram.Of(program);
            var energy = Assert.Single(rows.Rows, row => row.Name == "energy");
            Assert.Equal((40L, false), (energy.Limit, energy.IsEquality));
            foreach (var choice in RandomProgram.Choices(program).Take(50))
            {
                var values = rows.ValuesOf(choice);
                Assert.Equal(program.EnergyOf(choice), energy.Terms.Sum(term => term.Coefficient * values[term.Column]));
            }
        }
    }

    [Theory]
    [InlineData("swin_t", "stack-8x8", 0.5)]
    [InlineData("swin_t", "stack-8x8", 0.03)]
    [InlineData("deit_ti", "stack-4x4", 0.2)]
    public void NetworksAreScheduledWithinTheirBudget(string model, string array, double part)
    {
        var workload = Partitioner.Split(ModelCatalog.Get(model), ArrayCatalog.Get(array));
        var machine = s_scheduler.Machine(workload);
        var (fast, thrifty) = (Energy(ScheduleObjective.Latency), Energy(ScheduleObjective.Energy));
        var limit = thrifty + (long)(part * (fast - thrifty));
        var program = ProgramBuilder.Build(workload, machine) with { EnergyLimitPicojoules = limit };
        var result = Solve(new ExactSolver(), program);
        Assert.Equal(SolverStatus.Optimal, result.Report.Status);
        Assert.InRange(program.EnergyOf(result.Choice), thrifty, limit);
        Assert.True(program.Fits(result.Choice));

        long Energy(ScheduleObjective objective)
        {
            var free = ProgramBuilder.Build(workload, machine, objective);
            return free.EnergyOf(Solve(new ExactSolver(), free).Choice);
        }
    }

    private static double Product(Coefficient value) => (double)value.Objective * value.TieBreak;

    private static SolverResult Solve(IScheduleSolver solver, ScheduleProgram program) => solver.Solve(program, s_settings, CancellationToken.None);
}
