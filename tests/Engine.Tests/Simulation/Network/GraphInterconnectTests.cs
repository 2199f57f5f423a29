using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation.Network;
using Xunit;

namespace Engine.Tests.Simulation.Network;

public sealed class GraphInterconnectTests
{
    [Fact]
    public void AMeshGivenAsAGraphHasTheSameDistances()
    {
        var mesh = TestNetworks.Mesh(4, 5);
        var graph = new GraphInterconnect(TestNetworks.Spec, mesh.NodeCount, mesh.Links);
        for (var pair = 0; pair < 400; pair++)
            Assert.Equal(mesh.Hops(pair / 20, pair % 20), graph.Hops(pair / 20, pair % 20));
        Assert.Equal((mesh.Diameter, mesh.LinkCount), (graph.Diameter, graph.LinkCount));
        Assert.Equal((mesh.HopLatencySeconds, mesh.LinkBandwidthBytesPerSecond), (graph.HopLatencySeconds, graph.LinkBandwidthBytesPerSecond));
    }

    [Fact]
    public void XyRoutesGivenAsATableMeasureAsTheMesh()
    {
        var mesh = TestNetworks.Mesh(4, 4);
        var route = new int[mesh.Diameter];
        var table = Enumerable.Range(0, 256).Select(pair => mesh.Route(pair / 16, pair % 16, route) > 0 ? route[0] : -1).ToArray();
        var graph = new GraphInterconnect(TestNetworks.Spec, 16, mesh.Links, table);
        var settings = new TrafficSettings { InjectionRate = 0.2, PacketFlits = 3, SampleCycles = 1000 };
        Assert.Equal(TestNetworks.Simulator(mesh).Run(settings), TestNetworks.Simulator(graph).Run(settings));
    }

    [Fact]
    public void RoutesFollowTheirLinksToTheTarget()
    {
        var ring = TestNetworks.Ring(9);
        var route = new int[ring.Diameter];
        for (var pair = 0; pair < 81; pair++)
        {
            var node = pair / 9;
            foreach (var link in route.AsSpan(0, ring.Route(pair / 9, pair % 9, route)))
            {
                Assert.Equal(node, ring[link].From);
                node = ring[link].To;
            }

            Assert.Equal(pair % 9, node);
        }

        Assert.Equal((4, 4), (ring.Diameter, ring.BisectionLinks));
    }

    [Fact]
    public void ADisconnectedGraphIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new GraphInterconnect(TestNetworks.Spec, 4, [new(0, 1), new(1, 0), new(2, 3), new(3, 2)]));
        Assert.Contains("not connected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALoopingTableIsRefused()
    {
        Link[] links = [.. TestNetworks.RingLinks(3)];
        int[] loops = [-1, 0, 0, 1, -1, 1, 4, 3, -1]; // 0 sends what is for 2 to 1, and 1 sends it back to 0
        var error = Assert.Throws<ArgumentException>(() => new GraphInterconnect(TestNetworks.Spec, 3, links, loops));
        Assert.Contains("loop", error.Message, StringComparison.Ordinal);
        Assert.Contains("node 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 5, "numbered 0 to 3")]
    [InlineData(1, 1, "to itself")]
    [InlineData(0, 1, "twice")]
    public void LinksThatCannotBeAreRefused(int from, int to, string reason)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => new GraphInterconnect(TestNetworks.Spec, 4, [.. TestNetworks.RingLinks(4), new(from, to)]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TablesOfTheWrongSizeOrWithForeignLinksAreRefused()
    {
        Link[] links = [.. TestNetworks.RingLinks(3)];
        Assert.Throws<ArgumentException>(() => new GraphInterconnect(TestNetworks.Spec, 3, links, [1, 2]));
        var error = Assert.Throws<ArgumentException>(() => new GraphInterconnect(TestNetworks.Spec, 3, links, [-1, 2, 2, 1, -1, 2, 4, 3, -1]));
        Assert.Contains("does not leave that node", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooFewVirtualChannelsToBreakACycleAreRefused()
    {
        var links = Enumerable.Range(0, 6).Select(node => new Link(node, (node + 1) % 6)).ToArray(); // one way round
        var graph = new GraphInterconnect(TestNetworks.Spec, 6, links);
        var error = Assert.Throws<ArgumentException>(() => new NetworkSimulator(graph, TestNetworks.Spec with { VirtualChannels = 1 }));
        Assert.Contains("deadlock", error.Message, StringComparison.Ordinal);
    }
}
