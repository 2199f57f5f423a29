using Allspark.Engine.Models;

namespace Allspark.Engine.Partitioning;

/// <summary>
/// A step of the network that one node grouping computes: a block's attention, a block's feed-forward network, or a projection.
/// </summary>
/// <remarks>
/// Work is counted in windows of <see cref="QueryTokens"/> tokens. A token-wise phase (feed-forward, projection) has as many windows
/// as its tokens fill; it may be cut anywhere between tokens.
/// </remarks>
public sealed record Phase
{
    /// <summary>Position in the network, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Name of the layer this phase belongs to.</summary>
    public required string Block { get; init; }

    /// <summary>Index of that layer in the model.</summary>
    public required int LayerIndex { get; init; }

    /// <summary>What the phase computes.</summary>
    public required PhaseKind Kind { get; init; }

    /// <summary>Images computed together. Their grids stand one under the other, and windows and tokens are those of all.</summary>
    public int Images { get; init; } = 1;

    /// <summary>Token grid before the phase.</summary>
    public required TokenGrid InputGrid { get; init; }

    /// <summary>Token grid after the phase.</summary>
    public required TokenGrid OutputGrid { get; init; }

    /// <summary>Attention geometry of the block; <see langword="null"/> for a projection outside the blocks.</summary>
    public AttentionGeometry? Geometry { get; init; }

    /// <summary>Windows W of the phase; stripes of both orientations count.</summary>
    public required int Windows { get; init; }

    /// <summary>Query tokens n of a window.</summary>
    public required int QueryTokens { get; init; }

    /// <summary>Key tokens m of a window; equals <see cref="QueryTokens"/> where attention does not reduce its keys.</summary>
    public required int KeyTokens { get; init; }

    /// <summary>Tokens the phase computes in all; windows that overhang the grid count whole.</summary>
    public required int Tokens { get; init; }

    /// <summary>Channels of an input token (the reduction length of a projection).</summary>
    public required int InputChannels { get; init; }

    /// <summary>Channels of an output token.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>Attention heads H of a window; 1 where the phase has none.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values, which a group's nodes split whole; H where queries share none.</summary>
    public int KeyValueHeads { get; init; } = 1;

    /// <summary>Whether a third matrix gates the hidden channels of a feed-forward network.</summary>
    public bool Gated { get; init; }

    /// <summary>Sets of windows with heads of their own: 2 for stripes, else 1. The first W/2 windows are of the first.</summary>
    public int Orientations { get; init; } = 1;

    /// <summary>Heads of a window of the block the phase belongs to; 1 outside the blocks.</summary>
    public required int BlockHeads { get; init; }

    /// <summary>Channels of a head, d.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Hidden width F of the feed-forward network; 0 elsewhere.</summary>
    public required int HiddenWidth { get; init; }

    /// <summary>Patches that a projection reads.</summary>
    public ConvolutionShape Convolution { get; init; } = ConvolutionShape.TokenWise;

    /// <summary>Independent groups of channels of a convolution; as many as channels in a depthwise one.</summary>
    public int ConvolutionGroups { get; init; } = 1;

    /// <summary>
    /// Elements that come in for each computed token, those that it shares with its neighbours counted once: s²·C of a convolution of
    /// stride s, the input channels elsewhere.
    /// </summary>
    public required int InputElements { get; init; }

    /// <summary>Channels of earlier results that leave with each token, for a later phase to add or concatenate.</summary>
    public int CarriedChannels { get; init; }

    /// <summary>Channels of an earlier result that the phase maps by a further part of its matrix and adds to its output.</summary>
    public int ShortcutChannels { get; init; }

    /// <summary>Channels that the mean token is squeezed to before it scales the input channels; 0 where nothing is.</summary>
    public int SqueezedChannels { get; init; }

    /// <summary>Whether the phase makes one token of all of an image: of the class token, or of the mean.</summary>
    public bool PoolsAll => Tokens == Images && InputGrid.Tokens > Images && Convolution == ConvolutionShape.TokenWise;

    /// <summary>Multiply-accumulate operations of the phase.</summary>
    public required long Macs { get; init; }

    /// <summary>
    /// Those of them outside the large matrices (depthwise and key-reduction convolutions beside attention and feed-forward, the squeezed
    /// mean), computed on the token shards.
    /// </summary>
    public required long AuxiliaryMacs { get; init; }

    /// <summary>Weights and biases of the large matrices, in elements: what a node group holds one copy of.</summary>
    public required long WeightElements { get; init; }

    /// <summary>Other parameters (norms, biases tables, auxiliary operators), in elements; every node of a group holds them.</summary>
    public required long ReplicatedElements { get; init; }

    /// <summary>Widest feature dimension that a column split can cut: heads·d for attention, F or the output channels elsewhere.</summary>
    public int SplitWidth => Kind switch
    {
        PhaseKind.Attention => Heads * HeadDimension,
        PhaseKind.FeedForward => HiddenWidth,
        _ => OutputChannels,
    };

    /// <summary>Computational branches of the phase.</summary>
    public int Branches => Windows * Heads;

    /// <summary>Groups of a tiling that have work: all, or one a window (one a token for a token-wise phase) where there are fewer.</summary>
    public int ActiveGroups(Tiling tiling)
    {
        ArgumentNullException.ThrowIfNull(tiling);
        return Math.Min(tiling.Groups, Kind == PhaseKind.Attention ? Windows : Math.Min(Tokens, OutputGrid.Tokens));
    }

    /// <summary>
    /// Orientations whose weights a group holds: one where the active groups divide evenly among them, the first half of the slots
    /// taking the first; otherwise all.
    /// </summary>
    public int HeldOrientations(Tiling tiling) => ActiveGroups(tiling) % Orientations == 0 ? 1 : Orientations;

    /// <summary>Orientation of a window, numbered along the curve.</summary>
    public int OrientationOf(int window) => (int)((long)window * Orientations / Windows);

    /// <inheritdoc/>
    public override string ToString() => $"{Block} {Kind}";
}
