using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>
/// Grouped bars, a panel for each array: per model, how many times faster one scheme is than each reference, on a logarithmic axis
/// on which a bar downwards from 1 is a slow-down, with the geometric mean over the models as the last group.
/// </summary>
public static class SpeedupChart
{
    /// <summary>The kind's name.</summary>
    public const string Kind = "Speedup";

    private const string MeanGroup = "geometric mean";
    private const double GroupShare = 0.84;
    private const double UprightBar = 42;
    private const double NarrowestBar = 15;
    private const double WidthOfPage = 900;
    private const int MostBars = 300;

    private static readonly ChartColumn[] Columns =
        [new("array"), new("model"), new("reference"), new("speed-up", "×"), new("latency", "s"), new("reference latency", "s")];

    /// <summary>The chart of comparisons of one scheme; the references' caveats become notes.</summary>
    /// <exception cref="ChartException">There are none, or they are of several schemes, or one cannot be shown.</exception>
    public static ChartDescription Of(IEnumerable<Comparison> comparisons)
    {
        Comparison[] all = [.. comparisons];
        Check(all);
        var scheme = all[0].Scheme;
        string[] references = [.. all.Select(item => item.Reference).Distinct(StringComparer.Ordinal)];
        var arrays = all.GroupBy(item => item.Array, StringComparer.Ordinal).ToArray();
        var range = (Low: Math.Min(1, all.Min(item => item.Speedup)), High: Math.Max(2, all.Max(item => item.Speedup)));
        var rows = new List<IReadOnlyList<ChartCell>>();
        ChartPanel[][] panels = [.. arrays.Select(array => (ChartPanel[])[Panel(array.Key, arrays.Length > 1, [.. array], references, scheme, range, rows)])];
        return new ChartDescription
        {
            Kind = Kind,
            Title = arrays.Length > 1 ? $"Speed-up of {scheme}" : $"Speed-up of {scheme} on {arrays[0].Key}",
            Notes = [.. all.Select(item => item.Caveat).OfType<string>().Distinct(StringComparer.Ordinal)],
            Panels = panels,
            Table = new ChartTable(Columns, rows),
        };
    }

    private static void Check(Comparison[] all)
    {
        if (all.Length == 0)
            throw new ChartException(ChartFailure.BadRows, "A speed-up chart needs at least one comparison: measure a reference beside the subject.");
        string[] schemes = [.. all.Select(item => item.Scheme).Distinct(StringComparer.Ordinal)];
        if (schemes.Length > 1)
        {
            throw new ChartException(
                ChartFailure.BadRows, $"A speed-up chart is of one scheme; these comparisons are of {string.Join(", ", schemes)}. Choose one.");
        }

        foreach (var item in all)
        {
            if (!double.IsFinite(item.Speedup) || item.Speedup <= 0)
            {
                throw new ChartException(ChartFailure.BadRows, FormattableString.Invariant(
                    $"The speed-up of {item.Model} over {item.Reference} is {item.Speedup}; a chart shows finite ones above zero."));
            }
        }

        if (all.GroupBy(item => (item.Array, item.Model, item.Reference)).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new ChartException(ChartFailure.BadRows, $"{twice.Model} on {twice.Array} over {twice.Reference} is given twice. Choose one run.");
        if (all.Length > MostBars)
            throw new ChartException(ChartFailure.BadRows, $"A speed-up chart shows up to {MostBars} bars; these are {all.Length}. Choose some of them.");
    }

    private static ChartPanel Panel(
        string array, bool named, Comparison[] items, string[] references, string scheme, (double Low, double High) range,
        List<IReadOnlyList<ChartCell>> rows)
    {
        string[] models = [.. items.Select(item => item.Model).Distinct(StringComparer.Ordinal)];
        string[] groups = models.Length > 1 ? [.. models, MeanGroup] : models;
        var group = $"{scheme} over";
        var slot = GroupShare / references.Length;
        var labels = new List<ChartLabel>();
        var series = new List<ChartSeries>();
        foreach (var (place, reference) in references.Index())
        {
            var marks = new List<ChartMark>();
            foreach (var (of, speedup, cells) in Bars(array, [.. items.Where(item => item.Reference == reference)], models))
            {
                var left = of - (GroupShare / 2) + (place * slot);
                marks.Add(new ChartMark(left + (slot * 0.04), 1, left + (slot * 0.96), speedup, rows.Count));
                labels.Add(new ChartLabel(left + (slot / 2), speedup, Quantity.ThreeDigits(speedup) + "×", slot, speedup < 1, reference));
                rows.Add(cells);
            }

            series.Add(new ChartSeries
            {
                Name = reference, Group = group, Shape = ChartShape.Bars, Style = ChartPalette.OfSeries(place), Marks = marks,
            });
        }

        series.Add(Equality(groups.Length));
        return new ChartPanel
        {
            Title = named ? array : null,
            X = ChartAxis.Names(groups),
            Y = ChartAxis.Log($"speed-up of {scheme}", "×", range.Low, range.High),
            Series = series,
            Labels = labels,
            Width = Width(groups.Length, references.Length),
            Height = named ? 260 : 360,
        };
    }

    /// <summary>A bar for each model and, where there are several, for their mean: it is over the models that the reference has.</summary>
    private static IEnumerable<(int Group, double Speedup, IReadOnlyList<ChartCell> Cells)> Bars(string array, Comparison[] items, string[] models)
    {
        foreach (var item in items)
        {
            yield return (Array.IndexOf(models, item.Model), item.Speedup,
                [array, item.Model, item.Reference, item.Speedup, item.LatencySeconds, item.ReferenceLatencySeconds]);
        }

        if (items.Length > 1)
        {
            var mean = Math.Exp(items.Average(item => Math.Log(item.Speedup)));
            yield return (models.Length, mean, [array, MeanGroup, items[0].Reference, mean, double.NaN, double.NaN]);
        }
    }

    private static ChartSeries Equality(int groups) => new()
    {
        Name = "", Shape = ChartShape.Line, Style = ChartPalette.Of(ChartRole.Limit), Marks = [ChartMark.Point(-0.5, 1), ChartMark.Point(groups - 0.5, 1)],
    };

    // Room for upright labels while the picture fits a page, else for turned ones.
    private static double Width(int groups, int references)
    {
        var bars = groups * references / GroupShare;
        return Math.Max(420, bars * Math.Clamp(WidthOfPage / bars, NarrowestBar, UprightBar));
    }
}
