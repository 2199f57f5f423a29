using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation.Network;
using Xunit;

namespace Engine.Tests.Simulation.Network;

/// <summary>What the load of the channels allows, whatever the routers (Dally and Towles, 2004, chapter 3).</summary>
[Trait("Speed", "Slow")]
public sealed class SaturationTests
{
    // Uniform traffic loads a link by the share of the n² routes that pass it; at one flit a cycle
    // a node sends at most n / routes.
    [Theory]
    [InlineData("mesh 4x4", 1.0)]
    [InlineData("mesh 8x8", 0.5)]
    [InlineData("ring 9", 0.9)]
    [InlineData("kite_medium_64", 64 / 474.0)]
    [InlineData("floret4_loop_36", 36 / 169.0)]
    [InlineData("sfc_snake_64", 1 / 16.0)]
    public void TheHeaviestLinkLimitsUniformTraffic(string name, double limit)
    {
        var network = TestNetworks.Named(name);
        var routes = new int[network.LinkCount];
        var route = new int[network.Diameter];
        for (var pair = 0; pair < network.NodeCount * network.NodeCount; pair++)
        {
            foreach (var link in route.AsSpan(0, network.Route(pair / network.NodeCount, pair % network.NodeCount, route)))
                routes[link]++;
        }

        Assert.Equal(limit, (double)network.NodeCount / routes.Max(), 9);
        var simulator = TestNetworks.Simulator(network);
        Assert.True(simulator.Run(new TrafficSettings { InjectionRate = 0.6 * limit, PacketFlits = 3 }).Stable);
        var beyond = simulator.Run(new TrafficSettings { InjectionRate = Math.Min(1, 1.15 * limit), PacketFlits = 3 });
        Assert.False(beyond.Stable);
        Assert.True(beyond.AcceptedRate <= 1.02 * limit);
    }

    // Every packet takes three links up each ring, and none goes down: at a rate of r each link up carries 3r.
    [Theory]
    [InlineData(0.18, true)]
    [InlineData(0.36, false)]
    public void TornadoLoadsOneDirectionOfATorus(double rate, bool stable)
    {
        var measured = TestNetworks.Simulator(TestNetworks.Torus(8, 8))
            .Run(new TrafficSettings { Pattern = TrafficPattern.Tornado, InjectionRate = rate, PacketFlits = 5 });
        Assert.Equal(stable, measured.Stable);
        Assert.True(measured.AcceptedRate <= 1.0 / 3);
        Assert.Equal(6, measured.AverageHops, 9);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(6, 10)]
    [InlineData(5, 7)]
    public void EveryLinkOfARingCarriesAlikeUnderUniformTraffic(int rows, int columns)
    {
        var torus = TestNetworks.Torus(rows, columns);
        var routing = TestNetworks.Simulator(torus).Routing;
        var routes = new int[torus.LinkCount];
        for (var route = 0; route < torus.NodeCount * torus.NodeCount * 4; route++)
        {
            var (node, target) = Math.DivRem(route / 4, torus.NodeCount);
            for (var way = routing.Way(node, target, (ulong)route % 4); node != target;)
            {
                var (link, _) = routing.Next(node, target, way);
                routes[link]++;
                node = torus[link].To;
            }
        }

        bool IsInRow(int link) => torus[link].From / columns == torus[link].To / columns;
        foreach (var links in Enumerable.Range(0, torus.LinkCount).ToLookup(IsInRow))
            Assert.Single(links.Select(link => routes[link]).Distinct());
    }

    [Theory]
    [InlineData(1, 0.55)]
    [InlineData(5, 0.5)]
    [InlineData(20, 0.4)]
    public void ATorusCarriesMoreThanAMesh(int packetFlits, double rate)
    {
        TrafficMeasurement Measure(IInterconnect network) =>
            TestNetworks.Simulator(network)
                .Run(new TrafficSettings { InjectionRate = rate, PacketFlits = packetFlits, SampleCycles = 3000 });
        var (torus, mesh) = (Measure(TestNetworks.Torus(8, 8)), Measure(TestNetworks.Mesh(8, 8)));
        Assert.True(torus.AcceptedRate > mesh.AcceptedRate);
    }
}
