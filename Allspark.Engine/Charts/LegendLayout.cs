namespace Allspark.Engine.Charts;

/// <summary>The legend of a picture: what each colour, marker and dash stands for, in lines as wide as the picture.</summary>
/// <param name="Panel">The samples, on axes that count pixels.</param>
/// <param name="Texts">The names beside them.</param>
internal sealed record LegendLayout(ChartPanel Panel, IReadOnlyList<PlacedText> Texts)
{
    private const double LineHeight = 22;
    private const double Sample = 22;
    private const double Gap = 6;
    private const double ItemGap = 18;
    private const double LongestName = 320;
    private const double ScaleWidth = 160;
    private const int ScaleSteps = 32;

    public static LegendLayout Of(ChartDescription chart, double width)
    {
        var legend = new Builder(width);
        foreach (var group in Entries(chart).GroupBy(series => series.Group, StringComparer.Ordinal))
        {
            legend.BeginLine(group.Key);
            foreach (var series in group)
                legend.Add(series);
        }

        foreach (var scale in AllSeries(chart).Select(series => series.Scale).OfType<ChartColorScale>().Distinct())
            legend.Add(scale);
        return legend.Build();
    }

    /// <summary>The series that a legend lists: each name of a group once, whatever panels it is in.</summary>
    public static IEnumerable<ChartSeries> Entries(ChartDescription chart) => AllSeries(chart)
        .Where(series => series.Name.Length > 0 && series.Scale is null)
        .GroupBy(series => (series.Group, series.Name)).Select(same => same.MaxBy(series => series.Shape)!);

    private static IEnumerable<ChartSeries> AllSeries(ChartDescription chart) => chart.Panels.SelectMany(row => row).SelectMany(panel => panel.Series);

    private sealed class Builder(double width)
    {
        private readonly List<ChartSeries> samples = [];
        private readonly List<PlacedText> texts = [];
        private double x;
        private int line = -1;

        private double MiddleOfLine => (line + 0.5) * LineHeight;

        public void BeginLine(string heading)
        {
            x = 0;
            line++;
            if (heading.Length > 0)
                Write(heading, strong: true, ItemGap);
        }

        public void Add(ChartSeries series)
        {
            var font = ChartFont.Regular;
            Reserve(Sample + Gap + Math.Min(LongestName, font.Measure(font.Drawable(series.Name), 12)));
            var (left, right, middle) = (x, x + Sample, MiddleOfLine);
            ChartSeries Drawn(ChartShape shape, params ChartMark[] marks) => series with { Shape = shape, Marks = marks };
            ChartMark[] ends = [ChartMark.Point(left, middle), ChartMark.Point(right, middle)];
            var point = ChartMark.Point((left + right) / 2, middle);
            samples.AddRange(series.Shape switch
            {
                ChartShape.Points => [Drawn(ChartShape.Points, point)],
                ChartShape.Curve => [Drawn(ChartShape.Line, ends), Drawn(ChartShape.Points, point)],
                ChartShape.Line => [Drawn(ChartShape.Line, ends)],
                _ => (ChartSeries[])[Drawn(ChartShape.Bars, new ChartMark(left + 8, middle - 7, right, middle + 7, -1))],
            });
            x = right + Gap;
            Write(series.Name, strong: false, ItemGap);
        }

        public void Add(ChartColorScale scale)
        {
            BeginLine("");
            Write(Quantity.Plain(scale.Low), strong: false, Gap);
            var (left, step) = (x, ScaleWidth / ScaleSteps);
            samples.Add(new ChartSeries
            {
                Name = "",
                Shape = ChartShape.Cells,
                Style = ChartPalette.Of(ChartRole.Limit),
                Scale = scale with { Low = 0, High = ScaleSteps - 1 },
                Marks = [.. Enumerable.Range(0, ScaleSteps).Select(i =>
                    new ChartMark(left + (i * step), MiddleOfLine - 6, left + ((i + 1) * step), MiddleOfLine + 6, -1, i))],
            });
            x = left + ScaleWidth + Gap;
            Write(Quantity.ThreeDigits(scale.High), strong: false, ItemGap);
            Write(scale.Title, strong: false, ItemGap);
        }

        public LegendLayout Build()
        {
            var height = Math.Max(1, (line + 1) * LineHeight) + 6;
            ChartAxis Pixels(double low, double high) => new() { Low = low, High = high, Ticks = [] };
            return new LegendLayout(
                new ChartPanel { X = Pixels(0, width), Y = Pixels(height, 0), Series = samples, Width = width, Height = height }, texts);
        }

        private void Reserve(double needed)
        {
            if (x > 0 && x + needed > width)
                BeginLine("");
        }

        private void Write(string text, bool strong, double gap)
        {
            var font = strong ? ChartFont.Strong : ChartFont.Regular;
            var shown = font.Fit(font.Drawable(text), 12, Math.Min(LongestName, width - x));
            texts.Add(PlacedText.At(shown, x, MiddleOfLine, 0, PlacedText.Middle, strong: strong));
            x += font.Measure(shown, 12) + gap;
        }
    }
}
