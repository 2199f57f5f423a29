using System.Text.Json.Nodes;
using Allspark.Engine.Simulation;

namespace Allspark.Engine.Charts;

/// <summary>A bar of a timeline chart.</summary>
/// <param name="OnLink">Whether the lane is a link; a node otherwise.</param>
/// <param name="Lane">Name of the node or link.</param>
/// <param name="Work">What it is busy with; decides the colour.</param>
/// <param name="StartSeconds">From when.</param>
/// <param name="EndSeconds">Until when.</param>
public sealed record TimelineBar(bool OnLink, string Lane, string Work, double StartSeconds, double EndSeconds);

/// <summary>A Gantt chart: nodes above, links below, on one axis of time.</summary>
/// <param name="Bars">The bars; lanes are shown in the order in which they first appear.</param>
public sealed record TimelineChart(IReadOnlyList<TimelineBar> Bars) : IChart
{
    private const int LanesOfAKind = 16;

    /// <inheritdoc/>
    public string Kind => "Timeline";

    /// <summary>The title.</summary>
    public string Title { get; init; } = "Timeline";

    /// <summary>What a reader must know to read the bars rightly.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// The chart of a measurement's timeline: nodes taken evenly from the array, and the links that are busy longest.
    /// </summary>
    /// <exception cref="ChartException">The measurement has no timeline.</exception>
    public static TimelineChart Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var timeline = measurement.Timeline
            ?? throw new ChartException(ChartFailure.BadRows, "a timeline chart needs a measurement by events that keeps the timeline of a block");
        var nodes = timeline.Nodes.GroupBy(interval => interval.Resource).OrderBy(lane => lane.Key).ToArray();
        var links = timeline.Links.GroupBy(interval => interval.Resource).ToArray();
        var shown = Enumerable.Range(0, Math.Min(LanesOfAKind, nodes.Length)).Select(i => nodes[(int)((long)i * nodes.Length / Math.Min(LanesOfAKind, nodes.Length))]);
        var busiest = links.OrderByDescending(lane => lane.Sum(interval => interval.Seconds)).ThenBy(lane => lane.Key).Take(LanesOfAKind);
        var array = measurement.Array;
        return new TimelineChart(
        [
            .. shown.SelectMany(lane => lane.Select(interval => Bar(false, Place(lane.Key), interval))),
            .. busiest.SelectMany(lane => lane.Select(interval =>
                Bar(true, $"{Place(array.Interconnect[lane.Key].From)} → {Place(array.Interconnect[lane.Key].To)}", interval))),
        ])
        {
            Title = $"{measurement.Model.Name} on {array.Name}, {measurement.Scheme}: {timeline.Block}",
            Note = $"{Math.Min(LanesOfAKind, nodes.Length)} of {nodes.Length} nodes, evenly taken, and the {Math.Min(LanesOfAKind, links.Length)} busiest of {links.Length} "
                + "links in use, by (row, column). Time from the start of the block's first event.",
        };

        string Place(int node) => $"({node / array.Columns}, {node % array.Columns})";

        TimelineBar Bar(bool onLink, string lane, TimelineInterval interval) => new(
            onLink,
            lane,
            onLink ? interval.Kind.ToString().ToLowerInvariant() : $"compute {measurement.Phases[interval.Phase].Kind}",
            interval.StartSeconds - timeline.StartSeconds,
            interval.EndSeconds - timeline.StartSeconds);
    }

    /// <inheritdoc/>
    public JsonObject ToVegaLite()
    {
        Check();
        var end = Bars.Max(bar => bar.EndSeconds);
        var unit = Quantity.For("s", end);
        var works = Bars.Select(bar => bar.Work).Distinct(StringComparer.Ordinal).ToArray();
        var panels = Bars.GroupBy(bar => bar.OnLink).OrderBy(panel => panel.Key).ToArray();
        var spec = ChartTheme.Frame(Title, Note);
        spec["vconcat"] = new JsonArray([.. panels.Select((panel, i) =>
            Panel([.. panel], works, panel.Key ? "link" : "node", i == panels.Length - 1, unit, end))]);
        spec["spacing"] = 12;
        return spec;
    }

    private void Check()
    {
        if (Bars.Count == 0)
            throw new ChartException(ChartFailure.BadRows, "a timeline chart needs at least one bar");
        foreach (var bar in Bars)
        {
            if (!double.IsFinite(bar.StartSeconds) || !double.IsFinite(bar.EndSeconds) || bar.EndSeconds < bar.StartSeconds)
                throw new ChartException(
                    ChartFailure.BadRows,
                    FormattableString.Invariant($"{bar.Work} of {bar.Lane} runs from {bar.StartSeconds} to {bar.EndSeconds} s; it must end after it starts"));
        }
    }

    private static JsonObject Panel(TimelineBar[] bars, string[] works, string title, bool last, Quantity unit, double end)
    {
        var lanes = bars.Select(bar => bar.Lane).Distinct(StringComparer.Ordinal).ToArray();
        return new JsonObject
        {
            ["data"] = new JsonObject { ["values"] = new JsonArray([.. bars.Select(bar => Datum(bar, unit))]) },
            ["width"] = 820,
            ["height"] = new JsonObject { ["step"] = 18 },
            ["mark"] = new JsonObject { ["type"] = "bar", ["height"] = new JsonObject { ["band"] = 0.8 }, ["tooltip"] = true },
            ["encoding"] = new JsonObject
            {
                ["x"] = new JsonObject
                {
                    ["field"] = "start",
                    ["type"] = "quantitative",
                    ["title"] = last ? $"time ({unit.Unit})" : null,
                    ["scale"] = new JsonObject { ["domain"] = new JsonArray(0, end * unit.PerBase), ["nice"] = false },
                    ["axis"] = new JsonObject { ["labels"] = last, ["ticks"] = false, ["domain"] = false },
                },
                ["x2"] = new JsonObject { ["field"] = "end" },
                ["y"] = new JsonObject
                {
                    ["field"] = "lane",
                    ["type"] = "nominal",
                    ["title"] = title,
                    ["sort"] = new JsonArray([.. lanes]),
                    ["axis"] = new JsonObject { ["ticks"] = false, ["domain"] = false, ["minExtent"] = 120, ["labelFontSize"] = 11 },
                },
                ["color"] = new JsonObject
                {
                    ["field"] = "work",
                    ["type"] = "nominal",
                    ["title"] = null,
                    ["sort"] = new JsonArray([.. works]),
                    ["scale"] = ChartTheme.Colors(works),
                    ["legend"] = new JsonObject { ["orient"] = "top" },
                },
            },
        };
    }

    private static JsonObject Datum(TimelineBar bar, Quantity unit) => new()
    {
        ["lane"] = bar.Lane,
        ["work"] = bar.Work,
        ["start"] = bar.StartSeconds * unit.PerBase,
        ["end"] = bar.EndSeconds * unit.PerBase,
    };
}
