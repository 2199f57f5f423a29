namespace Allspark.Engine.Scheduling;

/// <summary>The Lagrangian bounds of one range of the largest transient, at the best multiplier and near it.</summary>
internal sealed class RangeRelaxation
{
    private const int Steps = 40;

    private RangeRelaxation(TransientRange range, CompletionBounds[] bounds, long largestTransient) =>
        (Range, Bounds, LargestTransient) = (range, bounds, largestTransient);

    public TransientRange Range { get; }

    /// <summary>Bounds at some multipliers, the best one first; none where no choice is in the range.</summary>
    public CompletionBounds[] Bounds { get; }

    /// <summary>Largest transient of the choices between which the best multiplier is indifferent.</summary>
    public long LargestTransient { get; }

    /// <summary>Bounds that count the memory in cells, where they were worked out.</summary>
    public GridBounds? Grid { get; private init; }

    /// <summary>Bound on the objective of every choice in the range.</summary>
    public double Value => Bounds.Length == 0 ? double.PositiveInfinity : Bounds[0].Value;

    public long ProgramBound => Bounds.Length == 0 ? long.MaxValue : Math.Max(Bounds[0].ProgramBound, Grid?.ProgramBound ?? 0);

    /// <summary>The same with memory counted in cells too, for choices with an objective within a limit.</summary>
    public RangeRelaxation Refined(FlatProgram program, double limit) =>
        new(Range, Bounds, LargestTransient) { Grid = new GridBounds(program, Range, Bounds[0].OpenLayouts(limit)) };

    /// <summary>Bound on the objective of every completion of a partial choice that ends at a phase.</summary>
    public double Bound(int phase, int layout, long cost, long resident)
    {
        var highest = Grid?.Bound(phase, layout, cost, resident) ?? double.NegativeInfinity;
        foreach (var bounds in Bounds)
            highest = Math.Max(highest, bounds.Bound(phase, layout, cost, resident));
        return highest;
    }

    /// <summary>Finds the best multiplier.</summary>
    /// <param name="program">The program.</param>
    /// <param name="range">The range.</param>
    /// <param name="met">Told of every choice on the way.</param>
    /// <remarks>
    /// The bound is the lower envelope of one line a choice, with slope Σ w − room, so it is concave in λ. Kelley's cutting planes: the
    /// next multiplier is where the best lines known on either side cross; it is the best where no choice lies below that point.
    /// </remarks>
    public static RangeRelaxation Of(FlatProgram program, TransientRange range, Action<int[]> met)
    {
        var room = range.RoomFrom[0];
        if (SmallestChoice(program, range) is not { } smallest || Residents(program, smallest) > room)
            return new RangeRelaxation(range, [], 0);
        var (free, over) = Minimise(program, 0, range, met);
        if (Residents(program, over) <= room)
            return new RangeRelaxation(range, [free], LargestTransientOf(program, over));

        var (under, best, nearest) = (smallest, free, free);
        for (var step = 0; step < Steps; step++)
        {
            var (dear, cheap) = (program.ValueOf(under).Objective, program.ValueOf(over).Objective);
            var (low, high) = (Residents(program, under), Residents(program, over));
            var (bounds, choice) = Minimise(program, (dear - cheap) / (high - low), range, met);
            if (bounds.Value > best.Value)
                (best, nearest) = (bounds, best);
            if (bounds.Value + CompletionBounds.Rounding(bounds.Value) >= cheap + bounds.Multiplier * (high - room))
                break;
            if (Residents(program, choice) <= room)
                under = choice;
            else
                over = choice;
        }

        var transient = Math.Max(LargestTransientOf(program, over), LargestTransientOf(program, under));
        return new RangeRelaxation(range, [.. new[] { best, nearest, free }.Distinct()], transient);
    }

    private static (CompletionBounds Bounds, int[] Choice) Minimise(FlatProgram program, double multiplier, TransientRange range, Action<int[]> met)
    {
        var bounds = new CompletionBounds(program, multiplier, range);
        var choice = bounds.Choice();
        met(choice);
        return (bounds, choice);
    }

    private static double Residents(FlatProgram program, int[] choice)
    {
        var sum = 0.0;
        for (var p = 0; p < choice.Length; p++)
            sum += program.Phases[p].Options.Resident[choice[p]];
        return sum;
    }

    private static long LargestTransientOf(FlatProgram program, int[] choice)
    {
        var largest = 0L;
        for (var p = 0; p < choice.Length; p++)
            largest = Math.Max(largest, program.Phases[p].Options.Transient[choice[p]]);
        return largest;
    }

    // Each phase's least resident, the cheapest of equals.
    private static int[]? SmallestChoice(FlatProgram program, TransientRange range)
    {
        var smallest = Array.ConvertAll(program.Options, options =>
        {
            var best = -1;
            for (var o = 0; o < options.Count; o++)
            {
                if (options.Transient[o] <= range.Most
                    && (best < 0 || (options.Resident[o], options.Cost[o].Objective).CompareTo((options.Resident[best], options.Cost[best].Objective)) < 0))
                    best = o;
            }

            return best;
        });
        return smallest.Contains(-1) ? null : Array.ConvertAll(program.Phases, phase => smallest[phase.Options.Index]);
    }
}
