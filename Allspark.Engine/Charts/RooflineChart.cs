using System.Text.Json.Nodes;
using Allspark.Engine.Simulation;

namespace Allspark.Engine.Charts;

/// <summary>One phase on a roofline chart.</summary>
/// <param name="Name">Layer and kind.</param>
/// <param name="Kind">What it computes; decides the colour.</param>
/// <param name="MacsPerByte">Operational intensity: MACs over bytes read from and written to the memories of all nodes.</param>
/// <param name="MacsPerSecond">What the phase attained.</param>
public sealed record RooflinePoint(string Name, string Kind, double MacsPerByte, double MacsPerSecond);

/// <summary>
/// Phases by operational intensity and attained speed, under the roofs of the array: its peak, and its memories' joint streaming bandwidth.
/// </summary>
/// <param name="Points">The phases.</param>
/// <param name="PeakMacsPerSecond">Peak of all nodes.</param>
/// <param name="BytesPerSecond">Streaming bandwidth of all node memories.</param>
public sealed record RooflineChart(IReadOnlyList<RooflinePoint> Points, double PeakMacsPerSecond, double BytesPerSecond) : IChart
{
    /// <inheritdoc/>
    public string Kind => "Roofline";

    /// <summary>The title.</summary>
    public string Title { get; init; } = "Roofline";

    /// <summary>What a reader must know to read the points rightly.</summary>
    public string? Note { get; init; }

