using System.Globalization;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Simulation;

/// <summary>What a node or link is busy with.</summary>
public enum TimelineKind
{
    /// <summary>A node computes.</summary>
    Compute,

    /// <summary>A link carries an exchange within the groups.</summary>
    Exchange,

    /// <summary>A link carries weights.</summary>
    Fetch,

    /// <summary>A link carries tokens to the next phase.</summary>
    Move,
}

/// <summary>A stretch of time in which a node or link is busy with one thing.</summary>
/// <param name="Resource">Number of the node or of the link.</param>
/// <param name="Phase">The phase that it is busy for.</param>
/// <param name="Kind">With what.</param>
/// <param name="StartSeconds">From when, since the inference began.</param>
/// <param name="EndSeconds">Until when.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TimelineInterval(int Resource, int Phase, TimelineKind Kind, double StartSeconds, double EndSeconds)
{
    /// <summary>How long.</summary>
    public double Seconds => EndSeconds - StartSeconds;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind} from {StartSeconds * 1e6:0.###} to {EndSeconds * 1e6:0.###} µs");
}

/// <summary>When nodes and links were busy in one block. Stretches that touch are joined where phase and kind are the same.</summary>
/// <param name="Block">The layer.</param>
/// <param name="Nodes">Stretches of nodes, by node and time.</param>
/// <param name="Links">Stretches of links, by link and time.</param>
public sealed record Timeline(string Block, IReadOnlyList<TimelineInterval> Nodes, IReadOnlyList<TimelineInterval> Links)
{
    /// <summary>Stretches of nodes, by node and time.</summary>
    public IReadOnlyList<TimelineInterval> Nodes { get; init => field = value.ToArray().AsReadOnly(); } = Nodes.ToArray().AsReadOnly();

    /// <summary>Stretches of links, by link and time.</summary>
    public IReadOnlyList<TimelineInterval> Links { get; init => field = value.ToArray().AsReadOnly(); } = Links.ToArray().AsReadOnly();

    /// <summary>Start of the first stretch, in seconds.</summary>
    public double StartSeconds => Nodes.Concat(Links).Select(interval => interval.StartSeconds).DefaultIfEmpty().Min();

    /// <summary>End of the last stretch, in seconds.</summary>
    public double EndSeconds => Nodes.Concat(Links).Select(interval => interval.EndSeconds).DefaultIfEmpty().Max();

    /// <inheritdoc/>
    public override string ToString() => $"{Block}: {Nodes.Count} stretches of nodes, {Links.Count} of links";
}
