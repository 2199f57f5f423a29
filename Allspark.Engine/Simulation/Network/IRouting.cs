namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Where a router sends a packet. Virtual channels are split into equal classes, and a packet takes one of the named class: together
/// that leaves no cycle in which packets could wait for each other.
/// </summary>
internal interface IRouting
{
    /// <summary>Classes of virtual channels, at least 1.</summary>
    int Classes { get; }

    /// <summary>The link to take from a node towards another, and the class of virtual channels on it.</summary>
    (int Link, int Class) Next(int node, int target);
}
