using Google.OrTools.LinearSolver;
using MpsModel = Google.OrTools.ModelBuilder.Model;
using MpsSolver = Google.OrTools.ModelBuilder.Solver;
using MpsStatus = Google.OrTools.ModelBuilder.SolveStatus;

namespace Engine.Tests.Scheduling;

/// <summary>Mixed-integer solvers that know of a program what its exported file says.</summary>
internal static class FileSolvers
{
    // Relative; what a relaxation's dual values can be off by is far below.
    private const double Tolerance = 1e-6;

    /// <summary>
    /// Columns that no solution with an objective of at most <paramref name="limit"/> takes: where the optimum of the linear
    /// relaxation (GLOP's) and the column's reduced cost are together above the limit, so is every solution in which the column is 1;
    /// without those the relaxation rules out more. A file without them has the same optimum if that is within the limit, and is
    /// infeasible or has a dearer one otherwise.
    /// </summary>
    public static IReadOnlySet<string> BeyondReach(ProgramFile file, long limit)
    {
        var beyond = new HashSet<string>();
        for (var before = -1; before < beyond.Count;)
        {
            before = beyond.Count;
            using var relaxation = Solver.CreateSolver("GLOP");
            var columns = Load(relaxation, file, beyond, relaxed: true);
            if (relaxation.Solve() == Solver.ResultStatus.INFEASIBLE)
                break;
            var bound = relaxation.Objective().Value();
            beyond.UnionWith(columns
                .Where(column => column.Value.SolutionValue() < Tolerance)
                .Where(column => bound + column.Value.ReducedCost() > limit * (1 + Tolerance))
                .Select(column => column.Key));
        }

        return beyond;
    }

    /// <summary>
    /// CBC's optimum of a file: the binaries that are 1; <see langword="null"/> where it has no proof within a minute of CPU time.
    /// </summary>
    public static IReadOnlySet<string>? Cbc(ProgramFile file, IReadOnlySet<string> excluded)
    {
        using var solver = Solver.CreateSolver("CBC");
        var columns = Load(solver, file, excluded, relaxed: false);
        solver.SetTimeLimit(60_000);
        using var exactly = new MPSolverParameters();
        exactly.SetDoubleParam(MPSolverParameters.DoubleParam.RELATIVE_MIP_GAP, 0);
        return solver.Solve(exactly) == Solver.ResultStatus.OPTIMAL
            ? file.Binaries.Where(name => columns[name].SolutionValue() > 0.5).ToHashSet()
            : null;
    }

    /// <summary>As <see cref="Cbc"/>, by HiGHS, which is given the file itself.</summary>
    public static IReadOnlySet<string>? Highs(string mps, IReadOnlySet<string> excluded)
    {
        var model = new MpsModel();
        if (!model.ImportFromMpsString(mps))
            throw new InvalidDataException("OR-Tools could not read the MPS file.");
        var columns = Enumerable.Range(0, model.VariablesCount()).Select(model.VarFromIndex).ToArray();
        foreach (var column in columns.Where(column => excluded.Contains(column.Name)))
            model.Helper.SetVarUpperBound(column.Index, 0);
        var solver = new MpsSolver("HIGHS");
        // Without the first it calls a choice optimal that is 0.01 % above the optimum; without the second it prints.
        solver.SetSolverSpecificParameters("mip_rel_gap=0,output_flag=false,threads=1");
        solver.SetTimeLimitInSeconds(60);
        return solver.Solve(model) == MpsStatus.OPTIMAL
            ? columns.Where(column => solver.Value(column) > 0.5).Select(column => column.Name).ToHashSet()
            : null;
    }

    // The rows say that no binary is above 1. A relaxation that hears it from the columns too has dual values for it, and smaller
    // reduced costs.
    private static Dictionary<string, Variable> Load(Solver solver, ProgramFile file, IReadOnlySet<string> excluded, bool relaxed)
    {
        var names = file.Rows.Values.SelectMany(row => row.Terms.Keys).Concat(file.Objective.Keys).Distinct();
        var columns = names.ToDictionary(name => name, Column);
        foreach (var (name, (terms, sense, limit)) in file.Rows)
        {
            var row = solver.MakeConstraint(sense == 'E' ? limit : double.NegativeInfinity, limit, name);
            foreach (var (column, coefficient) in terms)
                row.SetCoefficient(columns[column], coefficient);
        }

        foreach (var (column, coefficient) in file.Objective)
            solver.Objective().SetCoefficient(columns[column], coefficient);
        solver.Objective().SetMinimization();
        return columns;

        Variable Column(string name)
        {
            var isBinary = !relaxed && file.Binaries.Contains(name);
            return solver.MakeVar(0, excluded.Contains(name) ? 0 : isBinary ? 1 : double.PositiveInfinity, isBinary, name);
        }
    }
}
