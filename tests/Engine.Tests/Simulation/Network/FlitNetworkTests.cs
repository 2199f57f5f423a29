using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation.Network;
using Xunit;

namespace Engine.Tests.Simulation.Network;

[Trait("Speed", "Slow")]
public sealed class FlitNetworkTests
{
    [Theory]
    [InlineData(Topology.Mesh, 1, 0.3, 8)]
    [InlineData(Topology.Mesh, 5, 0.9, 3)]
    [InlineData(Topology.Torus, 4, 0.7, 8)]
    [InlineData(Topology.Torus, 30, 1.0, 1)]
    public void FlitsAndCreditsAreConserved(Topology topology, int packetFlits, double rate, int bufferFlits)
    {
        var spec = TestNetworks.Spec with { Topology = topology, BufferFlits = bufferFlits };
        var mesh = new MeshInterconnect(spec, 5, 6);
        var settings = new TrafficSettings { InjectionRate = rate, PacketFlits = packetFlits };
        var flits = new FlitNetwork(
            mesh, spec, new MeshRouting(mesh), new BernoulliSource(settings, new Destinations(settings, mesh), mesh.NodeCount),
            new LatencyStatistics(0, 5000, 1), seed: 1);
        for (var check = 0; check < 200; check++)
        {
            for (var cycle = 0; cycle < 7; cycle++)
                flits.Step();
            Assert.Equal(flits.InjectedFlits, flits.EjectedFlits + flits.FlitsUnderWay);
            for (var channel = 0; channel < flits.ChannelCount; channel++)
                Assert.Equal(bufferFlits, flits.CreditsAccountedFor(channel));
        }

        Assert.True(flits.EjectedFlits > 1000);
    }

    // One long packet after another through channels that classes share, three flits of room each.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void AGraphWithClassesAlwaysDrains(int packetFlits)
    {
        var graph = BookSimData.Graph("kite_large_100");
        var spec = TestNetworks.Spec with { BufferFlits = 3 };
        var packets = Enumerable.Range(0, 6000)
            .Select(index => new TracePacket(0, index % 100, index * 37 % 100 * 11 % 100, packetFlits));
        var settings = new TrafficSettings { Pattern = TrafficPattern.Trace, Trace = [.. packets] };
        var measured = new NetworkSimulator(graph, spec).Run(settings);
        Assert.Equal(6000, measured.Packets);
    }

    [Fact]
    public void ANetworkThatIsEmptyAgainHasAllItsCreditsAndChannels()
    {
        var mesh = TestNetworks.Mesh(4, 4);
        var settings = new TrafficSettings
        {
            Pattern = TrafficPattern.Trace,
            Trace = [.. Enumerable.Range(0, 500).Select(index => new TracePacket(0, index % 16, (index * 7) % 16, 1 + (index % 6)))],
        };
        var flits = new FlitNetwork(
            mesh, TestNetworks.Spec, new MeshRouting(mesh), new TraceSource(settings, 16), new LatencyStatistics(0, 100_000, 1), seed: 1);
        while (!flits.HasDelivered(int.MaxValue))
            flits.Step();
        Assert.False(flits.IsAtRest);
        for (var cycle = 0; cycle < 10; cycle++)
            flits.Step();
        Assert.True(flits.IsAtRest);
        Assert.Equal(settings.Trace.Sum(packet => packet.Flits), flits.EjectedFlits);
    }

    public static TheoryData<string> Networks() =>
        ["mesh 5x6", "torus 5x6", "torus 8x8", "torus 2x4", "ring 9", .. BookSimData.GraphNames()];

    // Every channel of its own that a packet may wait for, now or after shared ones, comes after those that it holds.
    [Theory]
    [MemberData(nameof(Networks))]
    public void ChannelDependenciesHaveNoCycle(string name)
    {
        var network = TestNetworks.Named(name);
        var routing = TestNetworks.Simulator(network).Routing;
        Assert.True(Dependencies(network, routing, routing.Classes));
        Assert.Equal(routing.Classes == 1, Dependencies(network, routing, 1)); // without classes it could deadlock
    }

    [Theory]
    [InlineData("mesh 5x6", 1, 0)]
    [InlineData("torus 5x6", 2, 0)]
    [InlineData("ring 9", 2, 2)]
    [InlineData("brickwall_64", 1, 0)]
    [InlineData("kite_small_64", 2, 2)]
    [InlineData("kite_large_100", 3, 1)]
    public void ClassesAreAsFewAsTheRoutesNeed(string name, int classes, int shared)
    {
        var routing = TestNetworks.Simulator(TestNetworks.Named(name)).Routing;
        Assert.Equal((classes, shared), (routing.Classes, routing.SharedChannels));
    }

    private static bool Dependencies(IInterconnect network, IRouting routing, int classes)
    {
        var dependencies = new ChannelDependencies(network.LinkCount * classes);
        var acyclic = true;
        var held = new List<int>();
        for (var route = 0; route < network.NodeCount * network.NodeCount * 4; route++)
        {
            var (node, target) = Math.DivRem(route / 4, network.NodeCount);
            var way = routing.Way(node, target, (ulong)route % 4);
            held.Clear();
            for (; node != target; node = network[held[^1] / classes].To)
            {
                var (link, vcClass) = routing.Next(node, target, way);
                var channel = (link * classes) + (vcClass % classes);
                acyclic &= held.TrueForAll(before => dependencies.TryAdd(before, channel));
                held.Add(channel);
            }

            Assert.Equal(network.Hops(route / 4 / network.NodeCount, target), held.Count);
        }

        return acyclic;
    }
}
