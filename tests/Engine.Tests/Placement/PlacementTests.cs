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
    public void ATokenOfAStripedPhaseHasTwoPlacesAndMovesToBoth()
    {
        var grid = new TokenGrid(8, 8, 0);
        var order = TokenOrder.Of(grid, new StripeAttention(2));
        Assert.Equal(Enumerable.Range(0, 64), order.Rank);
        Assert.Equal((0, 2), (order.Window[2 * 8 - 1], order.Position[2]));
        Assert.Equal((4 + 3, 5 * 2 + 1), (order.Crossing!.Window[5 * 8 + 7], order.Crossing.Position[5 * 8 + 7]));

        var workload = Partitioner.Split(ModelCatalog.Get("cswin_t"), s_array);
        var flows = new TokenFlows(s_array);
        var (before, phase) = (workload.Phases[0], workload.Phases[1]);
        var tiling = Tiling.Rectangle(s_array, 1, 1);
        var moved = 0L;
        var striped = flows.Places(phase, tiling);
        flows.Visit(flows.Places(before, tiling), striped, (_, _, tokens) => moved += tokens);
        var shared = striped.CrossingNodes.Count(node => node < 0);
        Assert.Equal(2 * 56 * 56 - shared, moved);
        Assert.Empty(flows.Places(workload.Phases[2], tiling).CrossingNodes);
    }

    // Every token of a 3×3 convolution is read by the nodes of its up to nine neighbours, each once.
    [Fact]
    public void OverlappingPatchesReadTheirNeighboursTokens()
    {
        var phase = Partitioner.Split(ModelCatalog.Get("maxvit_t"), s_array).Phases.Single(phase => phase.Block == "stages.3.bottlenecks.1.depthwise");
        Assert.Equal((7, 7, new ConvolutionShape(3, 1, 1)), (phase.InputGrid.Height, phase.OutputGrid.Width, phase.Convolution));
        var flows = new TokenFlows(s_array);
        var tiling = Tiling.Rectangle(s_array, 1, 1);
        var places = flows.Places(phase, tiling);
        var nodes = places.OutputNodes;
        var expected = new HashSet<(int, int)>();
        for (var token = 0; token < 49; token++)
        {
            for (var near = 0; near < 49; near++)
            {
                if (Math.Abs(token / 7 - near / 7) <= 1 && Math.Abs(token % 7 - near % 7) <= 1 && nodes[token] != nodes[near])
                    expected.Add((near, nodes[token]));
            }
        }

        var (tokens, readers) = places.Neighbours;
        Assert.Equal(expected.Order(), tokens.Zip(readers).Order());
        Assert.Equal(expected.Count, tokens.Length);
    }

    // 56 stripes of each orientation: on an even number of groups half of them hold the heads of one, on three every group both.
    [Fact]
    public void WeightsOfAnOrientationAreOnItsGroups()
    {
        var phase = Partitioner.Split(ModelCatalog.Get("cswin_t"), s_array).Phases[1];
        Assert.Equal((112, 1, 2), (phase.Windows, phase.Heads, phase.Orientations));
        var even = new PhaseOption { Tiling = Tiling.Rectangle(s_array, 1, 1), HeadParts = 1 };
        var odd = new PhaseOption { Tiling = Tiling.Runs(1, 0, 3), HeadParts = 1 };
        Assert.Equal((1, 32), (phase.HeldOrientations(even.Tiling), even.SliceCopies(phase)));
        Assert.Equal((2, 3), (phase.HeldOrientations(odd.Tiling), odd.SliceCopies(phase)));
        Assert.Equal([0, 0, 1, 1], ((int[])[0, 55, 56, 111]).Select(phase.OrientationOf));
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

    [Theory]
    [InlineData(Topology.Mesh, 8, 8)]
    [InlineData(Topology.Torus, 8, 8)]
    [InlineData(Topology.Torus, 5, 7)]
    [InlineData(Topology.Torus, 2, 3)]
    [InlineData(Topology.Mesh, 1, 6)]
    [InlineData(Topology.Torus, 6, 1)]
    public void LoadsAreThoseOfTheRoutes(Topology topology, int rows, int columns)
    {
        var random = new Random(7);
        var array = PimArray.Create(rows, columns, s_array) with { InterconnectSpec = s_array.InterconnectSpec with { Topology = topology } };
        var loads = new LinkLoads(array);
        var expected = new long[array.Interconnect.LinkCount];
        var (route, byteHops) = (new int[array.Interconnect.Diameter], 0L);
        for (var flow = 0; flow < 500; flow++)
        {
            var (source, target, amount) = (random.Next(array.NodeCount), random.Next(array.NodeCount), random.Next(1, 100));
            loads.Add(source, target, amount);
            var hops = array.Interconnect.Route(source, target, route);
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
