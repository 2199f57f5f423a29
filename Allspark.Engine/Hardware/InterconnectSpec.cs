using Allspark.Engine.Specifications;

namespace Allspark.Engine.Hardware;

/// <summary>How the nodes are wired.</summary>
public enum Topology
{
    /// <summary>A grid; neighbours are linked both ways.</summary>
    Mesh,

    /// <summary>A grid whose rows and columns close to rings.</summary>
    Torus,
}

/// <summary>The network between nodes: topology, links and router.</summary>
public sealed record InterconnectSpec
{
    /// <summary>How the nodes are wired.</summary>
    public required Topology Topology { get; init; }

    /// <summary>Width of a link: bytes that it takes per cycle.</summary>
    public required int LinkBytesPerCycle { get; init; }

    /// <summary>Clock of routers and links.</summary>
    public required double ClockHertz { get; init; }

    /// <summary>Cycles of route computation.</summary>
    public required int RouteCycles { get; init; }

    /// <summary>Cycles of virtual-channel allocation.</summary>
    public required int VirtualChannelCycles { get; init; }

    /// <summary>Cycles of switch allocation.</summary>
    public required int SwitchCycles { get; init; }

    /// <summary>Cycles of switch traversal.</summary>
    public required int TraversalCycles { get; init; }

    /// <summary>Cycles on a link.</summary>
    public required int LinkCycles { get; init; }

    /// <summary>Virtual channels of an input port.</summary>
    public required int VirtualChannels { get; init; }

    /// <summary>Flits that a virtual channel buffers.</summary>
    public required int BufferFlits { get; init; }

    /// <summary>Bytes of a flit.</summary>
    public required int FlitBytes { get; init; }

    /// <summary>Cycles that a head flit spends in one router without contention.</summary>
    public int RouterCycles => RouteCycles + VirtualChannelCycles + SwitchCycles + TraversalCycles;

    /// <summary>Router and link of one hop without contention.</summary>
    public double HopLatencySeconds => (RouterCycles + LinkCycles) / ClockHertz;

    /// <summary>Bytes per second of one link in one direction.</summary>
    public double LinkBandwidthBytesPerSecond => LinkBytesPerCycle * ClockHertz;

    /// <inheritdoc/>
    public override string ToString() => $"{Topology}, links of {new PhysicalQuantity(LinkBandwidthBytesPerSecond, "B/s")}, {new PhysicalQuantity(HopLatencySeconds, "s")} a hop";
}
