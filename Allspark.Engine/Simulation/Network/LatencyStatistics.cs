using System.Runtime.InteropServices;

namespace Allspark.Engine.Simulation.Network;

/// <summary>Latencies of packets by the sample in which they were created. Sums are whole numbers: no order changes them.</summary>
internal sealed class LatencyStatistics(int start, int sampleCycles, int samples)
{
    /// <summary>Latency that a sample must gain over the one before to count as growing, and in how many standard errors.</summary>
    private const double Growth = 0.05, StandardErrors = 4;

    private readonly Sample[] bySample = new Sample[samples];
    private readonly int end = start + (sampleCycles * samples);

    [StructLayout(LayoutKind.Auto)]
    private struct Sample
    {
        public long Packets;
        public long Sum;
        public Int128 Squares;

        public readonly double Mean => (double)Sum / Packets;

        public readonly double ErrorSquared => (((double)Squares / Packets) - (Mean * Mean)) / Packets;
    }

    public long Packets { get; private set; }

    public long NetworkSum { get; private set; }

    public long HopSum { get; private set; }

    public int Maximum { get; private set; }

    public long LatencySum => bySample.Sum(sample => sample.Sum);

    /// <summary>Whether a packet that was created then counts.</summary>
    public bool Counts(int created) => created >= start && created < end;

    public void Add(int created, int injected, int arrived, int hops)
    {
        var latency = arrived - created;
        ref var sample = ref bySample[(created - start) / sampleCycles];
        sample.Packets++;
        sample.Sum += latency;
        sample.Squares += (long)latency * latency;
        Packets++;
        NetworkSum += arrived - injected;
        HopSum += hops;
        Maximum = Math.Max(Maximum, latency);
    }

    /// <summary>Whether latency rises from each sample to the next, by more than chance explains.</summary>
    public bool Rises()
    {
        if (bySample.Length < 2 || bySample.Any(sample => sample.Packets == 0))
            return false;
        for (var index = 1; index < bySample.Length; index++)
        {
            var (before, now) = (bySample[index - 1], bySample[index]);
            if (now.Mean - before.Mean <= Math.Max(Growth * before.Mean, StandardErrors * Math.Sqrt(before.ErrorSquared + now.ErrorSquared)))
                return false;
        }

        return true;
    }
}
