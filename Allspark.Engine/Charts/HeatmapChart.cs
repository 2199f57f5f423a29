using System.Text.Json.Nodes;
using Allspark.Engine.Simulation;

namespace Allspark.Engine.Charts;

/// <summary>A node of a heat map.</summary>
/// <param name="Row">From 0 at the top.</param>
/// <param name="Column">From 0 at the left.</param>
/// <param name="Load">Share of the latency in which it computes.</param>
public sealed record HeatmapNode(int Row, int Column, double Load);

/// <summary>A directed link of a heat map.</summary>
/// <param name="FromRow">Row of the node that sends.</param>
/// <param name="FromColumn">Column of the node that sends.</param>
/// <param name="ToRow">Row of the node that receives.</param>
/// <param name="ToColumn">Column of the node that receives.</param>
/// <param name="Bytes">Bytes that cross it.</param>
public sealed record HeatmapLink(int FromRow, int FromColumn, int ToRow, int ToColumn, double Bytes);

/// <summary>The array as a grid: nodes coloured by how long they compute, links, each way on its side, by what crosses them.</summary>
/// <param name="Nodes">The nodes.</param>
/// <param name="Links">The links; one that closes a ring is drawn as a stub at both ends.</param>
public sealed record HeatmapChart(IReadOnlyList<HeatmapNode> Nodes, IReadOnlyList<HeatmapLink> Links) : IChart
{
    private const double NodeHalf = 0.24;
    private const double LaneOffset = 0.1;
    private const int LongestSide = 720;
    private const int WidestCell = 90;

    /// <inheritdoc/>
    public string Kind => "Heatmap";

    /// <summary>The title.</summary>
    public string Title { get; init; } = "Load of nodes and links";

