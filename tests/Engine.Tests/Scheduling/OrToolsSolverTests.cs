using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Sidecar;
using Xunit;

namespace Engine.Tests.Scheduling;

/// <summary>These need Node.js and the sidecar's packages; where they are missing, they fail with the remedy.</summary>
public sealed class OrToolsSolverTests
{
    private static readonly OrToolsSolver s_solver = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void AgreesWithExactOnSmallPrograms()
    {
        var solved = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var program = RandomProgram.Make(seed, 1 + seed % 3);
            SolverResult exact;
            try
            {
                exact = new ExactSolver().Solve(program, new SolverSettings(), Cancellation);
            }
            catch (InfeasibleScheduleException)
            {
                Assert.Throws<InfeasibleScheduleException>(() => s_solver.Solve(program, new SolverSettings(), Cancellation));
                continue;
            }

            var found = s_solver.Solve(program, new SolverSettings(Seed: seed), Cancellation);
            Assert.Equal((exact.Report.Objective, exact.Report.Objective, SolverStatus.Optimal), (found.Report.Objective, found.Report.Bound, found.Report.Status));
            Assert.Equal(found.Report.Objective, program.ValueOf(found.Choice).Objective);
            Assert.True(program.MemoryOf(found.Choice) <= program.CapacityBytes);
            Assert.Equal(seed, found.Report.Seed);
            // Half way between the energy of the fastest and that of the thriftiest choice.
            var least = RandomProgram.Choices(program).Where(program.Fits).Min(program.EnergyOf);
            var budget = program with { EnergyLimitPicojoules = (program.EnergyOf(exact.Choice) + least) / 2 };
            var within = s_solver.Solve(budget, new SolverSettings(Seed: seed), Cancellation);
            Assert.Equal(new ExactSolver().Solve(budget, new SolverSettings(), Cancellation).Report.Objective, within.Report.Objective);
            Assert.True(budget.Fits(within.Choice));
            solved++;
        }

        Assert.InRange(solved, 20, 59);
    }

    [Theory]
    [InlineData("swin_t", "stack-8x8", 1)]
    [InlineData("swin_t", "stack-8x8", 4)]
    [InlineData("swin_t", "stack-16x16", 1)]
    [InlineData("swin_t", "stack-16x16", 4)]
    [InlineData("vit_b_16", "stack-8x8", 1)]
    [InlineData("vit_b_16", "stack-8x8", 4)]
    [InlineData("vit_b_16", "stack-16x16", 1)]
    [InlineData("vit_b_16", "stack-16x16", 4)]
    [InlineData("cswin_t", "stack-8x8", 2)]
    [InlineData("cswin_t", "stack-16x16", 4)]
    public void AgreesWithExactOnPresets(string model, string preset, int memoryDivisor)
    {
        var array = ArrayCatalog.Get(preset);
        array = array with { Node = array.Node with { MemoryBytes = array.Node.MemoryBytes / memoryDivisor } };
        var workload = Partitioner.Split(ModelCatalog.Get(model), array);
        var program = ProgramBuilder.Build(workload, new Scheduler().Machine(workload));
        var exact = new ExactSolver().Solve(program, new SolverSettings(), Cancellation).Report;
        var found = s_solver.Solve(program, new SolverSettings(TimeSpan.FromSeconds(6)), Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{model} {preset}/{memoryDivisor}: exact {exact.Objective} in {exact.SolveSeconds:0.00} s, CP-SAT {found.Report.Objective} >= {found.Report.Bound} in {found.Report.SolveSeconds:0.0} s"));

        Assert.Equal(SolverStatus.Optimal, exact.Status);
        Assert.InRange(exact.Objective, found.Report.Bound, found.Report.Objective);
        Assert.Equal(found.Report.Status == SolverStatus.Optimal, found.Report.Gap == 0);
        Assert.True(program.MemoryOf(found.Choice) <= program.CapacityBytes);
    }

    [Fact]
    public void ObjectivesBeyondDoublePrecisionAreScaledAndStillBounded()
    {
        const long factor = 1_000_000_000_000_007;
        var program = Enlarged(Feasible(), factor);
        var exact = new ExactSolver().Solve(program, new SolverSettings(), Cancellation).Report;
        var found = s_solver.Solve(program, new SolverSettings(), Cancellation).Report;
        Assert.InRange(exact.Objective, found.Bound, found.Objective);
        Assert.InRange(found.Gap, 0, 1e-9);
    }

    [Fact]
    public void ATimeLimitOfZeroLeavesTheGreedyChoiceAndABound()
    {
        var program = Feasible();
        var found = s_solver.Solve(program, new SolverSettings(TimeSpan.Zero), Cancellation);
        Assert.True(program.MemoryOf(found.Choice) <= program.CapacityBytes);
        Assert.InRange(new ExactSolver().Solve(program, new SolverSettings(), Cancellation).Report.Objective, found.Report.Bound, found.Report.Objective);
    }

    [Fact]
    public void CancellationStopsTheSearch()
    {
        var workload = Partitioner.Split(ModelCatalog.Get("vit_b_16"), ArrayCatalog.Get("stack-16x16"));
        var program = ProgramBuilder.Build(workload, new Scheduler().Machine(workload));
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        Assert.ThrowsAny<OperationCanceledException>(() => s_solver.Solve(program, new SolverSettings(), cancel.Token));
    }

    [Fact]
    public void MissingNodeIsOneLineWithTheRemedy()
    {
        using var client = new SidecarClient(node: "no-such-node");
        var error = Assert.Throws<SidecarException>(() => new OrToolsSolver(client).Solve(Feasible(), new SolverSettings(), Cancellation));
        Assert.Equal(SidecarFailure.NotInstalled, error.Failure);
        Assert.Contains("npm ci", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void IsKnownByItsName() => Assert.Contains(Scheduler.Solvers, solver => solver.Name == "OrTools");

    private static ScheduleProgram Feasible() => Enumerable.Range(0, 100).Select(seed => RandomProgram.Make(seed, 1))
        .First(program => program.Phases.Count > 3 && RandomProgram.Choices(program).Any(choice => program.MemoryOf(choice) <= program.CapacityBytes));

    private static ScheduleProgram Enlarged(ScheduleProgram program, long factor)
    {
        return program with
        {
            TransitionsOut = [.. program.TransitionsOut.Select(Times)],
            Phases = [.. program.Phases.Select(phase => phase with
            {
                TransitionsIn = [.. phase.TransitionsIn.Select(Times)],
                Options = [.. phase.Options.Select(option => option with { Coefficient = Times(option.Coefficient) })],
            })],
        };

        Coefficient Times(Coefficient coefficient) => new(coefficient.Objective * factor, coefficient.TieBreak);
    }
}
