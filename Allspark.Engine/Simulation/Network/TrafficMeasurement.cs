using System.Globalization;

namespace Allspark.Engine.Simulation.Network;

/// <summary>What a network did under traffic.</summary>
public sealed record TrafficMeasurement
{
    /// <summary>The array's name; empty for a network by itself.</summary>
    public string Array { get; init; } = "";

    /// <summary>Where packets went.</summary>
    public required TrafficPattern Pattern { get; init; }

    /// <summary>Flits that a node was to create per cycle on average; 0 for a trace.</summary>
    public required double InjectionRate { get; init; }

    /// <summary>Flits of a packet; the mean of a trace.</summary>
    public required double PacketFlits { get; init; }

    /// <summary>Where the random numbers started.</summary>
    public required int Seed { get; init; }

    /// <summary>
    /// Mean cycles from a packet's creation to the arrival of its tail. Where <see cref="Stable"/> is false it has no limit, and this is a
    /// lower bound: packets still under way count with the age that they had reached.
    /// </summary>
    public required double AverageLatencyCycles { get; init; }

    /// <summary>Mean cycles from the injection of a packet's head to the arrival of its tail, of the packets that arrived.</summary>
    public required double AverageNetworkLatencyCycles { get; init; }

    /// <summary>Longest time from creation to arrival of the tail.</summary>
    public required int MaximumLatencyCycles { get; init; }

    /// <summary>Mean links on a packet's way.</summary>
    public required double AverageHops { get; init; }

    /// <summary>Flits that arrived per cycle and node while it was measured.</summary>
    public required double AcceptedRate { get; init; }

    /// <summary>Flits that were created per cycle and node while it was measured.</summary>
    public required double OfferedRate { get; init; }

    /// <summary>False where the network saturates: source queues grow, or the samples' latency does not settle.</summary>
    public required bool Stable { get; init; }

    /// <summary>Cycles simulated.</summary>
    public required int Cycles { get; init; }

    /// <summary>Measured packets that arrived.</summary>
    public required long Packets { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pattern} at {InjectionRate}: {AverageLatencyCycles:F2} cycles");
}
