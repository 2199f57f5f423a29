namespace Allspark.Engine.Scheduling;

/// <summary>Label setting over the layered graph of layouts; see <see cref="ExactSolver"/>.</summary>
internal sealed class LabelSearch
{
    private readonly FlatProgram _program;
    private readonly RangeRelaxation[] _ranges;
    private readonly Coefficient[][] _cheapestCompletion;
    private readonly Coefficient _incumbent;
    private readonly int _width;
    private readonly double _objectiveLimit;
    private readonly LabelLayers _layers = new();

    /// <summary>Starts before the first phase.</summary>
    /// <param name="program">The program.</param>
    /// <param name="ranges">Ranges of the largest transient, by rising least, that may hold a choice as good as the incumbent.</param>
    /// <param name="incumbent">Value of the best choice known.</param>
    /// <param name="width">Labels kept of a layer: those with the lowest bounds.</param>
    public LabelSearch(FlatProgram program, IEnumerable<RangeRelaxation> ranges, Coefficient incumbent, int width)
    {
        (_program, _ranges, _incumbent, _width) = (program, [.. ranges], incumbent, width);
        _objectiveLimit = incumbent.Objective + CompletionBounds.Rounding(incumbent.Objective);
        _cheapestCompletion = CheapestCompletions(program);
    }

    /// <summary>Whether no label was dropped for the width alone, so that the best one left is optimal.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Whether a label is left.</summary>
    public bool HasLabels => _layers.HasLabels;

    /// <summary>Extends all labels by one phase; <see langword="false"/> where the time is up before that is done.</summary>
    public bool Advance(int p, Clock clock)
    {
        var phase = _program.Phases[p];
        var options = phase.Options;
        var (before, starts) = _layers.Before(p);
        var sameRegion = p > 0 && _program.Phases[p - 1].Region == phase.Region;
        var (restResident, restTransient) = Rest(p);
        var candidates = new List<Label>[options.Layouts];
        foreach (ref var list in candidates.AsSpan())
            list = [];

        for (var o = 0; o < options.Count; o++)
        {
            if (clock.IsUp)
                return false;
            var layout = options.Layout[o];
            var completion = _cheapestCompletion[p][layout];
            for (var from = 0; from + 1 < starts.Length; from++)
            {
                var step = options.Cost[o] + phase.Move(from, layout);
                for (var parent = starts[from]; parent < starts[from + 1]; parent++)
                {
                    ref readonly var label = ref before[parent];
                    var cost = label.Cost + step;
                    // Labels of a class are in order of cost: the next ones cannot do better.
                    if (cost + completion > _incumbent)
                        break;
                    var resident = (sameRegion ? label.Resident : 0) + options.Resident[o];
                    var transient = Math.Max(sameRegion ? label.Transient : 0, options.Transient[o]);
                    if (resident + restResident + Math.Max(transient, restTransient) <= _program.CapacityBytes
                        && Bound(p, layout, cost.Objective, resident, transient) is var bound && bound <= _objectiveLimit)
                        candidates[layout].Add(new Label(cost, resident, transient, bound, parent, o));
                }
            }
        }

        Keep(candidates);
        return true;
    }

    /// <summary>The best complete label's choice.</summary>
    public int[] Best() => _layers.Best(_program.MovesOut)!;

    // On every completion: the lowest of the ranges that are open to the label, of each range the highest at its multipliers.
    private double Bound(int p, int layout, long cost, long resident, long transient)
    {
        var lowest = double.PositiveInfinity;
        foreach (var range in _ranges)
        {
            if (transient <= range.Range.Most)
                lowest = Math.Min(lowest, range.Bound(p, layout, cost, resident));
        }

        return lowest;
    }

    // What the later phases of the region need at least.
    private (long Resident, long Transient) Rest(int p)
    {
        var (resident, transient) = (0L, 0L);
        for (var q = p + 1; q < _program.Phases.Length && _program.Phases[q].Region == _program.Phases[p].Region; q++)
        {
            resident += _program.Phases[q].Options.LeastResident(long.MaxValue);
            transient = Math.Max(transient, _program.Phases[q].Options.LeastTransient);
        }

        return (resident, transient);
    }

    // Shortest paths to the end without memory, objective and tie-break together.
    private static Coefficient[][] CheapestCompletions(FlatProgram program)
    {
        var completions = new Coefficient[program.Phases.Length][];
        var next = program.MovesOut;
        for (var p = program.Phases.Length - 1; p >= 0; p--)
        {
            completions[p] = next;
            var phase = program.Phases[p];
            var best = new Coefficient[phase.Options.Layouts];
            Array.Fill(best, new Coefficient(long.MaxValue / 4, 0));
            for (var o = 0; o < phase.Options.Count; o++)
            {
                ref var known = ref best[phase.Options.Layout[o]];
                if (phase.Options.Cost[o] + next[phase.Options.Layout[o]] is var cost && cost < known)
                    known = cost;
            }

            next = [.. Enumerable.Range(0, phase.LayoutsBefore).Select(from => Enumerable.Range(0, best.Length).Min(here => phase.Move(from, here) + best[here]))];
        }

        return completions;
    }

    private void Keep(List<Label>[] candidates)
    {
        var labels = new List<Label>();
        var starts = new int[candidates.Length + 1];
        for (var layout = 0; layout < candidates.Length; layout++)
        {
            KeepUndominated(candidates[layout], labels);
            starts[layout + 1] = labels.Count;
        }

        if (labels.Count > _width)
            Narrow(labels, starts);
        _layers.Add([.. labels], starts);
    }

    private void Narrow(List<Label> labels, int[] starts)
    {
        IsComplete = false;
        var order = Enumerable.Range(0, labels.Count).OrderBy(label => labels[label].Bound).ThenBy(label => labels[label].Cost).ThenBy(label => label).ToArray();
        var lowest = new bool[labels.Count];
        foreach (var label in order.AsSpan(0, _width))
            lowest[label] = true;
        var (kept, next) = (0, 0);
        for (var layout = 1; layout < starts.Length; layout++)
        {
            for (; next < starts[layout]; next++)
            {
                if (lowest[next])
                    labels[kept++] = labels[next];
            }

            starts[layout] = kept;
        }

        labels.RemoveRange(kept, labels.Count - kept);
    }

    // In order of cost, a label survives where no earlier one needs as little resident and transient memory. The front of
    // (resident, transient) pairs is kept sorted by resident, so the test is a binary search.
    private static void KeepUndominated(List<Label> candidates, List<Label> labels)
    {
        candidates.Sort(Label.Compare);
        var front = new List<(long Resident, long Transient)>();
        foreach (var label in candidates)
        {
            var place = FirstAbove(front, label.Resident);
            if (place > 0 && front[place - 1].Transient <= label.Transient)
                continue;
            var end = place;
            while (end < front.Count && front[end].Transient >= label.Transient)
                end++;
            front.RemoveRange(place, end - place);
            if (place > 0 && front[place - 1].Resident == label.Resident)
                front[place - 1] = (label.Resident, label.Transient);
            else
                front.Insert(place, (label.Resident, label.Transient));
            labels.Add(label);
        }
    }

    // The front's residents rise and its transients fall.
    private static int FirstAbove(List<(long Resident, long Transient)> front, long resident)
    {
        var (low, high) = (0, front.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (front[middle].Resident <= resident)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
