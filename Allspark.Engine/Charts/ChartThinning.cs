namespace Allspark.Engine.Charts;

/// <summary>Leaves out points that lie on others, where there are more than a picture or a page can show.</summary>
internal static class ChartThinning
{
    private const int MostPoints = 4000;

    /// <summary>The chart as it is drawn: of the points of a series within a square of some pixels the first, the square as small as can be.</summary>
    public static ChartDescription Drawn(ChartDescription chart)
    {
        var notes = new List<string>(chart.Notes);
        IReadOnlyList<ChartPanel>[] panels = [.. chart.Panels.Select(row => (IReadOnlyList<ChartPanel>)[.. row.Select(panel => Drawn(panel, notes))])];
        return chart with { Panels = panels, Notes = notes };
    }

    private static ChartPanel Drawn(ChartPanel panel, List<string> notes)
    {
        var all = Count(panel);
        var drawn = panel;
        var square = 1;
        for (; Count(drawn) > MostPoints; square *= 2)
            drawn = panel with { Series = [.. panel.Series.Select(series => Drawn(panel, series, square))] };
        if (square > 1)
            notes.Add(FormattableString.Invariant($"{Count(drawn)} of {all} points are drawn: the others lie within {square / 2} pixels of one of them."));
        return drawn;
    }

    private static ChartSeries Drawn(ChartPanel panel, ChartSeries series, int square) => !IsOfPoints(series) ? series : series with
    {
        Marks = [.. series.Marks.DistinctBy(mark => (
            Math.Floor(panel.X.Share(mark.X) * panel.Width / square), Math.Floor(panel.Y.Share(mark.Y) * panel.Height / square)))],
    };

    private static int Count(ChartPanel panel) => panel.Series.Where(IsOfPoints).Sum(series => series.Marks.Count);

    private static bool IsOfPoints(ChartSeries series) => series.Shape is ChartShape.Points or ChartShape.Curve;
}
