namespace Allspark.Engine.Scheduling;

/// <summary>Programs that weigh the latency of a program against its energy.</summary>
internal static class WeightedProgram
{
    // Far below 2⁶³, so that sums do not overflow, and so high that rounding a coefficient does not show.
    private const double Scale = 1L << 50;

    /// <summary>The program of least perPicosecond·latency + perPicojoule·energy, in units of 2⁻⁵⁰ of that sum at a given point.</summary>
    /// <param name="program">A program of least latency: its coefficients hold picoseconds and picojoules.</param>
    /// <param name="perPicosecond">Weight of the latency.</param>
    /// <param name="perPicojoule">Weight of the energy.</param>
    /// <param name="point">Latency and energy of a choice near the optimum.</param>
    /// <param name="unit">What one unit of the weighted program's objective is in the weighted sum.</param>
    public static ScheduleProgram Of(ScheduleProgram program, double perPicosecond, double perPicojoule, Coefficient point, out double unit)
    {
        unit = ((perPicosecond * point.Objective) + (perPicojoule * point.TieBreak)) / Scale;
        var (time, energy) = (perPicosecond / unit, perPicojoule / unit);
        return Mapped(program, both =>
            new((long)Math.Round((time * both.Objective) + (energy * both.TieBreak), MidpointRounding.AwayFromZero), both.TieBreak));
    }

    /// <summary>The program of least energy, latency breaking ties.</summary>
    public static ScheduleProgram OfEnergy(ScheduleProgram program) =>
        Mapped(program, both => new(both.TieBreak, both.Objective)) with { Objective = ScheduleObjective.Energy };

    // Phases alike share their lists; so do their mapped ones.
    private static ScheduleProgram Mapped(ScheduleProgram program, Func<Coefficient, Coefficient> map)
    {
        var options = new Dictionary<IReadOnlyList<ProgramOption>, ProgramOption[]>();
        var moves = new Dictionary<IReadOnlyList<Coefficient>, Coefficient[]>();
        return program with
        {
            Phases = program.Phases.Select(phase => phase with
            {
                Options = Shared(options, phase.Options, option => option with { Coefficient = map(option.Coefficient) }),
                TransitionsIn = Shared(moves, phase.TransitionsIn, map),
            }).ToArray(),
            TransitionsOut = program.TransitionsOut.Select(map).ToArray(),
        };
    }

    private static T[] Shared<T>(Dictionary<IReadOnlyList<T>, T[]> known, IReadOnlyList<T> items, Func<T, T> map)
    {
        if (!known.TryGetValue(items, out var mapped))
            known.Add(items, mapped = [.. items.Select(map)]);
        return mapped;
    }
}
