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

    /// <summary>To the node whose number has the bits in reverse order; needs a power of two of nodes.</summary>
    BitReverse,

    /// <summary>
    /// To the node whose number has the bits rotated, the highest becoming the lowest; needs a power of two of nodes.
    /// </summary>
    Shuffle,

    /// <summary>
    /// Almost half way round the row and the column, ⌈k/2⌉ - 1 nodes of k; on a graph, in the order of the numbers.
    /// </summary>
    Tornado,

    /// <summary>One row down and one column to the right, round the edges; on a graph, the next number.</summary>
    Neighbor,

    /// <summary>A share of the packets to few nodes, the rest uniform.</summary>
    Hotspot,

    /// <summary>Listed packets.</summary>
    Trace,
}
