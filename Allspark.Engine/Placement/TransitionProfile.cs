using System.Runtime.InteropServices;

namespace Allspark.Engine.Placement;

/// <summary>What moving the tokens between two layouts costs the interconnect, in units of one token.</summary>
/// <param name="HeaviestLinkTokens">Tokens that cross the heaviest link.</param>
/// <param name="LongestRouteHops">Hops of the longest route taken.</param>
/// <param name="TokenHops">Σ tokens × hops.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TransitionProfile(long HeaviestLinkTokens, int LongestRouteHops, long TokenHops);
