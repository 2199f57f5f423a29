namespace Allspark.Engine.Scheduling;

/// <summary>Shortest paths over the layouts to the end of a program, memory left aside.</summary>
internal sealed class LayoutDistances
{
    public LayoutDistances(FlatProgram program)
    {
        ToEnd = new long[program.Phases.Length][];
        var next = Array.ConvertAll(program.MovesOut, static cost => cost.Objective);
        WorstTieBreak = program.MovesOut.Max(cost => cost.TieBreak);
        for (var p = program.Phases.Length - 1; p >= 0; p--)
        {
            ToEnd[p] = next;
            var phase = program.Phases[p];
            var least = LeastCost(phase.Options);
            WorstTieBreak += phase.Options.Cost.Max(cost => cost.TieBreak) + phase.Moves.Max(cost => cost.TieBreak);
            next = new long[phase.LayoutsBefore];
            Array.Fill(next, Unreachable);
            for (var pair = 0; pair < phase.Moves.Length; pair++)
            {
                var (before, here) = (pair / least.Length, pair % least.Length);
                next[before] = Math.Min(next[before], phase.Moves[pair].Objective + least[here] + ToEnd[p][here]);
            }
        }

        Total = next[0];
    }

    /// <summary>Objective from each layout of a phase, its own cost not counted, to the end.</summary>
    public long[][] ToEnd { get; }

    /// <summary>The least objective of any choice.</summary>
    public long Total { get; }

    /// <summary>What breaks ties can be no more for any choice.</summary>
    public long WorstTieBreak { get; }

    // Far above any objective, and far enough from overflow to be added up a few times.
    private const long Unreachable = long.MaxValue / 8;

    /// <summary>The least objective of an option of each layout.</summary>
    public static long[] LeastCost(FlatOptions options)
    {
        var least = new long[options.Layouts];
        Array.Fill(least, Unreachable);
        for (var o = 0; o < options.Count; o++)
            least[options.Layout[o]] = Math.Min(least[options.Layout[o]], options.Cost[o].Objective);
        return least;
    }
}
