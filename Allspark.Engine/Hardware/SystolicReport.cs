namespace Allspark.Engine.Hardware;

/// <summary>
/// What SCALE-Sim 3 reports of one matrix product on one systolic array, in its own terms: cycles that count from zero,
/// percentages, words. A fold is one filling of the array with stationary elements; S_r×S_c elements are to be folded, T stream
/// past each (scalesim/compute/systolic_compute_{ws,os,is}.py).
/// </summary>
public sealed record SystolicReport
{
    /// <summary>Reports a product.</summary>
    /// <param name="gemm">Its shape.</param>
    /// <param name="dataflow">One stationary dataflow.</param>
    /// <param name="rows">R, rows of multipliers.</param>
    /// <param name="columns">C, columns of multipliers.</param>
    /// <exception cref="OverflowException">A count exceeds 63 bits.</exception>
    public SystolicReport(Gemm gemm, Dataflow dataflow, int rows, int columns)
    {
        checked
        {
            Cycles = GemmModel.Cycles(gemm, dataflow, rows, columns) - 1;
            var (stationaryRows, stationaryColumns, streamed) = dataflow switch
            {
                Dataflow.WeightStationary => (gemm.K, gemm.N, gemm.M),
                Dataflow.OutputStationary => (gemm.M, gemm.N, gemm.K),
                _ => (gemm.K, gemm.M, gemm.N),
            };
            var (foldRows, foldColumns) = (Folds(stationaryRows, rows), Folds(stationaryColumns, columns));
            MappingEfficiency = (double)stationaryRows * stationaryColumns / ((double)foldRows * rows * foldColumns * columns);
            // The cycles of a fold in its sense: 2R + 2C + T − 3, and R + C + T − 2 where nothing is loaded first.
            var fold = dataflow == Dataflow.OutputStationary ? rows + columns + (long)streamed - 2 : (2L * rows) + (2L * columns)
                + streamed - 3;
            ComputeUtilization = MappingEfficiency * streamed / fold;
            OverallUtilization = Cycles > 0 ? gemm.Macs / ((double)Cycles * rows * columns) : 1;
            var (inputs, weights, outputs) = ((long)gemm.M * gemm.K, (long)gemm.K * gemm.N, (long)gemm.M * gemm.N);
            (InputReads, FilterReads, OutputWrites) = dataflow switch
            {
                Dataflow.WeightStationary => (inputs * foldColumns, weights, outputs * foldRows),
                Dataflow.OutputStationary => (inputs * foldColumns, weights * foldRows, outputs),
                _ => (inputs, weights * foldColumns, outputs * foldRows),
            };
        }
    }

    /// <summary>Total Cycles without stalls.</summary>
    public long Cycles { get; }

    /// <summary>Overall Util: MACs over those that the array could have done in <see cref="Cycles"/>; 0 to 1.</summary>
    public double OverallUtilization { get; }

    /// <summary>Mapping Efficiency: the part of the array that holds something, the mean over the folds; 0 to 1.</summary>
    public double MappingEfficiency { get; }

    /// <summary>Compute Util: the part of the array that multiplies, the mean over the cycles of a fold; 0 to 1.</summary>
    public double ComputeUtilization { get; }

    /// <summary>SRAM IFMAP Reads, in words.</summary>
    public long InputReads { get; }

    /// <summary>SRAM Filter Reads, in words.</summary>
    public long FilterReads { get; }

    /// <summary>SRAM OFMAP Writes, in words.</summary>
    public long OutputWrites { get; }

    private static long Folds(int extent, int side) => ((long)extent + side - 1) / side;
}
