using Allspark.Engine.Scheduling;
using Allspark.Engine.Specifications;

namespace Allspark.Engine.Simulation;

/// <summary>Times that the schedule cannot beat, in seconds: what it asks of one resource over what that resource gives.</summary>
/// <param name="ComputeSeconds">Σ MACs / (N·P·f): every node busy all the time.</param>
/// <param name="MemorySeconds">Bytes that it reads and writes in the node memories over their joint streaming bandwidth.</param>
/// <param name="BisectionSeconds">Bytes that cross the middle of the array over the bandwidth of the links there.</param>
/// <param name="OffStackSeconds">Streamed weights, image and result over the bandwidth of the stack's interface.</param>
/// <param name="PortLinkSeconds">Bytes over the busiest link to or from an I/O node, over a link's bandwidth.</param>
public sealed record LatencyBounds(
    double ComputeSeconds, double MemorySeconds, double BisectionSeconds, double OffStackSeconds, double PortLinkSeconds)
{
    /// <summary>The largest of the bounds.</summary>
    public double LargestSeconds =>
        Math.Max(Math.Max(ComputeSeconds, MemorySeconds), Math.Max(BisectionSeconds, Math.Max(OffStackSeconds, PortLinkSeconds)));

    internal static LatencyBounds Of(Schedule schedule, double[] linkBytes)
    {
        var array = schedule.Array;
        var linkBandwidth = array.Interconnect.LinkBandwidthBytesPerSecond;
        var dramBytes = schedule.Phases.Sum(phase => phase.Cost.DramBytes);
        var offStackBytes = schedule.Phases.Sum(phase => phase.Cost.OffStackBytes + phase.Transition.OffStackBytes) + schedule.Output.OffStackBytes;
        var (across, links) = AcrossMiddle(schedule, linkBytes);
        return new LatencyBounds(
            (double)schedule.Model.Macs * schedule.Model.Batch / array.PeakMacsPerSecond,
            dramBytes / (array.NodeCount * array.Node.StreamingBandwidthBytesPerSecond),
            links == 0 ? 0 : across / (links * linkBandwidth),
            offStackBytes / array.Io.OffStackBandwidthBytesPerSecond,
            AtPorts(schedule, linkBytes) / linkBandwidth);
    }

    private static double AtPorts(Schedule schedule, double[] linkBytes)
    {
        var (ports, heaviest) = (schedule.Array.IoNodes.ToHashSet(), 0.0);
        for (var link = 0; link < linkBytes.Length; link++)
        {
            var (from, to) = schedule.Array.Interconnect[link];
            if (ports.Contains(from) || ports.Contains(to))
                heaviest = Math.Max(heaviest, linkBytes[link]);
        }

        return heaviest;
    }

    // The cut across the longer side, as the interconnect counts its bisection.
    private static (double Bytes, int Links) AcrossMiddle(Schedule schedule, double[] linkBytes)
    {
        var array = schedule.Array;
        var (bytes, links) = (0.0, 0);
        for (var link = 0; link < linkBytes.Length; link++)
        {
            var (from, to) = array.Interconnect[link];
            if (Half(from) == Half(to))
                continue;
            bytes += linkBytes[link];
            links++;
        }

        return (bytes, links);

        bool Half(int node) => array.Columns >= array.Rows ? node % array.Columns < array.Columns / 2 : node / array.Columns < array.Rows / 2;
    }

    /// <inheritdoc/>
    public override string ToString() => $"at least {new PhysicalQuantity(LargestSeconds, "s")}";
}
