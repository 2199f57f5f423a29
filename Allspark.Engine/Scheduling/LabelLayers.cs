namespace Allspark.Engine.Scheduling;

/// <summary>The labels kept of each phase, layout class by layout class.</summary>
internal sealed class LabelLayers
{
    private readonly List<(Label[] Labels, int[] Starts)> _layers = [];

    /// <summary>Whether a label is left.</summary>
    public bool HasLabels => _layers.Count == 0 || _layers[^1].Labels.Length > 0;

    /// <summary>The labels that a phase extends; those of layout class l are from Starts[l] to Starts[l + 1].</summary>
    public (Label[] Labels, int[] Starts) Before(int phase) => phase == 0 ? ([Label.Start], [0, 1]) : _layers[phase - 1];

    /// <summary>Adds the labels of the next phase.</summary>
    public void Add(Label[] labels, int[] starts) => _layers.Add((labels, starts));

    /// <summary>The choice of the best complete label; <see langword="null"/> where there is none.</summary>
    /// <param name="movesOut">Moves from the layout classes of the last phase to the I/O nodes.</param>
    /// <param name="tieBreakLimit">What breaks ties at most: energy, where there is a budget.</param>
    public int[]? Best(Coefficient[] movesOut, long tieBreakLimit = long.MaxValue)
    {
        var (labels, starts) = _layers[^1];
        var ends = from layout in Enumerable.Range(0, movesOut.Length)
                   from label in Enumerable.Range(starts[layout], starts[layout + 1] - starts[layout])
                   let cost = labels[label].Cost + movesOut[layout]
                   where cost.TieBreak <= tieBreakLimit
                   orderby cost, labels[label].Resident + labels[label].Transient, label
                   select label;
        var final = ends.Append(-1).First();
        if (final < 0)
            return null;
        var choice = new int[_layers.Count];
        for (var p = choice.Length - 1; p >= 0; p--)
            (choice[p], final) = (_layers[p].Labels[final].Option, _layers[p].Labels[final].Parent);
        return choice;
    }
}
