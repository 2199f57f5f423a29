namespace Allspark.Engine.Scheduling;

/// <summary>Lower bounds from the Lagrangian of the memory rows: objective + λ·(residents − room), minimised phase by phase backward.</summary>
/// <remarks>
/// The rows are relaxed to one a region, Σ w ≤ room, with one multiplier for all regions; a range of the largest transient says what room
/// is left for residents and which options are open. For every λ ≥ 0 the minimum is a bound; with λ = 0 it is the shortest path without memory.
/// </remarks>
internal sealed class CompletionBounds
{
    private readonly FlatProgram _program;
    private readonly TransientRange _range;
    private readonly double[][] _completion;
    private readonly (double Value, int Option)[][] _best;

    public CompletionBounds(FlatProgram program, double multiplier, TransientRange range)
    {
        (_program, _range, Multiplier) = (program, range, multiplier);
        _best = [.. program.Options.Select(Best)];
        _completion = new double[program.Phases.Length][];
        var next = Array.ConvertAll(program.MovesOut, static cost => (double)cost.Objective);
        for (var p = program.Phases.Length - 1; p >= 0; p--)
        {
            _completion[p] = next;
            next = Before(program.Phases[p], next);
        }

        Value = next[0] - multiplier * range.RoomFrom[0];
    }

    /// <summary>The multiplier λ, in objective units a byte.</summary>
    public double Multiplier { get; }

    /// <summary>The Lagrangian's minimum.</summary>
    public double Value { get; }

    /// <summary>Bound on the objective of every choice in the range.</summary>
    public long ProgramBound => (long)Math.Ceiling(Value - Rounding(Value));

    /// <summary>What the sums in double precision can be off by at an objective of this size.</summary>
    public static double Rounding(double objective) => 1e-3 + 1e-12 * Math.Abs(objective);

    /// <summary>Bound on the objective of every completion of a partial choice that ends at a phase.</summary>
    public double Bound(int phase, int layout, long cost, long regionResident) =>
        cost + _completion[phase][layout] + Multiplier * (regionResident - _range.RoomFrom[phase]);

    /// <summary>The choice that attains the Lagrangian's minimum.</summary>
    public int[] Choice()
    {
        var choice = new int[_program.Phases.Length];
        var layout = 0;
        for (var p = 0; p < choice.Length; p++)
        {
            var phase = _program.Phases[p];
            var options = _best[phase.Options.Index];
            var (least, taken) = (double.PositiveInfinity, -1);
            for (var here = 0; here < options.Length; here++)
            {
                var value = phase.Move(layout, here).Objective + options[here].Value + _completion[p][here];
                if (value < least)
                    (least, taken) = (value, here);
            }

            (choice[p], layout) = (options[taken].Option, taken);
        }

        return choice;
    }

    /// <summary>For each phase the layouts through which the bound on some choice is within a limit.</summary>
    public bool[][] OpenLayouts(double limit)
    {
        var open = new bool[_program.Phases.Length][];
        double[] reached = [-Multiplier * _range.RoomFrom[0]];
        for (var p = 0; p < open.Length; p++)
        {
            var phase = _program.Phases[p];
            var options = _best[phase.Options.Index];
            var here = new double[options.Length];
            for (var layout = 0; layout < here.Length; layout++)
            {
                here[layout] = double.PositiveInfinity;
                for (var from = 0; from < reached.Length; from++)
                    here[layout] = Math.Min(here[layout], reached[from] + phase.Move(from, layout).Objective + options[layout].Value);
            }

            open[p] = [.. here.Select((value, layout) => value + _completion[p][layout] <= limit + Rounding(limit))];
            reached = here;
        }

        return open;
    }

    // Of each layout class the best option open in the range.
    private (double Value, int Option)[] Best(FlatOptions options)
    {
        var best = new (double Value, int Option)[options.Layouts];
        Array.Fill(best, (double.PositiveInfinity, -1));
        for (var o = 0; o < options.Count; o++)
        {
            var value = options.Cost[o].Objective + Multiplier * options.Resident[o];
            ref var known = ref best[options.Layout[o]];
            if (value < known.Value && options.Transient[o] <= _range.Most)
                known = (value, o);
        }

        return best;
    }

    private double[] Before(FlatPhase phase, double[] after)
    {
        var options = _best[phase.Options.Index];
        var here = new double[options.Length];
        for (var layout = 0; layout < here.Length; layout++)
            here[layout] = options[layout].Value + after[layout];

        var before = new double[phase.LayoutsBefore];
        for (var from = 0; from < before.Length; from++)
        {
            var moves = phase.Moves.AsSpan(from * here.Length, here.Length);
            var least = double.PositiveInfinity;
            for (var layout = 0; layout < moves.Length; layout++)
                least = Math.Min(least, here[layout] + moves[layout].Objective);
            before[from] = least;
        }

        return before;
    }
}
