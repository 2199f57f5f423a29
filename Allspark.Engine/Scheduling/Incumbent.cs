namespace Allspark.Engine.Scheduling;

/// <summary>The best choice known that fits the memory.</summary>
/// <param name="program">The program.</param>
/// <param name="choice">A choice that fits.</param>
/// <param name="tieBreakLimit">What breaks ties at most: energy, where there is a budget.</param>
internal sealed class Incumbent(FlatProgram program, int[] choice, long tieBreakLimit = long.MaxValue)
{
    public int[] Choice { get; private set; } = choice;

    public Coefficient Value { get; private set; } = program.ValueOf(choice);

    /// <summary>Takes a choice that fits and is better.</summary>
    public void Offer(int[] candidate)
    {
        var value = program.ValueOf(candidate);
        if (value < Value && value.TieBreak <= tieBreakLimit && program.MemoryOf(candidate) <= program.CapacityBytes)
            (Choice, Value) = (candidate, value);
    }

    /// <summary>Exchanges the option of one phase at a time while that helps and there is time.</summary>
    public void Improve(Clock clock)
    {
        var best = (int[])Choice.Clone();
        for (var improved = true; improved;)
        {
            improved = false;
            for (var p = 0; p < best.Length && !clock.IsUp; p++)
                improved |= Improve(best, p);
        }

        Offer(best);
    }

    private bool Improve(int[] choice, int p)
    {
        var options = program.Phases[p].Options;
        var (resident, transient) = OthersInRegion(choice, p);
        var (kept, value) = (choice[p], Around(choice, p, choice[p]));
        var tieBreakOfOthers = program.ValueOf(choice).TieBreak - value.TieBreak;
        for (var o = 0; o < options.Count; o++)
        {
            if (resident + options.Resident[o] + Math.Max(transient, options.Transient[o]) <= program.CapacityBytes
                && Around(choice, p, o) is var candidate && candidate < value && candidate.TieBreak <= tieBreakLimit - tieBreakOfOthers)
                (kept, value) = (o, candidate);
        }

        if (kept == choice[p])
            return false;
        choice[p] = kept;
        return true;
    }

    private (long Resident, long Transient) OthersInRegion(int[] choice, int p)
    {
        var (resident, transient) = (0L, 0L);
        for (var q = 0; q < choice.Length; q++)
        {
            if (q == p || program.Phases[q].Region != program.Phases[p].Region)
                continue;
            resident += program.Phases[q].Options.Resident[choice[q]];
            transient = Math.Max(transient, program.Phases[q].Options.Transient[choice[q]]);
        }

        return (resident, transient);
    }

    // The part of the objective in which one phase's option shows.
    private Coefficient Around(int[] choice, int p, int option)
    {
        var phase = program.Phases[p];
        var layout = phase.Options.Layout[option];
        var before = p == 0 ? 0 : program.Phases[p - 1].Options.Layout[choice[p - 1]];
        var after = p + 1 == choice.Length
            ? program.MovesOut[layout]
            : program.Phases[p + 1].Move(layout, program.Phases[p + 1].Options.Layout[choice[p + 1]]);
        return phase.Move(before, layout) + phase.Options.Cost[option] + after;
    }
}
