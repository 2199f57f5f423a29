using System.Runtime.InteropServices;
using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// XY routing of a grid, read off the routes within one row and one column. Each ring of a torus is cut at the link that closes it: a
/// packet that still has this dateline ahead takes class 1, the link itself included, any other class 0 (Dally and Seitz, 1987).
/// </summary>
internal sealed class MeshRouting : IRouting
{
    private readonly int rows;
    private readonly int columns;
    private readonly (int Row, int Column)[] places; // divisions would cost more than all the rest
    private readonly int[] linkTo;
    private readonly Step[] alongRow;
    private readonly Step[] alongColumn;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Step(byte Direction, byte Class);

    public MeshRouting(MeshInterconnect network)
    {
        (rows, columns) = (network.Rows, network.Columns);
        places = [.. Enumerable.Range(0, network.NodeCount).Select(node => Math.DivRem(node, columns))];
        linkTo = new int[network.NodeCount * 4];
        for (var link = 0; link < network.LinkCount; link++)
            linkTo[(network[link].From * 4) + Direction(network[link])] = link;
        alongRow = Steps(network, columns, 1);
        alongColumn = Steps(network, rows, columns);
        Classes = alongRow.Concat(alongColumn).Any(step => step.Class == 1) ? 2 : 1;
    }

    public int Classes { get; }

    public (int Link, int Class) Next(int node, int target)
    {
        var (here, there) = (places[node], places[target]);
        var step = here.Column != there.Column ? alongRow[(here.Column * columns) + there.Column] : alongColumn[(here.Row * rows) + there.Row];
        return (linkTo[(node * 4) + step.Direction], step.Class);
    }

    private Step[] Steps(MeshInterconnect network, int length, int stride)
    {
        var steps = new Step[length * length];
        Span<int> route = new int[network.Diameter];
        for (var from = 0; from < length; from++)
        {
            for (var to = 0; to < length; to++)
            {
                if (from == to)
                    continue;
                var hops = network.Route(from * stride, to * stride, route);
                var closes = false;
                foreach (var link in route[..hops])
                    closes |= Math.Abs(network[link].From - network[link].To) != stride;
                steps[(from * length) + to] = new Step(Direction(network[route[0]]), closes ? (byte)1 : (byte)0);
            }
        }

        return steps;
    }

    // Ahead and back along the row, then along the column; a link that closes a ring points the other way.
    private byte Direction(Link link)
    {
        var distance = link.To - link.From;
        var inRow = link.From / columns == link.To / columns;
        var forward = distance > 0 == (Math.Abs(distance) == (inRow ? 1 : columns));
        return (byte)((inRow ? 0 : 2) + (forward ? 0 : 1));
    }
}
