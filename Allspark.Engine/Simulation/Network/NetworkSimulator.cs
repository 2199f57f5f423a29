using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Measures a network flit by flit and cycle by cycle: wormhole routers with virtual channels, credits, and separable round-robin
/// allocators. Same settings, same bits. docs/network.md describes the model and what it was held against.
/// </summary>
public sealed class NetworkSimulator
{
    /// <summary>Cycles between two looks at the cancellation token.</summary>
    private const int CancellationInterval = 512;

    /// <summary>Growth of the queueing time at the sources, per measured cycle, that means saturation: of their mean, and of one alone.</summary>
    private const double MeanLagGrowth = 0.01, SingleLagGrowth = 0.05;

    /// <summary>Flits of the largest set of buffers.</summary>
    private const long MostBuffers = 1L << 28;

    private readonly IInterconnect network;
    private readonly InterconnectSpec spec;
    private readonly IRouting routing;

    /// <summary>Prepares the simulation of a network: its routing, and proof that this cannot deadlock.</summary>
    /// <param name="network">Topology and routes.</param>
    /// <param name="spec">Router and link.</param>
    /// <exception cref="ArgumentException">The router has a stage or a buffer that cannot be, a route is missing or goes round in a loop, or the
    /// virtual channels are too few to keep packets from deadlock.</exception>
    public NetworkSimulator(IInterconnect network, InterconnectSpec spec)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(spec);
        (this.network, this.spec) = (network, spec);
        Check(spec, network);
        routing = network is MeshInterconnect mesh ? new MeshRouting(mesh) : new TableRouting(network, spec.VirtualChannels);
        if (routing.Classes > spec.VirtualChannels)
            throw new ArgumentException(
                $"The rings of a torus need at least {routing.Classes} virtual channels, or packets could deadlock; the router has {spec.VirtualChannels}. "
                + "Give it more, or use a mesh.", nameof(spec));
    }

    internal IRouting Routing => routing;

    /// <summary>
    /// Latency, in cycles, of a packet that meets no other, where buffers cover the round trip of a credit. Flits behind the head have no
    /// route and no channel to wait for, and so catch up with it where links are narrower than a flit.
    /// </summary>
    /// <param name="hops">Links on its way.</param>
    /// <param name="flits">Its length.</param>
    public int ZeroLoadLatencyCycles(int hops, int flits)
    {
        var perFlit = hops == 0 ? 1 : (spec.FlitBytes + spec.LinkBytesPerCycle - 1) / spec.LinkBytesPerCycle;
        var behind = Math.Max(flits - 1, ((flits - 1) * perFlit) - spec.RouteCycles - spec.VirtualChannelCycles);
        return spec.RouterCycles + 3 + (hops * (spec.RouterCycles + spec.LinkCycles + perFlit - 1)) + behind;
    }

    /// <summary>Measures the network under traffic.</summary>
    /// <param name="settings">The traffic, and how long to measure it.</param>
    /// <param name="progress">Told the share of the cycles that is done, but for the drain.</param>
    /// <param name="cancellation">Stops the simulation.</param>
    /// <exception cref="ArgumentException">A setting is out of bounds, or the pattern does not fit the network.</exception>
    /// <exception cref="CycleLimitException">The run did not finish within its cycle limit.</exception>
    public TrafficMeasurement Run(TrafficSettings settings, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check(network.NodeCount);
        return settings.Pattern == TrafficPattern.Trace ? RunTrace(settings, cancellation) : RunSamples(settings, progress, cancellation);
    }

    private TrafficMeasurement RunSamples(TrafficSettings settings, IProgress<double>? progress, CancellationToken cancellation)
    {
        var sample = settings.CyclesOfSample(network.NodeCount);
        var (start, end) = (settings.WarmupSamples * sample, (settings.WarmupSamples + settings.MeasuredSamples) * sample);
        var statistics = new LatencyStatistics(start, sample, settings.MeasuredSamples);
        var source = new BernoulliSource(settings, new Destinations(settings, network), network.NodeCount);
        var flits = new FlitNetwork(network, spec, routing, source, statistics, settings.Seed);
        void Report() => progress?.Report((double)flits.Now / end);

        Advance(flits, start, Report, cancellation);
        var lags = Lags(flits);
        var ejectedBefore = flits.EjectedFlits;
        Advance(flits, end, Report, cancellation);
        var accepted = flits.EjectedFlits - ejectedBefore;
        var stable = !Grow(lags, Lags(flits), end - start) && !statistics.Rises();
        if (stable)
            Drain(flits, end, settings, cancellation);

        var (late, lateSum) = stable ? (0, 0) : flits.Undelivered(end);
        if (statistics.Packets + late == 0)
            throw new ArgumentException($"No packet was created in {end - start} measured cycles. Raise the injection rate, or measure longer samples.", nameof(settings));
        var nodeCycles = (double)(end - start) * network.NodeCount;
        return Result(settings, flits, statistics) with
        {
            AverageLatencyCycles = (double)(statistics.LatencySum + lateSum) / (statistics.Packets + late),
            AcceptedRate = accepted / nodeCycles,
            OfferedRate = (statistics.Packets + late) * settings.PacketFlits / nodeCycles,
            Stable = stable,
        };
    }

    private TrafficMeasurement RunTrace(TrafficSettings settings, CancellationToken cancellation)
    {
        var statistics = new LatencyStatistics(0, settings.CycleLimit, 1);
        var flits = new FlitNetwork(network, spec, routing, new TraceSource(settings, network.NodeCount), statistics, settings.Seed);
        Drain(flits, int.MaxValue, settings, cancellation);
        var total = settings.Trace.Sum(packet => (long)packet.Flits);
        var rate = total / ((double)flits.Now * network.NodeCount);
        return Result(settings, flits, statistics) with
        {
            InjectionRate = 0,
            PacketFlits = (double)total / settings.Trace.Count,
            AcceptedRate = rate,
            OfferedRate = rate,
        };
    }

    private static TrafficMeasurement Result(TrafficSettings settings, FlitNetwork flits, LatencyStatistics statistics) => new()
    {
        Pattern = settings.Pattern,
        InjectionRate = settings.InjectionRate,
        PacketFlits = settings.PacketFlits,
        Seed = settings.Seed,
        AverageLatencyCycles = (double)statistics.LatencySum / statistics.Packets,
        AverageNetworkLatencyCycles = (double)statistics.NetworkSum / statistics.Packets,
        MaximumLatencyCycles = statistics.Maximum,
        AverageHops = (double)statistics.HopSum / statistics.Packets,
        AcceptedRate = 0,
        OfferedRate = 0,
        Stable = true,
        Cycles = flits.Now,
        Packets = statistics.Packets,
    };

    private static void Advance(FlitNetwork flits, int end, Action report, CancellationToken cancellation)
    {
        while (flits.Now < end)
        {
            cancellation.ThrowIfCancellationRequested();
            report();
            for (var stop = Math.Min(end, flits.Now + CancellationInterval); flits.Now < stop;)
                flits.Step();
        }
    }

    private static void Drain(FlitNetwork flits, int before, TrafficSettings settings, CancellationToken cancellation)
    {
        while (!flits.HasDelivered(before))
        {
            if (flits.Now >= settings.CycleLimit)
                throw new CycleLimitException($"The run has not finished after {flits.Now} cycles, its limit: {flits.PacketsUnderWay} packets are in the network. "
                    + "Raise the cycle limit, or send less.");
            if (flits.Now % CancellationInterval == 0)
                cancellation.ThrowIfCancellationRequested();
            flits.Step();
        }
    }

    private int[] Lags(FlitNetwork flits) => [.. Enumerable.Range(0, network.NodeCount).Select(flits.Lag)];

    // In a network that keeps up, a source's queue empties again and again; in one that does not, what waits at its head gets ever older.
    private static bool Grow(int[] before, int[] after, int cycles)
    {
        var growth = before.Zip(after, (first, last) => last - first).ToArray();
        return growth.Average() > MeanLagGrowth * cycles || growth.Max() > SingleLagGrowth * cycles;
    }

    private static void Check(InterconnectSpec spec, IInterconnect network)
    {
        Require(nameof(spec), spec.VirtualChannels is >= 1 and <= 64, $"A router has 1 to 64 virtual channels, not {spec.VirtualChannels}.");
        Require(nameof(spec), spec.BufferFlits >= 1, $"A virtual channel buffers at least one flit, not {spec.BufferFlits}.");
        Require(nameof(spec), spec.FlitBytes >= 1 && spec.LinkBytesPerCycle >= 1, "Flits and links are at least one byte wide.");
        Require(nameof(spec), spec is { RouteCycles: >= 0, TraversalCycles: >= 0, LinkCycles: >= 0 }, "No stage of a router takes less than no time.");
        Require(nameof(spec), spec is { VirtualChannelCycles: >= 1, SwitchCycles: >= 1 },
            "The allocation of virtual channels and of the switch takes at least one cycle each in a cycle-level simulation.");
        var flits = ((long)network.LinkCount + network.NodeCount) * spec.VirtualChannels * spec.BufferFlits;
        Require(nameof(spec), flits <= MostBuffers, $"The routers' buffers hold {flits} flits; at most {MostBuffers} are simulated. Use fewer virtual channels or smaller buffers.");
    }

    private static void Require(string parameter, bool holds, string rule)
    {
        if (!holds)
            throw new ArgumentException(rule, parameter);
    }
}
