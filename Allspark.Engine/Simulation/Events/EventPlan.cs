using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation.Events;

/// <summary>A schedule as the event queue executes it: a run for every group of every phase, with what it waits for.</summary>
/// <param name="Phases">The phases in order.</param>
/// <param name="Runs">Runs of all phases.</param>
/// <param name="Input">The image's way from the I/O nodes to each group of the first phase.</param>
/// <param name="InputSecondsPerToken">Time of a token on a link, on its way in.</param>
/// <param name="InputOffStackSeconds">Time of the whole image at the stack's interface.</param>
/// <param name="Occupants">For every run, later runs on the same nodes.</param>
internal sealed record EventPlan(
    IReadOnlyList<PhasePlan> Phases,
    int Runs,
    LinkSet[] Input,
    double InputSecondsPerToken,
    double InputOffStackSeconds,
    Successors Occupants);

/// <summary>One phase of an <see cref="EventPlan"/>. Times are those of a whole chunk on the busiest node of a group.</summary>
internal sealed record PhasePlan
{
    /// <summary>The phase.</summary>
    public required ScheduledPhase Scheduled { get; init; }

    /// <summary>Number of its first run; its groups follow in slot order.</summary>
    public required int FirstRun { get; init; }

    /// <summary>Chunks of each group.</summary>
    public required int[] Chunks { get; init; }

    /// <summary>Part of a whole chunk that each group's last chunk is: below 1 where the windows of a step do not come out even.</summary>
    public required double[] LastChunk { get; init; }

    /// <summary>Computation of a chunk, memory accesses included, in seconds.</summary>
    public required double ComputeSeconds { get; init; }

    /// <summary>Time of a chunk's memory traffic at the node's port, in seconds.</summary>
    public required double MemorySeconds { get; init; }

    /// <summary>Exchanges before a chunk is computed.</summary>
    public required CollectivePlan[] Before { get; init; }

    /// <summary>Exchanges after it.</summary>
    public required CollectivePlan[] After { get; init; }

    /// <summary>Weights that are fetched; <see langword="null"/> where all are resident.</summary>
    public required FetchPlan? Fetch { get; init; }

    /// <summary>Tokens of each group on their way to the next phase.</summary>
    public required LinkSet[] Moves { get; init; }

    /// <summary>Time of a token on a link on that way, in seconds.</summary>
    public required double SecondsPerToken { get; init; }

    /// <summary>Time of all tokens at the stack's interface; 0 but for the last phase.</summary>
    public required double OffStackSeconds { get; init; }

    /// <summary>For every group, the groups of the next phase that read its tokens.</summary>
    public required Successors Readers { get; init; }

    /// <summary>Groups with work.</summary>
    public int Groups => Chunks.Length;

    /// <summary>Whether exchange and computation overlap.</summary>
    public bool Interleaved => Scheduled.Option.Interleaved;
}

/// <summary>A collective of every group for one chunk, in equal parts.</summary>
/// <param name="ByGroup">Links of a group's rings (or all-to-all), in shards.</param>
/// <param name="SecondsPerShard">Time of a shard on a link.</param>
/// <param name="Parts">Steps around the ring, or bundles of them.</param>
internal sealed record CollectivePlan(LinkSet[] ByGroup, double SecondsPerShard, int Parts);

/// <summary>Fetch of a phase's weights: holders of a slice gather its shares around rings; rings that lie together advance together.</summary>
/// <param name="FirstFetch">Number of the first block.</param>
/// <param name="Blocks">Links of each block's rings, in shards.</param>
/// <param name="BlockNodes">Nodes of a block, consecutive in the tiling's order.</param>
/// <param name="GroupNodes">Nodes of a group.</param>
/// <param name="SecondsPerShard">Time of a shard on a link.</param>
/// <param name="OwnShare">Part of the slice that a node has from the start.</param>
/// <param name="HeldSeconds">Time to write what is kept to a node's memory.</param>
/// <param name="Entry">Links from the I/O nodes to the nodes of each block, in nodes served; empty unless streamed.</param>
/// <param name="SecondsPerEntry">Time of one node's entering bytes on a link.</param>
/// <param name="OffStackSeconds">Time of one block's entering bytes at the stack's interface.</param>
internal sealed record FetchPlan(
    int FirstFetch,
    LinkSet[] Blocks,
    int BlockNodes,
    int GroupNodes,
    double SecondsPerShard,
    double OwnShare,
    double HeldSeconds,
    LinkSet[] Entry,
    double SecondsPerEntry,
    double OffStackSeconds)
{
    /// <summary>Parts in which weights arrive and are computed with.</summary>
    public const int Parts = 16;

    /// <summary>Whether weights come from outside the stack.</summary>
    public bool Streamed => Entry.Length > 0;

    /// <summary>Blocks that serve a group, first and last.</summary>
    public (int First, int Last) BlocksOf(int group) => (group * GroupNodes / BlockNodes, ((group + 1) * GroupNodes - 1) / BlockNodes);

    /// <summary>Groups that a block serves, first and last.</summary>
    public (int First, int Last) GroupsOf(int block) => (block * BlockNodes / GroupNodes, ((block + 1) * BlockNodes - 1) / GroupNodes);
}

/// <summary>Lists of successors, one after another in one array.</summary>
internal sealed class Successors
{
    private readonly int[] _first;
    private readonly int[] _to;

    /// <param name="count">Number of predecessors.</param>
    /// <param name="edges">Pairs of predecessor and successor, each once.</param>
    public Successors(int count, IReadOnlyCollection<(int From, int To)> edges)
    {
        _first = new int[count + 1];
        _to = new int[edges.Count];
        foreach (var (from, _) in edges)
            _first[from + 1]++;
        for (var i = 0; i < count; i++)
            _first[i + 1] += _first[i];
        var next = _first.AsSpan(0, count).ToArray();
        foreach (var (from, to) in edges)
            _to[next[from]++] = to;
    }

    /// <summary>Successors of one.</summary>
    public ReadOnlySpan<int> this[int from] => _to.AsSpan(_first[from], _first[from + 1] - _first[from]);
}
