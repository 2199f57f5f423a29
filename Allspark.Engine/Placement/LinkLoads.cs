using Allspark.Engine.Hardware;

namespace Allspark.Engine.Placement;

/// <summary>Load of every directed link under the interconnect's routing, gathered flow by flow.</summary>
/// <remarks>
/// A flow costs O(1): XY routing covers one run of a row and one run of a column (two where a run passes the end of a torus), and
/// runs are kept as differences until read.
/// </remarks>
public sealed class LinkLoads
{
    private readonly PimArray _array;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int[] _row;
    private readonly int[] _column;
    private readonly short[] _eastward;
    private readonly short[] _southward;
    private readonly long[] _east;
    private readonly long[] _west;
    private readonly long[] _south;
    private readonly long[] _north;

    /// <summary>Creates an empty load for the array's interconnect.</summary>
    public LinkLoads(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        _array = array;
        (_rows, _columns) = (array.Rows, array.Columns);
        (_row, _column) = (new int[array.NodeCount], new int[array.NodeCount]);
        for (var node = 0; node < array.NodeCount; node++)
            (_row[node], _column[node]) = Math.DivRem(node, _columns);
        var torus = array.InterconnectSpec.Topology == Topology.Torus;
        (_eastward, _southward) = (Offsets(_columns, torus), Offsets(_rows, torus));
        // A link east or west is kept at its western end, row by row; one south or north at its northern end, column by column. Every line
        // has one more place, where a run that reaches the line's end is taken back.
        (_east, _west) = (new long[_rows * (_columns + 1)], new long[_rows * (_columns + 1)]);
        (_south, _north) = (new long[_columns * (_rows + 1)], new long[_columns * (_rows + 1)]);
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
        var (row, column, toRow, toColumn) = (_row[source], _column[source], _row[target], _column[target]);
        int eastward = _eastward[column * _columns + toColumn];
        int southward = _southward[row * _rows + toRow];
        if (eastward > 0)
            AddRun(_east, row * (_columns + 1), column, eastward, _columns, amount);
        else if (eastward < 0)
            AddRun(_west, row * (_columns + 1), toColumn, -eastward, _columns, amount);
        if (southward > 0)
            AddRun(_south, toColumn * (_rows + 1), row, southward, _rows, amount);
        else if (southward < 0)
            AddRun(_north, toColumn * (_rows + 1), toRow, -southward, _rows, amount);
        var hops = Math.Abs(eastward) + Math.Abs(southward);
        AmountHops += amount * hops;
        if (hops > LongestRoute)
            LongestRoute = hops;
    }

    /// <summary>Forgets all flows.</summary>
    public void Clear()
    {
        foreach (var loads in (ReadOnlySpan<long[]>)[_east, _west, _south, _north])
            Array.Clear(loads);
        AmountHops = 0;
        LongestRoute = 0;
    }

    /// <summary>Load of the heaviest link.</summary>
    public long Heaviest() => Math.Max(Heaviest(_east, _west, _columns + 1), Heaviest(_south, _north, _rows + 1));

    /// <summary>Load of each link, indexed as the interconnect numbers links.</summary>
    public long[] ByLink()
    {
        var (east, west) = (Sums(_east, _columns + 1), Sums(_west, _columns + 1));
        var (south, north) = (Sums(_south, _rows + 1), Sums(_north, _rows + 1));
        var byLink = new long[_array.Interconnect.LinkCount];
        for (var link = 0; link < byLink.Length; link++)
        {
            var (from, to) = _array.Interconnect[link];
            int eastward = _eastward[_column[from] * _columns + _column[to]];
            int southward = _southward[_row[from] * _rows + _row[to]];
            byLink[link] = eastward > 0 ? east[_row[from] * (_columns + 1) + _column[from]]
                : eastward < 0 ? west[_row[to] * (_columns + 1) + _column[to]]
                : southward > 0 ? south[_column[from] * (_rows + 1) + _row[from]]
                : north[_column[to] * (_rows + 1) + _row[to]];
        }

        return byLink;
    }

    private static void AddRun(long[] differences, int line, int first, int length, int side, long amount)
    {
        differences[line + first] += amount;
        var end = first + length;
        if (end > side)
        {
            differences[line + side] -= amount;
            differences[line] += amount;
            end -= side;
        }

        differences[line + end] -= amount;
    }

    // Steps from one place of a line to another; on a ring the shorter way, up where both are equally long.
    private static short[] Offsets(int side, bool torus)
    {
        var offsets = new short[side * side];
        for (var from = 0; from < side; from++)
        {
            for (var to = 0; to < side; to++)
            {
                var offset = to - from;
                if (torus && side > 2 && 2 * offset > side)
                    offset -= side;
                else if (torus && side > 2 && 2 * offset <= -side)
                    offset += side;
                offsets[from * side + to] = (short)offset;
            }
        }

        return offsets;
    }

    private static long Heaviest(long[] one, long[] other, int line)
    {
        var heaviest = 0L;
        for (var first = 0; first < one.Length; first += line)
        {
            var (there, back) = (0L, 0L);
            for (var place = first; place < first + line; place++)
                heaviest = Math.Max(heaviest, Math.Max(there += one[place], back += other[place]));
        }

        return heaviest;
    }

    private static long[] Sums(long[] differences, int line)
    {
        var sums = (long[])differences.Clone();
        for (var place = 1; place < sums.Length; place++)
        {
            if (place % line != 0)
                sums[place] += sums[place - 1];
        }

        return sums;
    }
}
