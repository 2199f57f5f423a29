using System.Text;
using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>One figure of results against another, such as the latency against the memory of a node: a line for each series.</summary>
public static class ScalingChart
{
    /// <summary>The kind's name.</summary>
    public const string Kind = "Scaling";

    private const int MostNames = 60;

    private static readonly string[] UsualX = [MetricName.NodeMemoryBytes, MetricName.NodeCount];

    /// <summary>The chart of results.</summary>
    /// <param name="results">The results.</param>
    /// <param name="x">What lies along the horizontal axis; null for the memory of a node or the number of nodes, whichever differs.</param>
    /// <param name="y">What lies along the vertical axis; null for the latency.</param>
    /// <param name="series">What a line is of; null for the model, and the scheme where there are several.</param>
    /// <exception cref="ChartException">There are no results, a name is unknown, or the results differ in more than these.</exception>
    public static ChartDescription Of(IEnumerable<ResultPoint> results, string? x = null, string? y = null, IReadOnlyList<string>? series = null)
    {
        ResultPoint[] all = [.. results];
        if (all.Length == 0)
            throw new ChartException(ChartFailure.BadRows, "A scaling chart needs at least one result.");
        var xs = Figures(all, x ?? Varying(all));
        var ys = Figures(all, y ?? MetricName.LatencySeconds);
        if (ys.Any(figure => figure.Number is null))
            throw new ChartException(ChartFailure.BadRows, $"{ys[0].Name} is a text: the vertical axis (-Y) takes numbers.");
        var names = Names(all, series);
        string[] categories = xs.All(figure => figure.Number is not null) ? [] : [.. xs.Select(figure => figure.Text).Distinct(StringComparer.Ordinal)];
        Check(all, xs, ys, names, categories);

        var xUnit = categories.Length > 0 ? new Quantity("", 1) : Quantity.For(xs[0].Unit, [.. xs.Select(figure => figure.Number!.Value)]);
        var yUnit = Quantity.For(ys[0].Unit, [.. ys.Select(figure => figure.Number!.Value)]);
        double X(int result) => categories.Length > 0 ? Array.IndexOf(categories, xs[result].Text) : xs[result].Number!.Value * xUnit.PerBase;
        double Y(int result) => ys[result].Number!.Value * yUnit.PerBase;
        int[] order = [.. Enumerable.Range(0, all.Length)];
        return new ChartDescription
        {
            Kind = Kind,
            Title = Sentence($"{Plainly(ys[0].Name)} against {Plainly(xs[0].Name)}{SeriesName.OnTheArray(all)}"),
            Panels =
            [
                [
                    new ChartPanel
                    {
                        X = categories.Length > 0
                            ? ChartAxis.Names(categories, Plainly(xs[0].Name))
                            : ChartAxis.Spanning(Plainly(xs[0].Name), xUnit.Unit, [.. order.Select(X)], measured: true),
                        Y = ChartAxis.Spanning(Plainly(ys[0].Name), yUnit.Unit, [.. order.Select(Y)]),
                        Series =
                        [
                            .. order.GroupBy(result => names[result], StringComparer.Ordinal).Select((group, place) => new ChartSeries
                            {
                                Name = group.Key,
                                Shape = categories.Length > 0 ? ChartShape.Points : ChartShape.Curve,
                                Style = ChartPalette.OfSeries(place),
                                Marks = [.. group.OrderBy(X).ThenBy(Y).ThenBy(result => result).Select(result => ChartMark.Point(X(result), Y(result), result))],
                            }),
                        ],
                    },
                ],
            ],
            Table = Table(all, xs, ys, names),
        };
    }

    private static ChartTable Table(ResultPoint[] all, ResultFigure[] xs, ResultFigure[] ys, string[] names) => new(
        [
            new("series"), new("model"), new("array"), new("scheme"), new(xs[0].Name, xs[0].Unit), new(ys[0].Name, ys[0].Unit),
        ],
        [.. all.Select((result, i) => (IReadOnlyList<ChartCell>)
        [
            names[i], result.Model, result.Array, result.Scheme, xs[i].Number is { } number ? number : xs[i].Text, ys[i].Number!.Value,
        ])]);

