using Allspark.Engine.Hardware;

namespace Allspark.Engine.Placement;

/// <summary>Load of every directed link under the interconnect's routing, gathered flow by flow.</summary>
/// <remarks>
/// On a mesh a flow costs O(1): XY routing covers one run of a row and one run of a column, and runs are kept as differences until read.
/// Other topologies walk the route.
/// </remarks>
public sealed class LinkLoads
{
    private readonly PimArray _array;
    private readonly int _rows;
    private readonly int _columns;
    private readonly bool _mesh;
    private readonly long[] _east;
    private readonly long[] _west;
    private readonly long[] _south;
    private readonly long[] _north;
    private readonly long[] _routed;
    private readonly int[] _route;

    /// <summary>Creates an empty load for the array's interconnect.</summary>
    public LinkLoads(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        _array = array;
        _rows = array.Rows;
        _columns = array.Columns;
        _mesh = array.InterconnectSpec.Topology == Topology.Mesh;
        var cells = _mesh ? _rows * _columns : 0;
        (_east, _west, _south, _north) = (new long[cells], new long[cells], new long[cells], new long[cells]);
        _routed = new long[_mesh ? 0 : array.Interconnect.LinkCount];
        _route = new int[_mesh ? 0 : array.Interconnect.Diameter];
    }

    /// <summary>Σ amount × hops over all flows so far.</summary>
    public long AmountHops { get; private set; }

    /// <summary>Longest route of a flow so far, in hops.</summary>
    public int LongestRoute { get; private set; }

    /// <summary>Adds a flow; a flow from a node to itself uses no link.</summary>
    public void Add(int source, int target, long amount)
    {
        if (source == target || amount == 0)
            return;
        var hops = _mesh ? AddOnMesh(source, target, amount) : AddOnRoute(source, target, amount);
        AmountHops += amount * hops;
        if (hops > LongestRoute)
            LongestRoute = hops;
    }

    /// <summary>Forgets all flows.</summary>
    public void Clear()
    {
        foreach (var loads in (ReadOnlySpan<long[]>)[_east, _west, _south, _north, _routed])
            Array.Clear(loads);
        AmountHops = 0;
        LongestRoute = 0;
    }

    /// <summary>Load of the heaviest link.</summary>
    public long Heaviest()
    {
        var heaviest = 0L;
        foreach (var load in _routed)
            heaviest = Math.Max(heaviest, load);
        for (var row = 0; row < _rows && _mesh; row++)
        {
            var (east, west) = (0L, 0L);
            for (var cell = row * _columns; cell < (row + 1) * _columns; cell++)
                heaviest = Math.Max(heaviest, Math.Max(east += _east[cell], west += _west[cell]));
        }

        for (var column = 0; column < _columns && _mesh; column++)
        {
            var (south, north) = (0L, 0L);
            for (var cell = column; cell < _rows * _columns; cell += _columns)
                heaviest = Math.Max(heaviest, Math.Max(south += _south[cell], north += _north[cell]));
        }

        return heaviest;
    }

    /// <summary>Load of each link, indexed as the interconnect numbers links.</summary>
    public long[] ByLink()
    {
        if (!_mesh)
            return (long[])_routed.Clone();
        var loads = MeshLoads();
        var byLink = new long[_array.Interconnect.LinkCount];
        for (var link = 0; link < byLink.Length; link++)
        {
            var (from, to) = _array.Interconnect[link];
            byLink[link] = to == from + 1 && from / _columns == to / _columns ? loads.East[from]
                : to == from - 1 && from / _columns == to / _columns ? loads.West[to]
                : to > from ? loads.South[from]
                : loads.North[to];
        }

        return byLink;
    }

    // East and west loads are kept on the cell at the western end of a link, south and north loads on the one at its northern end.
    private int AddOnMesh(int source, int target, long amount)
    {
        var (row, column) = Math.DivRem(source, _columns);
        var (targetRow, targetColumn) = Math.DivRem(target, _columns);
        if (targetColumn > column)
        {
            _east[source] += amount;
            _east[row * _columns + targetColumn] -= amount;
        }
        else if (targetColumn < column)
        {
            _west[row * _columns + targetColumn] += amount;
            _west[source] -= amount;
        }

        if (targetRow > row)
        {
            _south[row * _columns + targetColumn] += amount;
            _south[target] -= amount;
        }
        else if (targetRow < row)
        {
            _north[target] += amount;
            _north[row * _columns + targetColumn] -= amount;
        }

        return Math.Abs(targetColumn - column) + Math.Abs(targetRow - row);
    }

    private int AddOnRoute(int source, int target, long amount)
    {
        var hops = _array.Interconnect.Route(source, target, _route);
        for (var hop = 0; hop < hops; hop++)
            _routed[_route[hop]] += amount;
        return hops;
    }

    private (long[] East, long[] West, long[] South, long[] North) MeshLoads()
    {
        var (east, west, south, north) = ((long[])_east.Clone(), (long[])_west.Clone(), (long[])_south.Clone(), (long[])_north.Clone());
        for (var cell = 0; cell < east.Length; cell++)
        {
            if (cell % _columns != 0)
            {
                east[cell] += east[cell - 1];
                west[cell] += west[cell - 1];
            }

            if (cell >= _columns)
            {
                south[cell] += south[cell - _columns];
                north[cell] += north[cell - _columns];
            }
        }

        return (east, west, south, north);
    }
}
