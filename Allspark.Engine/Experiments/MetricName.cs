namespace Allspark.Engine.Experiments;

/// <summary>The metrics that every measurement has; the names carry the units.</summary>
public static class MetricName
{
    /// <summary>Seconds for one inference.</summary>
    public const string LatencySeconds = nameof(LatencySeconds);

    /// <summary>Seconds between results when inferences follow each other.</summary>
    public const string IntervalSeconds = nameof(IntervalSeconds);

    /// <summary>Part of the latency in which the busiest nodes compute, memory accesses included.</summary>
    public const string ComputeSeconds = nameof(ComputeSeconds);

    /// <summary>Part of the latency in which the busiest nodes wait for the interconnect: exchanges and moves.</summary>
    public const string ExposedCommunicationSeconds = nameof(ExposedCommunicationSeconds);

    /// <summary>Part of that in which tokens move between phases, and the result out.</summary>
    public const string TransitionSeconds = nameof(TransitionSeconds);

    /// <summary>Joules for one inference.</summary>
    public const string EnergyJoules = nameof(EnergyJoules);

    /// <summary>Energy of multiply-accumulate operations.</summary>
    public const string MacJoules = nameof(MacJoules);

    /// <summary>Energy of vector operations.</summary>
    public const string VectorJoules = nameof(VectorJoules);

    /// <summary>Energy of the nodes' buffers.</summary>
    public const string SramJoules = nameof(SramJoules);

    /// <summary>Energy of the nodes' memories.</summary>
    public const string DramJoules = nameof(DramJoules);

    /// <summary>Energy of the interconnect.</summary>
    public const string NocJoules = nameof(NocJoules);

    /// <summary>Energy of transfers from and to outside the stack.</summary>
    public const string OffStackJoules = nameof(OffStackJoules);

    /// <summary>Standby energy.</summary>
    public const string StaticJoules = nameof(StaticJoules);

    /// <summary>Share of the array's peak that the network's operations make.</summary>
    public const string Utilization = nameof(Utilization);

    /// <summary>Largest lower bound over the latency.</summary>
    public const string Efficiency = nameof(Efficiency);

    /// <summary>Most memory that a node needs at any time.</summary>
    public const string PeakNodeMemoryBytes = nameof(PeakNodeMemoryBytes);

    /// <summary>Latency that the multiply-accumulate units alone would need.</summary>
    public const string ComputeBoundSeconds = nameof(ComputeBoundSeconds);

    /// <summary>Latency that the node memories alone would need.</summary>
    public const string MemoryBoundSeconds = nameof(MemoryBoundSeconds);

    /// <summary>Latency that the links across the middle alone would need.</summary>
    public const string BisectionBoundSeconds = nameof(BisectionBoundSeconds);

    /// <summary>Latency that the stack's interface alone would need.</summary>
    public const string OffStackBoundSeconds = nameof(OffStackBoundSeconds);

    /// <summary>Latency that the busiest link at an I/O node alone would need.</summary>
    public const string PortLinkBoundSeconds = nameof(PortLinkBoundSeconds);

    /// <summary>Multiply-accumulate operations of the network.</summary>
    public const string Macs = nameof(Macs);

    /// <summary>Trained numbers of the network.</summary>
    public const string Parameters = nameof(Parameters);

    /// <summary>Images computed together.</summary>
    public const string Batch = nameof(Batch);

    /// <summary>Image rows in pixels.</summary>
    public const string InputHeight = nameof(InputHeight);

    /// <summary>Nodes of the array.</summary>
    public const string NodeCount = nameof(NodeCount);

    /// <summary>Memory of a node.</summary>
    public const string NodeMemoryBytes = nameof(NodeMemoryBytes);

    /// <summary>The solver's objective, in the unit of what was minimised (picoseconds, picojoules or femtojoule-seconds).</summary>
    public const string SolverObjective = nameof(SolverObjective);

    /// <summary>The proven bound on it.</summary>
    public const string SolverBound = nameof(SolverBound);
}
