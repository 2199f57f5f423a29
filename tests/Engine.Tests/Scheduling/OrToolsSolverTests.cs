using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

[Trait("Speed", "Slow")]
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

    [Fact]
    public void ATimeLimitLeavesAChoiceThatFitsAndABound()
    {
        var program = Preset("cswin_t", "stack-16x16", 4);
        var exact = new ExactSolver().Solve(program, new SolverSettings(), Cancellation).Report;
        var found = s_solver.Solve(program, new SolverSettings(TimeSpan.FromSeconds(2)), Cancellation);

        Assert.InRange(exact.Objective, found.Report.Bound, found.Report.Objective);
        Assert.Equal(found.Report.Status == SolverStatus.Optimal, found.Report.Gap == 0);
        Assert.True(program.Fits(found.Choice));
    }

    [Fact]
    public void TheSameSeedGivesTheSameChoice()
    {
        var program = Preset("swin_t", "stack-4x4", 1);
        var choices = Enumerable.Range(0, 2).Select(_ => s_solver.Solve(program, new SolverSettings(Seed: 7), Cancellation).Choice).ToArray();
        Assert.Equal(choices[0], choices[1]);
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
        var program = Preset("vit_b_16", "stack-16x16", 4);
        var found = s_solver.Solve(program, new SolverSettings(TimeSpan.Zero), Cancellation);
        Assert.Equal(SolverStatus.Feasible, found.Report.Status);
        Assert.True(program.MemoryOf(found.Choice) <= program.CapacityBytes);
        var exact = new ExactSolver().Solve(program, new SolverSettings(), Cancellation).Report;
        Assert.InRange(exact.Objective, found.Report.Bound, found.Report.Objective);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1500)]
    public void CancellationStopsTheSearch(int milliseconds)
    {
        var program = Preset("vit_b_16", "stack-16x16", 4);
        using var cancel = new CancellationTokenSource(milliseconds);
        Assert.ThrowsAny<OperationCanceledException>(() => s_solver.Solve(program, new SolverSettings(), cancel.Token));
    }

    [Fact]
    public void SumsBeyond64BitsAreScaledToo()
    {
        // Wide phases: the columns' sum is hundreds of times the dearest choice.
        var program = Preset("vit_b_16", "stack-16x16", 1);
        var first = program.ValueOf(new int[program.Phases.Count]).Objective;
        program = Enlarged(program, long.MaxValue / 4 / first / program.Phases.Count);
        var found = s_solver.Solve(program, new SolverSettings(TimeSpan.FromSeconds(1)), Cancellation).Report;
        Assert.InRange(found.Bound, 0, found.Objective);
    }

    [Fact]
    public void TheReportNamesTheVersionOfTheLibrary()
    {
        Assert.Equal(Google.OrTools.Init.OrToolsVersion.VersionString(), s_solver.Version);
        Assert.Equal(s_solver.Version, s_solver.Solve(Feasible(), new SolverSettings(), Cancellation).Report.Version);
        Assert.Null(new ExactSolver().Solve(Feasible(), new SolverSettings(), Cancellation).Report.Version);
    }

    [Fact]
    public void AMachineWithoutTheLibraryIsToldInOneLineAndHasTheOtherSolvers()
    {
        var context = new WithoutNativeLibraries();
        var told = (string)context.LoadFromAssemblyName(typeof(OrToolsSolverTests).Assembly.GetName())
            .GetType(typeof(OrToolsSolverTests).FullName!, throwOnError: true)!
            .GetMethod(nameof(Tell), BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, null)!;
        context.Unload();

        Assert.StartsWith("Exact Optimal; OrTools NotAvailable: ", told, StringComparison.Ordinal);
        Assert.Contains(RuntimeInformation.RuntimeIdentifier, told, StringComparison.Ordinal);
        Assert.Contains("The solver Exact needs no library", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
    }

    [Fact]
    public void IsKnownByItsName() => Assert.Contains(Scheduler.Solvers, solver => solver.Name == "OrTools");

    /// <summary>Runs in a context of its own.</summary>
    private static string Tell()
    {
        var exact = new ExactSolver().Solve(Feasible(), new SolverSettings(), CancellationToken.None).Report.Status;
        var error = Assert.Throws<SolverException>(
            () => new OrToolsSolver().Solve(Feasible(), new SolverSettings(), CancellationToken.None));
        return $"Exact {exact}; OrTools {error.Failure}: {error.Message}";
    }

    private static ScheduleProgram Preset(string model, string preset, int memoryDivisor)
    {
        var array = ArrayCatalog.Get(preset);
        array = array with { Node = array.Node with { MemoryBytes = array.Node.MemoryBytes / memoryDivisor } };
        var workload = Partitioner.Split(ModelCatalog.Get(model), array);
        return ProgramBuilder.Build(workload, new Scheduler().Machine(workload));
    }

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

    /// <summary>Loads the engine and OR-Tools once more, and finds none of their native libraries.</summary>
    private sealed class WithoutNativeLibraries() : AssemblyLoadContext("without native libraries", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name is "Engine.Tests" or "Allspark.Engine" or "Google.OrTools"
            ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, $"{assemblyName.Name}.dll"))
            : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) => throw new DllNotFoundException(unmanagedDllName);
    }
}
