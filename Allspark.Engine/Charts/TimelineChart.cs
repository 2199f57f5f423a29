using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation;

namespace Allspark.Engine.Charts;

/// <summary>A Gantt chart of one block: nodes above, links below, on one axis of time.</summary>
public static class TimelineChart
{
    /// <summary>The kind's name.</summary>
    public const string Kind = "Timeline";

    /// <summary>Columns of the table that a trace is made of: the kind of lane, its name, the work, and from when to when.</summary>
    internal const int WhatColumn = 0, LaneColumn = 1, WorkColumn = 2, StartColumn = 3, EndColumn = 4;

    private const int LanesOfAKind = 16;
    private const int SideOfNodes = 4;
    private const double Width = 820;
    private const double LanePixels = 18;
    private const double HalfLane = 0.4;

    private static readonly ChartColumn[] Columns =
        [new("what"), new("lane"), new("work"), new("start", "s"), new("end", "s"), new("lasts", "s")];

    /// <summary>
    /// The chart of a measurement's timeline: nodes spread over the rows and columns of the array, and the links that are busy longest.
    /// The table has all of them.
    /// </summary>
    /// <exception cref="ChartException">The measurement has no timeline, or nothing happened in it.</exception>
    public static ChartDescription Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var timeline = measurement.Timeline ?? throw new ChartException(
            ChartFailure.BadRows, "A timeline chart needs a measurement by events that keeps the timeline of a block.");
        var array = measurement.Array;
        Stretch[] nodes = [.. timeline.Nodes.Select(interval => new Stretch(
            interval.Resource, measurement.Phases[interval.Phase].Kind.ToString(), RooflineChart.StyleOf(measurement.Phases[interval.Phase].Kind),
            interval.StartSeconds - timeline.StartSeconds, interval.EndSeconds - timeline.StartSeconds))];
        Stretch[] links = [.. timeline.Links.Select(interval => new Stretch(
            interval.Resource, Traffic(interval.Kind).Name, ChartPalette.Of(Traffic(interval.Kind).Role),
            interval.StartSeconds - timeline.StartSeconds, interval.EndSeconds - timeline.StartSeconds))];
        if (nodes.Length + links.Length == 0)
            throw new ChartException(ChartFailure.BadRows, $"Nothing happens in {timeline.Block}: choose another block.");
        var shownNodes = Spread(array);
        var inUse = links.GroupBy(stretch => stretch.Resource).ToArray();
        int[] shownLinks = [.. inUse.OrderByDescending(lane => lane.Sum(stretch => stretch.End - stretch.Start)).ThenBy(lane => lane.Key)
            .Take(LanesOfAKind).Select(lane => lane.Key)];
        string LinkName(int link) => $"{Place(array, array.Interconnect[link].From)} → {Place(array, array.Interconnect[link].To)}";
        var panels = new PanelBuilder(timeline.EndSeconds - timeline.StartSeconds);
        ChartPanel[] drawn =
        [
            panels.Build("node", "nodes compute", nodes, 0, shownNodes, node => Place(array, node), last: shownLinks.Length == 0),
            .. shownLinks.Length == 0 ? (ChartPanel[])[]
                : [panels.Build("link", "links carry", links, nodes.Length, shownLinks, LinkName, last: true)],
        ];
        return new ChartDescription
        {
            Kind = Kind,
            Title = $"{measurement.Model.Name} on {array.Name}, {measurement.Scheme}: {timeline.Block}",
            Notes =
            [
                $"{shownNodes.Length} of {array.NodeCount} nodes, spread over rows and columns, and the {shownLinks.Length} busiest of {inUse.Length} "
                + "links in use, by (row, column). Time from the start of the block's first event.",
                .. panels.Joined ? (string[])[$"Stretches less than {Quantity.Text(panels.Pixel, "s")} apart are joined."] : [],
            ],
            Panels = [.. drawn.Select(panel => (ChartPanel[])[panel])],
            Table = new ChartTable(Columns,
            [
                .. nodes.Select(stretch => Row("node", Place(array, stretch.Resource), stretch)),
                .. links.Select(stretch => Row("link", LinkName(stretch.Resource), stretch)),
            ]),
        };
    }

    private static IReadOnlyList<ChartCell> Row(string what, string lane, Stretch stretch) =>
        [what, lane, stretch.Work, stretch.Start, stretch.End, stretch.End - stretch.Start];

    private static string Place(PimArray array, int node) => $"({node / array.Columns}, {node % array.Columns})";

    // The middles of equal parts of the rows, and of the columns.
    private static int[] Spread(PimArray array)
    {
        var rows = Math.Min(array.Rows, Math.Max(SideOfNodes, LanesOfAKind / array.Columns));
        var columns = Math.Min(array.Columns, LanesOfAKind / rows);
        return
        [
            .. from row in Enumerable.Range(0, rows)
               from column in Enumerable.Range(0, columns)
               select (((2 * row) + 1) * array.Rows / (2 * rows) * array.Columns) + (((2 * column) + 1) * array.Columns / (2 * columns)),
        ];
    }

    private static (string Name, ChartRole Role) Traffic(TimelineKind kind) => kind switch
    {
        TimelineKind.Exchange => ("exchange", ChartRole.Noc),
        TimelineKind.Fetch => ("weights", ChartRole.Dram),
        TimelineKind.Move => ("token moves", ChartRole.Moves),
        _ => ("computation", ChartRole.Compute),
    };

    private sealed record Stretch(int Resource, string Work, ChartStyle Style, double Start, double End);

    /// <summary>Builds both panels on one axis of time.</summary>
    private sealed class PanelBuilder(double seconds)
    {
        private readonly Quantity unit = Quantity.For("s", seconds);

        /// <summary>The time that a pixel stands for, in seconds.</summary>
        public double Pixel { get; } = seconds / Width;

        /// <summary>Whether stretches were joined that a picture could not keep apart.</summary>
        public bool Joined { get; private set; }

        public ChartPanel Build(
            string what, string group, Stretch[] stretches, int firstRow, int[] lanes, Func<int, string> name, bool last)
        {
            var place = lanes.Index().ToDictionary(lane => lane.Item, lane => lane.Index);
            return new ChartPanel
            {
                X = ChartAxis.Linear(last ? "time" : "", last ? unit.Unit : "", 0, seconds * unit.PerBase),
                Y = ChartAxis.Names([.. lanes.Select(name)], what, downwards: true),
                Series =
                [
                    .. stretches.Index().Where(item => place.ContainsKey(item.Item.Resource)).GroupBy(item => (item.Item.Work, item.Item.Style))
                        .OrderBy(work => work.Key.Style.Role).ThenBy(work => work.Key.Work, StringComparer.Ordinal)
                        .Select(work => new ChartSeries
                        {
                            Name = work.Key.Work,
                            Group = group,
                            Shape = ChartShape.Intervals,
                            Style = work.Key.Style,
                            Marks = [.. Marks([.. work.Select(item => (item.Item, firstRow + item.Index))], place)],
                        }),
                ],
                Width = Width,
                Height = LanePixels * lanes.Length,
            };
        }

        private IEnumerable<ChartMark> Marks((Stretch Stretch, int Row)[] stretches, Dictionary<int, int> place)
        {
            foreach (var lane in stretches.GroupBy(item => item.Stretch.Resource))
            {
                ChartMark? open = null;
                foreach (var (stretch, row) in lane.OrderBy(item => item.Stretch.Start))
                {
                    var next = new ChartMark(
                        stretch.Start * unit.PerBase, place[lane.Key] - HalfLane, stretch.End * unit.PerBase, place[lane.Key] + HalfLane, row);
                    if (open is { } before && next.X - before.X2 < Pixel * unit.PerBase)
                    {
                        Joined = true;
                        open = before with { X2 = Math.Max(before.X2, next.X2), Row = -1 };
                        continue;
                    }

                    if (open is { } done)
                        yield return done;
                    open = next;
                }

                if (open is { } rest)
                    yield return rest;
            }
        }
    }
}
