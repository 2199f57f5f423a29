using System.Runtime.InteropServices;

namespace Allspark.Engine.Scheduling;

/// <summary>Label setting under an energy limit: labels are partial choices with objective, energy and memory; see <see cref="EnergyBudget"/>.</summary>
internal sealed class EnergyBudgetSearch
{
    private readonly FlatProgram _program;
    private readonly FlatProgram _weighted;
    private readonly RangeRelaxation _relaxation;
    private readonly long _energyLimit;
    private readonly double _ceiling;
    private readonly Coefficient _incumbent;
    private readonly int _width;
    private readonly long[][] _objectiveToEnd;
    private readonly long[][] _energyToEnd;
    private readonly List<Label[]> _layers = [];
    private readonly List<int[]> _starts = [];

    /// <summary>Starts before the first phase.</summary>
    /// <param name="program">The program; energy is what breaks ties.</param>
    /// <param name="weighted">The same program with objective and energy weighed against each other.</param>
    /// <param name="relaxation">Bounds of the weighted program.</param>
    /// <param name="energyLimit">Energy at most.</param>
    /// <param name="ceiling">Weighted objective at most.</param>
    /// <param name="incumbent">Value of the best choice known.</param>
    /// <param name="width">Labels kept of a layer: those with the lowest bounds.</param>
    public EnergyBudgetSearch(
        FlatProgram program, FlatProgram weighted, RangeRelaxation relaxation, long energyLimit, double ceiling, Coefficient incumbent, int width)
    {
        (_program, _weighted, _relaxation, _energyLimit, _ceiling, _incumbent, _width) =
            (program, weighted, relaxation, energyLimit, ceiling, incumbent, width);
        _objectiveToEnd = ToEnd(program, static cost => cost.Objective);
        _energyToEnd = ToEnd(program, static cost => cost.TieBreak);
    }

    /// <summary>Whether no label was dropped for the width alone.</summary>
    public bool IsComplete { get; private set; } = true;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Label(Coefficient Cost, long Weighted, long Resident, long Transient, double Bound, int Parent, int Option);

    /// <summary>Extends all labels by one phase; <see langword="false"/> where the time is up before that is done.</summary>
    public bool Advance(int p, Clock clock)
    {
        var (phase, weighted) = (_program.Phases[p], _weighted.Phases[p]);
        var options = phase.Options;
        var (before, starts) = p == 0 ? ([new Label(default, 0, 0, 0, 0, -1, -1)], [0, 1]) : (_layers[p - 1], _starts[p - 1]);
        var sameRegion = p > 0 && _program.Phases[p - 1].Region == phase.Region;
        var candidates = new List<Label>[options.Layouts];
        foreach (ref var list in candidates.AsSpan())
            list = [];

        for (var o = 0; o < options.Count; o++)
        {
            if (clock.IsUp)
                return false;
            var layout = options.Layout[o];
            var (objectiveToEnd, energyToEnd) = (_objectiveToEnd[p][layout], _energyToEnd[p][layout]);
            for (var from = 0; from + 1 < starts.Length; from++)
            {
                var step = options.Cost[o] + phase.Move(from, layout);
                var weight = weighted.Options.Cost[o].Objective + weighted.Move(from, layout).Objective;
                for (var parent = starts[from]; parent < starts[from + 1]; parent++)
                {
                    ref readonly var label = ref before[parent];
                    var cost = label.Cost + step;
                    // Labels of a class are in order of objective: the next ones cannot do better.
                    if (cost.Objective + objectiveToEnd > _incumbent.Objective)
                        break;
                    var resident = (sameRegion ? label.Resident : 0) + options.Resident[o];
                    var transient = Math.Max(sameRegion ? label.Transient : 0, options.Transient[o]);
                    if (cost.TieBreak + energyToEnd <= _energyLimit && resident + transient <= _program.CapacityBytes
                        && _relaxation.Bound(p, layout, label.Weighted + weight, resident) is var bound && bound <= _ceiling)
                        candidates[layout].Add(new Label(cost, label.Weighted + weight, resident, transient, bound, parent, o));
                }
            }
        }

        Keep(candidates);
        return true;
    }

