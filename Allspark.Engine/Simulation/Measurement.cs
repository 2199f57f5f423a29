using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation;

/// <summary>Latency and energy of one inference under a schedule; of a whole batch where the network has one.</summary>
public sealed record Measurement
{
    private const int LinksReported = 8;

    /// <summary>The schedule.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>How it was measured.</summary>
    public required Fidelity Fidelity { get; init; }

    /// <summary>Time from the first input byte entering to the last output byte leaving, in seconds.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Time between results when inferences follow each other, in seconds: the slowest stage of a pipeline, otherwise the latency.</summary>
    public required double IntervalSeconds { get; init; }

    /// <summary>Energy by component.</summary>
    public required EnergyBreakdown Energy { get; init; }

    /// <summary>The phases in order.</summary>
    public required IReadOnlyList<PhaseMeasurement> Phases { get; init => field = value.ToArray().AsReadOnly(); }

    /// <summary>Part of the latency in which the busiest nodes wait for the interconnect, in seconds.</summary>
    public required double ExposedCommunicationSeconds { get; init; }

    /// <summary>Most memory that a node needs at any time, in bytes.</summary>
    public required long PeakNodeMemoryBytes { get; init; }

    /// <summary>Bytes over each link, by its number in the interconnect.</summary>
    public required IReadOnlyList<double> LinkBytes { get; init => field = value.ToArray().AsReadOnly(); }

    /// <summary>Computation of each node, by its number, in seconds: nodes whose groups get fewer windows, or none, compute less.</summary>
    public IReadOnlyList<double> NodeComputeSeconds => NodeLoad.ComputeSeconds(Schedule).AsReadOnly();

    /// <summary>When nodes and links were busy in the block that was asked for; <see langword="null"/> where none was.</summary>
    public Timeline? Timeline { get; init; }

    /// <summary>The most loaded links, heaviest first.</summary>
    public IReadOnlyList<LinkLoad> HeaviestLinks => LinkBytes.Index().Where(link => link.Item > 0)
        .OrderByDescending(link => link.Item).ThenBy(link => link.Index).Take(LinksReported)
        .Select(link => new LinkLoad(Schedule.Array.Interconnect[link.Index], link.Item)).ToArray().AsReadOnly();

    /// <summary>Lower bounds on the latency.</summary>
    public required LatencyBounds Bounds { get; init; }

    /// <summary>Id of the logged run; <see langword="null"/> until it is logged.</summary>
    public string? RunId { get; init; }

    /// <summary>The network.</summary>
    public DnnModel Model => Schedule.Model;

    /// <summary>The machine.</summary>
    public PimArray Array => Schedule.Array;

    /// <summary>The policy.</summary>
    public PartitionScheme Scheme => Schedule.Scheme;

    /// <summary>Latency in cycles of the node clock.</summary>
    public long LatencyCycles => (long)Math.Ceiling(LatencySeconds * Array.Node.ClockHertz);

    /// <summary>Energy in joules.</summary>
    public double EnergyJoules => Energy.TotalJoules;

    /// <summary>Share of the array's peak that the network's operations make over the latency.</summary>
    public double Utilization => (double)Model.Macs * Model.Batch / (Array.PeakMacsPerSecond * LatencySeconds);

    /// <summary>Largest bound over the latency.</summary>
    public double Efficiency => Bounds.LargestSeconds / LatencySeconds;

    /// <summary>Results a second when inferences follow each other, those of a batch each for itself.</summary>
    public double InferencesPerSecond => Model.Batch / IntervalSeconds;

    /// <inheritdoc/>
    public override string ToString() => $"{Schedule}, {Fidelity}";
}
