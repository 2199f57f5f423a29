using Allspark.Engine.Models;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// The traffic of one measurement and how long it is measured: Bernoulli injection into source queues without limit, samples of equal
/// length to warm up, then samples that count, then a drain until every packet created in those has arrived.
/// </summary>
public sealed record TrafficSettings
{
    /// <summary>Cycles that a run may have at most.</summary>
    public const int LongestRun = 1 << 30;

    private const int PacketsOfSample = 6400, ShortestSample = 5000, LongestSample = 200_000;

    /// <summary>Where packets go.</summary>
    public TrafficPattern Pattern { get; init; }

    /// <summary>Flits that a node creates per cycle on average, more than 0 and at most 1. A trace needs none.</summary>
    public double InjectionRate { get; init; }

    /// <summary>Length of a packet, at least 1.</summary>
    public int PacketFlits { get; init; } = 1;

    /// <summary>Where the random numbers start.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Cycles of a sample. If omitted, 5000, or as many more, up to 200 000, as it takes to expect 6400 packets: at low rates a mean of
    /// fewer says little, and cycles cost little.
    /// </summary>
    public int? SampleCycles { get; init; }

    /// <summary>Samples before anything counts.</summary>
    public int WarmupSamples { get; init; } = 3;

    /// <summary>Samples that count.</summary>
    public int MeasuredSamples { get; init; } = 3;

    /// <summary>Cycles after which a run that has not finished is given up.</summary>
    public int CycleLimit { get; init; } = 10_000_000;

    /// <summary>The nodes of a hotspot; the middle one if empty.</summary>
    public ValueList<int> HotspotNodes { get; init; } = [];

    /// <summary>Share of the packets that go to the hotspot, more than 0 and at most 1.</summary>
    public double HotspotFraction { get; init; } = 0.1;

    /// <summary>The packets of a trace, in any order.</summary>
    public ValueList<TracePacket> Trace { get; init; } = [];

    /// <summary>The length of a sample on an array of that many nodes.</summary>
    internal int CyclesOfSample(int nodes)
    {
        if (SampleCycles is { } given)
            return given;
        var wanted = Math.Min(PacketsOfSample * PacketFlits / (InjectionRate * nodes), LongestSample);
        return Math.Max(ShortestSample, Math.Min((int)wanted, (int)(CycleLimit / ((long)WarmupSamples + MeasuredSamples))));
    }

    internal void Check(int nodes)
    {
        Require(CycleLimit is > 0 and <= LongestRun, nameof(CycleLimit), CycleLimit, $"A run has 1 to {LongestRun} cycles.");
        if (Pattern == TrafficPattern.Trace)
        {
            CheckTrace(nodes);
            return;
        }

        Require(InjectionRate is > 0 and <= 1, nameof(InjectionRate), InjectionRate,
            "The injection rate is more than 0 and at most 1 flit per cycle and node: a node injects at most one flit a cycle.");
        Require(PacketFlits is >= 1 and <= 1 << 20, nameof(PacketFlits), PacketFlits, $"A packet has 1 to {1 << 20} flits.");
        Require(SampleCycles is null or >= 1, nameof(SampleCycles), SampleCycles, "A sample has at least one cycle.");
        Require(WarmupSamples is >= 0 and <= LongestRun, nameof(WarmupSamples), WarmupSamples, $"There are 0 to {LongestRun} samples to warm up.");
        Require(MeasuredSamples is >= 1 and <= LongestRun, nameof(MeasuredSamples), MeasuredSamples, $"There are 1 to {LongestRun} samples that count.");
        var sample = CyclesOfSample(nodes);
        var needed = ((long)WarmupSamples + MeasuredSamples) * sample;
        if (needed > CycleLimit)
            throw new CycleLimitException($"{WarmupSamples} + {MeasuredSamples} samples of {sample} cycles need {needed} cycles, the limit is {CycleLimit}. "
                + "Raise the cycle limit or measure fewer or shorter samples.");
        if (Pattern == TrafficPattern.Hotspot)
            CheckHotspot(nodes);
    }

    private void CheckHotspot(int nodes)
    {
        Require(HotspotFraction is > 0 and <= 1, nameof(HotspotFraction), HotspotFraction, "The hotspot's share is more than 0 and at most 1.");
        foreach (var node in HotspotNodes)
            Require((uint)node < (uint)nodes, nameof(HotspotNodes), node, $"Nodes are numbered 0 to {nodes - 1}.");
    }

    private void CheckTrace(int nodes)
    {
        Require(Trace.Count > 0, nameof(Trace), Trace.Count, "A trace has at least one packet.");
        foreach (var packet in Trace)
        {
            Require(packet.Cycle is >= 0 and < LongestRun, nameof(Trace), packet.Cycle, $"A packet is created at cycle 0 to {LongestRun - 1}.");
            Require(packet.Flits is >= 1 and <= 1 << 20, nameof(Trace), packet.Flits, $"A packet has 1 to {1 << 20} flits.");
            Require((uint)packet.Source < (uint)nodes, nameof(Trace), packet.Source, $"Nodes are numbered 0 to {nodes - 1}.");
            Require((uint)packet.Target < (uint)nodes, nameof(Trace), packet.Target, $"Nodes are numbered 0 to {nodes - 1}.");
        }
    }

    private static void Require<T>(bool holds, string setting, T value, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(setting, value, rule);
    }
}
