namespace Allspark.Engine.Partitioning;

/// <summary>One way to compute a phase: which nodes form its groups, how a group splits a window, and how weights are kept.</summary>
/// <remarks>
/// Rank r of a group is (row part, channel part, head part) = (r / (hp·cp), r / hp mod cp, r mod hp) with hp, cp the head and channel
/// parts; hp·cp·rp = g. Token-wise phases have only head parts, which then cut columns.
/// </remarks>
public sealed record PhaseOption
{
    /// <summary>The node groups.</summary>
    public required Tiling Tiling { get; init; }

    /// <summary>Parts hp over which heads (columns of a token-wise phase) are split.</summary>
    public required int HeadParts { get; init; }

    /// <summary>Parts rp over which a window's query rows are split; each holds a copy of its heads' weights.</summary>
    public int RowParts { get; init; } = 1;

    /// <summary>Parts cp over which a head's channels are split.</summary>
    public int ChannelParts { get; init; } = 1;

    /// <summary>Sharing degree s: a weight slice is kept once per s of its holders, which fetch the rest when the phase starts.</summary>
    public int SharingDegree { get; init; } = 1;

    /// <summary>Whether weights come from outside the stack, over the I/O nodes, when the phase starts.</summary>
    public bool Streamed { get; init; }

    /// <summary>
    /// Whether fetched weights pass through the buffer tile by tile in the order of use instead of being held in memory; needs a phase
    /// of one step, whose rows all meet a weight tile while it is there.
    /// </summary>
    public bool PassThrough { get; init; }

    /// <summary>Whether the exchange of one chunk overlaps the computation of the next.</summary>
    public bool Interleaved { get; init; }

    /// <summary>Windows that a group computes together in one step.</summary>
    public int WindowsPerStep { get; init; } = 1;

    /// <summary>Independent part of the array whose nodes' memory this phase uses; phases of one region share it.</summary>
    public int Region { get; init; }

    /// <summary>Steps in which the busiest group works through its windows.</summary>
    public int Steps(Phase phase)
    {
        ArgumentNullException.ThrowIfNull(phase);
        if (phase.Kind != PhaseKind.Attention)
            return 1;
        var groups = phase.ActiveGroups(Tiling);
        var windows = (phase.Windows + groups - 1) / groups;
        var together = Math.Min(WindowsPerStep, windows);
        return (windows + together - 1) / together;
    }

    /// <summary>Copies of a weight slice among the phase's active groups: Ga·rp, or half of it where each orientation has its own groups.</summary>
    public int SliceCopies(Phase phase)
    {
        ArgumentNullException.ThrowIfNull(phase);
        return phase.ActiveGroups(Tiling) * phase.HeldOrientations(Tiling) / phase.Orientations * RowParts;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Tiling.Shape}, split {HeadParts}·{RowParts}·{ChannelParts}, shared by {SharingDegree}";
}
