using System.Runtime.InteropServices;

namespace Allspark.Engine.Hardware;

/// <summary>A directed link between two neighbouring nodes.</summary>
/// <param name="From">The node that sends.</param>
/// <param name="To">The node that receives.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Link(int From, int To)
{
    /// <inheritdoc/>
    public override string ToString() => $"{From}→{To}";
}

/// <summary>Topology, routing and link costs of the network between nodes. Nodes and directed links are numbered from 0.</summary>
public interface IInterconnect
{
    /// <summary>Nodes.</summary>
    int NodeCount { get; }

    /// <summary>Directed links.</summary>
    int LinkCount { get; }

    /// <summary>All links by number.</summary>
    IReadOnlyList<Link> Links { get; }

    /// <summary>The link of that number.</summary>
    Link this[int link] { get; }

    /// <summary>Links on the route between two nodes; 0 from a node to itself.</summary>
    int Hops(int source, int target);

    /// <summary>Longest route between any two nodes, in hops.</summary>
    int Diameter { get; }

    /// <summary>Writes the numbers of the links from source to target in order, and returns how many there are.</summary>
    /// <param name="source">The node that sends.</param>
    /// <param name="target">The node that receives.</param>
    /// <param name="links">Room for at least <see cref="Hops"/> numbers; <see cref="Diameter"/> always suffice.</param>
    int Route(int source, int target, Span<int> links);

    /// <summary>Router and link latency of one hop without contention.</summary>
    double HopLatencySeconds { get; }

    /// <summary>Bytes per second of one directed link.</summary>
    double LinkBandwidthBytesPerSecond { get; }

    /// <summary>Directed links, both ways together, that cross the cut through the middle of the longer side.</summary>
    int BisectionLinks { get; }
}
