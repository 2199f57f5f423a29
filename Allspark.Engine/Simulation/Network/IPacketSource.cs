using System.Runtime.InteropServices;

namespace Allspark.Engine.Simulation.Network;

/// <summary>A packet that a node creates.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NewPacket(int Created, int Target, int Flits)
{
    /// <summary>What a node creates that has no more packets.</summary>
    public static NewPacket None { get; } = new(int.MaxValue, 0, 0);
}

/// <summary>What each node creates, in the order of creation.</summary>
internal interface IPacketSource
{
    /// <summary>The next packet of the node.</summary>
    NewPacket Next(int node);
}
