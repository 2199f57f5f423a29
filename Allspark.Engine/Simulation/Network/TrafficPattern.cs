namespace Allspark.Engine.Simulation.Network;

/// <summary>Where synthetic traffic goes. Nodes of a grid are numbered row by row.</summary>
public enum TrafficPattern
{
    /// <summary>Every node equally often, the source itself included.</summary>
    Uniform,

    /// <summary>From row r, column c to row c, column r; needs a square array.</summary>
    Transpose,

    /// <summary>To the node whose number has every bit inverted; needs a power of two of nodes.</summary>
    BitComplement,

    /// <summary>One row down and one column to the right, round the edges; on a graph, the next number.</summary>
    Neighbor,

    /// <summary>A share of the packets to few nodes, the rest uniform.</summary>
    Hotspot,

    /// <summary>Listed packets.</summary>
    Trace,
}
