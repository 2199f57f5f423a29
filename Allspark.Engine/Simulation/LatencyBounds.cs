namespace Allspark.Engine.Simulation;

/// <summary>Times that no schedule of this split can beat, in seconds.</summary>
/// <param name="ComputeSeconds">Σ MACs / (N·P·f): every node busy all the time.</param>
/// <param name="MemorySeconds">Bytes that the schedule reads and writes in the node memories over their joint streaming bandwidth.</param>
/// <param name="BisectionSeconds">Bytes that cross the middle of the array over the bandwidth of the links there.</param>
public sealed record LatencyBounds(double ComputeSeconds, double MemorySeconds, double BisectionSeconds)
{
    /// <summary>The largest of the bounds.</summary>
    public double LargestSeconds => Math.Max(ComputeSeconds, Math.Max(MemorySeconds, BisectionSeconds));
}
