using Google.OrTools.LinearSolver;
using MpsExpression = Google.OrTools.ModelBuilder.LinearExpr;
using MpsModel = Google.OrTools.ModelBuilder.Model;
using MpsSolver = Google.OrTools.ModelBuilder.Solver;
using MpsStatus = Google.OrTools.ModelBuilder.SolveStatus;

namespace Engine.Tests.Scheduling;

/// <summary>Mixed-integer solvers that know of a program what its exported file says.</summary>
internal static class FileSolvers
{
    /// <summary>CBC's optimum in a case: the binaries that are 1; <see langword="null"/> where there is none.</summary>
    /// <exception cref="TimeoutException">Nothing was proven within a minute of CPU time.</exception>
    public static IReadOnlySet<string>? Cbc(ProgramFile file, FileCase @case)
    {
        using var solver = Solver.CreateSolver("CBC");
        var columns = @case.Load(solver, file, relaxed: false);
        solver.SetTimeLimit(60_000);
        using var exactly = new MPSolverParameters();
        exactly.SetDoubleParam(MPSolverParameters.DoubleParam.RELATIVE_MIP_GAP, 0);
        return solver.Solve(exactly) switch
        {
            Solver.ResultStatus.OPTIMAL => file.Binaries.Where(name => columns[name].SolutionValue() > 0.5).ToHashSet(),
            Solver.ResultStatus.INFEASIBLE => null,
            var status => throw new TimeoutException($"CBC says {status}."),
        };
    }

    /// <summary>As <see cref="Cbc"/>, by HiGHS, which reads the MPS file itself; a minute by the clock on the wall.</summary>
    public static IReadOnlySet<string>? Highs(string mps, FileCase @case)
    {
        var model = new MpsModel();
        if (!model.ImportFromMpsString(mps))
            throw new InvalidDataException("OR-Tools could not read the MPS file.");
        var file = ProgramFile.ReadMps(mps);
        var columns = Enumerable.Range(0, model.VariablesCount()).Select(model.VarFromIndex).ToDictionary(column => column.Name);
        foreach (var (name, column) in columns)
        {
            if (@case.MostOf(name) is { } most)
                model.Helper.SetVarUpperBound(column.Index, most);
        }

        foreach (var (bytes, (least, most)) in @case.Counts)
        {
            var options = FileCase.Keeping(file, bytes).Select(name => columns[name]);
            model.AddLinearConstraint(MpsExpression.Sum(options), least, most);
        }

        var solver = new MpsSolver("HIGHS");
        // Without the first it calls a choice optimal that is up to 0.01 % above the optimum; without the second it prints.
        solver.SetSolverSpecificParameters("mip_rel_gap=0,output_flag=false,threads=1");
        solver.SetTimeLimitInSeconds(60);
        return solver.Solve(model) switch
        {
            MpsStatus.OPTIMAL => file.Binaries.Where(name => solver.Value(columns[name]) > 0.5).ToHashSet(),
            MpsStatus.INFEASIBLE => null,
            var status => throw new TimeoutException($"HiGHS says {status}."),
        };
    }
}
