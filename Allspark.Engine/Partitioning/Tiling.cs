using Allspark.Engine.Hardware;

namespace Allspark.Engine.Partitioning;

/// <summary>How an array is cut into node groups: rectangles of one shape, or runs of consecutive nodes in raster order.</summary>
/// <param name="GroupRows">Rows of a group; 1 for a run.</param>
/// <param name="GroupColumns">Columns of a group; the length of a run.</param>
/// <param name="FirstNode">First node of the tiled region in raster order.</param>
/// <param name="NodeSpan">Nodes of the tiled region.</param>
/// <param name="IsRectangle">Whether groups are rectangles.</param>
public readonly record struct TilingShape(int GroupRows, int GroupColumns, int FirstNode, int NodeSpan, bool IsRectangle)
{
    /// <inheritdoc/>
    public override string ToString() => IsRectangle ? $"{GroupRows}x{GroupColumns}" : $"run {GroupColumns}";
}

/// <summary>The node groups of a <see cref="TilingShape"/>: groups in space-filling order, a group's nodes in ring order.</summary>
/// <remarks>
/// Ring order makes neighbours in a collective neighbours on the mesh: a Hamiltonian cycle where a side is even, a folded line where
/// the group is one node wide. Space-filling order makes windows that exchange tokens neighbours.
/// </remarks>
public sealed class Tiling
{
    private readonly int[] _nodes;

    private Tiling(TilingShape shape, int groups, int[] nodes)
    {
        Shape = shape;
        Groups = groups;
        GroupSize = nodes.Length / groups;
        _nodes = nodes;
    }

    /// <summary>Shape of the tiling; two tilings of one array are equal where their shapes are.</summary>
    public TilingShape Shape { get; }

    /// <summary>Number of groups G.</summary>
    public int Groups { get; }

    /// <summary>Nodes of a group, g.</summary>
    public int GroupSize { get; }

    /// <summary>All nodes, group by group in slot order and in ring order within a group.</summary>
    public ReadOnlySpan<int> Nodes => _nodes;

    /// <summary>Node of a rank of a group.</summary>
    public int this[int group, int rank] => _nodes[group * GroupSize + rank];

    /// <inheritdoc/>
    public override string ToString() => $"{Groups} groups of {Shape}";

    /// <summary>Every tiling of the array by rectangles whose sides divide the array's.</summary>
    public static IReadOnlyList<Tiling> Rectangles(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return
        [
            .. from groupRows in Divisors(array.Rows)
               from groupColumns in Divisors(array.Columns)
               select Rectangle(array, groupRows, groupColumns),
        ];
    }

    /// <summary>The tiling by rectangles of one shape.</summary>
    /// <exception cref="ArgumentException">The sides do not divide the array's.</exception>
    public static Tiling Rectangle(PimArray array, int groupRows, int groupColumns)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (groupRows <= 0 || groupColumns <= 0 || array.Rows % groupRows != 0 || array.Columns % groupColumns != 0)
            throw new ArgumentException($"A group of {groupRows}x{groupColumns} nodes does not tile the {array.Rows}x{array.Columns} array.", nameof(groupRows));

        var ring = RingOrder(groupRows, groupColumns);
        var slots = SpaceFillingCurve.Order(array.Rows / groupRows, array.Columns / groupColumns);
        var nodes = new int[array.NodeCount];
        var next = 0;
        foreach (var (slotRow, slotColumn) in slots)
        {
            foreach (var (row, column) in ring)
                nodes[next++] = (slotRow * groupRows + row) * array.Columns + slotColumn * groupColumns + column;
        }

        var shape = new TilingShape(groupRows, groupColumns, 0, array.NodeCount, IsRectangle: true);
        return new Tiling(shape, slots.Length, nodes);
    }

    /// <summary>The tiling of a region by runs of <paramref name="size"/> consecutive nodes in raster order; a shorter rest stays idle.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The region holds no run of that size.</exception>
    public static Tiling Runs(int size, int firstNode, int nodeSpan)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodeSpan, size);
        var groups = nodeSpan / size;
        var nodes = new int[groups * size];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = firstNode + i;
        return new Tiling(new TilingShape(1, size, firstNode, nodeSpan, IsRectangle: false), groups, nodes);
    }

    /// <summary>The tiling by the first groups alone; the other nodes stay idle.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many groups.</exception>
    public Tiling First(int groups)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, Groups);
        return groups == Groups ? this : new Tiling(Shape with { NodeSpan = groups * GroupSize }, groups, _nodes[..(groups * GroupSize)]);
    }

    /// <summary>The divisors of a positive number in increasing order.</summary>
    public static IEnumerable<int> Divisors(int number) => Enumerable.Range(1, number).Where(d => number % d == 0);

    private static (int Row, int Column)[] RingOrder(int rows, int columns) =>
        rows == 1 ? [.. FoldedLine(columns).Select(column => (0, column))]
        : columns == 1 ? [.. FoldedLine(rows).Select(row => (row, 0))]
        : rows % 2 == 0 ? Cycle(rows, columns)
        : columns % 2 == 0 ? [.. Cycle(columns, rows).Select(cell => (cell.Column, cell.Row))]
        : Snake(rows, columns);

    // Even places outward, odd places back: ring neighbours are at most two hops apart.
    private static IEnumerable<int> FoldedLine(int length) =>
        Enumerable.Range(0, length).Where(i => i % 2 == 0)
            .Concat(Enumerable.Range(0, length).Where(i => i % 2 == 1).Reverse());

    // Out along the first row, back and forth through the rest of each column pair, home along the first column (rows even).
    private static (int Row, int Column)[] Cycle(int rows, int columns)
    {
        var cycle = new List<(int, int)>(rows * columns) { (0, 0) };
        for (var row = 0; row < rows; row++)
        {
            for (var step = 1; step < columns; step++)
                cycle.Add((row, row % 2 == 0 ? step : columns - step));
        }

        for (var row = rows - 1; row > 0; row--)
            cycle.Add((row, 0));
        return [.. cycle];
    }

    private static (int Row, int Column)[] Snake(int rows, int columns) =>
        [.. from row in Enumerable.Range(0, rows)
            from step in Enumerable.Range(0, columns)
            select (row, row % 2 == 0 ? step : columns - 1 - step)];
}
