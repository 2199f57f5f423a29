using System.Text.Json.Nodes;
using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>What a breakdown divides.</summary>
public enum BreakdownQuantity
{
    /// <summary>Seconds.</summary>
    Latency,

    /// <summary>Joules.</summary>
    Energy,
}

/// <summary>One component's part of a measurement.</summary>
/// <param name="Quantity">What is divided.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Scheme">The partition scheme's name.</param>
/// <param name="Component">The component: MAC, SRAM, NoC …; compute, exposed communication ….</param>
/// <param name="Value">Its part, in seconds or joules; not negative.</param>
public sealed record BreakdownRow(BreakdownQuantity Quantity, string Model, string Scheme, string Component, double Value);

/// <summary>
/// Stacked bars: one row of panels for latency and one for energy, a panel per model with an axis of its own, a bar per
/// scheme with its total above.
/// </summary>
/// <param name="Rows">The parts; models, schemes and components are shown in the order in which they first appear.</param>
public sealed record BreakdownChart(IReadOnlyList<BreakdownRow> Rows) : IChart
{
    private const int PanelsInARow = 6;

    private static readonly (string Component, string Metric)[] EnergyComponents =
    [
        ("MAC", MetricName.MacJoules),
        ("vector", MetricName.VectorJoules),
        ("SRAM", MetricName.SramJoules),
        ("DRAM", MetricName.DramJoules),
        ("NoC", MetricName.NocJoules),
        ("off-stack", MetricName.OffStackJoules),
        ("static", MetricName.StaticJoules),
    ];

    /// <inheritdoc/>
    public string Kind => "Breakdown";

    /// <summary>The title.</summary>
    public string Title { get; init; } = "Latency and energy by component";

    /// <summary>What a reader must know to read the numbers rightly.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// The chart of results, each divided into the time at work, the time waiting for exchanges and for moves between
    /// phases, and its energy by component; where they are on several arrays, each model is shown once for each.
    /// </summary>
    /// <exception cref="ArgumentException">A result lacks a figure, such as that of a run that failed.</exception>
    public static BreakdownChart Of(IEnumerable<ResultPoint> results)
    {
        var all = results.ToArray();
        var arrays = all.Select(result => result.Array).Distinct(StringComparer.Ordinal).ToArray();
        var chart = new BreakdownChart(
            [.. all.SelectMany(result => Divide(result, arrays.Length > 1 ? $"{result.Model} on {result.Array}" : result.Model))]);
        return arrays.Length == 1 ? chart with { Title = $"Latency and energy on {arrays[0]} by component" } : chart;
    }

    private static IEnumerable<BreakdownRow> Divide(ResultPoint result, string model)
    {
        var moves = result.Metric(MetricName.TransitionSeconds);
        var exposed = result.Metric(MetricName.ExposedCommunicationSeconds);
        BreakdownRow Time(string component, double seconds) =>
            new(BreakdownQuantity.Latency, model, result.Scheme, component, Math.Max(0, seconds)); // a difference of sums may round below zero

        yield return Time("compute and memory", result.Metric(MetricName.ComputeSeconds));
        yield return Time("exposed exchange", exposed - moves);
        yield return Time("token moves", moves);
        foreach (var (component, metric) in EnergyComponents)
            yield return new BreakdownRow(BreakdownQuantity.Energy, model, result.Scheme, component, result.Metric(metric));
    }

    /// <inheritdoc/>
    public JsonObject ToVegaLite()
    {
        Check();
        var spec = ChartTheme.Frame(Title, Note);
        spec["vconcat"] = new JsonArray([.. Rows.GroupBy(row => row.Quantity).OrderBy(rows => rows.Key).Select(rows => Panels(rows.Key, [.. rows]))]);
        spec["spacing"] = 34;
        spec["resolve"] = new JsonObject { ["scale"] = new JsonObject { ["color"] = "independent" } };
        return spec;
    }

