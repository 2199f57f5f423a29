namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Where routers send a packet. Every class of packets has virtual channels of its own on each link, on which packets of that
/// class can never wait for each other in a circle; the rest, if any, are shared.
/// </summary>
internal interface IRouting
{
    /// <summary>Classes of packets, at least 1: as many equal parts of the virtual channels that are not shared.</summary>
    int Classes { get; }

    /// <summary>
    /// Virtual channels of a link, the last ones, that packets of every class may take besides their own if there is room for the whole
    /// packet.
    /// </summary>
    int SharedChannels { get; }

    /// <summary>
    /// What a packet must know of its way beyond its target, chosen once; where several ways are open, by a random number.
    /// </summary>
    int Way(int source, int target, ulong random);

    /// <summary>The link to take from a node towards another on that way, and the class of the packet on it.</summary>
    (int Link, int Class) Next(int node, int target, int way);
}
