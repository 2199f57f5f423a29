using System.Runtime.InteropServices;

namespace Allspark.Engine.Partitioning;

/// <summary>A Hilbert-like curve through a rectangle of any size: consecutive cells are neighbours (or touch at a corner where a side is odd).</summary>
public static class SpaceFillingCurve
{
    /// <summary>The cells of a <paramref name="rows"/>×<paramref name="columns"/> grid in the order of the curve.</summary>
    public static (int Row, int Column)[] Order(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var cells = new List<(int, int)>(rows * columns);
        if (columns >= rows)
            Walk(cells, new Vector(0, 0), new Vector(0, columns), new Vector(rows, 0));
        else
            Walk(cells, new Vector(0, 0), new Vector(rows, 0), new Vector(0, columns));
        return [.. cells];
    }

    // Walks the rectangle spanned from origin by a long side and a short side, entering at the origin and leaving at the long side's end.
    // A wide rectangle is halved across; otherwise it is cut in three: up the short side, along, and down, as Hilbert's curve does.
    private static void Walk(List<(int, int)> cells, Vector origin, Vector along, Vector across)
    {
        var (length, width) = (along.Length, across.Length);
        var (stepAlong, stepAcross) = (along.Unit, across.Unit);
        if (width == 1)
        {
            for (var i = 0; i < length; i++)
                cells.Add((origin + stepAlong * i).Cell);
            return;
        }

        if (length == 1)
        {
            for (var i = 0; i < width; i++)
                cells.Add((origin + stepAcross * i).Cell);
            return;
        }

        var half = length / 2;
        if (2 * length > 3 * width)
        {
            if (half % 2 == 1 && length > 2)
                half++;
            Walk(cells, origin, stepAlong * half, across);
            Walk(cells, origin + stepAlong * half, stepAlong * (length - half), across);
            return;
        }

        var lower = width / 2;
        if (lower % 2 == 1 && width > 2)
            lower++;
        Walk(cells, origin, stepAcross * lower, stepAlong * half);
        Walk(cells, origin + stepAcross * lower, along, stepAcross * (width - lower));
        Walk(cells, origin + stepAlong * (length - 1) + stepAcross * (lower - 1), stepAcross * -lower, stepAlong * -(length - half));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Vector(int Row, int Column)
    {
        public int Length => Math.Abs(Row + Column);

        public Vector Unit => new(Math.Sign(Row), Math.Sign(Column));

        public (int Row, int Column) Cell => (Row, Column);

        public static Vector operator +(Vector a, Vector b) => new(a.Row + b.Row, a.Column + b.Column);

        public static Vector operator *(Vector a, int factor) => new(a.Row * factor, a.Column * factor);
    }
}
