using System.Runtime.InteropServices;

namespace Allspark.Engine.Simulation.Network;

/// <summary>One packet of a trace.</summary>
/// <param name="Cycle">The cycle of its creation, from 0.</param>
/// <param name="Source">The node that sends.</param>
/// <param name="Target">The node that receives.</param>
/// <param name="Flits">Its length, at least 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TracePacket(int Cycle, int Source, int Target, int Flits);