    /// <summary>The chart of a measurement.</summary>
    public static HeatmapChart Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var columns = measurement.Array.Columns;
        return new HeatmapChart(
            [.. measurement.NodeComputeSeconds.Select((seconds, node) => new HeatmapNode(node / columns, node % columns, seconds / measurement.LatencySeconds))],
            [.. measurement.Array.Interconnect.Links.Select((link, number) => new HeatmapLink(
                link.From / columns, link.From % columns, link.To / columns, link.To % columns, measurement.LinkBytes[number]))])
        {
            Title = $"{measurement.Model.Name} on {measurement.Array.Name}, {measurement.Scheme}: load of nodes and links",
        };
    }

    /// <inheritdoc/>
    public JsonObject ToVegaLite()
    {
        if (Nodes.Count == 0)
            throw new ChartException(ChartFailure.BadRows, "a heat map needs at least one node");
        var (rows, columns) = (Nodes.Max(node => node.Row) + 1, Nodes.Max(node => node.Column) + 1);
        var cell = Math.Min(WidestCell, (double)LongestSide / Math.Max(rows, columns));
        var spec = ChartTheme.Frame(Title, "Squares are nodes. Traffic keeps to the right: eastward and southward links are drawn below and left of the centre.");
        spec["width"] = cell * columns;
        spec["height"] = cell * rows;
        spec["layer"] = new JsonArray(LinkLayer(rows, columns, cell), NodeLayer(rows, columns));
        spec["resolve"] = new JsonObject { ["scale"] = new JsonObject { ["color"] = "independent" } };
        return spec;
    }

    private JsonObject NodeLayer(int rows, int columns) => new()
    {
        ["data"] = new JsonObject
        {
            ["values"] = new JsonArray([.. Nodes.Select(node => new JsonObject
            {
                ["x"] = node.Column - NodeHalf, ["x2"] = node.Column + NodeHalf, ["y"] = node.Row - NodeHalf, ["y2"] = node.Row + NodeHalf,
                ["node"] = $"({node.Row}, {node.Column})", ["load"] = 100 * node.Load,
            })]),
        },
        ["mark"] = new JsonObject { ["type"] = "rect", ["stroke"] = "#555555", ["strokeWidth"] = 0.6 },
        ["encoding"] = Encoding(rows, columns, "load", "node computes (% of the latency)", "blues", [0, 100], ["node", "load"]),
    };

    private JsonObject LinkLayer(int rows, int columns, double cell)
    {
        var unit = Links.Count == 0 ? new Quantity("B", 1) : Unit(Links.Max(link => link.Bytes));
        var most = Math.Max(Links.Select(link => link.Bytes).DefaultIfEmpty().Max() * unit.PerBase, double.Epsilon);
        return new JsonObject
        {
            ["data"] = new JsonObject { ["values"] = new JsonArray([.. Links.SelectMany(Segments).Select(segment => Datum(segment, unit))]) },
            ["mark"] = new JsonObject { ["type"] = "rule", ["strokeWidth"] = Math.Max(2, cell * 0.12), ["strokeCap"] = "butt" },
            ["encoding"] = Encoding(rows, columns, "bytes", $"link carries ({unit.Unit})", "yelloworangered", [0, most], ["link", "bytes"]),
        };
    }

    private static Quantity Unit(double bytes) => bytes switch
    {
        >= 1e6 => new Quantity("MB", 1e-6),
        >= 1e3 => new Quantity("kB", 1e-3),
        _ => new Quantity("B", 1),
    };

    // A link leaves the edge of one node and ends at the edge of the next, half a lane to the right of its direction.
    private static IEnumerable<(HeatmapLink Link, double X, double Y, double X2, double Y2)> Segments(HeatmapLink link)
    {
        var (right, down) = (Step(link.ToColumn - link.FromColumn), Step(link.ToRow - link.FromRow));
        var (offsetX, offsetY) = (-down * LaneOffset, right * LaneOffset);
        var closesRing = Math.Abs(link.ToColumn - link.FromColumn) + Math.Abs(link.ToRow - link.FromRow) > 1;
        var length = (closesRing ? 0.5 : 1) - NodeHalf;
        var (x, y) = (link.FromColumn + offsetX, link.FromRow + offsetY);
        yield return (link, x + right * NodeHalf, y + down * NodeHalf, x + right * length, y + down * length);
        if (closesRing)
        {
            (x, y) = (link.ToColumn + offsetX, link.ToRow + offsetY);
            yield return (link, x - right * length, y - down * length, x - right * NodeHalf, y - down * NodeHalf);
        }
    }

    // A step of more than one closes a ring and leads off the grid the other way.
    private static int Step(int difference) => Math.Abs(difference) <= 1 ? difference : -Math.Sign(difference);

    private static JsonObject Datum((HeatmapLink Link, double X, double Y, double X2, double Y2) segment, Quantity unit) => new()
    {
        ["x"] = segment.X,
        ["y"] = segment.Y,
        ["x2"] = segment.X2,
        ["y2"] = segment.Y2,
        ["link"] = $"({segment.Link.FromRow}, {segment.Link.FromColumn}) to ({segment.Link.ToRow}, {segment.Link.ToColumn})",
        ["bytes"] = segment.Link.Bytes * unit.PerBase,
    };

    private static JsonObject Encoding(int rows, int columns, string field, string title, string scheme, double[] domain, string[] tooltip) => new()
    {
        ["x"] = Axis("x", "column", columns, "bottom"),
        ["x2"] = new JsonObject { ["field"] = "x2" },
        ["y"] = Axis("y", "row", rows, "left", reverse: true),
        ["y2"] = new JsonObject { ["field"] = "y2" },
        ["color"] = new JsonObject
        {
            ["field"] = field,
            ["type"] = "quantitative",
            ["title"] = title,
            ["scale"] = new JsonObject { ["scheme"] = scheme, ["domain"] = new JsonArray([.. domain]) },
            ["legend"] = new JsonObject { ["orient"] = "right", ["gradientLength"] = 150, ["titleLimit"] = 260, ["padding"] = 10 },
        },
        ["tooltip"] = new JsonArray([.. tooltip.Select(name => new JsonObject { ["field"] = name })]),
    };

    private static JsonObject Axis(string field, string title, int nodes, string orient, bool reverse = false) => new()
    {
        ["field"] = field,
        ["type"] = "quantitative",
        ["title"] = title,
        ["scale"] = new JsonObject { ["domain"] = new JsonArray(-0.5, nodes - 0.5), ["nice"] = false, ["zero"] = false, ["reverse"] = reverse },
        ["axis"] = new JsonObject
        {
            ["values"] = new JsonArray([.. Enumerable.Range(0, nodes)]), ["format"] = "d", ["grid"] = false, ["ticks"] = false, ["domain"] = false, ["orient"] = orient,
        },
    };
}
