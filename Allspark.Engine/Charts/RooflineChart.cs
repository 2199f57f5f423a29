using Allspark.Engine.Partitioning;
using Allspark.Engine.Simulation;

namespace Allspark.Engine.Charts;

/// <summary>
/// Phases by operational intensity and attained speed, under the roofs of the array: its peak, and its memories' joint streaming
/// bandwidth (Williams, Waterman and Patterson, CACM 52(4), 2009).
/// </summary>
public static class RooflineChart
{
    /// <summary>The kind's name.</summary>
    public const string Kind = "Roofline";

    private const double Giga = 1e9;

    private static readonly ChartColumn[] Columns =
        [new("block"), new("phase"), new("intensity", "MAC/B"), new("attained", "MAC/s"), new("latency", "s")];

    /// <summary>The chart of a measurement's phases; those that touch no memory have no intensity and are left out.</summary>
    /// <exception cref="ChartException">No phase touches a memory.</exception>
    public static ChartDescription Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var array = measurement.Array;
        var phases = measurement.Phases.Zip(measurement.Schedule.Phases).Where(pair => pair.First.LatencySeconds > 0).ToArray();
        var points = phases.Where(pair => pair.Second.Cost.DramBytes > 0 && pair.First.Macs > 0).Select(pair => new Point(
            pair.First.Block,
            pair.First.Kind,
            pair.First.Macs / pair.Second.Cost.DramBytes,
            pair.First.Macs / pair.First.LatencySeconds,
            pair.First.LatencySeconds)).ToArray();
        Check(points);
        var peak = array.PeakMacsPerSecond;
        var memory = array.NodeCount * array.Node.StreamingBandwidthBytesPerSecond;
        var left = Math.Min(points.Min(point => point.Intensity), peak / memory) / 2;
        var right = Math.Max(points.Max(point => point.Intensity), peak / memory) * 2;
        var without = phases.Length - points.Length;
        return new ChartDescription
        {
            Kind = Kind,
            Title = $"{measurement.Model.Name} on {array.Name}, {measurement.Scheme}: phases under the roofs",
            Notes = without == 0 ? []
                : [$"{without} of {phases.Length} phases are not shown: they read no node memory (their weights pass through the buffers)."],
            Panels =
            [
                [
                    new ChartPanel
                    {
                        X = ChartAxis.Log("MACs per byte of node memory", "", left, right),
                        Y = ChartAxis.Log("attained", "GMAC/s", points.Min(point => point.Speed) / 2 / Giga, peak * 2 / Giga),
                        Series =
                        [
                            Roof($"peak, {Quantity.Text(peak, "MAC/s")}", ChartDash.Solid, (peak / memory, peak), (right, peak)),
                            Roof($"memory, {Quantity.Text(memory, "B/s")}", ChartDash.Dashed, (left, left * memory), (peak / memory, peak)),
                            .. points.Index().GroupBy(point => point.Item.Kind).OrderBy(kind => kind.Key).Select(kind => Phases(kind.Key, [.. kind])),
                        ],
                    },
                ],
            ],
            Table = new ChartTable(Columns, [.. points.Select(point => (IReadOnlyList<ChartCell>)
                [point.Block, point.Kind.ToString(), point.Intensity, point.Speed, point.Seconds])]),
        };
    }

    /// <summary>The look of a kind of phase.</summary>
    internal static ChartStyle StyleOf(PhaseKind kind) => ChartPalette.Of(kind switch
    {
        PhaseKind.Attention => ChartRole.Attention,
        PhaseKind.FeedForward => ChartRole.FeedForward,
        _ => ChartRole.Projection,
    });

    private static void Check(Point[] points)
    {
        if (points.Length == 0)
            throw new ChartException(ChartFailure.BadRows, "A roofline chart needs at least one phase that reads or writes a node's memory.");
        foreach (var point in points)
        {
            if (!double.IsFinite(point.Intensity) || !double.IsFinite(point.Speed))
            {
                throw new ChartException(ChartFailure.BadRows, FormattableString.Invariant(
                    $"{point.Block} {point.Kind} has {point.Intensity} MACs a byte and {point.Speed} MACs a second; a chart shows finite values."));
            }
        }
    }

    private static ChartSeries Roof(string name, ChartDash dash, (double X, double Y) from, (double X, double Y) to) => new()
    {
        Name = name,
        Group = "roofs",
        Shape = ChartShape.Line,
        Style = ChartPalette.Of(ChartRole.Limit) with { Dash = dash },
        Marks = [ChartMark.Point(from.X, from.Y / Giga), ChartMark.Point(to.X, to.Y / Giga)],
    };

    private static ChartSeries Phases(PhaseKind kind, (int Row, Point Item)[] points) => new()
    {
        Name = kind.ToString(),
        Group = "phases",
        Shape = ChartShape.Points,
        Style = StyleOf(kind),
        Marks = [.. points.Select(point => ChartMark.Point(point.Item.Intensity, point.Item.Speed / Giga, point.Row))],
    };

    private sealed record Point(string Block, PhaseKind Kind, double Intensity, double Speed, double Seconds);
}