    private void Check()
    {
        if (Rows.Count == 0)
            throw new ChartException(ChartFailure.BadRows, "a breakdown chart needs at least one row: measure a schedule first");
        foreach (var row in Rows)
        {
            if (!double.IsFinite(row.Value) || row.Value < 0)
                throw new ChartException(
                    ChartFailure.BadRows,
                    FormattableString.Invariant($"{row.Component} of {row.Model} under {row.Scheme} is {row.Value}; it must not be negative"));
        }

        if (Rows.GroupBy(row => (row.Quantity, row.Model, row.Scheme, row.Component)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ChartException(
                ChartFailure.BadRows, $"{twice.Key.Component} of {twice.Key.Model} under {twice.Key.Scheme} is given {twice.Count()} times: choose one run");
    }

    private static JsonObject Panels(BreakdownQuantity quantity, BreakdownRow[] rows)
    {
        var (name, baseUnit) = quantity is BreakdownQuantity.Latency ? ("latency", "s") : ("energy", "J");
        var models = Names(rows, row => row.Model);
        var components = Names(rows, row => row.Component);
        var unit = Quantity.For(baseUnit, Totals(rows).Max());
        return new JsonObject
        {
            ["columns"] = Math.Min(models.Length, PanelsInARow),
            ["spacing"] = 22,
            ["concat"] = new JsonArray(
            [
                .. models.Select((model, i) => Panel(
                    model,
                    [.. rows.Where(row => row.Model == model)],
                    components,
                    i % PanelsInARow == 0 ? $"{name} ({unit.Unit})" : null,
                    $"{name} by component",
                    unit)),
            ]),
        };
    }

    private static string[] Names(IEnumerable<BreakdownRow> rows, Func<BreakdownRow, string> name) =>
        [.. rows.Select(name).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<double> Totals(IEnumerable<BreakdownRow> rows) =>
        rows.GroupBy(row => (row.Model, row.Scheme)).Select(bar => bar.Sum(row => row.Value));

    private static JsonObject Panel(
        string model, BreakdownRow[] rows, string[] components, string? axisTitle, string legendTitle, Quantity unit) => new()
    {
        ["title"] = new JsonObject { ["text"] = model, ["fontSize"] = 13, ["anchor"] = "middle", ["frame"] = "group", ["offset"] = 12 },
        ["data"] = new JsonObject { ["values"] = new JsonArray([.. rows.Select(row => Datum(row, components, unit))]) },
        ["width"] = new JsonObject { ["step"] = 34 },
        ["height"] = 230,
        ["encoding"] = new JsonObject
        {
            ["x"] = new JsonObject
            {
                ["field"] = "scheme",
                ["type"] = "nominal",
                ["sort"] = new JsonArray([.. Names(rows, row => row.Scheme)]),
                ["title"] = null,
                ["axis"] = new JsonObject { ["labelAngle"] = -50, ["ticks"] = false, ["labelPadding"] = 4 },
            },
        },
        ["layer"] = new JsonArray(Stack(components, axisTitle, legendTitle, Totals(rows).Max() * unit.PerBase), Total()),
    };

    private static JsonObject Datum(BreakdownRow row, string[] components, Quantity unit) => new()
    {
        ["scheme"] = row.Scheme,
        ["component"] = row.Component,
        ["value"] = row.Value * unit.PerBase,
        ["order"] = Array.IndexOf(components, row.Component),
    };

    private static JsonObject Stack(string[] components, string? axisTitle, string legendTitle, double largest) => new()
    {
        ["mark"] = new JsonObject { ["type"] = "bar", ["tooltip"] = true },
        ["encoding"] = new JsonObject
        {
            ["y"] = new JsonObject
            {
                ["field"] = "value",
                ["type"] = "quantitative",
                ["title"] = axisTitle,
                ["scale"] = new JsonObject { ["domainMin"] = 0, ["domainMax"] = largest > 0 ? largest * 1.1 : 1, ["nice"] = false },
                ["axis"] = new JsonObject { ["domain"] = false, ["ticks"] = false, ["tickCount"] = 5, ["minExtent"] = 30 },
            },
            ["order"] = new JsonObject { ["field"] = "order", ["type"] = "quantitative" },
            ["color"] = new JsonObject
            {
                ["field"] = "component",
                ["type"] = "nominal",
                ["title"] = legendTitle,
                ["scale"] = ChartTheme.Colors(components),
                ["legend"] = new JsonObject { ["orient"] = "right" },
            },
        },
    };

    private static JsonObject Total() => new()
    {
        ["transform"] = new JsonArray(
            new JsonObject
            {
                ["aggregate"] = new JsonArray(new JsonObject { ["op"] = "sum", ["field"] = "value", ["as"] = "total" }),
                ["groupby"] = new JsonArray("scheme"),
            }),
        ["mark"] = new JsonObject { ["type"] = "text", ["baseline"] = "bottom", ["dy"] = -3, ["fontSize"] = 11 },
        ["encoding"] = new JsonObject
        {
            ["y"] = new JsonObject { ["field"] = "total", ["type"] = "quantitative" },
            ["text"] = new JsonObject { ["field"] = "total", ["type"] = "quantitative", ["format"] = ".3r" },
        },
    };
}
