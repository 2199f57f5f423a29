using Allspark.Engine.Hardware;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Engine.Tests.Hardware;

public sealed class MeshInterconnectTests
{
    private sealed record Case(int Rows, int Columns, Topology Topology, int Source, int Target);

    private static readonly InterconnectSpec Spec = ArrayCatalog.Get("stack-16x16").InterconnectSpec;

    [Fact]
    public void RoutesReachTheirTargetInAsManyLinksAsHops() => Check(wanted =>
    {
        var network = Network(wanted);
        var links = new int[network.Diameter];
        var hops = network.Route(wanted.Source, wanted.Target, links);
        var node = wanted.Source;
        foreach (var link in links.AsSpan(0, hops))
        {
            if (network[link].From != node)
                return false;
            node = network[link].To;
        }

        return node == wanted.Target && hops == network.Hops(wanted.Source, wanted.Target);
    });

    [Fact]
    public void HopsAreTheShortestPath() => Check(wanted =>
        Network(wanted).Hops(wanted.Source, wanted.Target) == Distances(Network(wanted), wanted.Source)[wanted.Target]);

    [Fact]
    public void ATorusIsNeverLongerThanAMesh() => Check(wanted =>
        Network(wanted with { Topology = Topology.Torus }).Hops(wanted.Source, wanted.Target)
            <= Network(wanted with { Topology = Topology.Mesh }).Hops(wanted.Source, wanted.Target));

    [Fact]
    public void RoutesGoAlongTheRowFirst() => Check(wanted =>
    {
        var network = Network(wanted);
        var links = new int[network.Diameter];
        var hops = network.Route(wanted.Source, wanted.Target, links);
        var alongRow = links.Take(hops).Select(link => network[link].From / wanted.Columns == network[link].To / wanted.Columns).ToArray();
        return alongRow.SkipWhile(along => along).All(along => !along);
    });

    [Theory]
    [InlineData(Topology.Mesh, 8, 8, 224, 14, 16)]
    [InlineData(Topology.Mesh, 4, 8, 104, 10, 8)]
    [InlineData(Topology.Mesh, 1, 1, 0, 0, 0)]
    [InlineData(Topology.Torus, 8, 8, 256, 8, 32)]
    [InlineData(Topology.Torus, 2, 8, 48, 5, 8)] // of two rows, each pair is linked once
    [InlineData(Topology.Torus, 3, 5, 60, 3, 12)]
    public void LinksDiameterAndBisectionAreThoseOfTheTopology(Topology topology, int rows, int columns, int links, int diameter, int bisection)
    {
        var network = new MeshInterconnect(Spec with { Topology = topology }, rows, columns);
        Assert.Equal((rows * columns, links, diameter, bisection), (network.NodeCount, network.LinkCount, network.Diameter, network.BisectionLinks));
        Assert.Equal(links, network.Links.Distinct().Count());
        Assert.All(network.Links, link => Assert.Contains(new Link(link.To, link.From), network.Links));
        var longest = Enumerable.Range(0, network.NodeCount).Max(source => Distances(network, source).Max());
        Assert.Equal(diameter, longest);
    }

    [Fact]
    public void BothWaysRoundEquallyLongATorusGoesUp()
    {
        var network = new MeshInterconnect(Spec with { Topology = Topology.Torus }, 1, 4);
        var links = new int[2];
        Assert.Equal(2, network.Route(0, 2, links));
        Assert.Equal([1, 2], links.Select(link => network[link].To));
        Assert.Equal(2, network.Route(3, 1, links));
        Assert.Equal([0, 1], links.Select(link => network[link].To));
    }

    [Fact]
    public void HopAndLinkFollowTheRouter()
    {
        var network = ArrayCatalog.Get("stack-16x16").Interconnect;
        Assert.Equal(10e-9, network.HopLatencySeconds, 15); // 5 cycles at 0.5 GHz
        Assert.Equal(8e9, network.LinkBandwidthBytesPerSecond);
        Assert.Equal(11e-9, new MeshInterconnect(Spec with { LinkCycles = 7, ClockHertz = 1e9 }, 2, 2).HopLatencySeconds, 15);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 64)]
    public void NodesOutsideAreRefused(int source, int target)
    {
        var network = new MeshInterconnect(Spec, 8, 8);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Hops(source, target));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Route(source, target, new int[14]));
    }

    private static MeshInterconnect Network(Case wanted) => new(Spec with { Topology = wanted.Topology }, wanted.Rows, wanted.Columns);

    private static int[] Distances(MeshInterconnect network, int source)
    {
        var distances = Enumerable.Repeat(int.MaxValue, network.NodeCount).ToArray();
        var reached = new Queue<int>([source]);
        distances[source] = 0;
        while (reached.TryDequeue(out var node))
        {
            foreach (var link in network.Links.Where(link => link.From == node && distances[link.To] == int.MaxValue))
            {
                distances[link.To] = distances[node] + 1;
                reached.Enqueue(link.To);
            }
        }

        return distances;
    }

    private static void Check(Func<Case, bool> holds) =>
        Prop.ForAll(Cases().ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(1618, 33));

    private static Gen<Case> Cases() =>
        from rows in Gen.Choose(1, 9)
        from columns in Gen.Choose(1, 9)
        from topology in Gen.Elements(Topology.Mesh, Topology.Torus)
        from source in Gen.Choose(0, (rows * columns) - 1)
        from target in Gen.Choose(0, (rows * columns) - 1)
        select new Case(rows, columns, topology, source, target);
}