    private static string[] Names(ResultPoint[] all, IReadOnlyList<string>? series)
    {
        if (series is null)
            return [.. all.Select(SeriesName.Of(all, withArray: false))];
        var parts = series.Select(name => Figures(all, name)).ToArray();
        return [.. all.Select((_, result) => string.Join(", ", parts.Select(part => part[result].Number is { } number
            ? $"{Plainly(part[result].Name)} {Quantity.Text(number, part[result].Unit)}"
            : part[result].Text)))];
    }

    private static ResultFigure[] Figures(ResultPoint[] all, string name) => [.. all.Select(result => result.Figure(name)
        ?? throw new ChartException(ChartFailure.UnknownFigure, all.Any(other => other.Figure(name) is not null)
            ? $"The result of {result.Model} on {result.Array} under {result.Scheme} has no {name}, as others have."
            : $"Nothing is called '{name}'. The results have {string.Join(", ", result.Figures.Select(figure => figure.Name))}."))];

    private static string Varying(ResultPoint[] all)
    {
        string[] varying = [.. UsualX.Where(name => all.Select(result => result.Figure(name)?.Number).Distinct().Skip(1).Any())];
        return varying.Length == 1 ? varying[0] : throw new ChartException(ChartFailure.BadRows, varying.Length == 0
            ? $"The results have the same memory of a node and number of nodes: name what differs by -X. {Differing(all)}"
            : $"The results differ in the memory of a node and in the number of nodes: name one by -X. {Differing(all)}");
    }

    private static string Differing(ResultPoint[] all)
    {
        string[] names = [.. all[0].Figures.Select(figure => figure.Name)
            .Where(name => all.Select(result => result.Figure(name)?.Text).Distinct(StringComparer.Ordinal).Skip(1).Any())];
        return names.Length == 0 ? "Nothing differs between them." : $"They differ in {string.Join(", ", names)}.";
    }

    private static void Check(ResultPoint[] all, ResultFigure[] xs, ResultFigure[] ys, string[] names, string[] categories)
    {
        foreach (var (result, (x, y)) in all.Zip(xs.Zip(ys)))
        {
            if (!double.IsFinite(y.Number!.Value) || x.Number is { } number && !double.IsFinite(number))
            {
                throw new ChartException(ChartFailure.BadRows,
                    $"{result.Model} on {result.Array} lies at {x.Name} {x.Text} and {y.Name} {y.Text}; a chart shows finite values.");
            }
        }

        if (categories.Length > MostNames)
            throw new ChartException(ChartFailure.BadRows, $"{xs[0].Name} has {categories.Length} names; an axis shows up to {MostNames}. Choose some of them.");
        var same = Enumerable.Range(0, all.Length).GroupBy(i => (names[i], xs[i].Text)).FirstOrDefault(group => group.Select(i => ys[i].Number).Distinct().Skip(1).Any());
        if (same is not null)
        {
            throw new ChartException(ChartFailure.BadRows,
                $"Several results of {same.Key.Item1} lie at {xs[0].Name} {same.Key.Text}: name what else differs by -Series. {Differing([.. same.Select(i => all[i])])}");
        }
    }

    /// <summary>LatencySeconds as "latency": the words, without the unit, which stands beside it; a name in YAML stays as it is.</summary>
    private static string Plainly(string name)
    {
        if (name.Contains('.', StringComparison.Ordinal))
            return name;
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }

        string[] units = [" seconds", " joules", " bytes", " hertz", " watts"];
        var plain = words.ToString();
        return units.Where(unit => plain.EndsWith(unit, StringComparison.Ordinal)).Select(unit => plain[..^unit.Length]).FirstOrDefault() ?? plain;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
