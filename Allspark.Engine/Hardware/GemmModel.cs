using System.Collections.Concurrent;

namespace Allspark.Engine.Hardware;

/// <summary>
/// Time and traffic of matrix products on one kind of node. Compute cycles are those of a systolic array under the three
/// stationary schedules as SCALE-Sim counts them; memory traffic is what the best tiling into the buffer leaves; both overlap
/// but for the array's first fold. Each product is searched once and remembered. Safe for many threads.
/// </summary>
public sealed class GemmModel
{
    private readonly NodeSpec node;
    private readonly int bytesPerElement;
    private readonly double bandwidth;
    private readonly ConcurrentDictionary<(Gemm Gemm, Dataflow Dataflow, MemoryShare Share), GemmCost> memo = new();

    /// <summary>Creates the model of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="bytesPerElement">Bytes of one element of any operand, partial sums included.</param>
    public GemmModel(NodeSpec node, int bytesPerElement)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerElement, 1);
        this.node = node;
        this.bytesPerElement = bytesPerElement;
        bandwidth = node.StreamingBandwidthBytesPerSecond;
    }

    /// <summary>What a matrix product costs.</summary>
    /// <param name="gemm">Its shape, all three dimensions at least 1.</param>
    /// <param name="dataflow">One of the node's, or <see cref="Dataflow.Best"/> for the fastest of them.</param>
    /// <param name="share">What the memory bears of the traffic; all of it if omitted.</param>
    /// <exception cref="ArgumentException">
    /// A dimension is below 1, the product is too large to count, the node does not run the dataflow, or the buffer holds no tile.
    /// </exception>
    public GemmCost Evaluate(Gemm gemm, Dataflow dataflow = Dataflow.Best, MemoryShare? share = null)
    {
        var key = (gemm, dataflow, share ?? MemoryShare.All);
        return memo.TryGetValue(key, out var known)
            ? known
            : memo.GetOrAdd(key, static (key, model) => model.Search(key.Gemm, key.Dataflow, key.Share), this);
    }

    /// <summary>Cycles of a product on an R×C array, from the first operand in to the last result out.</summary>
    /// <remarks>
    /// A fold holds R×C stationary elements. WS and IS load it in R cycles and stream the third dimension through, skewed:
    /// 2R + C + (M or N) − 2. OS streams K through and has its sums where they were made: R + C + K − 2.
    /// SCALE-Sim reports one less, its cycles count from zero.
    /// </remarks>
    /// <exception cref="OverflowException">The count exceeds 63 bits.</exception>
    public static long Cycles(Gemm gemm, Dataflow dataflow, int rows, int columns) => checked(dataflow switch
    {
        Dataflow.WeightStationary => ((2L * rows) + columns + gemm.M - 2) * Folds(gemm.K, rows) * Folds(gemm.N, columns),
        Dataflow.OutputStationary => ((long)rows + columns + gemm.K - 2) * Folds(gemm.M, rows) * Folds(gemm.N, columns),
        Dataflow.InputStationary => ((2L * rows) + columns + gemm.N - 2) * Folds(gemm.K, rows) * Folds(gemm.M, columns),
        _ => throw new ArgumentOutOfRangeException(nameof(dataflow), dataflow, "Cycles are those of one stationary dataflow."),
    });

    private static long Folds(int extent, int side) => ((long)extent + side - 1) / side;

    private GemmCost Search(Gemm gemm, Dataflow dataflow, MemoryShare share)
    {
        if (gemm.M < 1 || gemm.K < 1 || gemm.N < 1)
            throw new ArgumentException($"A matrix product has dimensions of at least 1; this one is {gemm}.", nameof(gemm));
        if (dataflow != Dataflow.Best && !node.Dataflows.Contains(dataflow))
            throw new ArgumentException(
                $"The node does not run {dataflow}. It runs: {string.Join(", ", node.Dataflows)}.", nameof(dataflow));
        try
        {
            return (dataflow == Dataflow.Best ? Fastest(gemm, share) : Cost(gemm, dataflow, share))
                ?? throw new ArgumentException(
                    $"A buffer of {node.BufferBytes} bytes cannot hold one double-buffered tile of {gemm} at {bytesPerElement} bytes an element "
                    + $"under {(dataflow == Dataflow.Best ? string.Join(", ", node.Dataflows) : dataflow)}. Give the node a larger buffer.",
                    nameof(gemm));
        }
        catch (OverflowException error)
        {
            throw new ArgumentException($"The matrix product {gemm} is too large: its cycles or bytes exceed 63 bits.", nameof(gemm), error);
        }
    }

    private GemmCost? Fastest(Gemm gemm, MemoryShare share)
    {
        GemmCost? best = null;
        foreach (var dataflow in node.Dataflows.AsSpan())
        {
            if (Cost(gemm, dataflow, share) is { } cost && (best is not { } held || Precedes(cost, held)))
                best = cost;
        }

        return best;
    }

    // Where memory binds, all dataflows take the same time; then the one that works the buffer least is best.
    private static bool Precedes(in GemmCost left, in GemmCost right) =>
        left.Seconds != right.Seconds ? left.Seconds < right.Seconds
        : left.SramBytes != right.SramBytes ? left.SramBytes < right.SramBytes
        : left.ComputeCycles < right.ComputeCycles;

    private GemmCost? Cost(Gemm gemm, Dataflow dataflow, MemoryShare share)
    {
        if (BufferTiling.Search(gemm, dataflow, node, bytesPerElement, share) is not { } tiling)
            return null;
        var cycles = Cycles(gemm, dataflow, node.ArrayRows, node.ArrayColumns);
        var (reads, writes) = BufferAccesses(gemm, dataflow);
        var memoryBytes = tiling.Borne(share) * bytesPerElement;
        var firstFold = FirstFold(gemm, dataflow) * bytesPerElement;
        return checked(new GemmCost
        {
            Dataflow = dataflow,
            ComputeCycles = cycles,
            Utilization = gemm.Macs / ((double)cycles * node.MacsPerCycle),
            InputBytes = tiling.Inputs * bytesPerElement,
            WeightBytes = tiling.Weights * bytesPerElement,
            OutputBytes = (tiling.OutputWrites + tiling.OutputReads) * bytesPerElement,
            SramReadBytes = (reads + tiling.OutputWrites) * bytesPerElement,
            SramWriteBytes = (writes + tiling.Inputs + tiling.Weights + tiling.OutputReads) * bytesPerElement,
            MemoryBytes = memoryBytes,
            FirstFoldBytes = firstFold,
            ComputeSeconds = cycles / node.ClockHertz,
            MemorySeconds = memoryBytes / bandwidth,
            FillSeconds = memoryBytes > 0 ? node.AccessLatencySeconds + (Math.Min(firstFold, memoryBytes) / bandwidth) : 0,
        });
    }

    // What the array holds before it begins, and the first row or column of what streams through it.
    private long FirstFold(Gemm gemm, Dataflow dataflow)
    {
        var (rows, columns) = (node.ArrayRows, node.ArrayColumns);
        return dataflow switch
        {
            Dataflow.WeightStationary => Math.Min(gemm.K, rows) * (Math.Min(gemm.N, columns) + 1L),
            Dataflow.OutputStationary => (long)Math.Min(gemm.M, rows) + Math.Min(gemm.N, columns),
            _ => Math.Min(gemm.K, rows) * (Math.Min(gemm.M, columns) + 1L),
        };
    }

    /// <summary>
    /// Elements that the array reads from and writes to the buffer: the stationary operand once, a streaming one once for every
    /// row or column of folds, partial sums once for every fold of K.
    /// </summary>
    private (long Reads, long Writes) BufferAccesses(Gemm gemm, Dataflow dataflow)
    {
        var (rows, columns) = (node.ArrayRows, node.ArrayColumns);
        checked
        {
            var inputs = (long)gemm.M * gemm.K;
            var weights = (long)gemm.K * gemm.N;
            var outputs = (long)gemm.M * gemm.N;
            var passes = dataflow == Dataflow.OutputStationary ? 1 : Folds(gemm.K, rows);
            var operands = dataflow switch
            {
                Dataflow.WeightStationary => weights + (inputs * Folds(gemm.N, columns)),
                Dataflow.OutputStationary => (inputs * Folds(gemm.N, columns)) + (weights * Folds(gemm.M, rows)),
                _ => inputs + (weights * Folds(gemm.M, columns)),
            };
            return (operands + (outputs * (passes - 1)), outputs * passes);
        }
    }
}
