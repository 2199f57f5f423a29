using System.Runtime.InteropServices;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>One phase of a schedule written out, to be run as it is: what each node gets, holds, computes, exchanges.</summary>
internal sealed record PhaseProgram
{
    public required Phase Phase { get; init; }

    public required Layer Layer { get; init; }

    /// <summary>Name in findings.</summary>
    public string Name => $"{Phase.Block} {Phase.Kind}";

    /// <summary>Tokens that move here from the phase before; for the first phase, patches from the I/O nodes.</summary>
    public required IReadOnlyList<TokenMove> Moves { get; init; }

    /// <summary>Copies of output tokens that the positional encoding of a neighbour reaches.</summary>
    public required IReadOnlyList<TokenMove> Halo { get; init; }

    /// <summary>What the phase does with channels that come beside its tokens.</summary>
    public Connection Connection { get; init; }

    /// <summary>Channels that come beside its tokens, or before their own.</summary>
    public int CarriedChannels { get; init; }

    /// <summary>Nodes that get the mean of all tokens from the node that adds it up; empty where nothing is squeezed.</summary>
    public IReadOnlyList<TokenMove> Means { get; init; } = [];

    /// <summary>Nodes that send the sum of their tokens to the node that pools or adds them up; empty where nothing is pooled.</summary>
    public required IReadOnlyList<TokenMove> Sums { get; init; }

    /// <summary>Parts of the trained numbers that nodes keep, or that are streamed in to them.</summary>
    public required IReadOnlyList<WeightHolding> Weights { get; init; }

    /// <summary>Nodes that gather each other's parts of a weight slice when the phase starts.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> WeightRings { get; init; }

    /// <summary>The groups with work.</summary>
    public required IReadOnlyList<GroupProgram> Groups { get; init; }

    /// <summary>Node of each output token.</summary>
    public required IReadOnlyList<int> OutputNodes { get; init; }

    /// <summary>Node of each output token's second partial sum, −1 for none; empty where tokens have one place.</summary>
    public IReadOnlyList<int> CrossingNodes { get; init; } = [];

    /// <summary>What cannot be carried out.</summary>
    public required IReadOnlyList<NumericFinding> Findings { get; init; }
}

/// <summary>One token on its way. A negative source is outside the stack.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenMove(int Token, int Source, int Target);

/// <summary>Elements of a tensor that one node has at the start of a phase.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WeightHolding(int Node, WeightTensor Tensor, IndexRange Elements);

/// <summary>The work of one group.</summary>
/// <param name="Ranks">What each node does, in ring order.</param>
/// <param name="Windows">The group's windows in order of computation; in a token-wise phase one of all its tokens.</param>
internal sealed record GroupProgram(IReadOnlyList<RankProgram> Ranks, IReadOnlyList<WindowProgram> Windows);

/// <summary>Tokens that are worked on together.</summary>
/// <param name="Index">Place along the curve.</param>
/// <param name="Tokens">Token at each position; −1 where the window overhangs the grid.</param>
/// <param name="Mask">Added to the scores of (query, key) pairs; <see langword="null"/> where every pair attends.</param>
internal sealed record WindowProgram(int Index, int[] Tokens, float[]? Mask)
{
    /// <summary>Which part of the heads attends in it; the residual is added in windows of the first.</summary>
    public int Orientation { get; init; }

    /// <summary>Tokens of a row of the window.</summary>
    public int Columns { get; init; }
}

/// <summary>What a node of a group does with a window. Ranges are positions in the window; other nodes are ranks.</summary>
internal sealed record RankProgram
{
    public required int Node { get; init; }

    /// <summary>Positions whose tokens the node holds, normalises and finishes.</summary>
    public required IndexRange Owned { get; init; }

    /// <summary>Positions that the node computes its columns of.</summary>
    public required IndexRange Rows { get; init; }

    /// <summary>Rows whose scores it sums and takes the softmax of: its part among <see cref="ScoresFrom"/>.</summary>
    public required IndexRange ScoreRows { get; init; }

    /// <summary>Keys that the node computes.</summary>
    public required IndexRange KeyRows { get; init; }

    /// <summary>Pooled keys that the node adds up for its group; empty where keys are not pooled.</summary>
    public required IndexRange PooledKeys { get; init; }

    /// <summary>Heads of its slice; one in token-wise phases.</summary>
    public required IndexRange Heads { get; init; }

    /// <summary>Channels of each head, or columns.</summary>
    public required IndexRange Channels { get; init; }

    /// <summary>Ranks whose input it gathers.</summary>
    public required IReadOnlyList<int> InputFrom { get; init; }

    /// <summary>Ranks whose keys and values it gathers.</summary>
    public required IReadOnlyList<int> KeysFrom { get; init; }

    /// <summary>Ranks that share its heads' channels: score sums and scores go round among them.</summary>
    public required IReadOnlyList<int> ScoresFrom { get; init; }

    /// <summary>Ranks whose partial output it adds up, or whose columns it joins.</summary>
    public required IReadOnlyList<int> OutputFrom { get; init; }

    /// <summary>Whether the node computes at all.</summary>
    public bool Computes => !Heads.IsEmpty && !Channels.IsEmpty;

    /// <summary>Width of the node's slice.</summary>
    public int Width => Heads.Length * Channels.Length;
}
