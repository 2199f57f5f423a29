using Allspark.Engine.Models;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>One node: a systolic compute array and vector lanes on a buffer, over the node's own share of the stacked memory.</summary>
public sealed record NodeSpec
{
    /// <summary>Pr, rows of multipliers.</summary>
    public required int ArrayRows { get; init; }

    /// <summary>Pc, columns of multipliers.</summary>
    public required int ArrayColumns { get; init; }

    /// <summary>The stationary schedules that the array can run; never empty, never <see cref="Dataflow.Best"/>.</summary>
    public required ValueList<Dataflow> Dataflows { get; init; }

    /// <summary>Vector operations per cycle.</summary>
    public required int VectorLanes { get; init; }

    /// <summary>SRAM of the node in bytes.</summary>
    public required long BufferBytes { get; init; }

    /// <summary>DRAM of the node in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Bandwidth to that DRAM while a row is open, in bytes per second.</summary>
    public required double MemoryBandwidthBytesPerSecond { get; init; }

    /// <summary>Clock of the compute array and the lanes.</summary>
    public required double ClockHertz { get; init; }

    /// <summary>Timing of the node's DRAM.</summary>
    public required DramTiming Dram { get; init; }

    /// <summary>Pr·Pc, multiply-accumulate operations per cycle.</summary>
    public int MacsPerCycle => checked(ArrayRows * ArrayColumns);

    /// <summary>Pr·Pc·f.</summary>
    public double PeakMacsPerSecond => MacsPerCycle * ClockHertz;

    /// <summary>Vector operations per second.</summary>
    public double VectorOperationsPerSecond => VectorLanes * ClockHertz;

    /// <summary>The share of <see cref="MemoryBandwidthBytesPerSecond"/> that a long stream attains.</summary>
    public double StreamingEfficiency => Dram.StreamingEfficiency(MemoryBandwidthBytesPerSecond);

    /// <summary>Bytes per second of a long stream, row misses and refresh taken off.</summary>
    public double StreamingBandwidthBytesPerSecond => MemoryBandwidthBytesPerSecond * StreamingEfficiency;

    /// <summary>What the first access waits, in seconds.</summary>
    public double AccessLatencySeconds => Dram.AccessLatencySeconds;

    /// <inheritdoc/>
    public override string ToString() => $"{ArrayRows}×{ArrayColumns} multipliers at {new PhysicalQuantity(ClockHertz, "Hz")}, {new PhysicalQuantity(MemoryBytes, "B")} of memory, {new PhysicalQuantity(BufferBytes, "B")} of buffer";
}
