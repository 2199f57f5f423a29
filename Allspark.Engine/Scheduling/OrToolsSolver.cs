using System.Reflection;
using System.Runtime.InteropServices;
using Google.OrTools.Sat;
using Google.Protobuf.Collections;

namespace Allspark.Engine.Scheduling;

/// <summary>Hands the program's rows to CP-SAT of Google OR-Tools, with the greedy choice as a hint.</summary>
/// <remarks>
/// One worker and a fixed seed, so that a run without a time limit repeats. A time limit leaves the best choice found and the
/// bound proven until then. Among choices of equal objective CP-SAT takes any: it knows no tie-break.
/// </remarks>
public sealed class OrToolsSolver : IScheduleSolver
{
    // CP-SAT hands bounds over in double precision, and takes no objective whose columns could together exceed 64 bits: a larger
    // one is scaled down.
    private const double LargestObjective = 1L << 53;
    private const double LargestSum = 1L << 61;

    /// <inheritdoc/>
    public string Name => "OrTools";

    /// <inheritdoc/>
    public string? Version { get; } =
        typeof(CpModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    /// <inheritdoc/>
    /// <exception cref="SolverException">OR-Tools has no library for this machine, or CP-SAT failed.</exception>
    public SolverResult Solve(ScheduleProgram program, SolverSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(settings);
        var clock = new Clock(settings.TimeLimit, cancellationToken);
        var hint = EnergyBudget.Start(program, cancellationToken, settings.TimeLimit);
        var rows = LinearProgram.Of(program);
        var scale = Scale(program, rows);
        var response = Search(rows, rows.ValuesOf(hint), scale, clock, settings.Seed);

        var found = response.Status is CpSolverStatus.Optimal or CpSolverStatus.Feasible;
        var choice = found ? Choice(program, rows, response.Solution) : hint;
        var objective = program.ValueOf(choice).Objective;
        // Coefficients are rounded down to the scale, so the scaled bound holds for the program too. None is negative: 0 is one.
        var proven = found ? (long)Math.Ceiling(response.BestObjectiveBound) * scale : 0;
        return new SolverResult(choice, new SolverReport
        {
            Name = Name,
            Version = Version,
            Status = proven >= objective ? SolverStatus.Optimal : SolverStatus.Feasible,
            Objective = objective,
            Bound = Math.Min(proven, objective),
            SolveSeconds = clock.Elapsed.TotalSeconds,
            Seed = settings.Seed,
        });
    }

    private static long Scale(ScheduleProgram program, LinearProgram rows)
    {
        // The sum of each phase's dearest option and move: no choice is above it.
        var worst = Dearest(program.TransitionsOut) + program.Phases.Sum(
            phase => phase.Options.Max(option => (double)option.Objective) + Dearest(phase.TransitionsIn));
        var sum = rows.Columns.Sum(column => (double)column.Objective);
        return Math.Max(1, (long)Math.Ceiling(Math.Max(worst / LargestObjective, sum / LargestSum)));

        static double Dearest(IEnumerable<Coefficient> moves) => moves.Max(move => (double)move.Objective);
    }

    private static CpSolverResponse Search(LinearProgram program, long[] hint, long scale, Clock clock, int seed)
    {
        try
        {
            var model = Model(program, hint, scale);
            using var search = new SolveWrapper();
            using var cancellation = clock.CancellationToken.Register(search.StopSearch);
            search.SetStringParameters(Parameters(seed, clock.Rest));
            var response = search.Solve(model.Model);
            clock.CancellationToken.ThrowIfCancellationRequested();
            if (response.Status is CpSolverStatus.Infeasible or CpSolverStatus.ModelInvalid)
                throw Failed($"calls the program {response.Status}: {model.Validate().ReplaceLineEndings(" ")}");
            return response;
        }
        catch (Exception missing) when (IsMissingLibrary(missing))
        {
            throw new SolverException(
                SolverFailure.NotAvailable,
                "The solver OrTools cannot run here: OR-Tools' native library for "
                + $"{RuntimeInformation.RuntimeIdentifier} is missing or cannot be loaded. It comes for Linux and macOS on x64 and "
                + "ARM64 and for Windows on x64. The solver Exact needs no library and proves the same optimum.",
                missing);
        }
    }

    // The type that calls the library loads it in its initializer.
    private static bool IsMissingLibrary(Exception failure) => failure switch
    {
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => true,
        TypeInitializationException { InnerException: { } reason } => IsMissingLibrary(reason),
        _ => false,
    };

    private static CpModel Model(LinearProgram program, long[] hint, long scale)
    {
        var model = new CpModel();
        IntVar[] columns = [.. program.Columns.Select(column => model.NewIntVar(0, column.UpperBound, ""))];
        foreach (var row in program.Rows)
        {
            var sum = LinearExpr.WeightedSum(
                row.Terms.Select(term => columns[term.Column]), row.Terms.Select(term => term.Coefficient));
            model.AddLinearConstraint(sum, row.IsEquality ? row.Limit : long.MinValue, row.Limit);
        }

        model.Minimize(LinearExpr.WeightedSum(columns, program.Columns.Select(column => column.Objective / scale)));
        foreach (var (column, value) in columns.Zip(hint))
            model.AddHint(column, value);
        return model;
    }

    // The linear relaxation of a flow formulation is nearly exact: put all rows into it and leave out the presolve, whose probing
    // of rows with many columns takes longer than the whole search. Ctrl+C is the caller's to handle: it comes as a cancellation.
    private static string Parameters(int seed, TimeSpan? rest)
    {
        var limit = rest is { } time ? FormattableString.Invariant($" max_time_in_seconds:{time.TotalSeconds}") : "";
        return FormattableString.Invariant(
            $"num_workers:1 random_seed:{seed} linearization_level:2 cp_model_presolve:false catch_sigint_signal:false{limit}");
    }

    // What comes from a library is checked before it is believed.
    private static int[] Choice(ScheduleProgram program, LinearProgram rows, RepeatedField<long> values)
    {
        var choice = program.Phases.Select((phase, p) =>
            Enumerable.Range(0, phase.Options.Count).Where(o => values[rows.ColumnOf(p, o)] == 1).ToArray()).ToArray();
        if (choice.Any(options => options.Length != 1))
            throw Failed("gave a choice that does not take one option for each phase.");
        int[] taken = [.. choice.Select(options => options[0])];
        return program.Fits(taken) ? taken : throw Failed("gave a choice that exceeds the nodes' memory or the energy budget.");
    }

    private static SolverException Failed(string what) => new(SolverFailure.Failed, $"CP-SAT {what}");
}
