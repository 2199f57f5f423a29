using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation.Network;
using Xunit;

namespace Engine.Tests.Simulation.Network;

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
            mesh, spec, new MeshRouting(mesh), new BernoulliSource(settings, new Destinations(settings, mesh), mesh.NodeCount), new LatencyStatistics(0, 5000, 1), seed: 1);
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

    [Fact]
    public void ANetworkThatIsEmptyAgainHasAllItsCreditsAndChannels()
    {
        var mesh = TestNetworks.Mesh(4, 4);
        var settings = new TrafficSettings
        {
            Pattern = TrafficPattern.Trace,
            Trace = [.. Enumerable.Range(0, 500).Select(index => new TracePacket(0, index % 16, (index * 7) % 16, 1 + (index % 6)))],
        };
        var flits = new FlitNetwork(mesh, TestNetworks.Spec, new MeshRouting(mesh), new TraceSource(settings, 16), new LatencyStatistics(0, 100_000, 1), seed: 1);
        while (!flits.HasDelivered(int.MaxValue))
            flits.Step();
        Assert.False(flits.IsAtRest);
        for (var cycle = 0; cycle < 10; cycle++)
            flits.Step();
        Assert.True(flits.IsAtRest);
        Assert.Equal(settings.Trace.Sum(packet => packet.Flits), flits.EjectedFlits);
    }

    [Theory]
    [InlineData("mesh", 1)]
    [InlineData("torus", 2)]
    [InlineData("ring", 2)]
    public void ChannelDependenciesHaveNoCycle(string name, int classes)
    {
        IInterconnect network = name switch
        {
            "mesh" => TestNetworks.Mesh(5, 6),
            "torus" => TestNetworks.Torus(5, 6),
            _ => TestNetworks.Ring(9),
        };
        var routing = TestNetworks.Simulator(network).Routing;
        Assert.Equal(classes, routing.Classes);
        Assert.True(Dependencies(network, routing, classes).IsAcyclic());
        Assert.Equal(name == "mesh", Dependencies(network, routing, 1).IsAcyclic()); // without classes a ring could deadlock
    }

    private static ChannelDependencies Dependencies(IInterconnect network, IRouting routing, int classes)
    {
        var dependencies = new ChannelDependencies(network.LinkCount * classes);
        for (var source = 0; source < network.NodeCount; source++)
        {
            for (var target = 0; target < network.NodeCount; target++)
            {
                var held = -1;
                for (var node = source; node != target; node = network[held / classes].To)
                {
                    var (link, vcClass) = routing.Next(node, target);
                    var channel = (link * classes) + (vcClass % classes);
                    if (held >= 0)
                        dependencies.Add(held, channel);
                    held = channel;
                }
            }
        }

        return dependencies;
    }
}
