using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>
/// Stacked bars: panels for the latency and panels for the energy, one a model and array, with a bar for each scheme and its total above.
/// </summary>
public static class BreakdownChart
{
    /// <summary>The kind's name.</summary>
    public const string Kind = "Breakdown";

    private const int PanelsInARow = 4;
    private const int MostBars = 300;
    private const double BarPixels = 46;
    private const double HalfBar = 0.36;

    /// <summary>Beyond this ratio between the longest bars of two panels one scale would hide the shorter.</summary>
    private const double MostRatio = 12;

    private static readonly ChartColumn[] Columns =
        [new("model"), new("array"), new("scheme"), new("quantity"), new("component"), new("time", "s"), new("energy", "J")];

    private static readonly Part[] LatencyParts =
    [
        new("compute and memory", ChartRole.Compute, result => result.Metric(MetricName.ComputeSeconds)),
        new("exposed exchange", ChartRole.Noc,
            result => result.Metric(MetricName.ExposedCommunicationSeconds) - result.Metric(MetricName.TransitionSeconds)),
        new("token moves", ChartRole.Moves, result => result.Metric(MetricName.TransitionSeconds)),
    ];

    private static readonly Part[] EnergyParts =
    [
        new("MAC", ChartRole.Compute, result => result.Metric(MetricName.MacJoules)),
        new("vector", ChartRole.Vector, result => result.Metric(MetricName.VectorJoules)),
        new("SRAM", ChartRole.Sram, result => result.Metric(MetricName.SramJoules)),
        new("DRAM", ChartRole.Dram, result => result.Metric(MetricName.DramJoules)),
        new("NoC", ChartRole.Noc, result => result.Metric(MetricName.NocJoules)),
        new("off-stack", ChartRole.OffStack, result => result.Metric(MetricName.OffStackJoules)),
        new("static", ChartRole.Static, result => result.Metric(MetricName.StaticJoules)),
    ];

    private sealed record Part(string Name, ChartRole Role, Func<ResultPoint, double> Value);

    /// <summary>
    /// The chart of results, each divided into the time at work, the time waiting for exchanges and for moves between phases, and its
    /// energy by component.
    /// </summary>
    /// <exception cref="ChartException">There are none, or one cannot be shown.</exception>
    /// <exception cref="ArgumentException">A result lacks a figure.</exception>
    public static ChartDescription Of(IEnumerable<ResultPoint> results)
    {
        ResultPoint[] all = [.. results];
        Check(all);
        string[] arrays = [.. all.Select(result => result.Array).Distinct(StringComparer.Ordinal)];
        var rows = new List<IReadOnlyList<ChartCell>>();
        var (latency, latencyShared) = Panels(all, arrays.Length > 1, "latency", "s", LatencyParts, rows);
        var (energy, energyShared) = Panels(all, arrays.Length > 1, "energy", "J", EnergyParts, rows);
        return new ChartDescription
        {
            Kind = Kind,
            Title = arrays.Length == 1 ? $"Latency and energy on {arrays[0]} by component" : "Latency and energy by component",
            Notes = [.. OwnScales("latency", latencyShared), .. OwnScales("energy", energyShared)],
            Panels = [.. latency.Chunk(PanelsInARow), .. energy.Chunk(PanelsInARow)],
            Table = new ChartTable(Columns, rows),
        };
    }

    private static void Check(ResultPoint[] all)
    {
        if (all.Length == 0)
            throw new ChartException(ChartFailure.BadRows, "A breakdown chart needs at least one result: measure a schedule first.");
        if (all.Length > MostBars)
            throw new ChartException(ChartFailure.BadRows, $"A breakdown chart shows up to {MostBars} results; these are {all.Length}. Choose some of them.");
        if (all.GroupBy(result => (result.Model, result.Array, result.Scheme)).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new ChartException(ChartFailure.BadRows, $"{twice.Model} on {twice.Array} under {twice.Scheme} is given twice. Choose one run.");
        foreach (var result in all)
        {
            foreach (var part in LatencyParts.Concat(EnergyParts))
            {
                if (!double.IsFinite(part.Value(result)))
                {
                    throw new ChartException(ChartFailure.BadRows, FormattableString.Invariant(
                        $"{part.Name} of {result.Model} on {result.Array} under {result.Scheme} is {part.Value(result)}; a chart shows finite values."));
                }
            }
        }
    }

    private static IEnumerable<string> OwnScales(string quantity, bool shared) =>
        shared ? [] : [$"The panels of {quantity} differ too much for one scale: each has its own."];

    private static (IReadOnlyList<ChartPanel> Panels, bool Shared) Panels(
        ResultPoint[] all, bool named, string quantity, string baseUnit, Part[] parts, List<IReadOnlyList<ChartCell>> rows)
    {
        double Total(ResultPoint result) => parts.Sum(part => Math.Max(0, part.Value(result)));
        var groups = all.GroupBy(result => (result.Model, result.Array)).ToArray();
        double[] highest = [.. groups.Select(group => group.Max(Total))];
        var shared = highest.Max() <= highest.Min() * MostRatio;
        return ([.. groups.Zip(highest, (group, own) =>
        {
            var high = shared ? highest.Max() : own;
            var unit = Quantity.For(baseUnit, high);
            return Panel(
                named ? $"{group.Key.Model} on {group.Key.Array}" : group.Key.Model,
                ChartAxis.Linear(quantity, unit.Unit, 0, high > 0 ? high * unit.PerBase : 1),
                [.. group], parts, unit, quantity, rows);
        })], shared);
    }

    private static ChartPanel Panel(
        string title, ChartAxis axis, ResultPoint[] bars, Part[] parts, Quantity unit, string quantity, List<IReadOnlyList<ChartCell>> rows)
    {
        var tops = new double[bars.Length];
        var series = new List<ChartSeries>();
        foreach (var part in parts)
        {
            var marks = new List<ChartMark>();
            foreach (var (place, result) in bars.Index())
            {
                var value = Math.Max(0, part.Value(result)); // a difference of sums may round below zero
                var top = tops[place] + (value * unit.PerBase);
                marks.Add(new ChartMark(place - HalfBar, tops[place], place + HalfBar, top, rows.Count));
                tops[place] = top;
                var isTime = quantity == "latency";
                rows.Add([result.Model, result.Array, result.Scheme, quantity, part.Name, isTime ? value : double.NaN, isTime ? double.NaN : value]);
            }

            series.Add(new ChartSeries
            {
                Name = part.Name, Group = quantity, Shape = ChartShape.Bars, Style = ChartPalette.Of(part.Role), Marks = marks,
            });
        }

        return new ChartPanel
        {
            Title = title,
            X = ChartAxis.Names([.. bars.Select(result => result.Scheme)]),
            Y = axis,
            Series = series,
            Labels = [.. tops.Select((top, place) => new ChartLabel(place, top, Quantity.ThreeDigits(top), 1))],
            Width = Math.Max(120, bars.Length * BarPixels),
            Height = 220,
        };
    }
}
