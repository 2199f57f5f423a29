namespace Allspark.Engine.Scheduling;

/// <summary>Label setting under an energy limit, with energy as a fourth measure of dominance; see <see cref="EnergyBudget"/>.</summary>
/// <param name="program">The program; energy is what breaks ties.</param>
/// <param name="band">What the optimum's weighted objective is known to be within.</param>
/// <param name="incumbent">Value of the best choice known.</param>
/// <param name="width">Labels kept of a layer: those with the lowest bounds.</param>
internal sealed class EnergyBudgetSearch(FlatProgram program, EnergyBand band, Coefficient incumbent, int width)
{
    private readonly double _ceiling = band.CeilingAt(incumbent.Objective);
    private readonly LabelLayers _layers = new();

    /// <summary>Whether no label was dropped for the width alone.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Extends all labels by one phase; <see langword="false"/> where the time is up before that is done.</summary>
    public bool Advance(int p, Clock clock)
    {
        var phase = program.Phases[p];
        var options = phase.Options;
        var (before, starts) = _layers.Before(p);
        var sameRegion = p > 0 && program.Phases[p - 1].Region == phase.Region;
        var candidates = new List<Label>[options.Layouts];
        foreach (ref var list in candidates.AsSpan())
            list = [];

        for (var o = 0; o < options.Count; o++)
        {
            if (clock.IsUp)
                return false;
            var layout = options.Layout[o];
            for (var from = 0; from + 1 < starts.Length; from++)
            {
                var step = options.Cost[o] + phase.Move(from, layout);
                for (var parent = starts[from]; parent < starts[from + 1]; parent++)
                {
                    ref readonly var label = ref before[parent];
                    var cost = label.Cost + step;
                    // Labels of a class are in order of objective: the next ones cannot do better.
                    if (cost.Objective + band.ObjectiveToEnd[p][layout] > incumbent.Objective)
                        break;
                    var resident = (sameRegion ? label.Resident : 0) + options.Resident[o];
                    var transient = Math.Max(sameRegion ? label.Transient : 0, options.Transient[o]);
                    if (cost.TieBreak + band.EnergyToEnd[p][layout] <= band.EnergyLimit && resident + transient <= program.CapacityBytes
                        && band.Bound(p, layout, cost, resident) is var bound && bound <= _ceiling)
                        candidates[layout].Add(new Label(cost, resident, transient, bound, parent, o));
                }
            }
        }

        Keep(candidates);
        return true;
    }

    /// <summary>The best complete label's choice; <see langword="null"/> where none is left.</summary>
    public int[]? Best() => _layers.Best(program.MovesOut, band.EnergyLimit);

    private void Keep(List<Label>[] candidates)
    {
        var kept = candidates.Select(Undominated).ToArray();
        if (kept.Sum(labels => labels.Count) > width)
        {
            IsComplete = false;
            var highest = kept.SelectMany(labels => labels).Select(label => label.Bound).Order().ElementAt(width - 1);
            kept = Array.ConvertAll(kept, labels => labels.FindAll(label => label.Bound <= highest));
        }

        var starts = new int[kept.Length + 1];
        for (var layout = 0; layout < kept.Length; layout++)
            starts[layout + 1] = starts[layout] + kept[layout].Count;
        _layers.Add([.. kept.SelectMany(labels => labels)], starts);
    }

    // In order of objective, a label survives where no earlier one needs as little energy, resident and transient memory.
    private static List<Label> Undominated(List<Label> candidates)
    {
        candidates.Sort(Label.Compare);
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
