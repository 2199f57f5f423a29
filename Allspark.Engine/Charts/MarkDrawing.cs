using ScottPlot;
using ScottPlot.Rendering;
using ScottPlot.Rendering.RenderActions;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Allspark.Engine.Charts;

/// <summary>Draws a panel's marks and grid with ScottPlot; texts are not its business.</summary>
internal static class MarkDrawing
{
    private const float MarkerPixels = 7;
    private static readonly Color GridColor = Color.FromHex("#e2e2e2");
    private static readonly Color EdgeColor = Color.FromHex("#888888");

    // One pass over what a panel needs; ScottPlot's own list also clears the canvas, and is run twice for a figure's first drawing.
    private static readonly IRenderAction[] Actions =
        [new ReplaceNullAxesWithDefaults(), new CalculateLayout(), new RegenerateTicks(), new RenderGridsBelowPlottables(), new RenderPlottables()];

    public static void Draw(SKCanvas canvas, ChartPanel panel, double left, double top)
    {
        using var plot = new Plot();
        plot.Layout.Frameless();
        plot.Axes.SetLimits(Along(panel.X, panel.X.Low), Along(panel.X, panel.X.High), Along(panel.Y, panel.Y.Low), Along(panel.Y, panel.Y.High));
        plot.Axes.Bottom.TickGenerator = new NumericManual(GridTicks(panel.X));
        plot.Axes.Left.TickGenerator = new NumericManual(GridTicks(panel.Y));
        plot.Grid.MajorLineColor = GridColor;
        foreach (var series in panel.Series)
            Add(plot, panel, series);
        if (panel.Series.Any(series => series.Shape != ChartShape.Cells) && panel.Y.Ticks.Count > 0)
            AddBase(plot, panel);
        var pack = new RenderPack(
            plot, new PixelRect((float)left, (float)(left + panel.Width), (float)(top + panel.Height), (float)top), canvas);
        foreach (var action in Actions)
        {
            canvas.Save();
            action.Render(pack);
            canvas.Restore();
        }
    }

    // ScottPlot's axes are linear and grow upwards.
    private static double Along(ChartAxis axis, double value) => (axis.Low > axis.High ? -1 : 1) * axis.Along(value);

    private static Tick[] GridTicks(ChartAxis axis) =>
        axis.Scale == ChartScale.Category ? [] : [.. axis.Ticks.Select(tick => new Tick(Along(axis, tick.Position), ""))];

    private static void AddBase(Plot plot, ChartPanel panel)
    {
        var line = plot.Add.Line(
            Along(panel.X, panel.X.Low), Along(panel.Y, panel.Y.Low), Along(panel.X, panel.X.High), Along(panel.Y, panel.Y.Low));
        line.LineColor = EdgeColor;
        line.LineWidth = 2; // the lower half is outside
    }

    private static void Add(Plot plot, ChartPanel panel, ChartSeries series)
    {
        if (series.Shape is ChartShape.Bars or ChartShape.Intervals or ChartShape.Cells)
        {
            plot.Add.Bars(series.Marks.Select(mark => Box(panel, series, mark)).ToArray());
            return;
        }

        if (series.Shape != ChartShape.Points)
            AddLine(plot, panel, series);
        if (series.Shape == ChartShape.Line)
            return;
        var points = plot.Add.ScatterPoints(
            series.Marks.Select(mark => Along(panel.X, mark.X)).ToArray(), series.Marks.Select(mark => Along(panel.Y, mark.Y)).ToArray(),
            Color.FromHex(series.Style.Color));
        points.MarkerSize = MarkerPixels;
        points.MarkerShape = series.Style.Marker switch
        {
            ChartMarker.Square => MarkerShape.FilledSquare,
            ChartMarker.TriangleUp => MarkerShape.FilledTriangleUp,
            ChartMarker.TriangleDown => MarkerShape.FilledTriangleDown,
            ChartMarker.Diamond => MarkerShape.FilledDiamond,
            _ => MarkerShape.FilledCircle,
        };
    }

    private static void AddLine(Plot plot, ChartPanel panel, ChartSeries series)
    {
        foreach (var piece in Pieces(panel, series))
        {
            var line = plot.Add.ScatterLine(piece, Color.FromHex(series.Style.Color));
            line.LineWidth = series.Shape == ChartShape.Line ? 2 : 1.6f;
        }
    }

    // Skia's SVG has no dashes, so a broken line is drawn as its pieces: their lengths are in pixels.
    private static IEnumerable<Coordinates[]> Pieces(ChartPanel panel, ChartSeries series)
    {
        Coordinates[] corners = [.. series.Marks.Select(mark => new Coordinates(Along(panel.X, mark.X), Along(panel.Y, mark.Y)))];
        var (dash, gap) = series.Style.Dash switch { ChartDash.Dashed => (7.0, 4.0), ChartDash.Dotted => (2.0, 3.0), _ => (0.0, 0.0) };
        if (dash == 0)
        {
            yield return corners;
            yield break;
        }

        var (perX, perY) = (panel.Width / Math.Abs(panel.X.Along(panel.X.High) - panel.X.Along(panel.X.Low)),
            panel.Height / Math.Abs(panel.Y.Along(panel.Y.High) - panel.Y.Along(panel.Y.Low)));
        foreach (var (from, to) in corners.Zip(corners.Skip(1)))
        {
            var length = Math.Sqrt(Math.Pow((to.X - from.X) * perX, 2) + Math.Pow((to.Y - from.Y) * perY, 2));
            Coordinates At(double pixels) => new(
                from.X + ((to.X - from.X) * pixels / length), from.Y + ((to.Y - from.Y) * pixels / length));
            for (var start = 0.0; start < length; start += dash + gap)
                yield return [At(start), At(Math.Min(start + dash, length))];
        }
    }

    private static Bar Box(ChartPanel panel, ChartSeries series, ChartMark mark)
    {
        var (left, right) = (Along(panel.X, mark.X), Along(panel.X, mark.X2));
        return new Bar
        {
            Position = (left + right) / 2,
            Size = Math.Abs(right - left),
            ValueBase = Along(panel.Y, mark.Y),
            Value = Along(panel.Y, mark.Y2),
            FillColor = Color.FromHex(series.Scale?.ColorOf(mark.Value) ?? series.Style.Color),
            LineWidth = 0,
        };
    }
}
