using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// XY routing of a grid. Of two equally long ways round a ring of a torus each packet takes one at random, so that neither
/// direction carries more. Each ring has a dateline, the link that closes it: a packet that will take this link is of class 1 in
/// the whole ring, any other of class 0 (after Dally and Seitz, 1987).
/// </summary>
/// <remarks>
/// No class has a circle of dependencies: nothing of class 0 takes the closing link, and in class 1 the way up starts in the
/// upper half of the ring and ends in the lower, so that no packet goes from the lower half to the upper but over the closing
/// link; down likewise. A packet that stays in its class to the end of the ring leaves no link on which one half of the virtual
/// channels lies idle but the closing one and the one opposite.
/// </remarks>
internal sealed class MeshRouting : IRouting
{
    // A way has two bits for the row and two for the column.
    private const int Down = 1, Dateline = 2, ColumnShift = 2;

    private readonly Ring row;
    private readonly Ring column;
    private readonly (int Row, int Column)[] places; // divisions would cost more than all the rest
    private readonly int[] linkTo;

    public MeshRouting(MeshInterconnect network)
    {
        (row, column) = (network.RowRing, network.ColumnRing);
        places = [.. Enumerable.Range(0, network.NodeCount).Select(node => Math.DivRem(node, network.Columns))];
        linkTo = new int[network.NodeCount * 4];
        for (var link = 0; link < network.LinkCount; link++)
            linkTo[(network[link].From * 4) + Direction(network[link])] = link;
        Classes = row.IsClosed || column.IsClosed ? 2 : 1;
    }

    public int Classes { get; }

    public int SharedChannels => 0;

    public int Way(int source, int target, ulong random)
    {
        var (from, to) = (places[source], places[target]);
        return Way(row, from.Column, to.Column, (random & 1) != 0)
            | (Way(column, from.Row, to.Row, (random & 2) != 0) << ColumnShift);
    }

    public (int Link, int Class) Next(int node, int target, int way)
    {
        var inRow = places[node].Column != places[target].Column;
        var part = inRow ? way : way >> ColumnShift;
        return (linkTo[(node * 4) + (inRow ? 0 : 2) + (part & Down)], (part & Dateline) >> 1);
    }

    private static int Way(Ring ring, int from, int to, bool other)
    {
        var offset = ring.Offset(from, to);
        if (other && ring.IsOpposite(from, to))
            offset = -offset;
        return (offset < 0 ? Down : 0) | (ring.Closes(from, offset) ? Dateline : 0);
    }

    // Up and down the row, then the column; a link that closes a ring points the other way.
    private int Direction(Link link)
    {
        var (from, to) = (places[link.From], places[link.To]);
        return from.Row == to.Row
            ? Way(row, from.Column, to.Column, other: false) & Down
            : 2 + (Way(column, from.Row, to.Row, other: false) & Down);
    }
}
