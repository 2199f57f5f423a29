using System.Runtime.InteropServices;
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
    private readonly Ring rowRing;
    private readonly Ring columnRing;
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
        rowRing = new Ring(columns, torus);
        columnRing = new Ring(rows, torus);
        linkOf = new int[checked(NodeCount * 4)];
        Links = Number(linkOf);
    }

    /// <summary>Rows of nodes.</summary>
    public int Rows { get; }

    /// <summary>Columns of nodes.</summary>
    public int Columns { get; }

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
    public int Diameter => rowRing.LongestDistance + columnRing.LongestDistance;

    /// <inheritdoc/>
    public double HopLatencySeconds => spec.HopLatencySeconds;

    /// <inheritdoc/>
    public double LinkBandwidthBytesPerSecond => spec.LinkBandwidthBytesPerSecond;

    /// <inheritdoc/>
    public int BisectionLinks => Columns >= Rows ? Rows * rowRing.LinksAcrossMiddle : Columns * columnRing.LinksAcrossMiddle;

    /// <inheritdoc/>
    public int Hops(int source, int target)
    {
        Check(source);
        Check(target);
        return Math.Abs(rowRing.Offset(source % Columns, target % Columns))
            + Math.Abs(columnRing.Offset(source / Columns, target / Columns));
    }

    /// <inheritdoc/>
    public int Route(int source, int target, Span<int> links)
    {
        Check(source);
        Check(target);
        var (row, column) = Math.DivRem(source, Columns);
        var east = rowRing.Offset(column, target % Columns);
        var south = columnRing.Offset(row, target / Columns);
        var hops = 0;
        for (var step = Math.Sign(east); east != 0; east -= step)
        {
            links[hops++] = LinkFrom(row, column, step > 0 ? Direction.East : Direction.West);
            column = rowRing.Step(column, step);
        }

        for (var step = Math.Sign(south); south != 0; south -= step)
        {
            links[hops++] = LinkFrom(row, column, step > 0 ? Direction.South : Direction.North);
            row = columnRing.Step(row, step);
        }

        return hops;
    }

    private int LinkFrom(int row, int column, Direction direction) => linkOf[((((row * Columns) + column) * 4) + (int)direction)];

    private void Check(int node)
    {
        if ((uint)node >= (uint)NodeCount)
            throw new ArgumentOutOfRangeException(nameof(node), node, $"Nodes are numbered 0 to {NodeCount - 1}.");
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
        Direction.East => rowRing.HasLink(column, 1) ? (row * Columns) + rowRing.Step(column, 1) : -1,
        Direction.West => rowRing.HasLink(column, -1) ? (row * Columns) + rowRing.Step(column, -1) : -1,
        Direction.South => columnRing.HasLink(row, 1) ? (columnRing.Step(row, 1) * Columns) + column : -1,
        _ => columnRing.HasLink(row, -1) ? (columnRing.Step(row, -1) * Columns) + column : -1,
    };

    /// <summary>One dimension. Rings of two nodes have no second, wrapping link: it would only double the first.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Ring(int length, bool closed)
    {
        private readonly bool closed = closed && length > 2;

        public int LongestDistance => closed ? length / 2 : length - 1;

        public int LinksAcrossMiddle => length == 1 ? 0 : closed ? 4 : 2;

        public bool HasLink(int position, int step) => closed || (uint)(position + step) < (uint)length;

        public int Step(int position, int step)
        {
            var next = position + step;
            return next < 0 ? next + length : next >= length ? next - length : next;
        }

        public int Offset(int from, int to)
        {
            var offset = to - from;
            if (!closed)
                return offset;
            if (2 * offset > length)
                return offset - length;
            return 2 * offset <= -length ? offset + length : offset;
        }
    }
}
