namespace Allspark.Engine.Scheduling;

/// <summary>A program as flat arrays for inner loops. Phases that share a list of options share its arrays.</summary>
internal sealed class FlatProgram
{
    public FlatProgram(ScheduleProgram program)
    {
        CapacityBytes = program.CapacityBytes;
        var known = new Dictionary<object, FlatOptions>(ReferenceEqualityComparer.Instance);
        Phases = new FlatPhase[program.Phases.Count];
        for (var p = 0; p < Phases.Length; p++)
        {
            var phase = program.Phases[p];
            if (!known.TryGetValue(phase.Options, out var options))
                known.Add(phase.Options, options = new FlatOptions(phase, known.Count));
            Phases[p] = new FlatPhase(options, [.. phase.TransitionsIn], phase.Region);
        }

        Options = [.. known.Values];
        MovesOut = [.. program.TransitionsOut];
    }

    private FlatProgram(FlatPhase[] phases, Coefficient[] movesOut, long capacityBytes)
    {
        (Phases, MovesOut, CapacityBytes) = (phases, movesOut, capacityBytes);
        Options = Array.ConvertAll(phases, phase => phase.Options);
    }

    /// <summary>The phases in order.</summary>
    public FlatPhase[] Phases { get; }

    /// <summary>The different lists of options.</summary>
    public FlatOptions[] Options { get; }

    /// <summary>Moves from the layout classes of the last phase to the I/O nodes.</summary>
    public Coefficient[] MovesOut { get; }

    public long CapacityBytes { get; }

    public bool HasOneRegion => Array.TrueForAll(Phases, phase => phase.Region == Phases[0].Region);

    /// <summary>Objective and tie-break of a choice.</summary>
    public Coefficient ValueOf(ReadOnlySpan<int> choice)
    {
        var (total, layout) = (default(Coefficient), 0);
        for (var p = 0; p < Phases.Length; p++)
        {
            var options = Phases[p].Options;
            var here = options.Layout[choice[p]];
            total += Phases[p].Move(layout, here) + options.Cost[choice[p]];
            layout = here;
        }

        return total + MovesOut[layout];
    }

    /// <summary>
    /// The program of the choices that attain the least objective there is without memory rows: it minimises what breaks ties among them.
    /// Option o of its phase p is option <see cref="FlatOptions.Original"/>[o] here; moves off these choices cost more than any of them.
    /// </summary>
    public FlatProgram TiedChoices()
    {
        var after = new LayoutDistances(this);
        var never = new Coefficient(after.WorstTieBreak + 1, 0);
        var phases = new FlatPhase[Phases.Length];
        var reached = new[] { 0L };
        for (var p = 0; p < phases.Length; p++)
        {
            var (phase, from) = (Phases[p], reached);
            var (layouts, least) = (phase.Options.Layouts, LayoutDistances.LeastCost(phase.Options));
            reached = new long[layouts];
            Array.Fill(reached, long.MaxValue);
            var moves = new Coefficient[phase.Moves.Length];
            for (var pair = 0; pair < moves.Length; pair++)
            {
                var (before, here) = (pair / layouts, pair % layouts);
                var cost = from[before] == long.MaxValue ? long.MaxValue : from[before] + phase.Moves[pair].Objective + least[here];
                var tied = cost != long.MaxValue && cost + after.ToEnd[p][here] == after.Total;
                moves[pair] = tied ? new Coefficient(phase.Moves[pair].TieBreak, 0) : never;
                if (tied)
                    reached[here] = cost;
            }

            var open = Enumerable.Range(0, phase.Options.Count)
                .Where(o => reached[phase.Options.Layout[o]] != long.MaxValue && phase.Options.Cost[o].Objective == least[phase.Options.Layout[o]]);
            phases[p] = new FlatPhase(phase.Options.TieBreaks([.. open], p), moves, phase.Region);
        }

        return new FlatProgram(phases, Array.ConvertAll(MovesOut, cost => new Coefficient(cost.TieBreak, 0)), CapacityBytes);
    }

    /// <summary>Bytes that a choice needs on the fullest node of any region. The phases of a region follow each other.</summary>
    public long MemoryOf(ReadOnlySpan<int> choice)
    {
        var (most, resident, transient) = (0L, 0L, 0L);
        for (var p = 0; p < Phases.Length; p++)
        {
            if (p > 0 && Phases[p].Region != Phases[p - 1].Region)
                (resident, transient) = (0, 0);
            resident += Phases[p].Options.Resident[choice[p]];
            transient = Math.Max(transient, Phases[p].Options.Transient[choice[p]]);
            most = Math.Max(most, resident + transient);
        }

        return most;
    }
}

/// <summary>A phase: its options and the moves from the layout classes before it.</summary>
internal sealed class FlatPhase(FlatOptions options, Coefficient[] moves, int region)
{
    public FlatOptions Options { get; } = options;

    /// <summary>Moves, row-major [layout before, layout here].</summary>
    public Coefficient[] Moves { get; } = moves;

    public int Region { get; } = region;

    public int LayoutsBefore => Moves.Length / Options.Layouts;

    public Coefficient Move(int before, int here) => Moves[before * Options.Layouts + here];
}

/// <summary>Options as columns of numbers.</summary>
internal sealed class FlatOptions
{
    public FlatOptions(ProgramPhase phase, int index)
    {
        Index = index;
        Layouts = phase.Layouts.Count;
        Cost = [.. phase.Options.Select(option => option.Coefficient)];
        Resident = [.. phase.Options.Select(option => option.ResidentBytes)];
        Transient = [.. phase.Options.Select(option => option.TransientBytes)];
        Layout = [.. phase.Options.Select(option => option.LayoutClass)];
        Original = [.. Enumerable.Range(0, Cost.Length)];
    }

    private FlatOptions(FlatOptions all, int[] open, int index)
    {
        (Index, Layouts, Original) = (index, all.Layouts, open);
        Cost = Array.ConvertAll(open, o => new Coefficient(all.Cost[o].TieBreak, 0));
        Resident = Array.ConvertAll(open, o => all.Resident[o]);
        Transient = Array.ConvertAll(open, o => all.Transient[o]);
        Layout = Array.ConvertAll(open, o => all.Layout[o]);
    }

    /// <summary>Some of the options, with what breaks ties as their objective.</summary>
    public FlatOptions TieBreaks(int[] open, int index) => new(this, open, index);

    /// <summary>For each option its number in the program that this was made from.</summary>
    public int[] Original { get; }

    /// <summary>Number among the program's lists.</summary>
    public int Index { get; }

    /// <summary>Layout classes.</summary>
    public int Layouts { get; }

    public Coefficient[] Cost { get; }

    public long[] Resident { get; }

    public long[] Transient { get; }

    public int[] Layout { get; }

    public int Count => Cost.Length;

    public long LeastTransient => Transient.Min();

    /// <summary>Least resident among options whose transient is within a limit.</summary>
    public long LeastResident(long transientLimit)
    {
        var least = long.MaxValue;
        for (var o = 0; o < Count; o++)
        {
            if (Transient[o] <= transientLimit)
                least = Math.Min(least, Resident[o]);
        }

        return least;
    }
}
