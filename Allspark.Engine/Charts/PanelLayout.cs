namespace Allspark.Engine.Charts;

/// <summary>
/// The texts around and in one panel, placed so that none lies on another; coordinates are those of the space between the axes.
/// </summary>
internal sealed class PanelLayout
{
    private const double TickSize = 12;
    private const double TitleSize = 13;
    private const double LabelSize = 11;
    private const double LineHeight = 15;
    private const double Slant = -40;
    private const double SlantedSpacing = 24;
    private const double UprightSpacing = 13;
    private const double LongestTick = 190;
    private const double TickGap = 8;

    private readonly List<PlacedText> texts = [];

    /// <param name="panel">The panel.</param>
    /// <param name="room">Pixels below and above its marks, for the labels of all panels of its scale.</param>
    public PanelLayout(ChartPanel panel, (double Below, double Above) room)
    {
        Panel = panel with { Y = panel.Y.WithRoom(room.Below / panel.Height, room.Above / panel.Height) };
        PlaceLabels();
        PlaceVerticalTicks();
        PlaceHorizontalTicks();
        PlaceTitles();
        var corners = texts.SelectMany(text => text.Corners).ToArray();
        Left = -corners.Select(corner => corner.X).Append(-TickGap).Min();
        Top = -corners.Select(corner => corner.Y).Append(-TickGap).Min();
        Right = corners.Select(corner => corner.X).Append(panel.Width + TickGap).Max() - panel.Width;
        Bottom = corners.Select(corner => corner.Y).Append(panel.Height + TickGap).Max() - panel.Height;
    }

    /// <summary>The panel, its axes with room for the labels.</summary>
    public ChartPanel Panel { get; }

    public IReadOnlyList<PlacedText> Texts => texts;

    public double Left { get; }

    public double Top { get; }

    public double Right { get; }

    public double Bottom { get; }

    private static ChartFont Font => ChartFont.Regular;

    private double PixelX(double x) => Panel.X.Share(x) * Panel.Width;

    private double PixelY(double y) => (1 - Panel.Y.Share(y)) * Panel.Height;

    private static double LabelWidth(ChartPanel panel) => panel.Labels.Select(label => Font.Measure(label.Text, LabelSize)).DefaultIfEmpty().Max();

    private static double SlotPixels(ChartPanel panel) =>
        panel.Labels.Select(label => label.Slot).DefaultIfEmpty().Min() * panel.Width / Math.Abs(panel.X.High - panel.X.Low);

    private static bool LabelsAreTurned(ChartPanel panel) => LabelWidth(panel) + 3 > SlotPixels(panel);

    /// <summary>The pixels that a panel's labels need below and above its marks.</summary>
    public static (double Below, double Above) Room(ChartPanel panel)
    {
        var needed = 6 + (LabelsAreTurned(panel) ? LabelWidth(panel) : LabelSize);
        double Side(bool below) => panel.Labels.Any(label => label.Below == below) ? needed : 0;
        return (Side(below: true), Side(below: false));
    }

    // Beyond the ends of bars: along the bars where they are too narrow for upright text, and not where they are too narrow for any.
    private void PlaceLabels()
    {
        var turned = LabelsAreTurned(Panel);
        if (turned && SlotPixels(Panel) < UprightSpacing)
            return;
        foreach (var label in Panel.Labels)
        {
            var (x, y) = (PixelX(label.X), PixelY(label.Y) + (label.Below ? 4 : -4));
            texts.Add(turned
                ? PlacedText.At(label.Text, x, y, label.Below ? 1 : 0, PlacedText.Middle, LabelSize, -90)
                : PlacedText.At(label.Text, x, y, 0.5, label.Below ? PlacedText.Capitals : 0, LabelSize));
        }
    }

    private void PlaceVerticalTicks()
    {
        var free = double.PositiveInfinity;
        foreach (var (label, y) in Panel.Y.Ticks.Select(tick => (tick.Label, Y: PixelY(tick.Position))).OrderByDescending(tick => tick.Y))
        {
            if (y > free)
                continue;
            free = y - UprightSpacing;
            texts.Add(PlacedText.At(Font.Fit(Font.Drawable(label), TickSize, LongestTick), -TickGap, y, 1, PlacedText.Middle));
        }
    }

    private void PlaceHorizontalTicks()
    {
        var ticks = Panel.X.Ticks.Select(tick => (Label: Font.Drawable(tick.Label), X: PixelX(tick.Position))).ToArray();
        if (Panel.X.Scale == ChartScale.Category)
            PlaceNames(ticks, Panel.Width / Math.Max(1, ticks.Length));
        else
            PlaceNumbers(ticks);
    }

    private void PlaceNumbers((string Label, double X)[] ticks)
    {
        var free = double.NegativeInfinity;
        foreach (var (label, x) in ticks.OrderBy(tick => tick.X))
        {
            var half = Font.Measure(label, TickSize) / 2;
            if (x - half < free)
                continue;
            free = x + half + TickGap;
            texts.Add(PlacedText.At(label, x, Panel.Height + TickGap, 0.5, PlacedText.Capitals));
        }
    }

    // Upright in up to two lines where that fits, else slanted, else turned, and where even that does not fit every second, third …
    private void PlaceNames((string Label, double X)[] ticks, double spacing)
    {
        var lines = ticks.Select(tick => Font.Wrap(tick.Label, TickSize, spacing - TickGap, 2)).ToArray();
        if (lines.Zip(ticks).All(pair => string.Join(' ', pair.First) == pair.Second.Label))
        {
            foreach (var (wrapped, (_, x)) in lines.Zip(ticks))
            {
                texts.AddRange(wrapped.Select((line, i) =>
                    PlacedText.At(line, x, Panel.Height + TickGap + (i * LineHeight), 0.5, PlacedText.Capitals)));
            }

            return;
        }

        var slanted = spacing >= SlantedSpacing;
        foreach (var (label, x) in ticks.Where((_, i) => i % (int)Math.Ceiling(UprightSpacing / spacing) == 0))
        {
            texts.Add(PlacedText.At(
                Font.Fit(label, TickSize, LongestTick), x, Panel.Height + TickGap, 1, PlacedText.Middle, angle: slanted ? Slant : -90));
        }
    }

    private void PlaceTitles()
    {
        if (Panel.Y.Caption.Length > 0)
        {
            var left = texts.SelectMany(text => text.Corners).Select(corner => corner.X).Append(-TickGap).Min();
            texts.Add(PlacedText.At(
                Font.Fit(Font.Drawable(Panel.Y.Caption), TitleSize, Panel.Height), left - TickGap, Panel.Height / 2, 0.5, -ChartFont.Regular.Descent, TitleSize, -90));
        }

        if (Panel.X.Caption.Length > 0)
        {
            var bottom = texts.SelectMany(text => text.Corners).Select(corner => corner.Y).Append(Panel.Height).Max();
            texts.Add(PlacedText.At(
                Font.Fit(Font.Drawable(Panel.X.Caption), TitleSize, Panel.Width), Panel.Width / 2, bottom + 6, 0.5, PlacedText.Capitals, TitleSize));
        }

        if (Panel.Title is { } title)
        {
            var lines = ChartFont.Strong.Wrap(ChartFont.Strong.Drawable(title), TitleSize, Panel.Width, 2);
            texts.AddRange(lines.Select((line, i) =>
                PlacedText.At(line, 0, -12 - ((lines.Count - 1 - i) * 17), 0, 0, TitleSize, strong: true)));
        }
    }
}
