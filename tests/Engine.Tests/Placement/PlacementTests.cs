using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Xunit;

namespace Engine.Tests.Placement;

public sealed class PlacementTests
{
    private static readonly PimArray s_array = ArrayCatalog.Get("stack-8x8");

    [Theory]
    [InlineData(56, 0)]
    [InlineData(56, 3)]
    [InlineData(7, 3)]
    [InlineData(10, 3)]
    public void TokenOrderIsAPermutationWindowByWindow(int side, int shift)
    {
        var order = TokenOrder.Of(new TokenGrid(side, side, 0), new WindowAttention(7, shift));

        Assert.Equal(Enumerable.Range(0, side * side), order.Rank.Order());
        var byRank = order.Rank.Index().OrderBy(token => token.Item).Select(token => order.Window[token.Index]).ToArray();
        Assert.Equal(byRank.Order(), byRank);
        Assert.All(order.Window.CountBy(window => window), window => Assert.InRange(window.Value, 1, 49));
    }

    [Fact]
    public void AShiftMovesTokensBetweenWindowsAndBack()
    {
        var grid = new TokenGrid(14, 14, 0);
        var plain = TokenOrder.Of(grid, new WindowAttention(7, 0));
        var shifted = TokenOrder.Of(grid, new WindowAttention(7, 3));

        // Rolled by (3, 3), a window keeps the 16 tokens of its lower right 4×4 part.
        var kept = Enumerable.Range(0, grid.Tokens).Count(token => plain.Window[token] == shifted.Window[token]);
        Assert.Equal(4 * 16, kept);
    }

    [Fact]
    public void MeshLoadsAreThoseOfTheRoutes()
    {
        var random = new Random(7);
        var loads = new LinkLoads(s_array);
        var expected = new long[s_array.Interconnect.LinkCount];
        var (route, byteHops) = (new int[s_array.Interconnect.Diameter], 0L);
        for (var flow = 0; flow < 500; flow++)
        {
            var (source, target, amount) = (random.Next(64), random.Next(64), random.Next(1, 100));
            loads.Add(source, target, amount);
            var hops = s_array.Interconnect.Route(source, target, route);
            byteHops += (long)hops * amount;
            foreach (var link in route.AsSpan(0, hops))
                expected[link] += amount;
        }

        Assert.Equal(expected, loads.ByLink());
        Assert.Equal(expected.Max(), loads.Heaviest());
        Assert.Equal(byteHops, loads.AmountHops);
    }

    [Fact]
    public void ARingInACycleLoadsEveryLinkWithHalfTheShards()
    {
        var collectives = new Collectives(s_array);
        var profile = collectives.Ring(Tiling.Rectangle(s_array, 4, 4), 16, 1, 64);

        Assert.Equal(8, profile.HeaviestLinkShards);
        Assert.Equal(8, profile.LatencyHops);
        Assert.Equal(4 * 16 * 15, profile.ShardHops);
    }

    [Fact]
    public void RingsAcrossGroupsReachTheirHolders()
    {
        // Copies of a slice on 4 groups of 16 nodes: rank r of each group, two hops or more apart.
        var profile = new Collectives(s_array).Ring(Tiling.Rectangle(s_array, 4, 4), 4, 16, 64);

        Assert.True(profile.HeaviestLinkShards > 0);
        Assert.Equal(16 * 4 * 3 * 4, profile.ShardHops);
    }

    [Fact]
    public void AllToAllMeetsItsLowerBound()
    {
        var profile = new Collectives(s_array).AllToAll(Tiling.Rectangle(s_array, 8, 8), 64);

        // 32·32 shards cross the middle each way over 8 links.
        Assert.Equal(32 * 32 / 8, profile.HeaviestLinkShards);
        Assert.Equal(14, profile.LatencyHops);
    }
}
