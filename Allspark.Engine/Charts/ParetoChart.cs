using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>Energy against latency: of each model, array and scheme the front of what is shown, joined, and what it dominates, pale.</summary>
public static class ParetoChart
{
    /// <summary>The kind's name.</summary>
    public const string Kind = "Pareto";

    private static readonly ChartColumn[] Columns =
    [
        new("model"), new("array"), new("scheme"), new("latency", "s"), new("energy", "J"), new("peak memory of a node", "B"), new("front"),
    ];

    /// <summary>The chart of results.</summary>
    /// <exception cref="ChartException">There are none, or one cannot be shown.</exception>
    /// <exception cref="ArgumentException">A result lacks a figure.</exception>
    public static ChartDescription Of(IEnumerable<ResultPoint> results)
    {
        ResultPoint[] all = [.. results];
        Check(all);
        var time = Quantity.For("s", all.Max(result => result.LatencySeconds));
        var energy = Quantity.For("J", all.Max(result => result.EnergyJoules));
        var name = SeriesName.Of(all);
        var rows = new IReadOnlyList<ChartCell>[all.Length];
        List<ChartSeries> fronts = [], behind = [];
        foreach (var (place, group) in all.Index().GroupBy(item => name(item.Item), StringComparer.Ordinal).Index())
        {
            var style = ChartPalette.OfSeries(place);
            var (front, dominated) = Divide([.. group]);
            if (dominated.Count > 0)
                behind.Add(Series(group.Key, ChartShape.Points, style.ToFaint(), dominated));
            fronts.Add(Series(group.Key, ChartShape.Curve, style, front));
            foreach (var (row, result) in front)
                rows[row] = Row(result, "yes");
            foreach (var (row, result) in dominated)
                rows[row] = Row(result, "no");
        }

        ChartSeries Series(string called, ChartShape shape, ChartStyle style, IEnumerable<(int Row, ResultPoint Result)> points) => new()
        {
            Name = called,
            Shape = shape,
            Style = style,
            Marks = [.. points.Select(point => ChartMark.Point(
                point.Result.LatencySeconds * time.PerBase, point.Result.EnergyJoules * energy.PerBase, point.Row))],
        };

        return new ChartDescription
        {
            Kind = Kind,
            Title = $"Energy against latency{SeriesName.OnTheArray(all)}",
            Notes = behind.Count > 0 ? ["Joined: the front of what is shown. Pale: another of the same colour is no worse in latency and energy."] : [],
            Panels =
            [
                [
                    new ChartPanel
                    {
                        X = ChartAxis.Spanning("latency", time.Unit, [.. all.Select(result => result.LatencySeconds * time.PerBase)]),
                        Y = ChartAxis.Spanning("energy", energy.Unit, [.. all.Select(result => result.EnergyJoules * energy.PerBase)]),
                        Series = [.. behind, .. fronts],
                    },
                ],
            ],
            Table = new ChartTable(Columns, rows),
        };
    }

    private static void Check(ResultPoint[] all)
    {
        if (all.Length == 0)
            throw new ChartException(ChartFailure.BadRows, "A Pareto chart needs at least one result.");
        foreach (var result in all)
        {
            if (!double.IsFinite(result.LatencySeconds) || !double.IsFinite(result.EnergyJoules))
            {
                throw new ChartException(ChartFailure.BadRows, FormattableString.Invariant(
                    $"{result.Model} on {result.Array} takes {result.LatencySeconds} s and {result.EnergyJoules} J; a chart shows finite values."));
            }
        }
    }

    // In order of latency, whatever needs less energy than all before is on the front.
    private static (List<(int Row, ResultPoint Result)> Front, List<(int Row, ResultPoint Result)> Dominated) Divide((int Row, ResultPoint Result)[] group)
    {
        List<(int, ResultPoint)> front = [], dominated = [];
        var least = double.PositiveInfinity;
        foreach (var item in group.OrderBy(item => item.Result.LatencySeconds).ThenBy(item => item.Result.EnergyJoules).ThenBy(item => item.Row))
        {
            (item.Result.EnergyJoules < least ? front : dominated).Add(item);
            least = Math.Min(least, item.Result.EnergyJoules);
        }

        return (front, dominated);
    }

    private static IReadOnlyList<ChartCell> Row(ResultPoint result, string onFront) =>
    [
        result.Model, result.Array, result.Scheme, result.LatencySeconds, result.EnergyJoules,
        result.Metrics.TryGetValue(MetricName.PeakNodeMemoryBytes, out var bytes) ? bytes : double.NaN, onFront,
    ];
}
