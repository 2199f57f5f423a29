using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>
/// Writes the phases of a schedule out as programs: its options, tilings and window slots are taken as they are, right or wrong.
/// </summary>
internal sealed class PhaseCompiler(PimArray array)
{
    private readonly TokenFlows _flows = new(array);

    /// <summary>The program of one phase.</summary>
    public PhaseProgram Compile(ScheduledPhase? before, ScheduledPhase scheduled, Layer layer, PhaseTensors tensors)
    {
        var phase = scheduled.Phase;
        var findings = new List<NumericFinding>();
        var program = new PhaseProgram
        {
            Phase = phase,
            Layer = layer,
            Moves = [],
            Halo = [],
            Sums = [],
            Weights = [],
            WeightRings = [],
            Groups = [],
            OutputNodes = [],
            Findings = findings,
        };
        if (Refusal(scheduled, layer) is { } refusal)
        {
            findings.Add(new NumericFinding(program.Name, -1, "", refusal));
            return program;
        }

        var places = _flows.Places(phase, scheduled.Placement);
        var order = TokenOrder.Of(phase.OutputGrid, phase.Geometry);
        var groups = phase.Kind == PhaseKind.Attention
            ? WindowGroups(scheduled, order, program.Name, findings)
            : TokenGroups(scheduled, order, places.OutputNodes);
        var (weights, rings) = WeightProgram.Of(scheduled, tensors);
        program = program with
        {
            OutputNodes = places.OutputNodes,
            CrossingNodes = places.CrossingNodes,
            Groups = groups,
            Weights = weights,
            WeightRings = rings,
        };
        return layer is ProjectionLayer projection
            ? WithUnfolding(program, new Unfolding(projection), before, places)
            : program with
            {
                Moves = Moves(before, places, program.Name, findings),
                Halo = EncodingHalo(program, tensors),
            };
    }

    // What leaves nothing to execute.
    private string? Refusal(ScheduledPhase scheduled, Layer layer)
    {
        foreach (var node in scheduled.Placement.Tiling.Nodes)
        {
            if (node < 0 || node >= array.NodeCount)
                return $"Node {node} is not on the array of {array.NodeCount} nodes.";
        }

        var option = scheduled.Option;
        return option.HeadParts < 1 || option.RowParts < 1 || option.ChannelParts < 1 || option.SharingDegree < 1
            ? $"{option.HeadParts}·{option.RowParts}·{option.ChannelParts} parts and sharing degree "
                + $"{option.SharingDegree} are to be at least 1."
            : PhaseShape.Difference(scheduled.Phase, layer);
    }

    private PhaseProgram WithUnfolding(PhaseProgram program, Unfolding unfolding, ScheduledPhase? before, TokenPlaces places)
    {
        var phase = program.Phase;
        var findings = (List<NumericFinding>)program.Findings;
        if (before is null)
        {
            var patches = program.OutputNodes.Take(phase.Tokens).Select((node, token) => new TokenMove(token, -1, node));
            return program with { Moves = [.. patches] };
        }

        if (!unfolding.Pools)
        {
            var moves = Moves(before, places, program.Name, findings);
            var (tokens, readers) = places.Neighbours;
            var outputs = _flows.Places(before.Phase, before.Placement).OutputNodes;
            program = program with { Moves = [.. moves, .. tokens.Zip(readers, (token, reader) => new TokenMove(token, outputs[token], reader))] };
            return phase.SqueezedChannels == 0 ? program : program with
            {
                Sums = [.. outputs.Distinct().Select(source => new TokenMove(0, source, 0))],
                Means = [.. program.Groups.SelectMany(group => group.Ranks).Select(rank => new TokenMove(0, 0, rank.Node))],
            };
        }

        var sources = _flows.Places(before.Phase, before.Placement).OutputNodes;
        var classToken = phase.InputGrid.Height * phase.InputGrid.Width;
        var target = program.OutputNodes[0];
        if (unfolding.Averages)
            return program with { Sums = [.. sources.Distinct().Select(source => new TokenMove(0, source, target))] };
        return program with { Moves = [new TokenMove(classToken, sources[classToken], target)] };
    }

