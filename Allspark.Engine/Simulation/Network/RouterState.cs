using System.Runtime.InteropServices;
using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>Cycles between the steps of a flit, from the router's stages.</summary>
internal sealed class RouterTiming
{
    public RouterTiming(InterconnectSpec spec)
    {
        RouteCycles = spec.RouteCycles;
        ChannelCycles = spec.VirtualChannelCycles;
        var sent = spec.SwitchCycles + spec.TraversalCycles;
        LinkFlitCycles = (spec.FlitBytes + spec.LinkBytesPerCycle - 1) / spec.LinkBytesPerCycle;
        FlitCycles = sent + spec.LinkCycles + LinkFlitCycles - 1;
        EjectionCycles = sent + 1;
        // A credit leaves with the grant, travels like a flit, and is taken in one cycle later.
        LinkCreditCycles = spec.SwitchCycles + spec.LinkCycles + 1;
        NodeCreditCycles = spec.SwitchCycles + 1;
        EjectionCreditCycles = EjectionCycles + 3;
    }

    public int RouteCycles { get; }

    public int ChannelCycles { get; }

    /// <summary>Cycles that a flit keeps a link.</summary>
    public int LinkFlitCycles { get; }

    /// <summary>From a grant of the switch to the next router.</summary>
    public int FlitCycles { get; }

    /// <summary>From a grant of the switch to the node.</summary>
    public int EjectionCycles { get; }

    public int LinkCreditCycles { get; }

    public int NodeCreditCycles { get; }

    public int EjectionCreditCycles { get; }
}

/// <summary>One input of a router, with its two arbiters: among its virtual channels, and among the router's outputs.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct InputPort
{
    public int Node;
    public int Number;
    public int RouterOutputs;
    public int ChannelPointer;
    public int OutputPointer;
}

/// <summary>One output of a router, with its arbiter among the router's inputs and the best request of this cycle.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct OutputPort
{
    public int Node;
    public int Number;
    public int RouterInputs;
    public int InputPointer;
    public int Requester;
    public int RequesterDistance;
    public int FreeAt;
    public ulong FreeChannels;
}

/// <summary>A virtual channel at an input: its buffer, its packet's way on, and its arbiter among the virtual channels to go on by.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct InputChannel
{
    public int Port;
    public int Number;
    public int Head;
    public int Count;
    public int OutputPort;
    public int Output;
    public int PointerPort;
    public int PointerNumber;
    public ulong Allowed;
    public bool Busy;
}

/// <summary>A virtual channel at an output: credits, and its arbiter among all virtual channels of the router's inputs.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct OutputChannel
{
    public int Credits;
    public int Pointer;
    public int Requester;
    public int RequesterDistance;
}
