using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>Runs the program of one group: nodes compute at the same time, then exchange, over and over.</summary>
internal abstract class GroupExecution(VirtualArray array, PhaseProgram program, GroupProgram group)
{
    protected PhaseProgram Program { get; } = program;

    protected GroupProgram Group { get; } = group;

    protected IReadOnlyList<RankProgram> Ranks => Group.Ranks;

    /// <summary>Works through the group's windows.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        Load();
        foreach (var window in Group.Windows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunWindow(window, cancellationToken);
        }
    }

    /// <summary>Takes the nodes' weight slices from their memories.</summary>
    protected abstract void Load();

    protected abstract void RunWindow(WindowProgram window, CancellationToken cancellationToken);

    protected NodeMemory Memory(RankProgram rank) => array[rank.Node];

    /// <summary>Nodes compute: each writes to its own memory only.</summary>
    protected void Compute(Action<RankProgram> work) => Parallel.ForEach(Ranks, work);

    protected void Compute(Action<RankProgram, int> work) => Parallel.For(0, Ranks.Count, rank => work(Ranks[rank], rank));

    /// <summary>Nodes get the blocks that the named ranks made.</summary>
    protected void Gather(OperandKind kind, Func<RankProgram, IReadOnlyList<int>> from) => Exchange(kind, from, static _ => null);

    /// <summary>Nodes get the rows that they ask for of the blocks that the named ranks made, or all of them.</summary>
    protected void Exchange(OperandKind kind, Func<RankProgram, IReadOnlyList<int>> from, Func<RankProgram, IndexRange?> wanted)
    {
        Block[][] made = [.. Ranks.Select(rank => Memory(rank).Made(kind).ToArray())];
        foreach (var rank in Ranks)
        {
            foreach (var source in from(rank))
            {
                if (Ranks[source] == rank)
                    continue;
                foreach (var block in made[source])
                {
                    if ((wanted(rank) is { } rows ? block.Part(rows) : block) is { } part)
                        Memory(rank).Put(part);
                }
            }
        }
    }

    /// <summary>The token at a position, or zeros and a finding where the node does not have it.</summary>
    protected ReadOnlySpan<float> Token(RankProgram rank, int token, int channels)
    {
        if (Memory(rank).Tokens.TryGetValue(token, out var values))
            return values.Span;
        array.ReportToken(Program.Name, rank.Node, token, "reads");
        return new float[channels];
    }

    /// <summary>Rows of an operand; what is missing is a finding.</summary>
    protected ReadOnlyMemory<float> Read(RankProgram rank, OperandKind kind, IndexRange rows, int width, WindowProgram window)
    {
        var values = Memory(rank).Read(kind, rows, width, out var missing);
        if (missing > 0)
            Report(rank, Describe(kind), $"lacks {missing} of the rows {rows} of the {Describe(kind)} of window {window.Index}.");
        return values;
    }

    /// <summary>The sum of the other nodes' partial rows and its own.</summary>
    protected float[] Sum(
        RankProgram rank, int place, OperandKind kind, IndexRange rows, int width, IReadOnlyList<int> from, WindowProgram window)
    {
        var sum = Memory(rank).Sum(kind, rows, width, from.Contains(place), out var summands);
        if (summands < rows.Length * from.Count)
        {
            Report(rank, Describe(kind), $"adds {summands} partial rows where {rows.Length} of each of {from.Count} nodes are "
                + $"due, in the {Describe(kind)} of window {window.Index}.");
        }

        return sum;
    }

    /// <summary>A node's rows of a split matrix; what it does not hold is a finding, and zeros.</summary>
    protected ReadOnlyMemory<float> Slice(RankProgram rank, WeightTensor tensor, int orientation = 0)
    {
        if (!rank.Computes)
            return default;
        var headWidth = tensor.Rows / AllHeads;
        var firstHead = FirstHead(rank, orientation);
        var missing = false;
        IndexRange[] rows =
        [
            .. Enumerable.Range(firstHead, rank.Heads.Length)
                .Select(head => new IndexRange(head * headWidth + rank.Channels.Start, head * headWidth + rank.Channels.End))
                .Select(part => new IndexRange(part.Start * tensor.Columns, part.End * tensor.Columns)),
        ];
        foreach (var range in rows)
        {
            var gap = range.Start < 0 || range.End > tensor.Count ? range : Memory(rank).MissingOf(tensor, range);
            if (gap.IsEmpty)
                continue;
            missing = true;
            Report(rank, tensor.Name, $"reads elements {range} of {tensor.Name} and does not hold {gap}.");
        }

        if (!missing && (rows.Length == 1 || rank.Channels.Length == headWidth))
            return tensor.Values.AsMemory(rows[0].Start, rows[^1].End - rows[0].Start);
        return Packed(rank, tensor, rows);
    }

    private float[] Packed(RankProgram rank, WeightTensor tensor, IndexRange[] rows)
    {
        var packed = new float[rank.Width * tensor.Columns];
        var first = 0;
        foreach (var range in rows)
        {
            if (Memory(rank).Weights.TryGetValue(tensor, out var held))
            {
                foreach (var part in held.Ranges.Select(part => part.Intersect(range)).Where(part => !part.IsEmpty))
                    tensor.Values.AsSpan(part.Start, part.Length).CopyTo(packed.AsSpan(first + part.Start - range.Start));
            }

            first += range.Length;
        }

        return packed;
    }

    /// <summary>The node's columns of a bias, in the order of its slice.</summary>
    protected float[] BiasSlice(RankProgram rank, WeightTensor bias, int orientation = 0) => BiasSlice(rank, Small(rank, bias), orientation);

    /// <summary>The node's columns of a row of the width of all heads, in the order of its slice.</summary>
    protected float[] BiasSlice(RankProgram rank, ReadOnlySpan<float> all, int orientation)
    {
        var headWidth = all.Length / AllHeads;
        var firstHead = FirstHead(rank, orientation);
        var slice = new float[rank.Width];
        for (var i = 0; i < slice.Length; i++)
        {
            var at = (firstHead + i / rank.Channels.Length) * headWidth + rank.Channels.Start + i % rank.Channels.Length;
            slice[i] = at < all.Length ? all[at] : 0;
        }

        return slice;
    }

    // Heads of all orientations; a token-wise phase has one.
    private int AllHeads => Program.Phase.Kind == PhaseKind.Attention ? Program.Phase.Heads * Program.Phase.Orientations : 1;

    private int FirstHead(RankProgram rank, int orientation) => orientation * Program.Phase.Heads + rank.Heads.Start;

    /// <summary>A small tensor, of which every node holds all.</summary>
    protected ReadOnlySpan<float> Small(RankProgram rank, WeightTensor tensor)
    {
        if (Memory(rank).MissingOf(tensor, new IndexRange(0, tensor.Count)).IsEmpty)
            return tensor.Values;
        Report(rank, tensor.Name, $"reads {tensor.Name} and does not hold it.");
        return new float[tensor.Count];
    }

    protected void ReportToken(RankProgram rank, int token, string what) => array.ReportToken(Program.Name, rank.Node, token, what);

    protected void Report(RankProgram rank, string tensor, string what) =>
        array.Report(Program.Name, rank.Node, tensor, $"Node {rank.Node} {what}");

    private static string Describe(OperandKind kind) => kind switch
    {
        OperandKind.Normalized => "normalised input",
        OperandKind.ReducedSums => "sums of pooled keys",
        OperandKind.Reduced => "pooled keys",
        OperandKind.Queries => "queries",
        OperandKind.Keys => "keys",
        OperandKind.Values => "values",
        OperandKind.ScoreSums => "score sums",
        OperandKind.Probabilities => "scores",
        OperandKind.OutputSums => "output sums",
        OperandKind.Squeezed => "squeezed mean",
        OperandKind.Scales => "channel scales",
        OperandKind.Carried => "carried channels",
        OperandKind.Shortcut => "shortcut columns",
        _ => "output columns",
    };
}
