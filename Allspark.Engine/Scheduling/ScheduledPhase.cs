using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>A phase with the option chosen for it.</summary>
public sealed record ScheduledPhase
{
    /// <summary>The phase.</summary>
    public required Phase Phase { get; init; }

    /// <summary>The option.</summary>
    public required PhaseOption Option { get; init; }

    /// <summary>Its cost.</summary>
    public required PhaseCost Cost { get; init; }

    /// <summary>Cost of moving the tokens here from the phase before.</summary>
    public required TransitionCost Transition { get; init; }

    /// <summary>Where it runs.</summary>
    public required PhasePlacement Placement { get; init; }

    /// <summary>Position in the network.</summary>
    public int Index => Phase.Index;

    /// <summary>Layer the phase belongs to.</summary>
    public string Block => Phase.Block;

    /// <summary>What the phase computes.</summary>
    public PhaseKind Kind => Phase.Kind;

    /// <summary>Rows of a group.</summary>
    public int GroupRows => Option.Tiling.Shape.GroupRows;

    /// <summary>Columns of a group.</summary>
    public int GroupColumns => Option.Tiling.Shape.GroupColumns;

    /// <summary>Groups with work.</summary>
    public int Groups => Phase.ActiveGroups(Option.Tiling);

    /// <summary>Temporal layers t.</summary>
    public int TemporalLayers => Cost.TemporalLayers;

    /// <summary>Parts over which heads (or columns) are split.</summary>
    public int HeadParts => Option.HeadParts;

    /// <summary>Parts over which query rows are split.</summary>
    public int RowParts => Option.RowParts;

    /// <summary>Parts over which a head's channels are split.</summary>
    public int ChannelParts => Option.ChannelParts;

    /// <summary>Sharing degree s of the weights.</summary>
    public int SharingDegree => Option.SharingDegree;

    /// <summary>Whether the weights come from outside the stack.</summary>
    public bool Streamed => Option.Streamed;

    /// <summary>Whether exchange and computation overlap.</summary>
    public bool Interleaved => Option.Interleaved;

    /// <summary>Time of the phase without its transition, in seconds.</summary>
    public double LatencySeconds => Cost.LatencySeconds;

    /// <summary>Weights kept on the fullest node, in bytes.</summary>
    public long ResidentBytes => Cost.ResidentBytes;

    /// <summary>Further bytes needed while the phase runs.</summary>
    public long TransientBytes => Cost.TransientBytes;

    /// <inheritdoc/>
    public override string ToString() => $"{Phase} on {Option.Tiling.Shape}";
}