    /// <summary>The chart of a measurement's phases; those that touch no memory have no intensity and are left out.</summary>
    public static RooflineChart Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var array = measurement.Array;
        var phases = measurement.Phases.Zip(measurement.Schedule.Phases).Where(pair => pair.First.LatencySeconds > 0).ToArray();
        var points = phases.Where(pair => pair.Second.Cost.DramBytes > 0).Select(pair => new RooflinePoint(
            $"{pair.First.Block} {pair.First.Kind}",
            pair.First.Kind.ToString(),
            pair.First.Macs / pair.Second.Cost.DramBytes,
            pair.First.Macs / pair.First.LatencySeconds)).ToArray();
        var without = phases.Length - points.Length;
        return new RooflineChart(points, array.PeakMacsPerSecond, array.NodeCount * array.Node.StreamingBandwidthBytesPerSecond)
        {
            Title = $"{measurement.Model.Name} on {array.Name}, {measurement.Scheme}: phases under the roofs",
            Note = without == 0 ? null
                : $"{without} of {phases.Length} phases are not shown: they read no node memory (their weights pass through the buffers).",
        };
    }

    /// <inheritdoc/>
    public JsonObject ToVegaLite()
    {
        Check();
        var low = Math.Min(Points.Min(point => point.MacsPerByte), PeakMacsPerSecond / BytesPerSecond) / 2;
        var high = Math.Max(Points.Max(point => point.MacsPerByte), PeakMacsPerSecond / BytesPerSecond) * 2;
        var floor = Points.Min(point => point.MacsPerSecond) / 2;
        var spec = ChartTheme.Frame(Title, Note);
        spec["width"] = 680;
        spec["height"] = 420;
        spec["layer"] = new JsonArray(Roof(low, high, floor), RoofLabels(high, floor), Phases(low, high, floor));
        return spec;
    }

    private void Check()
    {
        if (Points.Count == 0)
            throw new ChartException(ChartFailure.BadRows, "a roofline chart needs at least one phase that reads or writes a node's memory");
        foreach (var point in Points)
        {
            if (!double.IsFinite(point.MacsPerByte) || point.MacsPerByte <= 0 || !double.IsFinite(point.MacsPerSecond) || point.MacsPerSecond <= 0)
                throw new ChartException(
                    ChartFailure.BadRows,
                    FormattableString.Invariant($"{point.Name} has {point.MacsPerByte} MACs a byte and {point.MacsPerSecond} MACs a second; both must be above zero"));
        }
    }

    private double Attainable(double macsPerByte) => Math.Min(PeakMacsPerSecond, macsPerByte * BytesPerSecond);

    private JsonObject Roof(double low, double high, double floor)
    {
        var start = Math.Max(low, floor / BytesPerSecond);
        double[] corners = [start, PeakMacsPerSecond / BytesPerSecond, high];
        return new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["values"] = new JsonArray([.. corners.Select(x => new JsonObject { ["intensity"] = x, ["speed"] = Attainable(x) / Giga })]),
            },
            ["mark"] = new JsonObject { ["type"] = "line", ["color"] = "#222222", ["strokeWidth"] = 2 },
            ["encoding"] = Axes(low, high, floor),
        };
    }

    private JsonObject RoofLabels(double high, double floor)
    {
        var ridge = PeakMacsPerSecond / BytesPerSecond;
        var onSlope = Math.Sqrt(ridge * Math.Max(floor / BytesPerSecond, ridge / 30));
        return new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["values"] = new JsonArray(
                    new JsonObject
                    {
                        ["intensity"] = Math.Sqrt(ridge * high), ["speed"] = PeakMacsPerSecond / Giga, ["align"] = "center",
                        ["label"] = $"peak, {Quantity.ThreeDigits(PeakMacsPerSecond / Giga)} GMAC/s",
                    },
                    new JsonObject
                    {
                        ["intensity"] = onSlope, ["speed"] = Attainable(onSlope) / Giga, ["align"] = "right",
                        ["label"] = $"memory, {Quantity.ThreeDigits(BytesPerSecond / Giga)} GB/s",
                    }),
            },
            ["mark"] = new JsonObject
            {
                ["type"] = "text", ["baseline"] = "bottom", ["dy"] = -6, ["fontSize"] = 12,
                ["align"] = new JsonObject { ["expr"] = "datum.align" }, ["dx"] = new JsonObject { ["expr"] = "datum.align === 'right' ? -10 : 0" },
            },
            ["encoding"] = new JsonObject
            {
                ["x"] = new JsonObject { ["field"] = "intensity", ["type"] = "quantitative" },
                ["y"] = new JsonObject { ["field"] = "speed", ["type"] = "quantitative" },
                ["text"] = new JsonObject { ["field"] = "label" },
            },
        };
    }

    private JsonObject Phases(double low, double high, double floor)
    {
        var kinds = Points.Select(point => point.Kind).Distinct(StringComparer.Ordinal).ToArray();
        var encoding = Axes(low, high, floor);
        encoding["color"] = new JsonObject
        {
            ["field"] = "kind", ["type"] = "nominal", ["title"] = "phase", ["sort"] = new JsonArray([.. kinds]), ["scale"] = ChartTheme.Colors(kinds),
        };
        encoding["shape"] = new JsonObject { ["field"] = "kind", ["type"] = "nominal", ["title"] = "phase", ["sort"] = new JsonArray([.. kinds]) };
        encoding["tooltip"] = new JsonArray([.. ((string[])["name", "intensity", "speed"]).Select(field => new JsonObject { ["field"] = field })]);
        return new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["values"] = new JsonArray([.. Points.Select(point => new JsonObject
                {
                    ["name"] = point.Name, ["kind"] = point.Kind, ["intensity"] = point.MacsPerByte, ["speed"] = point.MacsPerSecond / Giga,
                })]),
            },
            ["mark"] = new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 80, ["opacity"] = 0.75 },
            ["encoding"] = encoding,
        };
    }

    private const double Giga = 1e9;

    private JsonObject Axes(double low, double high, double floor) => new()
    {
        ["x"] = Axis("intensity", "MACs per byte of node memory (log scale)", low, high),
        ["y"] = Axis("speed", "GMAC/s attained (log scale)", floor / Giga, PeakMacsPerSecond / Giga * 2),
    };

    private static JsonObject Axis(string field, string title, double low, double high) => new()
    {
        ["field"] = field,
        ["type"] = "quantitative",
        ["title"] = title,
        ["scale"] = new JsonObject { ["type"] = "log", ["domain"] = new JsonArray(low, high), ["nice"] = false },
        ["axis"] = new JsonObject { ["format"] = "~g", ["domain"] = false, ["ticks"] = false, ["tickCount"] = 6 },
    };
}
