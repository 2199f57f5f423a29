using System.Runtime.InteropServices;

namespace Allspark.Engine.Placement;

/// <summary>What a collective costs the interconnect, in units of one node's shard.</summary>
/// <param name="HeaviestLinkShards">Shards that cross the heaviest link.</param>
/// <param name="LatencyHops">Hops of the longest chain of dependent transfers.</param>
/// <param name="ShardHops">Σ shards × hops over all links: what energy is charged on.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CollectiveProfile(long HeaviestLinkShards, long LatencyHops, long ShardHops);
