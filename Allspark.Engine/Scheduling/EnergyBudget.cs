namespace Allspark.Engine.Scheduling;

/// <summary>Solves programs with an energy budget: the least objective among choices that need no more energy.</summary>
/// <remarks>
/// Where the optimum without the budget is above it, the two corners of the convex front on either side of the budget are found
/// (<see cref="ConvexFront"/>). The optimum lies in the triangle under the cheaper one: its weighted objective is between that of the corners and
/// that of a choice as slow as the best known that spends the whole budget. Label setting over what is in that band proves it.
/// </remarks>
internal static class EnergyBudget
{
    private const int FirstWidth = 64;
    private const int Widening = 8;

    /// <summary>Solves a program with an <see cref="ScheduleProgram.EnergyLimitPicojoules"/>.</summary>
    /// <exception cref="EnergyBudgetException">No choice stays within it.</exception>
    /// <exception cref="TimeLimitException">None was found in time.</exception>
    public static SolverResult Solve(ScheduleProgram program, IScheduleSolver solver, SolverSettings settings, CancellationToken cancellationToken)
    {
        var limit = program.EnergyLimitPicojoules!.Value;
        var clock = new Clock(settings.TimeLimit, cancellationToken);
        var free = program with { EnergyLimitPicojoules = null };
        var best = SolveFree(free);
        if (program.EnergyOf(best.Choice) <= limit)
            return best;
        if (program.Objective == ScheduleObjective.Energy)
            throw Over(best);
        var thrifty = SolveFree(WeightedProgram.OfEnergy(free));
        if (program.EnergyOf(thrifty.Choice) > limit)
            throw Over(thrifty);

        var (above, below, proven) = ConvexFront.Around(
            free, limit, best, thrifty, solver, settings with { TimeLimit = clock.Rest }, cancellationToken);
        var flat = new FlatProgram(free);
        var incumbent = new Incumbent(flat, [.. below.Choice], limit);
        incumbent.Improve(clock);
        var bound = proven ? Math.Max(best.Report.Bound, OnLine(above.Value, below.Value, limit)) : best.Report.Bound;
        var finished = Search(flat, new EnergyBand(free, flat, above.Value, below.Value, limit), incumbent, clock) && proven;
        return new SolverResult(incumbent.Choice, new SolverReport
        {
            Name = solver.Name,
            Version = solver.Version,
            Status = finished ? SolverStatus.Optimal : SolverStatus.Feasible,
            Objective = incumbent.Value.Objective,
            Bound = finished ? incumbent.Value.Objective : Math.Min(bound, incumbent.Value.Objective),
            SolveSeconds = clock.Elapsed.TotalSeconds,
            Seed = settings.Seed,
        });

        // Only what is proven says that there is none.
        Exception Over(SolverResult thriftiest) => thriftiest.Report.Bound > limit
            ? new EnergyBudgetException(thriftiest.Report.Bound, limit)
            : new TimeLimitException(settings.TimeLimit, "a schedule within the energy budget was found");

        SolverResult SolveFree(ScheduleProgram part) => solver.Solve(part, settings with { TimeLimit = clock.Rest }, cancellationToken);
    }

    /// <summary>A choice within the budget, if there is one, to begin with: the greedy one, or the thriftiest, one phase exchanged at a time while that helps.</summary>
    /// <exception cref="EnergyBudgetException">No choice stays within it.</exception>
    /// <exception cref="TimeLimitException">None was found in time.</exception>
    public static int[] Start(ScheduleProgram program, CancellationToken cancellationToken, TimeSpan? timeLimit = null)
    {
        var greedy = GreedySolver.Choose(program, MemoryFloor.Of(program), cancellationToken);
        if (program.EnergyLimitPicojoules is not { } limit || program.EnergyOf(greedy) <= limit)
            return greedy;
        var energy = program.Objective == ScheduleObjective.Energy ? program : WeightedProgram.OfEnergy(program);
        var clock = new Clock(timeLimit, cancellationToken);
        var thrifty = new ExactSolver().Solve(energy, new SolverSettings(timeLimit), cancellationToken).Choice;
        var incumbent = new Incumbent(new FlatProgram(program), [.. thrifty], program.Objective == ScheduleObjective.Energy ? long.MaxValue : limit);
        incumbent.Improve(clock);
        return incumbent.Choice;
    }

    // The least objective that the line through the corners allows at the limit.
    private static long OnLine(Coefficient above, Coefficient below, long limit)
    {
        var slope = (double)(below.Objective - above.Objective) / (above.TieBreak - below.TieBreak);
        return (long)Math.Floor(below.Objective - (slope * (limit - below.TieBreak) * (1 + ConvexFront.Rounding)));
    }

    private static bool Search(FlatProgram program, EnergyBand band, Incumbent incumbent, Clock clock)
    {
        for (var width = FirstWidth; ; width = (int)Math.Min((long)width * Widening, int.MaxValue))
        {
            var search = new EnergyBudgetSearch(program, band, incumbent.Value, width);
            for (var p = 0; p < program.Phases.Length; p++)
            {
                if (!search.Advance(p, clock))
                    return false;
            }

            if (search.Best() is { } choice)
                incumbent.Offer(choice);
            if (search.IsComplete)
                return true;
            incumbent.Improve(clock);
        }
    }
}
