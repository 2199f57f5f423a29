using System.Runtime.InteropServices;

namespace Allspark.Engine.Hardware;

/// <summary>
/// The tiling of a matrix product into a node's buffer that takes the least from the node's memory, in elements.
/// </summary>
/// <remarks>
/// One operand's tile stays while the other two stream past it along the third dimension, in the thinnest slices that keep the array busy.
/// With the stationary operand S in tiles of x×y, n_x and n_y of them in each direction, S moves once, the operand that has
/// dimension x moves n_y times and the one that has y moves n_x times; the outputs, where they stream, are written n_x times
/// and read back one time less. The thickness of a slice changes no traffic, so a search over x, with the largest y that
/// fits, covers every tiling and loop order. Tiles are double-buffered unless there is only one. Least is what the memory bears
/// (<see cref="MemoryShare"/>), then all traffic. A tile arrives in the order of its use, so that the array waits for its first fold alone
/// whatever the tiling, and the least traffic is the least time: a larger buffer is never slower.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BufferTiling(long Inputs, long Weights, long OutputWrites, long OutputReads)
{
    /// <summary>Elements moved in all.</summary>
    public long Total => checked(Inputs + Weights + OutputWrites + OutputReads);

    /// <summary>Elements that the memory bears of them.</summary>
    public double Borne(MemoryShare share) =>
        (share.Inputs * Inputs) + (share.Weights * Weights) + (share.Outputs * ((double)OutputWrites + OutputReads));

    /// <summary>The best tiling, or null where the buffer cannot hold the least tile that keeps the array busy.</summary>
    /// <exception cref="OverflowException">The traffic exceeds 63 bits.</exception>
    public static BufferTiling? Search(Gemm gemm, Dataflow dataflow, NodeSpec node, int bytesPerElement, MemoryShare share)
    {
        var room = node.BufferBytes / bytesPerElement;
        var (m, k, n) = Extents(gemm, dataflow, node);
        BufferTiling? best = null;
        Consider(ref best, Stay.Outputs, gemm, new Loop(m, n, k), room, share);
        Consider(ref best, Stay.Weights, gemm, new Loop(k, n, m), room, share);
        Consider(ref best, Stay.Inputs, gemm, new Loop(k, m, n), room, share);
        return best;
    }

    // The dimensions that the dataflow lays along the array's sides need tiles as long as these, or the array would idle;
    // the third streams through, one row or column at a time if need be.
    private static (Extent M, Extent K, Extent N) Extents(Gemm gemm, Dataflow dataflow, NodeSpec node)
    {
        var (rows, columns) = (node.ArrayRows, node.ArrayColumns);
        var (m, k, n) = dataflow switch
        {
            Dataflow.WeightStationary => (1, rows, columns),
            Dataflow.OutputStationary => (rows, 1, columns),
            _ => (columns, rows, 1),
        };
        return (Extent.Of(gemm.M, m), Extent.Of(gemm.K, k), Extent.Of(gemm.N, n));
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
        public static Extent Of(int length, int side) => new(length, Math.Min(length, side));

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

    private static void Consider(ref BufferTiling? best, Stay stay, Gemm gemm, Loop loop, long room, MemoryShare share)
    {
        // Only the number of tiles matters, so each number is tried once, with the least tile that gives it. More tiles along X
        // only add traffic, so the search ends where even a single tile along Y could not win any more.
        for (var countX = 1; ;)
        {
            var tileX = loop.X.TileFor(countX);
            if (best is { } leader && leader.Precedes(Of(stay, gemm, countX, 1), share))
                return;
            var tileY = loop.LargestY(tileX, room);
            if (tileY > 0)
            {
                var countY = loop.Y.TilesOf(tileY);
                var found = Of(stay, gemm, countX, countY);
                if (best is not { } held || found.Precedes(held, share))
                    best = found;
                if (countY == 1)
                    return;
            }

            if (tileX == loop.X.Least)
                return;
            countX = loop.X.TilesOf(tileX - 1);
        }
    }

    private bool Precedes(in BufferTiling other, MemoryShare share)
    {
        var (borne, others) = (Borne(share), other.Borne(share));
        return borne != others ? borne < others : Total < other.Total;
    }

    private static BufferTiling Of(Stay stay, Gemm gemm, int countX, int countY)
    {
        checked
        {
            var inputs = (long)gemm.M * gemm.K;
            var weights = (long)gemm.K * gemm.N;
            var outputs = (long)gemm.M * gemm.N;
            return stay switch
            {
                Stay.Outputs => new(inputs * countY, weights * countX, outputs, 0),
                Stay.Weights => new(inputs * countY, weights, outputs * countX, outputs * (countX - 1)),
                _ => new(inputs, weights * countY, outputs * countX, outputs * (countX - 1)),
            };
        }
    }
}
