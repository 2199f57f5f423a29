using System.Diagnostics;
using System.Text.Json.Nodes;
using Allspark.Engine.Sidecar;

namespace Allspark.Engine.Scheduling;

/// <summary>Hands the program's rows to CP-SAT of Google OR-Tools, which runs in the sidecar, with the greedy choice as a hint.</summary>
/// <remarks>
/// One worker and a fixed seed, so that a run without a time limit repeats. A time limit leaves the best choice found and the bound
/// proven until then. Among choices of equal objective CP-SAT takes any: it knows no tie-break.
/// </remarks>
public sealed class OrToolsSolver : IScheduleSolver
{
    // CP-SAT and JSON hand bounds over in double precision; a larger objective is scaled down.
    private const double LargestObjective = 1L << 53;

    private static readonly TimeSpan Overhead = TimeSpan.FromSeconds(60);

    private readonly SidecarClient? _sidecar;

    /// <summary>Makes the solver.</summary>
    /// <param name="sidecar">The sidecar to ask; <see langword="null"/> for the one that the process shares.</param>
    public OrToolsSolver(SidecarClient? sidecar = null) => _sidecar = sidecar;

    /// <inheritdoc/>
    public string Name => "OrTools";

    /// <inheritdoc/>
    /// <exception cref="SidecarException">Node.js or the sidecar's packages are missing, or the sidecar failed.</exception>
    public SolverResult Solve(ScheduleProgram program, SolverSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(settings);
        var started = Stopwatch.GetTimestamp();
        var hint = EnergyBudget.Start(program, cancellationToken, settings.TimeLimit);
        var rows = LinearProgram.Of(program);
        var scale = Math.Max(1, (long)Math.Ceiling(Worst(program) / LargestObjective));
        var limit = settings.TimeLimit is { } seconds ? seconds + Overhead : Timeout.InfiniteTimeSpan;
        var answer = (_sidecar ?? SidecarClient.Shared).Request("solve", Request(rows, hint, scale, settings), limit, cancellationToken);

        var choice = Choice(program, rows, answer) ?? hint;
        var objective = program.ValueOf(choice).Objective;
        // Coefficients are rounded down to the scale, so the scaled bound holds for the program too. None is negative: 0 is a bound.
        var proven = (long)Math.Ceiling((double?)answer["bound"] ?? 0) * scale;
        return new SolverResult(choice, new SolverReport
        {
            Name = Name,
            Status = proven >= objective ? SolverStatus.Optimal : SolverStatus.Feasible,
            Objective = objective,
            Bound = Math.Min(proven, objective),
            SolveSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Seed = settings.Seed,
        });
    }

    // The sum of each phase's dearest option and move: no choice is above it.
    private static double Worst(ScheduleProgram program) =>
        program.Phases.Sum(phase => (double)phase.Options.Max(option => option.Objective) + phase.TransitionsIn.Max(move => move.Objective))
        + program.TransitionsOut.Max(move => move.Objective);

    // Flat arrays: the terms of row r are those from starts[r] to starts[r + 1].
    private static JsonObject Request(LinearProgram program, int[] hint, long scale, SolverSettings settings)
    {
        var starts = new JsonArray(0);
        var (columns, coefficients, lower, upper) = (new JsonArray(), new JsonArray(), new JsonArray(), new JsonArray());
        foreach (var row in program.Rows)
        {
            foreach (var (column, coefficient) in row.Terms)
            {
                columns.Add((JsonNode)column);
                coefficients.Add((JsonNode)coefficient);
            }

            starts.Add((JsonNode)columns.Count);
            lower.Add(row.IsEquality ? (JsonNode)row.Limit : null);
            upper.Add((JsonNode)row.Limit);
        }

        return new JsonObject
        {
            ["objective"] = Numbers(program.Columns.Select(column => column.Objective / scale)),
            ["largest"] = Numbers(program.Columns.Select(column => column.UpperBound)),
            ["rows"] = new JsonObject { ["starts"] = starts, ["columns"] = columns, ["coefficients"] = coefficients, ["lower"] = lower, ["upper"] = upper },
            ["hint"] = Numbers(program.ValuesOf(hint)),
            ["seed"] = settings.Seed,
            ["seconds"] = settings.TimeLimit?.TotalSeconds,
        };
    }

    private static JsonArray Numbers(IEnumerable<long> numbers) => [.. numbers.Select(number => (JsonNode)number)];

    // What comes from another process is checked before it is believed.
    private static int[]? Choice(ScheduleProgram program, LinearProgram rows, JsonNode answer)
    {
        if (answer["values"] is not JsonArray values)
            return null;
        var choice = program.Phases.Select((phase, p) =>
            Enumerable.Range(0, phase.Options.Count).Where(o => (long?)values.ElementAtOrDefault(rows.ColumnOf(p, o)) == 1).ToArray()).ToArray();
        if (choice.Any(options => options.Length != 1))
            throw new SidecarException(SidecarFailure.RequestFailed, "`solve` gave a choice that does not take one option for each phase");
        int[] taken = [.. choice.Select(options => options[0])];
        return program.Fits(taken)
            ? taken
            : throw new SidecarException(SidecarFailure.RequestFailed, "`solve` gave a choice that exceeds the nodes' memory or the energy budget");
    }
}
