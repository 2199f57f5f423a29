namespace Allspark.Engine.Scheduling;

/// <summary>Lower bounds from the Lagrangian of the memory rows: objective + λ·(residents − capacity), minimised phase by phase backward.</summary>
/// <remarks>
/// The rows are relaxed to one a region, Σ w ≤ capacity − (the largest transient that no choice avoids), with one multiplier for all
/// regions. For every λ ≥ 0 the minimum is a bound; with λ = 0 it is the shortest path without memory.
/// </remarks>
internal sealed class CompletionBounds
{
    private readonly ScheduleProgram _program;
    private readonly double[][] _completion;
    private readonly double[] _slackFrom;

    public CompletionBounds(ScheduleProgram program, double multiplier)
    {
        _program = program;
        Multiplier = multiplier;
        _slackFrom = SlackFrom(program);
        _completion = new double[program.Phases.Count][];
        var next = program.TransitionsOut.Select(cost => (double)cost.Objective).ToArray();
        for (var p = program.Phases.Count - 1; p >= 0; p--)
        {
            _completion[p] = next;
            next = Before(program.Phases[p], next);
        }

        ProgramBound = BoundOf(next[0] - multiplier * _slackFrom[0]);
    }

    /// <summary>The multiplier λ, in objective units a byte.</summary>
    public double Multiplier { get; }

    /// <summary>Bound on the objective of every choice.</summary>
    public long ProgramBound { get; }

    /// <summary>What the sums in double precision can be off by at an objective of this size.</summary>
    public static double Rounding(double objective) => 1e-3 + 1e-12 * Math.Abs(objective);

    /// <summary>Bound on the objective of every completion of a partial choice that ends at a phase.</summary>
    public double Bound(int phase, int layout, long cost, long regionResident) =>
        cost + _completion[phase][layout] + Multiplier * (regionResident - _slackFrom[phase]);

    /// <summary>The choice that attains the Lagrangian's minimum; ties go to the option generated first.</summary>
    public int[] Choice()
    {
        var choice = new int[_program.Phases.Count];
        var layout = 0;
        for (var p = 0; p < choice.Length; p++)
        {
            var phase = _program.Phases[p];
            var best = double.PositiveInfinity;
            for (var o = 0; o < phase.Options.Count; o++)
            {
                var option = phase.Options[o];
                var value = phase.TransitionFrom(layout, option.LayoutClass).Objective + option.Objective + Multiplier * option.ResidentBytes
                    + _completion[p][option.LayoutClass];
                if (value < best)
                    (best, choice[p]) = (value, o);
            }

            layout = phase.Options[choice[p]].LayoutClass;
        }

        return choice;
    }

    private static long BoundOf(double value) => (long)Math.Ceiling(value - Rounding(value));

    private double[] Before(ProgramPhase phase, double[] after)
    {
        var classes = phase.Layouts.Count;
        var best = new double[classes];
        Array.Fill(best, double.PositiveInfinity);
        foreach (var option in phase.Options)
            best[option.LayoutClass] = Math.Min(best[option.LayoutClass], option.Objective + Multiplier * option.ResidentBytes);
        for (var layout = 0; layout < classes; layout++)
            best[layout] += after[layout];

        var before = new double[phase.TransitionsIn.Count / classes];
        for (var from = 0; from < before.Length; from++)
        {
            before[from] = double.PositiveInfinity;
            for (var layout = 0; layout < classes; layout++)
                before[from] = Math.Min(before[from], best[layout] + phase.TransitionFrom(from, layout).Objective);
        }

        return before;
    }

    // Room for residents in the region of each phase and in all regions after it.
    private static double[] SlackFrom(ScheduleProgram program)
    {
        var slack = new double[program.Phases.Count];
        var later = 0.0;
        for (var last = slack.Length - 1; last >= 0;)
        {
            var first = last;
            while (first > 0 && program.Phases[first - 1].Region == program.Phases[last].Region)
                first--;
            var transient = Enumerable.Range(first, last - first + 1).Max(p => program.Phases[p].Options.Min(option => option.TransientBytes));
            later += program.CapacityBytes - transient;
            Array.Fill(slack, later, first, last - first + 1);
            last = first - 1;
        }

        return slack;
    }
}
