using Allspark.Engine.Specifications;

namespace Allspark.Engine.Scheduling;

/// <summary>What one option of one phase costs on one machine.</summary>
public sealed record PhaseCost
{
    /// <summary>Time from the first input to the last output, in seconds.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Computation of the busiest node, its memory accesses included, in seconds.</summary>
    public required double ComputeSeconds { get; init; }

    /// <summary>Exchange within the groups, in seconds, hidden or not.</summary>
    public required double ExchangeSeconds { get; init; }

    /// <summary>Fetch of shared or streamed weights, in seconds, hidden or not.</summary>
    public required double FetchSeconds { get; init; }

    /// <summary>Temporal layers t: steps that the busiest group takes.</summary>
    public required int TemporalLayers { get; init; }

    /// <summary>Chunks of the interleaved dataflow: the temporal layers, or row blocks of the only one.</summary>
    public required int Chunks { get; init; }

    /// <summary>Weights that the fullest node keeps for the whole inference, in bytes.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>Activations and fetched weights that the fullest node needs while the phase runs, in bytes.</summary>
    public required long TransientBytes { get; init; }

    /// <summary>Fetched weights that the fullest node writes to its memory for the time of the phase, in bytes.</summary>
    public long HeldBytes { get; init; }

    /// <summary>Bytes of the largest weight slice that a node works with.</summary>
    public long SliceBytes { get; init; }

    /// <summary>How often a slice that is in memory is read from there: once where it fits half of the buffer, otherwise in every step and row block.</summary>
    public int SliceReads { get; init; }

    /// <summary>Reads and writes of all node memories, in bytes.</summary>
    public required double DramBytes { get; init; }

    /// <summary>Bytes times hops on the interconnect.</summary>
    public required double NocByteHops { get; init; }

    /// <summary>Bytes that cross the stack's boundary.</summary>
    public required double OffStackBytes { get; init; }

    /// <summary>Energy by component.</summary>
    public required EnergyBreakdown Energy { get; init; }

    /// <summary>Part of the latency in which the busiest node waits for the interconnect, in seconds.</summary>
    public double ExposedCommunicationSeconds => LatencySeconds - ComputeSeconds;

    /// <inheritdoc/>
    public override string ToString() => $"{new PhysicalQuantity(LatencySeconds, "s")}, {Energy}";
}
