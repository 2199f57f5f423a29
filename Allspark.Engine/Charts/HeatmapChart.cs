using Allspark.Engine.Simulation;

namespace Allspark.Engine.Charts;

/// <summary>The array as a grid: nodes coloured by how long they compute, links, each way on its side, by what crosses them.</summary>
public static class HeatmapChart
{
    /// <summary>The kind's name.</summary>
    public const string Kind = "Heatmap";

    private const double NodeHalf = 0.24;
    private const double LaneOffset = 0.1;
    private const double LaneHalf = 0.06;
    private const double LongestSide = 640;
    private const double WidestCell = 80;

    /// <summary>Beyond this many nodes on a side, squares of nodes are shown by their mean, and links not.</summary>
    private const int MostOnASide = 48;

    private static readonly ChartColumn[] Columns =
        [new("what"), new("row"), new("column"), new("to row"), new("to column"), new("computes", "% of the latency"), new("carries", "B")];

    /// <summary>The chart of a measurement.</summary>
    public static ChartDescription Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var array = measurement.Array;
        var table = Table(measurement);
        var side = Math.Max(array.Rows, array.Columns);
        var square = (side + MostOnASide - 1) / MostOnASide;
        var cell = Math.Min(WidestCell, LongestSide / ((side + square - 1) / square));
        var (rows, columns) = ((array.Rows + square - 1) / square, (array.Columns + square - 1) / square);
        var loads = Loads(table, array.NodeCount);
        var nodes = square == 1 ? Nodes(loads, array.Columns) : Squares(loads, array.Rows, array.Columns, square);
        return new ChartDescription
        {
            Kind = Kind,
            Title = $"{measurement.Model.Name} on {array.Name}, {measurement.Scheme}: load of nodes and links",
            Notes = [square == 1
                ? "Squares are nodes. Traffic keeps to the right: eastward and southward links are drawn below and left of the centre."
                : $"Each square is the mean of {square} × {square} nodes. Links are shown up to {MostOnASide} nodes a side; the data (.csv) has them."],
            Panels =
            [
                [
                    new ChartPanel
                    {
                        X = Side("column", columns, square) with { Low = -0.5, High = columns - 0.5 },
                        Y = Side("row", rows, square) with { Low = rows - 0.5, High = -0.5 },
                        Series = square == 1 ? [Links(measurement, table), nodes] : [nodes],
                        Width = cell * columns,
                        Height = cell * rows,
                    },
                ],
            ],
            Table = table,
        };
    }

    private static ChartTable Table(Measurement measurement)
    {
        var columns = measurement.Array.Columns;
        return new ChartTable(Columns,
        [
            .. measurement.NodeComputeSeconds.Select((seconds, node) => (IReadOnlyList<ChartCell>)
                ["node", node / columns, node % columns, double.NaN, double.NaN, 100 * seconds / measurement.LatencySeconds, double.NaN]),
            .. measurement.Array.Interconnect.Links.Select((link, number) => (IReadOnlyList<ChartCell>)
                ["link", link.From / columns, link.From % columns, link.To / columns, link.To % columns, double.NaN, measurement.LinkBytes[number]]),
        ]);
    }

    private static double[] Loads(ChartTable table, int nodes)
    {
        double[] loads = [.. table.Rows.Take(nodes).Select(row => row[5].Number)];
        if (!loads.All(double.IsFinite))
            throw new ChartException(ChartFailure.BadRows, "A heat map needs a measurement with a latency above zero.");
        return loads;
    }

    // Rows and columns of nodes; in a picture of squares the number of the first node of each.
    private static ChartAxis Side(string title, int cells, int square) =>
        ChartAxis.Names([.. Enumerable.Range(0, cells).Select(cell => Quantity.Plain(cell * square))], title);

    private static ChartSeries Nodes(double[] loads, int columns) => NodeSeries([.. loads.Select((load, node) =>
    {
        var (row, column) = (node / columns, node % columns);
        return new ChartMark(column - NodeHalf, row - NodeHalf, column + NodeHalf, row + NodeHalf, node, load);
    })]);

    private static ChartSeries Squares(double[] loads, int rows, int columns, int square) => NodeSeries(
    [
        .. loads.Index().GroupBy(node => (Row: node.Index / columns / square, Column: node.Index % columns / square)).Select(group => new ChartMark(
            group.Key.Column - 0.5, group.Key.Row - 0.5, group.Key.Column + 0.5, group.Key.Row + 0.5, -1, group.Average(node => node.Item))),
    ]);

    private static ChartSeries NodeSeries(IReadOnlyList<ChartMark> marks) => new()
    {
        Name = "nodes",
        Shape = ChartShape.Cells,
        Style = ChartPalette.Of(ChartRole.Compute),
        Scale = new ChartColorScale("node computes (% of the latency)", 0, 100, ChartPalette.ComputeScale),
        Marks = marks,
    };

    private static ChartSeries Links(Measurement measurement, ChartTable table)
    {
        var unit = Quantity.For("B", measurement.LinkBytes.DefaultIfEmpty().Max());
        var most = measurement.LinkBytes.DefaultIfEmpty().Max() * unit.PerBase;
        return new ChartSeries
        {
            Name = "links",
            Shape = ChartShape.Cells,
            Style = ChartPalette.Of(ChartRole.Noc),
            Scale = new ChartColorScale($"link carries ({unit.Unit})", 0, most > 0 ? most : 1, ChartPalette.NocScale),
            Marks = [.. Enumerable.Range(0, measurement.Array.Interconnect.LinkCount).SelectMany(link => Segments(link, measurement, table, unit))],
        };
    }

    // A link leaves the edge of one node and ends at the edge of the next, half a lane to the right of its direction; one that closes a
    // ring is drawn as a stub at both ends.
    private static IEnumerable<ChartMark> Segments(int number, Measurement measurement, ChartTable table, Quantity unit)
    {
        var row = measurement.Array.NodeCount + number;
        int At(int column) => (int)table.Rows[row][column].Number;
        var (fromRow, fromColumn, toRow, toColumn) = (At(1), At(2), At(3), At(4));
        var (right, down) = (Step(toColumn - fromColumn), Step(toRow - fromRow));
        var closesRing = Math.Abs(toColumn - fromColumn) + Math.Abs(toRow - fromRow) > 1;
        var length = closesRing ? 0.5 : 1 - NodeHalf;
        yield return Lane(fromColumn, fromRow, NodeHalf, length);
        if (closesRing)
            yield return Lane(toColumn, toRow, -length, -NodeHalf);

        ChartMark Lane(int column, int line, double from, double to)
        {
            var (x, y) = (column - (down * LaneOffset), line + (right * LaneOffset));
            var (halfX, halfY) = (Math.Abs(down) * LaneHalf, Math.Abs(right) * LaneHalf);
            var (x1, x2) = (x + (right * from), x + (right * to));
            var (y1, y2) = (y + (down * from), y + (down * to));
            return new ChartMark(
                Math.Min(x1, x2) - halfX, Math.Min(y1, y2) - halfY, Math.Max(x1, x2) + halfX, Math.Max(y1, y2) + halfY,
                row, measurement.LinkBytes[number] * unit.PerBase);
        }
    }

    // A step of more than one closes a ring and leads off the grid the other way.
    private static int Step(int difference) => Math.Abs(difference) <= 1 ? difference : -Math.Sign(difference);
}
