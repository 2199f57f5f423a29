using System.Globalization;
using Allspark.Engine.Simulation.Network;
using Xunit;

namespace Engine.Tests.Simulation.Network;

public sealed class BookSimAgreementTests
{
    private static readonly NetworkSimulator Simulator = TestNetworks.Simulator(TestNetworks.Mesh(8, 8));

    public static TheoryData<string> Rows() =>
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Data", "booksim", "mesh8x8.csv"))[1..]];

    [Theory]
    [MemberData(nameof(Rows))]
    public void LatencyAndAcceptedRateFollowBookSim(string row)
    {
        var fields = row.Split(',');
        double Number(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
        var (flits, rate) = ((int)Number(1), Number(3));
        var measured = Simulator.Run(new TrafficSettings
        {
            Pattern = Enum.Parse<TrafficPattern>(fields[2], ignoreCase: true),
            InjectionRate = rate,
            PacketFlits = flits,
            Seed = (int)Number(4),
        });
        Assert.True(measured.Stable);
        AssertWithin(0.02, Number(5), measured.AverageLatencyCycles);
        AssertWithin(0.02, Number(6), measured.AverageNetworkLatencyCycles);
        AssertWithin(0.02, Number(8) - 1, measured.AverageHops);
        AssertWithin(0.03, Number(7), measured.AcceptedRate);
        AssertWithin(0.01, measured.OfferedRate, measured.AcceptedRate);
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