    /// <summary>The best complete label's choice; <see langword="null"/> where none is left.</summary>
    public int[]? Best()
    {
        var last = _program.Phases.Length - 1;
        var ends = from layout in Enumerable.Range(0, _program.MovesOut.Length)
                   from label in Enumerable.Range(_starts[last][layout], _starts[last][layout + 1] - _starts[last][layout])
                   let cost = _layers[last][label].Cost + _program.MovesOut[layout]
                   where cost.TieBreak <= _energyLimit
                   orderby cost, _layers[last][label].Resident + _layers[last][label].Transient, label
                   select label;
        var final = ends.Append(-1).First();
        if (final < 0)
            return null;
        var choice = new int[last + 1];
        for (var p = last; p >= 0; p--)
            (choice[p], final) = (_layers[p][final].Option, _layers[p][final].Parent);
        return choice;
    }

    // Shortest paths to the end in one measure, without memory and budget.
    private static long[][] ToEnd(FlatProgram program, Func<Coefficient, long> measure)
    {
        var completions = new long[program.Phases.Length][];
        var next = Array.ConvertAll(program.MovesOut, cost => measure(cost));
        for (var p = program.Phases.Length - 1; p >= 0; p--)
        {
            completions[p] = next;
            var phase = program.Phases[p];
            var best = new long[phase.Options.Layouts];
            Array.Fill(best, long.MaxValue / 4);
            for (var o = 0; o < phase.Options.Count; o++)
            {
                ref var known = ref best[phase.Options.Layout[o]];
                known = Math.Min(known, measure(phase.Options.Cost[o]) + next[phase.Options.Layout[o]]);
            }

            next = [.. Enumerable.Range(0, phase.LayoutsBefore).Select(from => Enumerable.Range(0, best.Length).Min(here => measure(phase.Move(from, here)) + best[here]))];
        }

        return completions;
    }

    private void Keep(List<Label>[] candidates)
    {
        var kept = candidates.Select(Undominated).ToArray();
        if (kept.Sum(labels => labels.Count) > _width)
        {
            IsComplete = false;
            var highest = kept.SelectMany(labels => labels).Select(label => label.Bound).Order().ElementAt(_width - 1);
            kept = Array.ConvertAll(kept, labels => labels.FindAll(label => label.Bound <= highest));
        }

        var starts = new int[kept.Length + 1];
        for (var layout = 0; layout < kept.Length; layout++)
            starts[layout + 1] = starts[layout] + kept[layout].Count;
        _layers.Add([.. kept.SelectMany(labels => labels)]);
        _starts.Add(starts);
    }

    // In order of objective, a label survives where no earlier one needs as little energy, resident and transient memory.
    private static List<Label> Undominated(List<Label> candidates)
    {
        candidates.Sort(static (a, b) =>
            a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost)
            : a.Resident != b.Resident ? a.Resident.CompareTo(b.Resident)
            : a.Transient != b.Transient ? a.Transient.CompareTo(b.Transient)
            : a.Option != b.Option ? a.Option.CompareTo(b.Option)
            : a.Parent.CompareTo(b.Parent));
        long[] energies = [.. candidates.Select(label => label.Cost.TieBreak).Distinct().Order()];
        long[] transients = [.. candidates.Select(label => label.Transient).Distinct().Order()];
        // For each transient, the least resident of labels up to an energy: few transients differ, so that a look at each is cheap.
        var least = new PrefixMinimum?[transients.Length];
        var kept = new List<Label>();
        foreach (var label in candidates)
        {
            var (energy, transient) = (Array.BinarySearch(energies, label.Cost.TieBreak), Array.BinarySearch(transients, label.Transient));
            var dominated = false;
            for (var lower = 0; lower <= transient && !dominated; lower++)
                dominated = least[lower] is { } known && known.UpTo(energy) <= label.Resident;
            if (dominated)
                continue;
            (least[transient] ??= new PrefixMinimum(energies.Length)).Lower(energy, label.Resident);
            kept.Add(label);
        }

        return kept;
    }
}
