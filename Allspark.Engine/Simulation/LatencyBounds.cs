using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation;

/// <summary>Times that no schedule of this split can beat, in seconds.</summary>
/// <param name="ComputeSeconds">Σ MACs / (N·P·f): every node busy all the time.</param>
/// <param name="MemorySeconds">Bytes that the schedule reads and writes in the node memories over their joint streaming bandwidth.</param>
/// <param name="BisectionSeconds">Bytes that cross the middle of the array over the bandwidth of the links there.</param>
public sealed record LatencyBounds(double ComputeSeconds, double MemorySeconds, double BisectionSeconds)
{
    /// <summary>The largest of the bounds.</summary>
    public double LargestSeconds => Math.Max(ComputeSeconds, Math.Max(MemorySeconds, BisectionSeconds));

    internal static LatencyBounds Of(Schedule schedule, double[] linkBytes)
    {
        var array = schedule.Array;
        var dramBytes = schedule.Phases.Sum(phase => phase.Cost.DramBytes);
        var (across, links) = AcrossMiddle(schedule, linkBytes);
        return new LatencyBounds(
            (double)schedule.Model.Macs * schedule.Model.Batch / array.PeakMacsPerSecond,
            dramBytes / (array.NodeCount * array.Node.StreamingBandwidthBytesPerSecond),
            links == 0 ? 0 : across / (links * array.Interconnect.LinkBandwidthBytesPerSecond));
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
}
