namespace Allspark.Engine.Charts;

/// <summary>Where everything of a picture lies, in pixels: found before anything is drawn.</summary>
/// <param name="Width">The picture's width.</param>
/// <param name="Height">The picture's height.</param>
/// <param name="Panels">The panels, the legend among them, and where the space between their axes begins.</param>
/// <param name="Texts">Every text.</param>
internal sealed record PictureLayout(
    int Width, int Height, IReadOnlyList<(ChartPanel Panel, double Left, double Top)> Panels, IReadOnlyList<PlacedText> Texts)
{
    private const double Margin = 16;
    private const double ColumnGap = 24;
    private const double RowGap = 20;
    private const double LegendGap = 10;
    private const double LeastWidth = 480;
    private const double TitleSize = 18;
    private const double NoteSize = 12;

    /// <summary>Lays a chart out: title, notes and legend, then the panels in their rows and columns.</summary>
    public static PictureLayout Of(ChartDescription chart)
    {
        var rooms = chart.Panels.SelectMany(row => row).GroupBy(Scale).ToDictionary(same => same.Key, same => Most(same.Select(PanelLayout.Room)));
        var rows = chart.Panels.Select(row => row.Select(panel => new PanelLayout(panel, rooms[Scale(panel)])).ToArray()).ToArray();
        var columns = Enumerable.Range(0, rows.Max(row => row.Length)).Select(column => rows.Where(row => row.Length > column).Select(row => row[column]).ToArray())
            .Select(column => (Left: column.Max(panel => panel.Left), Width: column.Max(panel => panel.Panel.Width), Right: column.Max(panel => panel.Right)))
            .ToArray();
        var inner = Math.Max(LeastWidth, columns.Sum(column => column.Left + column.Width + column.Right) + ((columns.Length - 1) * ColumnGap));
        var panels = new List<(ChartPanel, double, double)>();
        var texts = new List<PlacedText>();

        var y = Header(chart, inner, texts);
        var legend = LegendLayout.Of(chart, inner);
        panels.Add((legend.Panel, Margin, y));
        texts.AddRange(legend.Texts.Select(text => text.Moved(Margin, y)));
        y += legend.Panel.Height + LegendGap;
        foreach (var row in rows)
        {
            y += row.Max(panel => panel.Top);
            var x = Margin;
            foreach (var (panel, column) in row.Zip(columns))
            {
                panels.Add((panel.Panel, x + column.Left, y));
                texts.AddRange(panel.Texts.Select(text => text.Moved(x + column.Left, y)));
                x += column.Left + column.Width + column.Right + ColumnGap;
            }

            y += row.Max(panel => panel.Panel.Height + panel.Bottom) + RowGap;
        }

        return new PictureLayout((int)Math.Ceiling(inner + (2 * Margin)), (int)Math.Ceiling(y - RowGap + Margin), panels, texts);
    }

    // Panels of one scale keep it when room is made for labels.
    private static (string, double, double) Scale(ChartPanel panel) => (panel.Y.Caption, panel.Y.Low, panel.Y.High);

    private static (double Below, double Above) Most(IEnumerable<(double Below, double Above)> rooms) =>
        rooms.Aggregate((most, room) => (Math.Max(most.Below, room.Below), Math.Max(most.Above, room.Above)));

    private static double Header(ChartDescription chart, double width, List<PlacedText> texts)
    {
        var y = Margin;
        foreach (var line in ChartFont.Strong.Wrap(ChartFont.Strong.Drawable(chart.Title), TitleSize, width, 3))
        {
            texts.Add(PlacedText.At(line, Margin, y, 0, PlacedText.Capitals, TitleSize, strong: true));
            y += 24;
        }

        foreach (var line in Notes(chart).SelectMany(note => ChartFont.Regular.Wrap(ChartFont.Regular.Drawable(note), NoteSize, width, 4)))
        {
            texts.Add(PlacedText.At(line, Margin, y, 0, PlacedText.Capitals, NoteSize, color: PlacedText.PaleInk));
            y += 17;
        }

        return y + 8;
    }

    private static IEnumerable<string> Notes(ChartDescription chart) => Written(chart).Any(Lacks)
        ? [.. chart.Notes, $"{ChartFont.Missing} stands for a character that the typeface of pictures lacks; the page (.html) and the data (.csv) show it."]
        : chart.Notes;

    private static bool Lacks(string text) =>
        ChartFont.Regular.Drawable(text).Count(sign => sign == ChartFont.Missing) > text.Count(sign => sign == ChartFont.Missing);

    private static IEnumerable<string> Written(ChartDescription chart) =>
    [
        chart.Title, .. chart.Notes,
        .. chart.Panels.SelectMany(row => row).SelectMany(panel => (string[])
        [
            panel.Title ?? "", panel.X.Caption, panel.Y.Caption, .. panel.X.Ticks.Concat(panel.Y.Ticks).Select(tick => tick.Label),
            .. panel.Series.SelectMany(series => (string[])[series.Name, series.Group]),
        ]),
    ];
}
