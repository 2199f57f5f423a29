using System.Text.Json.Nodes;
using Allspark.Engine.Experiments;

namespace Allspark.Engine.Charts;

/// <summary>One point of a <see cref="CurveChart"/>.</summary>
/// <param name="Series">What it belongs to, such as a network; decides the colour.</param>
/// <param name="X">Above zero.</param>
/// <param name="Y">Above zero.</param>
/// <param name="Label">What is shown where the pointer rests.</param>
public sealed record CurvePoint(string Series, double X, double Y, string Label);

/// <summary>Points of several series, each joined in order of x, on logarithmic axes.</summary>
/// <param name="Kind">The kind's name: Scaling or Pareto.</param>
/// <param name="Points">The points.</param>
/// <param name="XTitle">What x is, with its unit.</param>
/// <param name="YTitle">What y is, with its unit.</param>
public sealed record CurveChart(string Kind, IReadOnlyList<CurvePoint> Points, string XTitle, string YTitle) : IChart
{
    private const double BytesPerMebibyte = 1 << 20;

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader must know to read the points rightly.</summary>
    public string? Note { get; init; }

    /// <summary>Latency against what of the machine varies: the memory of a node, or the number of nodes.</summary>
    /// <exception cref="ChartException">Neither varies, or both do.</exception>
    public static CurveChart Scaling(IEnumerable<ResultPoint> results)
    {
        ResultPoint[] all = [.. results];
        var varying = ((string[])[MetricName.NodeMemoryBytes, MetricName.NodeCount])
            .Where(name => all.Select(result => result.Metric(name)).Distinct().Skip(1).Any()).ToArray();
        if (varying.Length != 1)
        {
            throw new ChartException(ChartFailure.BadRows, varying.Length == 0
                ? "a scaling chart needs results of arrays that differ in the memory of a node or in the number of nodes"
                : "a scaling chart needs arrays that differ in the memory of a node or in the number of nodes; these differ in both: choose");
        }

        var byMemory = varying[0] == MetricName.NodeMemoryBytes;
        var time = Quantity.For("s", all.Max(result => result.LatencySeconds));
        return new CurveChart(
            "Scaling",
            [.. all.Select(result => new CurvePoint(
                Series(result, all),
                result.Metric(varying[0]) / (byMemory ? BytesPerMebibyte : 1),
                result.LatencySeconds * time.PerBase,
                $"{result.Model} on {result.Array}, {result.Scheme}"))],
            byMemory ? "memory of a node (MiB, log scale)" : "nodes (log scale)",
            $"latency ({time.Unit}, log scale)")
        {
            Title = byMemory ? "Latency against the memory of a node" : "Latency against the number of nodes",
        };
    }

    /// <summary>Energy against latency, with the memory of a node that each schedule needs.</summary>
    public static CurveChart Pareto(IEnumerable<ResultPoint> results)
    {
        ResultPoint[] all = [.. results];
        var time = Quantity.For("s", all.Select(result => result.LatencySeconds).DefaultIfEmpty(1).Max());
        var energy = Quantity.For("J", all.Select(result => result.EnergyJoules).DefaultIfEmpty(1).Max());
        return new CurveChart(
            "Pareto",
            [.. all.Select(result => new CurvePoint(
                Series(result, all),
                result.LatencySeconds * time.PerBase,
                result.EnergyJoules * energy.PerBase,
                $"{result.Model} on {result.Array}: {Quantity.ThreeDigits(result.Metric(MetricName.PeakNodeMemoryBytes) / BytesPerMebibyte)} MiB a node"))],
            $"latency ({time.Unit}, log scale)",
            $"energy ({energy.Unit}, log scale)")
        {
            Title = "Energy against latency",
        };
    }

    /// <inheritdoc/>
    public JsonObject ToVegaLite()
    {
        Check();
        var series = Points.Select(point => point.Series).Distinct(StringComparer.Ordinal).ToArray();
        var spec = ChartTheme.Frame(Title, Note);
        spec["width"] = 680;
        spec["height"] = 420;
        spec["data"] = new JsonObject
        {
            ["values"] = new JsonArray([.. Points.OrderBy(point => point.X).ThenByDescending(point => point.Y).Select(point => new JsonObject
            {
                ["series"] = point.Series, ["x"] = point.X, ["y"] = point.Y, ["label"] = point.Label,
            })]),
        };
        spec["mark"] = new JsonObject { ["type"] = "line", ["point"] = new JsonObject { ["filled"] = true, ["size"] = 60 }, ["strokeWidth"] = 1.5 };
        spec["encoding"] = new JsonObject
        {
            ["x"] = Axis("x", XTitle),
            ["y"] = Axis("y", YTitle),
            ["order"] = new JsonObject { ["field"] = "x", ["type"] = "quantitative" },
            ["color"] = new JsonObject
            {
                ["field"] = "series", ["type"] = "nominal", ["title"] = null, ["sort"] = new JsonArray([.. series]), ["scale"] = ChartTheme.Colors(series),
            },
            ["tooltip"] = new JsonArray([.. ((string[])["label", "x", "y"]).Select(field => new JsonObject { ["field"] = field })]),
        };
        return spec;
    }

    private void Check()
    {
        if (Points.Count == 0)
            throw new ChartException(ChartFailure.BadRows, $"a {Kind} chart needs at least one result");
        foreach (var point in Points)
        {
            if (!double.IsFinite(point.X) || point.X <= 0 || !double.IsFinite(point.Y) || point.Y <= 0)
                throw new ChartException(
                    ChartFailure.BadRows, FormattableString.Invariant($"{point.Label} lies at {point.X}, {point.Y}; both must be above zero"));
        }
    }

    // A scheme or an array is named where there are several.
    private static string Series(ResultPoint result, ResultPoint[] all) => string.Concat(
        result.Model,
        all.Select(other => other.Scheme).Distinct(StringComparer.Ordinal).Skip(1).Any() ? $", {result.Scheme}" : "");

    private static JsonObject Axis(string field, string title) => new()
    {
        ["field"] = field,
        ["type"] = "quantitative",
        ["title"] = title,
        ["scale"] = new JsonObject { ["type"] = "log", ["nice"] = false, ["padding"] = 16 },
        ["axis"] = new JsonObject { ["format"] = "~g", ["domain"] = false, ["ticks"] = false },
    };
}
