namespace Allspark.Engine.Scheduling;

/// <summary>Where the part of a weight slice comes from that a node does not keep.</summary>
public enum WeightSource
{
    /// <summary>The node keeps all of it.</summary>
    OwnMemory,

    /// <summary>The other nodes of its ring.</summary>
    Ring,

    /// <summary>Outside the stack, over the I/O nodes.</summary>
    OutsideStack,
}
