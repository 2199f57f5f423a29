namespace Allspark.Engine.Scheduling;

/// <summary>
/// Label setting on the layered graph of layouts: a label is a partial choice with its objective and memory; labels that another dominates,
/// or that no completion can bring down to the best known choice, are dropped. What remains at the end is optimal.
/// </summary>
/// <remarks>
/// Bounds come from the Lagrangian of the memory rows (<see cref="CompletionBounds"/>), with ranges of the largest transient told apart by
/// branching (<see cref="RangeRelaxation"/>). The search first keeps few labels of a layer, which finds good choices early, then ever more until
/// none had to go. Where the best objective fits the memory without further ado, the search is among the choices that attain it
/// (<see cref="FlatProgram.TiedChoices"/>). Ties: least energy (latency, where energy is the objective), then least memory, then the
/// options generated first.
/// </remarks>
public sealed class ExactSolver : IScheduleSolver
{
    private const int MostSplits = 200;
    private const int MostGrids = 8;
    private const int FirstWidth = 16;
    private const int Widening = 8;

    /// <inheritdoc/>
    public string Name => "Exact";

    /// <inheritdoc/>
    public SolverResult Solve(ScheduleProgram program, SolverSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(settings);
        if (program.EnergyLimitPicojoules is not null)
            return EnergyBudget.Solve(program, this, settings, cancellationToken);
        var clock = new Clock(settings.TimeLimit, cancellationToken);
        var flat = new FlatProgram(program);
        var incumbent = Start(program, flat, settings.Known, cancellationToken);
        var ranges = Branch(flat, incumbent, clock);
        var bound = Math.Min(incumbent.Value.Objective, ranges.Min(range => range.ProgramBound));
        incumbent.Improve(clock);
        var (choice, proven) = new LayoutDistances(flat).Total == incumbent.Value.Objective
            ? AmongTied(flat, incumbent, clock)
            : Search(flat, ranges, incumbent, clock);
        var objective = program.ValueOf(choice).Objective;
        return new SolverResult(choice, new SolverReport
        {
            Name = Name,
            Status = proven ? SolverStatus.Optimal : SolverStatus.Feasible,
            Objective = objective,
            Bound = proven ? objective : bound,
            SolveSeconds = clock.Elapsed.TotalSeconds,
            Seed = settings.Seed,
        });
    }

    // The best choice known that fits, or the greedy one.
    private static Incumbent Start(
        ScheduleProgram program, FlatProgram flat, IReadOnlyList<IReadOnlyList<int>> known, CancellationToken cancellationToken)
    {
        int[][] fitting = [.. known.Select(choice => choice.ToArray()).Where(choice => flat.MemoryOf(choice) <= flat.CapacityBytes)];
        return new Incumbent(flat, fitting.Length > 0
            ? fitting.MinBy(choice => flat.ValueOf(choice))!
            : GreedySolver.Choose(program, MemoryFloor.Of(program), cancellationToken));
    }

    private static (int[] Choice, bool Proven) AmongTied(FlatProgram program, Incumbent best, Clock clock)
    {
        var tied = program.TiedChoices();
        var incumbent = new Incumbent(tied, [.. best.Choice.Select((option, p) => Array.IndexOf(tied.Phases[p].Options.Original, option))]);
        var ranges = Branch(tied, incumbent, clock);
        incumbent.Improve(clock);
        var (choice, proven) = Search(tied, ranges, incumbent, clock);
        return ([.. choice.Select((option, p) => tied.Phases[p].Options.Original[option])], proven);
    }

    // Splits the range of the largest transient, lowest bound first, where the relaxation takes options that need more than the range sets aside.
    private static List<RangeRelaxation> Branch(FlatProgram program, Incumbent incumbent, Clock clock)
    {
        var leaves = new List<RangeRelaxation>();
        var open = new PriorityQueue<RangeRelaxation, double>();
        Open(TransientRange.All(program));
        for (var splits = 0; open.TryDequeue(out var range, out _); splits++)
        {
            if (range.ProgramBound > incumbent.Value.Objective || range.LargestTransient <= range.Range.Least || !program.HasOneRegion
                || splits >= MostSplits || clock.IsUp)
            {
                leaves.Add(range);
                continue;
            }

            Open(TransientRange.Of(program, range.Range.Least, range.LargestTransient - 1));
            Open(TransientRange.Of(program, range.LargestTransient, range.Range.Most));
        }

        return leaves;

        void Open(TransientRange range)
        {
            var relaxation = RangeRelaxation.Of(program, range, incumbent.Offer);
            if (relaxation.Bounds.Length > 0)
                open.Enqueue(relaxation, relaxation.Value);
        }
    }

    private static (int[] Choice, bool Proven) Search(FlatProgram program, List<RangeRelaxation> ranges, Incumbent incumbent, Clock clock)
    {
        for (var width = FirstWidth; ; width = (int)Math.Min((long)width * Widening, int.MaxValue))
        {
            ranges.RemoveAll(range => range.ProgramBound > incumbent.Value.Objective);
            if (width > FirstWidth && program.HasOneRegion && ranges.Count <= MostGrids)
                ranges = ranges.ConvertAll(range => range.Grid is null && !clock.IsUp ? range.Refined(program, incumbent.Value.Objective) : range);
            var open = ranges.Where(range => range.ProgramBound <= incumbent.Value.Objective).OrderBy(range => range.Range.Least);
            var search = new LabelSearch(program, open, incumbent.Value, width);
            for (var p = 0; p < program.Phases.Length && search.HasLabels; p++)
            {
                if (!search.Advance(p, clock))
                    return (incumbent.Choice, false);
            }

            if (search.IsComplete)
                return (search.Best(), true);
            if (!search.HasLabels)
                continue;
            incumbent.Offer(search.Best());
            incumbent.Improve(clock);
        }
    }
}
