using Allspark.Engine.Specifications;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Scheduling;

/// <summary>Cost of the token move between two phases.</summary>
/// <param name="LatencySeconds">Time in seconds.</param>
/// <param name="NocByteHops">Bytes times hops.</param>
/// <param name="OffStackBytes">Bytes that cross the stack's boundary: the image's, or the result's.</param>
/// <param name="Energy">Energy by component.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TransitionCost(double LatencySeconds, double NocByteHops, double OffStackBytes, EnergyBreakdown Energy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{new PhysicalQuantity(LatencySeconds, "s")}, {Energy}";
}
