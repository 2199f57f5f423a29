using Allspark.Engine.Hardware;
using Allspark.Engine.Simulation.Network;
using Xunit;

namespace Engine.Tests.Simulation.Network;

[Trait("Speed", "Slow")]
public sealed class NetworkSimulatorTests
{
    private static readonly TrafficSettings Uniform = new() { InjectionRate = 0.1, SampleCycles = 500 };

    public static TheoryData<string> Networks() => ["mesh 3x4", "mesh 1x5", "torus 4x5", "torus 3x3", "ring 7"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void EveryPairAloneTakesExactlyTheZeroLoadLatency(string name)
    {
        var network = TestNetworks.Named(name);
        var simulator = TestNetworks.Simulator(network);
        foreach (var flits in new[] { 1, 2, 9 })
        {
            for (var pair = 0; pair < network.NodeCount * network.NodeCount; pair++)
            {
                var (source, target) = Math.DivRem(pair, network.NodeCount);
                var measured = simulator.Run(Trace(new TracePacket(3, source, target, flits)));
                var hops = network.Hops(source, target);
                Assert.Equal(7 + (5 * hops) + (flits - 1), measured.AverageLatencyCycles);
                Assert.Equal(simulator.ZeroLoadLatencyCycles(hops, flits), measured.AverageLatencyCycles);
                Assert.Equal(hops, measured.AverageHops);
                Assert.Equal(1, measured.Packets);
            }
        }
    }

    [Fact]
    public void EveryStageOfTheRouterAndTheLinkCountsInTheZeroLoadLatency()
    {
        var spec = TestNetworks.Spec with { RouteCycles = 2, VirtualChannelCycles = 3, SwitchCycles = 4, TraversalCycles = 5, LinkCycles = 6, LinkBytesPerCycle = 8 };
        var simulator = new NetworkSimulator(new MeshInterconnect(spec, 1, 4), spec);
        // 17 cycles of node and router, three hops of 20 and one more for the second half of each flit; behind the head come three flits, which
        // make up on the way out for what the links cost them, as far as the head's route and channel took time: 5 cycles
        Assert.Equal(17 + (3 * 21) + 3, simulator.Run(Trace(new TracePacket(0, 0, 3, 4))).AverageLatencyCycles);
        Assert.Equal(17 + (3 * 21) + ((7 * 2) - 5), simulator.Run(Trace(new TracePacket(0, 0, 3, 8))).AverageLatencyCycles);
        Assert.Equal((83, 89), (simulator.ZeroLoadLatencyCycles(3, 4), simulator.ZeroLoadLatencyCycles(3, 8)));
    }

    [Theory]
    [InlineData(8, 8, 1.0)]
    [InlineData(8, 6, 1.0)] // the buffer covers the round trip of a credit: three cycles to the next router, three back
    [InlineData(8, 4, 4.0 / 6)]
    [InlineData(16, 1, 1.0 / 6)]
    public void OneVirtualChannelStreamsAsFastAsItsCreditsReturn(int flits, int bufferFlits, double rate)
    {
        var spec = TestNetworks.Spec with { VirtualChannels = 1, BufferFlits = bufferFlits };
        var packets = Enumerable.Range(0, 200).Select(_ => new TracePacket(0, 0, 2, 50 * flits)).ToArray();
        var measured = new NetworkSimulator(new MeshInterconnect(spec, 1, 3), spec).Run(Trace(packets));
        Assert.InRange(200.0 * 50 * flits / measured.Cycles, rate * 0.97, rate);
    }

    [Fact]
    public void SameSeedSameBitsOnAnyNumberOfThreads()
    {
        var settings = Enumerable.Range(1, 8).Select(seed => Uniform with { Seed = seed, PacketFlits = 1 + (seed % 3) }).ToArray();
        var simulator = TestNetworks.Simulator(TestNetworks.Mesh(6, 6));
        var alone = settings.Select(one => simulator.Run(one)).ToArray();
        var together = settings.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(one => simulator.Run(one)).ToArray();
        Assert.Equal(alone, together);
        Assert.Equal(settings.Length, alone.Select(measured => measured.AverageLatencyCycles).Distinct().Count());
    }

    [Fact]
    public void MoreVirtualChannelsAndDeeperBuffersCarryMoreTraffic()
    {
        double Accepted(int channels, int flits) => TestNetworks.Simulator(
            TestNetworks.Mesh(6, 6), TestNetworks.Spec with { VirtualChannels = channels, BufferFlits = flits })
            .Run(Uniform with { InjectionRate = 0.9 }).AcceptedRate;
        Assert.True(Accepted(1, 8) < Accepted(2, 8));
        Assert.True(Accepted(2, 8) < Accepted(4, 8));
        Assert.True(Accepted(4, 2) < Accepted(4, 8));
    }

    [Theory]
    [InlineData(TrafficPattern.Transpose, 2 * 8.0 / 3 * (1 - (1 / 64.0)))]
    [InlineData(TrafficPattern.BitComplement, 8)]
    [InlineData(TrafficPattern.BitReverse, 5.25)] // the row's bits become the column's, the column's the row's: as far as uniform
    [InlineData(TrafficPattern.Shuffle, 4)]
    [InlineData(TrafficPattern.Tornado, 2 * ((5 * 3) + (3 * 5)) / 8.0)]
    [InlineData(TrafficPattern.Neighbor, 2 * ((7 * 1) + 7) / 8.0)]
    public void PatternsTakeTheHopsOfTheirPairs(TrafficPattern pattern, double hops)
    {
        var measured = TestNetworks.Simulator(TestNetworks.Mesh(8, 8)).Run(new TrafficSettings { Pattern = pattern, InjectionRate = 0.05 });
        Assert.InRange(measured.AverageHops, hops * 0.98, hops * 1.02);
    }

    [Fact]
    public void AHotspotTakesItsShareAndItsLinksLimitIt()
    {
        var simulator = TestNetworks.Simulator(TestNetworks.Mesh(4, 4));
        var all = new TrafficSettings { Pattern = TrafficPattern.Hotspot, HotspotNodes = [5], HotspotFraction = 1, InjectionRate = 0.2 };
        var measured = simulator.Run(all);
        Assert.False(measured.Stable);
        Assert.InRange(measured.AcceptedRate, 0.99 / 16, 1.0 / 16); // a node takes one flit a cycle
        Assert.True(simulator.Run(all with { InjectionRate = 0.05 }).Stable);
    }

    [Fact]
    public void ATraceArrivesWhole()
    {
        var random = new Random(11);
        var packets = Enumerable.Range(0, 3000).Select(_ => new TracePacket(random.Next(400), random.Next(16), random.Next(16), 1 + random.Next(12))).ToArray();
        var measured = TestNetworks.Simulator(TestNetworks.Torus(4, 4)).Run(Trace(packets));
        Assert.Equal((3000, true), (measured.Packets, measured.Stable));
        Assert.Equal(packets.Average(packet => packet.Flits), measured.PacketFlits, 9);
        Assert.Equal(packets.Sum(packet => packet.Flits) / (16.0 * measured.Cycles), measured.AcceptedRate, 9);
    }

    [Fact]
    public void ATorusUnderFullLoadDoesNotDeadlock()
    {
        foreach (var flits in new[] { 1, 20 })
        {
            var spec = TestNetworks.Spec with { Topology = Topology.Torus, VirtualChannels = 2, BufferFlits = 2 };
            var packets = Enumerable.Range(0, 6400).Select(index => new TracePacket(0, index % 64, (index * 37 / 64 * 11) % 64, flits)).ToArray();
            var measured = new NetworkSimulator(new MeshInterconnect(spec, 8, 8), spec).Run(Trace(packets));
            Assert.Equal(6400, measured.Packets);
        }
    }

    [Fact]
    public void ARunThatDoesNotFinishSaysSo()
    {
        var simulator = TestNetworks.Simulator(TestNetworks.Mesh(4, 4));
        var tooShort = Assert.Throws<CycleLimitException>(() => simulator.Run(Uniform with { CycleLimit = 2999 }));
        Assert.Contains("3000 cycles, the limit is 2999", tooShort.Message, StringComparison.Ordinal);
        var unfinished = Assert.Throws<CycleLimitException>(() => simulator.Run(Trace(new TracePacket(0, 0, 15, 100)) with { CycleLimit = 50 }));
        Assert.Contains("not finished after 50 cycles", unfinished.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CancellationEndsARun()
    {
        using var source = new CancellationTokenSource();
        var simulator = TestNetworks.Simulator(TestNetworks.Mesh(4, 4));
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => simulator.Run(Uniform, null, source.Token));
    }

    public static TheoryData<TrafficSettings, string> BadSettings() => new()
    {
        { Uniform with { InjectionRate = 0 }, "more than 0" },
        { Uniform with { InjectionRate = -0.1 }, "more than 0" },
        { Uniform with { InjectionRate = 1.01 }, "at most 1" },
        { Uniform with { InjectionRate = double.NaN }, "at most 1" },
        { Uniform with { PacketFlits = 0 }, "A packet has 1" },
        { Uniform with { SampleCycles = 0 }, "at least one cycle" },
        { Uniform with { MeasuredSamples = 0 }, "1 to" },
        { Uniform with { WarmupSamples = -1 }, "0 to" },
        { Uniform with { CycleLimit = 0 }, "A run has 1" },
        { Uniform with { Pattern = TrafficPattern.Transpose }, "square" },
        { Uniform with { Pattern = TrafficPattern.BitComplement }, "power of two" },
        { Uniform with { Pattern = TrafficPattern.BitReverse }, "power of two" },
        { Uniform with { Pattern = TrafficPattern.Shuffle }, "power of two" },
        { Uniform with { Pattern = TrafficPattern.Hotspot, HotspotNodes = [12] }, "0 to 11" },
        { Uniform with { Pattern = TrafficPattern.Hotspot, HotspotFraction = 0 }, "share" },
        { Uniform with { Pattern = TrafficPattern.Trace }, "at least one packet" },
        { Trace(new TracePacket(0, 0, 12, 1)), "0 to 11" },
        { Trace(new TracePacket(0, 0, 1, 0)), "A packet has 1" },
        { Trace(new TracePacket(-1, 0, 1, 1)), "created at cycle 0" },
        { Uniform with { InjectionRate = 1e-9 }, "No packet was created" },
    };

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void SettingsThatCannotBeAreRefused(TrafficSettings settings, string reason)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => TestNetworks.Simulator(TestNetworks.Mesh(3, 4)).Run(settings));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RoutersThatCannotBeAreRefused()
    {
        static string Refusal(InterconnectSpec spec) =>
            Assert.Throws<ArgumentException>(() => new NetworkSimulator(new MeshInterconnect(spec, 4, 4), spec)).Message;
        Assert.Contains("at least 2 virtual channels", Refusal(TestNetworks.Spec with { Topology = Topology.Torus, VirtualChannels = 1 }), StringComparison.Ordinal);
        Assert.Contains("1 to 64", Refusal(TestNetworks.Spec with { VirtualChannels = 65 }), StringComparison.Ordinal);
        Assert.Contains("at least one flit", Refusal(TestNetworks.Spec with { BufferFlits = 0 }), StringComparison.Ordinal);
        Assert.Contains("at least one cycle", Refusal(TestNetworks.Spec with { SwitchCycles = 0 }), StringComparison.Ordinal);
        Assert.Contains("buffers hold", Refusal(TestNetworks.Spec with { BufferFlits = int.MaxValue }), StringComparison.Ordinal);
    }

    private static TrafficSettings Trace(params TracePacket[] packets) => new() { Pattern = TrafficPattern.Trace, Trace = [.. packets] };
}