    private List<TokenMove> Moves(ScheduledPhase? before, TokenPlaces places, string name, List<NumericFinding> findings)
    {
        var phase = places.Phase;
        if (before is null || before.Phase.OutputGrid != phase.InputGrid)
        {
            var left = before is null ? "none" : before.Phase.OutputGrid.ToString();
            findings.Add(new NumericFinding(
                name, -1, "", $"The phase reads a {phase.InputGrid} token grid, the phase before leaves {left}."));
            return [];
        }

        var holders = _flows.Places(before.Phase, before.Placement).OutputPlaces;
        var readers = places.InputPlaces;
        return [.. from source in holders
                   from target in readers
                   from token in Enumerable.Range(0, Math.Min(source.Length, target.Length))
                   where source[token] >= 0 && target[token] >= 0
                   select new TokenMove(token, source[token], target[token])];
    }

    // The positional encoding of a token reads its neighbours.
    private static List<TokenMove> EncodingHalo(PhaseProgram program, PhaseTensors tensors)
    {
        if (tensors is not FeedForwardTensors { Kernel: var kernel and > 0 })
            return [];
        var grid = program.Phase.OutputGrid;
        var nodes = program.OutputNodes;
        return Halo(
            grid.Height * grid.Width, kernel * kernel, (token, place) => Neighbour(grid, kernel, token, place), nodes, nodes);
    }

    /// <summary>Token at one place of the k×k surroundings of a token; −1 beyond the edge.</summary>
    public static int Neighbour(TokenGrid grid, int kernel, int token, int place)
    {
        var row = token / grid.Width + place / kernel - kernel / 2;
        var column = token % grid.Width + place % kernel - kernel / 2;
        return row < 0 || row >= grid.Height || column < 0 || column >= grid.Width ? -1 : row * grid.Width + column;
    }

    private static List<TokenMove> Halo(
        int tokens, int places, Func<int, int, int> source, IReadOnlyList<int> holders, IReadOnlyList<int> readers)
    {
        var seen = new HashSet<TokenMove>();
        var halo = new List<TokenMove>();
        for (var token = 0; token < tokens; token++)
        {
            for (var place = 0; place < places; place++)
            {
                var wanted = source(token, place);
                if (wanted < 0 || wanted >= holders.Count || holders[wanted] == readers[token])
                    continue;
                var move = new TokenMove(wanted, holders[wanted], readers[token]);
                if (seen.Add(move))
                    halo.Add(move);
            }
        }

        return halo;
    }

    private static List<GroupProgram> WindowGroups(
        ScheduledPhase scheduled, TokenOrder order, string name, List<NumericFinding> findings)
    {
        var windows = WindowPrograms.Of(scheduled.Phase.InputGrid, scheduled.Phase.Geometry!, order);
        var slots = scheduled.Placement.WindowSlots;
        var ofSlot = new List<WindowProgram>[scheduled.Groups];
        foreach (ref var list in ofSlot.AsSpan())
            list = [];
        foreach (var window in windows)
        {
            if (window.Index < slots.Count && slots[window.Index] is var slot && slot >= 0 && slot < ofSlot.Length)
            {
                ofSlot[slot].Add(window);
                continue;
            }

            findings.Add(new NumericFinding(
                name, -1, "", $"Window {window.Index} is on none of the {ofSlot.Length} groups: nobody computes it."));
        }

        var reduced = scheduled.Phase.Geometry is SpatialReductionAttention { Ratio: > 1 } reduction
            ? reduction.KeyTokens(scheduled.Phase.InputGrid)
            : 0;
        var tokens = order.WindowTokens;
        return [.. ofSlot.Select((list, slot) => new GroupProgram(AttentionRanks(scheduled, slot, tokens, reduced), list))];
    }

