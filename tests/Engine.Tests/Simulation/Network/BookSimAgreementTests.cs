using System.Globalization;
using Allspark.Engine.Simulation.Network;
using Xunit;

namespace Engine.Tests.Simulation.Network;

[Trait("Speed", "Slow")]
public sealed class BookSimAgreementTests
{
    private static readonly NetworkSimulator Simulator = TestNetworks.Simulator(TestNetworks.Mesh(8, 8));

    public static TheoryData<string> MeshRows() => [.. BookSimData.Rows("mesh8x8.csv")];

    public static TheoryData<string> TorusRows() => [.. BookSimData.Rows("torus8x8.csv")];

    public static TheoryData<string> GraphRows() => [.. BookSimData.Rows("graph_latency.csv")];

    [Theory]
    [MemberData(nameof(MeshRows))]
    public void AMeshFollowsBookSim(string row)
    {
        var fields = row.Split(',');
        var measured = Simulator.Run(new TrafficSettings
        {
            Pattern = Enum.Parse<TrafficPattern>(fields[2], ignoreCase: true),
            InjectionRate = BookSimData.Number(fields[3]),
            PacketFlits = int.Parse(fields[1], CultureInfo.InvariantCulture),
            Seed = int.Parse(fields[4], CultureInfo.InvariantCulture),
        });
        Assert.True(measured.Stable);
        AssertWithin(0.02, BookSimData.Number(fields[5]), measured.AverageLatencyCycles);
        AssertWithin(0.02, BookSimData.Number(fields[6]), measured.AverageNetworkLatencyCycles);
        AssertWithin(0.02, BookSimData.Number(fields[8]) - 1, measured.AverageHops);
        AssertWithin(0.03, BookSimData.Number(fields[7]), measured.AcceptedRate);
        AssertWithin(0.01, measured.OfferedRate, measured.AcceptedRate);
    }

    [Theory]
    [MemberData(nameof(TorusRows))]
    public void ATorusFollowsBookSim(string row)
    {
        var fields = Array.ConvertAll(row.Split(','), field => field == "uniform" ? 0 : BookSimData.Number(field));
        var measured = TestNetworks.Simulator(TestNetworks.Torus(8, 8))
            .Run(new TrafficSettings { PacketFlits = (int)fields[0], InjectionRate = fields[2], Seed = (int)fields[3] });
        Assert.True(measured.Stable);
        AssertWithin(0.02, fields[4], measured.AverageLatencyCycles);
        AssertWithin(0.01, fields[2], measured.AcceptedRate);
    }

    // BookSim's runs of few packets differ in their mean distance; what comes on top of five cycles a link does not.
    [Theory]
    [MemberData(nameof(GraphRows))]
    public void AGraphFollowsBookSim(string row)
    {
        var fields = row.Split(',');
        var flits = int.Parse(fields[1], CultureInfo.InvariantCulture);
        var measured = TestNetworks.Simulator(BookSimData.Graph(fields[0]))
            .Run(new TrafficSettings { PacketFlits = flits, InjectionRate = flits * BookSimData.Number(fields[2]), Seed = 42 });
        Assert.Equal(fields[3] == "ok", measured.Stable);
        if (!measured.Stable)
            return;
        var (latency, links) = (BookSimData.Number(fields[4]), BookSimData.Number(fields[5]) - 1);
        AssertWithin(0.025, latency, measured.AverageLatencyCycles);
        Assert.InRange(measured.AverageLatencyCycles - (5 * measured.AverageHops) - (latency - (5 * links)), -0.01 * latency, 0.01 * latency);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void LatencyAtAlmostNoLoadIsThatOfAnEmptyNetwork(int flits)
    {
        var measured = Simulator.Run(new TrafficSettings { InjectionRate = 0.001, PacketFlits = flits });
        AssertWithin(0.01, 7 + (5 * 5.25) + (flits - 1), measured.AverageLatencyCycles);
    }

    [Theory]
    [InlineData(0.40, true)]
    [InlineData(0.45, false)]
    public void OneFlitUniformTrafficSaturatesBetween(double rate, bool stable)
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var measured = Simulator.Run(new TrafficSettings { InjectionRate = rate, Seed = seed });
            Assert.Equal(stable, measured.Stable);
            AssertWithin(0.01, rate, measured.OfferedRate);
            Assert.InRange(measured.AcceptedRate, 0.39, 0.45);
        }
    }

    [Theory]
    [InlineData(TrafficPattern.Transpose, 0.25)]
    [InlineData(TrafficPattern.BitComplement, 0.5)]
    [InlineData(TrafficPattern.Hotspot, 0.4)]
    [InlineData(TrafficPattern.Uniform, 1)]
    public void BeyondSaturationLatencyCountsPacketsThatWait(TrafficPattern pattern, double rate)
    {
        var measured = Simulator.Run(new TrafficSettings { Pattern = pattern, InjectionRate = rate });
        Assert.False(measured.Stable);
        Assert.True(measured.AcceptedRate < 0.97 * measured.OfferedRate);
        Assert.True(measured.AverageLatencyCycles > 5 * measured.AverageNetworkLatencyCycles || measured.AverageLatencyCycles > 500);
    }

    private static void AssertWithin(double share, double expected, double actual) =>
        Assert.InRange(actual, expected * (1 - share), expected * (1 + share));
}
