using System.Globalization;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Hardware;

/// <summary>A matrix product: inputs M×K times weights K×N into outputs M×N.</summary>
/// <param name="M">Rows of the inputs, the tokens.</param>
/// <param name="K">The length that is summed over.</param>
/// <param name="N">Columns of the weights, the output channels.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Gemm(int M, int K, int N)
{
    /// <summary>M·K·N.</summary>
    public long Macs => checked((long)M * K * N);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"M={M}, K={K}, N={N}");
}

/// <summary>
/// The part of each operand's traffic that the node's memory bears: 1 unless the operand is in the buffer already, stays there, or is
/// read once for several products.
/// </summary>
/// <param name="Inputs">Of the inputs.</param>
/// <param name="Weights">Of the weights.</param>
/// <param name="Outputs">Of the outputs.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MemoryShare(double Inputs, double Weights, double Outputs)
{
    /// <summary>All operands come from the memory, and the outputs go there.</summary>
    public static MemoryShare All { get; } = new(1, 1, 1);
}

/// <summary>What one matrix product costs on one node.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GemmCost
{
    /// <summary>The schedule that was evaluated, or that was best.</summary>
    public Dataflow Dataflow { get; init; }

    /// <summary>Cycles of the compute array.</summary>
    public long ComputeCycles { get; init; }

    /// <summary>MACs over those that the array could have done in <see cref="ComputeCycles"/>.</summary>
    public double Utilization { get; init; }

    /// <summary>DRAM bytes of the inputs under the best tiling.</summary>
    public long InputBytes { get; init; }

    /// <summary>DRAM bytes of the weights under the best tiling.</summary>
    public long WeightBytes { get; init; }

    /// <summary>DRAM bytes of the outputs, partial sums written and read back included.</summary>
    public long OutputBytes { get; init; }

    /// <summary>Bytes read from the buffer by the array, and drained from it to DRAM.</summary>
    public long SramReadBytes { get; init; }

    /// <summary>Bytes written to the buffer by the array, and filled into it from DRAM.</summary>
    public long SramWriteBytes { get; init; }

    /// <summary>Bytes that the memory reads and writes: of each operand the part that it bears.</summary>
    public double MemoryBytes { get; init; }

    /// <summary>Bytes that must be in the buffer before the first cycle, the array's first fold: nothing overlaps their transfer.</summary>
    public long FirstFoldBytes { get; init; }

    /// <summary>Time of the compute array alone.</summary>
    public double ComputeSeconds { get; init; }

    /// <summary>Time of the memory traffic alone, at the bandwidth that a stream attains.</summary>
    public double MemorySeconds { get; init; }

    /// <summary>Latency of the first access and transfer of the first fold; nothing overlaps them. 0 where nothing comes from the memory.</summary>
    public double FillSeconds { get; init; }

    /// <summary>The larger of compute and memory time, and the fill.</summary>
    public double Seconds => Math.Max(ComputeSeconds, MemorySeconds) + FillSeconds;

    /// <summary>Buffer bytes read and written.</summary>
    public long SramBytes => SramReadBytes + SramWriteBytes;

    /// <summary>All DRAM traffic under the tiling.</summary>
    public long DramBytes => InputBytes + WeightBytes + OutputBytes;
}
