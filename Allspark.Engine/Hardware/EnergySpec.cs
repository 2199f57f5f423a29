using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>What each kind of work costs, in joules; static power in watts.</summary>
public sealed record EnergySpec
{
    /// <summary>One int8 multiply-accumulate.</summary>
    public required double MacInt8Joules { get; init; }

    /// <summary>One fp16 multiply-accumulate.</summary>
    public required double MacFp16Joules { get; init; }

    /// <summary>One fp32 multiply-accumulate.</summary>
    public required double MacFp32Joules { get; init; }

    /// <summary>One operation of a vector lane.</summary>
    public required double VectorOperationJoules { get; init; }

    /// <summary>One bit read from the node's buffer.</summary>
    public required double SramReadJoulesPerBit { get; init; }

    /// <summary>One bit written to the node's buffer.</summary>
    public required double SramWriteJoulesPerBit { get; init; }

    /// <summary>One bit to or from the node's own DRAM.</summary>
    public required double DramJoulesPerBit { get; init; }

    /// <summary>One bit to or from outside the stack.</summary>
    public required double OffStackJoulesPerBit { get; init; }

    /// <summary>One bit over one hop: router and link.</summary>
    public required double HopJoulesPerBit { get; init; }

    /// <summary>What a node draws even when idle, in watts.</summary>
    public required double StaticWattsPerNode { get; init; }

    /// <summary>One multiply-accumulate at a precision.</summary>
    public double MacJoules(Precision precision) => precision switch
    {
        Precision.Int8 => MacInt8Joules,
        Precision.Fp16 => MacFp16Joules,
        Precision.Fp32 => MacFp32Joules,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Precision is Int8, Fp16 or Fp32."),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{new PhysicalQuantity(MacFp16Joules, "J")} a MAC of fp16, {new PhysicalQuantity(DramJoulesPerBit, "J")} of DRAM a bit";
}
