using System.Runtime.InteropServices;

namespace Allspark.Engine.Hardware;

/// <summary>
/// The tiling of a matrix product into a node's buffer that leaves the least memory traffic, in elements.
/// </summary>
/// <remarks>
/// One operand's tile stays while the other two stream past it along the third dimension, in slices as thick as the array.
/// With the stationary operand S in tiles of x×y, n_x and n_y of them in each direction, S moves once, the operand that has
/// dimension x moves n_y times and the one that has y moves n_x times; the outputs, where they stream, are written n_x times
/// and read back one time less. The thickness of a slice changes no traffic, so a search over x, with the largest y that
/// fits, covers every tiling and loop order. Tiles are double-buffered unless there is only one.
/// Of equal traffic, the least first tile wins.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BufferTiling(long Inputs, long Weights, long OutputWrites, long OutputReads, long FirstTile)
{
    private long Total => checked(Inputs + Weights + OutputWrites + OutputReads);

    /// <summary>Finds the best tiling.</summary>
    /// <exception cref="ArgumentException">The buffer cannot hold one tile of the array's size.</exception>
    /// <exception cref="OverflowException">The traffic exceeds 63 bits.</exception>
    public static BufferTiling Search(Gemm gemm, NodeSpec node, int bytesPerElement)
    {
        var room = node.BufferBytes / bytesPerElement;
        // K lies along the array's rows, N (or M) along its columns; a tile thinner than the array would leave it idle.
        var m = new Extent(gemm.M, Math.Min(gemm.M, node.ArrayColumns));
        var k = new Extent(gemm.K, Math.Min(gemm.K, node.ArrayRows));
        var n = new Extent(gemm.N, Math.Min(gemm.N, node.ArrayColumns));
        BufferTiling? best = null;
        Consider(ref best, Stay.Outputs, gemm, new Loop(m, n, k), room);
        Consider(ref best, Stay.Weights, gemm, new Loop(k, n, m), room);
        Consider(ref best, Stay.Inputs, gemm, new Loop(k, m, n), room);
        return best ?? throw new ArgumentException(
            $"A buffer of {node.BufferBytes} bytes cannot hold one double-buffered tile of {gemm} "
            + $"at {bytesPerElement} bytes an element. Give the node a larger buffer.",
            nameof(node));
    }

    private enum Stay
    {
        Outputs,
        Weights,
        Inputs,
    }

    /// <summary>One dimension: its whole length and the least thickness of a tile along it.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Extent(int Length, int Least)
    {
        public int TilesOf(int tile) => (int)(((long)Length + tile - 1) / tile);

        /// <summary>The least tile that leaves so many tiles.</summary>
        public int TileFor(int tiles) => Math.Max(Least, (int)(((long)Length + tiles - 1) / tiles));
    }

    /// <summary>The dimensions of the stationary operand (X, Y) and the one that streams (Z), in its thinnest slices.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Loop(Extent X, Extent Y, Extent Z)
    {
        /// <summary>Elements in the buffer for tiles of that size: two of each, or one where there is but one.</summary>
        public long Footprint(int tileX, int tileY)
        {
            var oneX = tileX == X.Length;
            var oneY = tileY == Y.Length;
            var oneZ = Z.Least == Z.Length;
            return ((long)tileX * tileY * (oneX && oneY ? 1 : 2))
                + ((long)tileX * Z.Least * (oneX && oneZ ? 1 : 2))
                + ((long)tileY * Z.Least * (oneY && oneZ ? 1 : 2));
        }

        /// <summary>The largest tile along Y that fits beside a tile along X; 0 if none does.</summary>
        public int LargestY(int tileX, long room)
        {
            if (Footprint(tileX, Y.Length) <= room)
                return Y.Length;
            var (low, high) = (Y.Least - 1, Y.Length - 1);
            while (low < high)
            {
                var middle = low + ((high - low + 1) / 2);
                if (Footprint(tileX, middle) <= room)
                    low = middle;
                else
                    high = middle - 1;
            }

            return low < Y.Least ? 0 : low;
        }
    }

    private static void Consider(ref BufferTiling? best, Stay stay, Gemm gemm, Loop loop, long room)
    {
        // Only the number of tiles matters, so each number is tried once, with the least tile that gives it. More tiles along X
        // only add traffic, so the search ends where even a single tile along Y could not win any more.
        for (var countX = 1; ;)
        {
            var tileX = loop.X.TileFor(countX);
            if (best is { } leader && Of(stay, gemm, countX, 1, tileX, loop.Y.Length, loop.Z.Least).Total > leader.Total)
                return;
            var tileY = loop.LargestY(tileX, room);
            if (tileY > 0)
            {
                var countY = loop.Y.TilesOf(tileY);
                var found = Of(stay, gemm, countX, countY, tileX, loop.Y.TileFor(countY), loop.Z.Least);
                if (best is not { } held || found.Total < held.Total
                    || (found.Total == held.Total && found.FirstTile < held.FirstTile))
                    best = found;
                if (countY == 1)
                    return;
            }

            if (tileX == loop.X.Least)
                return;
            countX = loop.X.TilesOf(tileX - 1);
        }
    }

    private static BufferTiling Of(Stay stay, Gemm gemm, int countX, int countY, int tileX, int tileY, int slice)
    {
        checked
        {
            var inputs = (long)gemm.M * gemm.K;
            var weights = (long)gemm.K * gemm.N;
            var outputs = (long)gemm.M * gemm.N;
            var stationary = (long)tileX * tileY;
            var sliceX = (long)tileX * slice;
            var sliceY = (long)tileY * slice;
            return stay switch
            {
                Stay.Outputs => new(inputs * countY, weights * countX, outputs, 0, sliceX + sliceY),
                Stay.Weights => new(inputs * countY, weights, outputs * countX, outputs * (countX - 1), stationary + sliceX),
                _ => new(inputs, weights * countY, outputs * countX, outputs * (countX - 1), stationary + sliceX),
            };
        }
    }
}
