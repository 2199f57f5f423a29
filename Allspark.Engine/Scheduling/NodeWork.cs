using Allspark.Engine.Hardware;

namespace Allspark.Engine.Scheduling;

/// <summary>Adds up what the busiest node does in one step of a phase.</summary>
internal sealed class NodeWork(PimArray array, GemmModel gemms)
{
    public double Seconds { get; private set; }

    public double DramBytes { get; private set; }

    public double SramReadBytes { get; private set; }

    public double SramWriteBytes { get; private set; }

    /// <param name="gemm">Shape.</param>
    /// <param name="count">How many of it, one after another.</param>
    /// <param name="weightShare">Part of the second operand's traffic that one step bears: 0 where it is in the buffer, 1/t where it is read once.</param>
    /// <param name="inputInBuffer">Whether the first operand is already in the buffer.</param>
    /// <param name="outputInBuffer">Whether the result stays there.</param>
    public void Add(Gemm gemm, int count, double weightShare, bool inputInBuffer, bool outputInBuffer)
    {
        var cost = gemms.Evaluate(gemm, Dataflow.Best, new MemoryShare(inputInBuffer ? 0 : 1, weightShare, outputInBuffer ? 0 : 1));
        Seconds += count * cost.Seconds;
        DramBytes += count * cost.MemoryBytes;
        SramReadBytes += count * (double)cost.SramReadBytes;
        SramWriteBytes += count * (double)cost.SramWriteBytes;
    }

    /// <summary>Work on the lanes that streams its operands from memory.</summary>
    public void AddVector(double operations, double memoryBytes, int bytesPerElement)
    {
        var bandwidth = array.Node.StreamingBandwidthBytesPerSecond;
        var before = Seconds;
        AddVector(operations, bytesPerElement);
        Seconds = before + Math.Max(Seconds - before, memoryBytes / bandwidth) + (memoryBytes > 0 ? array.Node.AccessLatencySeconds : 0);
        DramBytes += memoryBytes;
    }

    /// <summary>Other work, after this.</summary>
    public void Add(NodeWork other)
    {
        Seconds += other.Seconds;
        DramBytes += other.DramBytes;
        SramReadBytes += other.SramReadBytes;
        SramWriteBytes += other.SramWriteBytes;
    }

    public void AddVector(double operations, int bytesPerElement)
    {
        Seconds += operations / array.Node.VectorOperationsPerSecond;
        SramReadBytes += operations * bytesPerElement;
        SramWriteBytes += operations * bytesPerElement;
    }
}
