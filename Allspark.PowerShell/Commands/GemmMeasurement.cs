using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>One matrix product measured on one node.</summary>
public sealed class GemmMeasurement
{
    private readonly Setting<Gemm> gemm;
    private readonly Setting<Precision> precision;
    private readonly Setting<GemmCost> cost;
    private readonly NodeSpec node;

    internal GemmMeasurement(Gemm gemm, Precision precision, NodeSpec node, GemmCost cost) =>
        (this.gemm, this.precision, this.node, this.cost) = (new(gemm), new(precision), node, new(cost));

    /// <summary>Rows of the inputs.</summary>
    public int M => gemm.Value.M;

    /// <summary>The length that is summed over.</summary>
    public int K => gemm.Value.K;

    /// <summary>Columns of the weights.</summary>
    public int N => gemm.Value.N;

    /// <summary>M·K·N.</summary>
    public long Macs => gemm.Value.Macs;

    /// <summary>Rows of multipliers.</summary>
    public int Rows => node.ArrayRows;

    /// <summary>Columns of multipliers.</summary>
    public int Columns => node.ArrayColumns;

    /// <summary>Buffer of the node.</summary>
    public long BufferBytes => node.BufferBytes;

    /// <summary>The number format.</summary>
    public Precision Precision => precision.Value;

    /// <summary>The dataflow that was asked for, or that was fastest.</summary>
    public Dataflow Dataflow => cost.Value.Dataflow;

    /// <summary>Cycles of the compute array.</summary>
    public long Cycles => cost.Value.ComputeCycles;

    /// <summary>MACs over those that the array could have done in <see cref="Cycles"/>.</summary>
    public double Utilization => cost.Value.Utilization;

    /// <summary>Memory traffic of the inputs.</summary>
    public long InputBytes => cost.Value.InputBytes;

    /// <summary>Memory traffic of the weights.</summary>
    public long WeightBytes => cost.Value.WeightBytes;

    /// <summary>Memory traffic of the outputs, partial sums included.</summary>
    public long OutputBytes => cost.Value.OutputBytes;

    /// <summary>All memory traffic.</summary>
    public long DramBytes => cost.Value.DramBytes;

    /// <summary>All traffic of the buffer.</summary>
    public long SramBytes => cost.Value.SramBytes;

    /// <summary>Time of the compute array alone.</summary>
    public double ComputeSeconds => cost.Value.ComputeSeconds;

    /// <summary>Time of the memory traffic alone.</summary>
    public double MemorySeconds => cost.Value.MemorySeconds;

    /// <summary>Time of the first tile, which nothing overlaps.</summary>
    public double FillSeconds => cost.Value.FillSeconds;

    /// <summary>Time in all: the larger of compute and memory time, and the fill.</summary>
    public double LatencySeconds => cost.Value.Seconds;
}
