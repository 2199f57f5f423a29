using Allspark.Engine.Models;

namespace Allspark.Engine.Hardware;

/// <summary>
/// A grid of nodes, numbered row by row, as a mesh or a torus, with XY routing: along the row to the target's column, then along
/// the column. A torus takes the shorter way round each ring, and goes up (towards higher numbers) when both ways are equally long.
/// </summary>
public sealed class MeshInterconnect : IInterconnect
{
    private enum Direction
    {
        East,
        West,
        South,
        North,
    }

    private readonly InterconnectSpec spec;
    private readonly int[] linkOf;

    /// <summary>Builds the network of a grid.</summary>
    /// <param name="spec">Topology, link and router.</param>
    /// <param name="rows">Rows of nodes, at least 1.</param>
    /// <param name="columns">Columns of nodes, at least 1.</param>
    public MeshInterconnect(InterconnectSpec spec, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        this.spec = spec;
        Rows = rows;
        Columns = columns;
        NodeCount = checked(rows * columns);
        var torus = spec.Topology == Topology.Torus;
        RowRing = new Ring(columns, torus);
        ColumnRing = new Ring(rows, torus);
        linkOf = new int[checked(NodeCount * 4)];
        Links = Number(linkOf);
    }

    /// <summary>Rows of nodes.</summary>
    public int Rows { get; }

    /// <summary>Columns of nodes.</summary>
    public int Columns { get; }

    /// <summary>The columns of a row.</summary>
    internal Ring RowRing { get; }

    /// <summary>The rows of a column.</summary>
    internal Ring ColumnRing { get; }

    /// <inheritdoc/>
    public int NodeCount { get; }

    /// <inheritdoc/>
    public int LinkCount => Links.Count;

    /// <summary>All links by number: node by node, and of a node east, west, south, north where there is one.</summary>
    public ValueList<Link> Links { get; }

    IReadOnlyList<Link> IInterconnect.Links => Links;

    /// <inheritdoc/>
    public Link this[int link] => Links[link];

    /// <inheritdoc/>
    public int Diameter => RowRing.LongestDistance + ColumnRing.LongestDistance;

    /// <inheritdoc/>
    public double HopLatencySeconds => spec.HopLatencySeconds;

    /// <inheritdoc/>
    public double LinkBandwidthBytesPerSecond => spec.LinkBandwidthBytesPerSecond;

    /// <inheritdoc/>
    public int BisectionLinks => Columns >= Rows ? Rows * RowRing.LinksAcrossMiddle : Columns * ColumnRing.LinksAcrossMiddle;

    /// <inheritdoc/>
    public int Hops(int source, int target)
    {
        Check(source);
        Check(target);
        return Math.Abs(RowRing.Offset(source % Columns, target % Columns))
            + Math.Abs(ColumnRing.Offset(source / Columns, target / Columns));
    }

    /// <inheritdoc/>
    public int Route(int source, int target, Span<int> links)
    {
        Check(source);
        Check(target);
        var (row, column) = Math.DivRem(source, Columns);
        var east = RowRing.Offset(column, target % Columns);
        var south = ColumnRing.Offset(row, target / Columns);
        var hops = 0;
        for (var step = Math.Sign(east); east != 0; east -= step)
        {
            links[hops++] = LinkFrom(row, column, step > 0 ? Direction.East : Direction.West);
            column = RowRing.Step(column, step);
        }

        for (var step = Math.Sign(south); south != 0; south -= step)
        {
            links[hops++] = LinkFrom(row, column, step > 0 ? Direction.South : Direction.North);
            row = ColumnRing.Step(row, step);
        }

        return hops;
    }

    private int LinkFrom(int row, int column, Direction direction) => linkOf[((((row * Columns) + column) * 4) + (int)direction)];

    private void Check(int node)
    {
        if ((uint)node >= (uint)NodeCount)
            throw new ArgumentOutOfRangeException(paramName: null, $"There is no node {node}: nodes are numbered 0 to {NodeCount - 1}.");
    }

    private ValueList<Link> Number(int[] numbers)
    {
        var links = new List<Link>(numbers.Length);
        for (var node = 0; node < NodeCount; node++)
        {
            var (row, column) = Math.DivRem(node, Columns);
            for (var direction = Direction.East; direction <= Direction.North; direction++)
            {
                var neighbour = Neighbour(row, column, direction);
                numbers[(node * 4) + (int)direction] = neighbour < 0 ? -1 : links.Count;
                if (neighbour >= 0)
                    links.Add(new Link(node, neighbour));
            }
        }

        return links.ToValueList();
    }

    private int Neighbour(int row, int column, Direction direction) => direction switch
    {
        Direction.East => RowRing.HasLink(column, 1) ? (row * Columns) + RowRing.Step(column, 1) : -1,
        Direction.West => RowRing.HasLink(column, -1) ? (row * Columns) + RowRing.Step(column, -1) : -1,
        Direction.South => ColumnRing.HasLink(row, 1) ? (ColumnRing.Step(row, 1) * Columns) + column : -1,
        _ => ColumnRing.HasLink(row, -1) ? (ColumnRing.Step(row, -1) * Columns) + column : -1,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{NodeCount} nodes, {LinkCount} links, {Diameter} hops across";
}