    // Token shards are cut as TokenLayout cuts them: position p belongs to rank ⌊p·g/n⌋.
    private static List<RankProgram> AttentionRanks(ScheduledPhase scheduled, int slot, int tokens, int reducedKeys)
    {
        var (phase, option, tiling) = (scheduled.Phase, scheduled.Option, scheduled.Placement.Tiling);
        var (size, heads, channels) = (tiling.GroupSize, option.HeadParts, option.ChannelParts);
        var ring = heads * channels;
        var ranks = new List<RankProgram>(size);
        for (var rank = 0; rank < size; rank++)
        {
            var (row, channel, head) = (rank / ring, rank / heads % channels, rank % heads);
            var rows = new IndexRange(DivideUp(row * ring * tokens, size), DivideUp((row + 1) * ring * tokens, size));
            var idle = row >= option.RowParts;
            ranks.Add(new RankProgram
            {
                Node = tiling[slot, rank],
                Owned = new IndexRange(DivideUp(rank * tokens, size), DivideUp((rank + 1) * tokens, size)),
                Rows = rows,
                ScoreRows = Part(rows, channels, channel),
                KeyRows = reducedKeys > 0 ? Part(reducedKeys, option.RowParts, row) : rows,
                PooledKeys = Part(reducedKeys, size, rank),
                Heads = idle ? default : Part(phase.Heads, heads, head),
                Channels = idle ? default : Part(phase.HeadDimension, channels, channel),
                InputFrom = Ranks(size, ring, place => row * ring + place),
                KeysFrom = Ranks(size, option.RowParts, place => place * ring + channel * heads + head),
                ScoresFrom = Ranks(size, channels, place => row * ring + place * heads + head),
                OutputFrom = Ranks(size, ring, place => row * ring + place),
            });
        }

        return ranks;
    }

    private static List<GroupProgram> TokenGroups(ScheduledPhase scheduled, TokenOrder order, int[] layout)
    {
        var (phase, option, tiling) = (scheduled.Phase, scheduled.Option, scheduled.Placement.Tiling);
        var tokensOf = Enumerable.Range(0, layout.Length).OrderBy(token => order.Rank[token]).ToLookup(token => layout[token]);
        var (size, groups) = (tiling.GroupSize, new List<GroupProgram>());
        for (var slot = 0; slot < scheduled.Groups; slot++)
        {
            var tokens = new List<int>();
            var owned = new IndexRange[size];
            for (var rank = 0; rank < size; rank++)
            {
                var first = tokens.Count;
                tokens.AddRange(tokensOf[tiling[slot, rank]]);
                owned[rank] = new IndexRange(first, tokens.Count);
            }

            var rows = new IndexRange(0, tokens.Count);
            int[] all = [.. Enumerable.Range(0, size)];
            var ranks = Enumerable.Range(0, size).Select(rank => new RankProgram
            {
                Node = tiling[slot, rank],
                Owned = owned[rank],
                Rows = rows,
                ScoreRows = default,
                KeyRows = default,
                PooledKeys = default,
                Heads = rank < option.HeadParts ? new IndexRange(0, 1) : default,
                Channels = rank < option.HeadParts ? Part(phase.SplitWidth, option.HeadParts, rank) : default,
                InputFrom = all,
                KeysFrom = [],
                ScoresFrom = [],
                OutputFrom = all,
            });
            groups.Add(new GroupProgram([.. ranks], [new WindowProgram(slot, [.. tokens], null)]));
        }

        return groups;
    }

    private static IndexRange Part(int total, int parts, int index)
    {
        if (index >= parts)
            return default;
        var (start, end) = Parts.Of(total, parts, index);
        return new IndexRange(start, end);
    }

    private static IndexRange Part(IndexRange whole, int parts, int index)
    {
        var (start, end) = Parts.Of(whole.Length, parts, index);
        return new IndexRange(whole.Start + start, whole.Start + end);
    }

    private static int[] Ranks(int size, int count, Func<int, int> rank) =>
        [.. Enumerable.Range(0, count).Select(rank).Where(other => other < size)];

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
