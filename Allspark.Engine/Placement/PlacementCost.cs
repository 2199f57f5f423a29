using Allspark.Engine.Specifications;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Placement;

/// <summary>What the moves of a placement cost.</summary>
/// <param name="ByteHops">Σ bytes × hops.</param>
/// <param name="HeaviestLinkBytes">Bytes over the link that all moves together load most.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlacementCost(long ByteHops, long HeaviestLinkBytes) : IComparable<PlacementCost>
{
    /// <summary>Whether <paramref name="left"/> is the better.</summary>
    public static bool operator <(PlacementCost left, PlacementCost right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is the worse.</summary>
    public static bool operator >(PlacementCost left, PlacementCost right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is no worse.</summary>
    public static bool operator <=(PlacementCost left, PlacementCost right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is no better.</summary>
    public static bool operator >=(PlacementCost left, PlacementCost right) => left.CompareTo(right) >= 0;

    /// <summary>By bytes × hops, then by the heaviest link.</summary>
    public int CompareTo(PlacementCost other) => (ByteHops, HeaviestLinkBytes).CompareTo((other.ByteHops, other.HeaviestLinkBytes));

    /// <inheritdoc/>
    public override string ToString() => $"{new PhysicalQuantity(ByteHops, "B")}·hops, {new PhysicalQuantity(HeaviestLinkBytes, "B")} over the heaviest link";
}
