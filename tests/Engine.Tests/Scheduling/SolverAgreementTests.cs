using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Xunit;

namespace Engine.Tests.Scheduling;

/// <summary>
/// One optimum, to the picosecond, from solvers that share no line: ours, CP-SAT on the rows, CBC and HiGHS on the exported files.
/// </summary>
public sealed class SolverAgreementTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, int> Cases { get; } = new MatrixTheoryData<string, string, int>(
        ["swin_t", "vit_b_16"], ["stack-4x4", "stack-8x8", "stack-16x16"], [1, 4]);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void EverySolverProvesTheSameObjective(string model, string preset, int memoryDivisor)
    {
        var program = Program(model, preset, memoryDivisor);
        var exact = new ExactSolver().Solve(program, new SolverSettings(), Cancellation).Report;
        Assert.Equal(SolverStatus.Optimal, exact.Status);

        var satisfied = new OrToolsSolver().Solve(program, new SolverSettings(TimeSpan.FromMinutes(3)), Cancellation);
        Assert.Equal(SolverStatus.Optimal, satisfied.Report.Status);
        Assert.Equal((exact.Objective, exact.Objective), (satisfied.Report.Objective, satisfied.Report.Bound));
        Assert.Equal(exact.Objective, program.ValueOf(satisfied.Choice).Objective);

        var file = ProgramFile.ReadLp(Text(program, ProgramFormat.Lp));
        var mps = Text(program, ProgramFormat.Mps);
        var cases = FileCase.Within(file, exact.Objective).ToList();
        Assert.Equal(exact.Objective, Least(program, cases.Select(part => FileSolvers.Cbc(file, part))));
        Assert.Equal(exact.Objective, Least(program, cases.Select(part => FileSolvers.Highs(mps, part))));
    }

    [Theory]
    [InlineData("swin_t", "stack-4x4", 1)]
    [InlineData("swin_t", "stack-8x8", 4)]
    [InlineData("vit_b_16", "stack-4x4", 4)]
    public void CbcAndHighsProveItOfTheWholeFileToo(string model, string preset, int memoryDivisor)
    {
        var program = Program(model, preset, memoryDivisor);
        var exact = new ExactSolver().Solve(program, new SolverSettings(), Cancellation).Report;
        var file = ProgramFile.ReadLp(Text(program, ProgramFormat.Lp));
        Assert.Equal(exact.Objective, Least(program, [FileSolvers.Cbc(file, FileCase.All)]));
        Assert.Equal(exact.Objective, Least(program, [FileSolvers.Highs(Text(program, ProgramFormat.Mps), FileCase.All)]));
    }

    [Fact]
    public void TheCasesHoldEverySolutionWithinTheirLimitAndNoneIsMadeUp()
    {
        var program = Program("vit_b_16", "stack-4x4", 4);
        var file = ProgramFile.ReadLp(Text(program, ProgramFormat.Lp));
        var optimum = new ExactSolver().Solve(program, new SolverSettings(), Cancellation).Report.Objective;
        var little = optimum / 10_000;
        Assert.Equal(optimum, Optimum(optimum + little));
        Assert.False(Optimum(optimum - little) < optimum);

        long? Optimum(long limit) => Least(program, FileCase.Within(file, limit).Select(part => FileSolvers.Cbc(file, part)));
    }

    // The choices are costed anew in integers: a solver's tolerances do not enter.
    private static long? Least(ScheduleProgram program, IEnumerable<IReadOnlySet<string>?> solutions)
    {
        var linear = LinearProgram.Of(program);
        return solutions.OfType<IReadOnlySet<string>>().Select(ObjectiveOf).Min();

        long? ObjectiveOf(IReadOnlySet<string> chosen)
        {
            int[] choice = [.. program.Phases.Select((phase, p) =>
                Enumerable.Range(0, phase.Options.Count).Single(o => chosen.Contains(linear.Columns[linear.ColumnOf(p, o)].Name)))];
            Assert.True(program.Fits(choice));
            return program.ValueOf(choice).Objective;
        }
    }

    private static ScheduleProgram Program(string model, string preset, int memoryDivisor)
    {
        var array = ArrayCatalog.Get(preset);
        array = array with { Node = array.Node with { MemoryBytes = array.Node.MemoryBytes / memoryDivisor } };
        var workload = Partitioner.Split(ModelCatalog.Get(model), array);
        return ProgramBuilder.Build(workload, new Scheduler().Machine(workload));
    }

    private static string Text(ScheduleProgram program, ProgramFormat format)
    {
        using var writer = new StringWriter();
        ProgramWriter.Write(program, format, writer);
        return writer.ToString();
    }
}
