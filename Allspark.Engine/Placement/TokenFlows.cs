using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>Moves of tokens between the layouts of consecutive phases, and between the I/O nodes and the first and last layout.</summary>
public sealed class TokenFlows
{
    private const int Nowhere = -1;

    private readonly PimArray _array;
    private readonly int[] _nearestIo;
    private readonly ConcurrentDictionary<(TokenGrid Grid, AttentionGeometry? Geometry), TokenOrder> _orders = new();
    private readonly ConcurrentDictionary<LayoutKey, int[]> _layouts = new();
    private readonly ConcurrentDictionary<LayoutKey, int[]> _crossings = new();
    private readonly ConcurrentDictionary<(LayoutKey Layout, TokenGrid Input, ConvolutionShape Shape), (int[] Tokens, int[] Nodes)> _neighbours = new();
    private readonly ConcurrentDictionary<(LayoutKey Layout, TokenGrid Input), int[]> _inputs = new();
    private readonly ConcurrentDictionary<MoveKey, TransitionProfile> _profiles = new();
    private readonly ConcurrentDictionary<MoveKey, long[]> _links = new();

    /// <summary>Creates the flows of one array; layouts and profiles are memoised.</summary>
    public TokenFlows(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        _array = array;
        _nearestIo = array.NearestIo();
    }

    /// <summary>Bytes of one token that moves from a producer to a consumer; a missing side is the I/O nodes.</summary>
    public static long TokenBytes(Phase? producer, Phase? consumer, Precision precision) =>
        (long)(producer?.OutputChannels + producer?.CarriedChannels ?? consumer!.InputElements) * precision.Bytes();

    /// <summary>The move from one phase's layout to the next one's; a missing side is the I/O nodes.</summary>
    /// <param name="producer">Phase that made the tokens, with its tiling; <see langword="null"/> for the network's input.</param>
    /// <param name="consumer">Phase that reads them, with its tiling; <see langword="null"/> for the network's output.</param>
    /// <param name="loads">Work space, cleared here.</param>
    public TransitionProfile Profile((Phase Phase, Tiling Tiling)? producer, (Phase Phase, Tiling Tiling)? consumer, LinkLoads loads)
    {
        ArgumentNullException.ThrowIfNull(loads);
        var key = KeyOf(producer, consumer);
        if (_profiles.TryGetValue(key, out var known))
            return known;
        loads.Clear();
        Visit(producer, consumer, loads.Add);
        return _profiles.GetOrAdd(key, new TransitionProfile(loads.Heaviest(), loads.LongestRoute, loads.AmountHops));
    }

    /// <summary>Tokens that cross each link in a move.</summary>
    public IReadOnlyList<long> Links((Phase Phase, Tiling Tiling)? producer, (Phase Phase, Tiling Tiling)? consumer) =>
        _links.GetOrAdd(KeyOf(producer, consumer), _ =>
        {
            var loads = new LinkLoads(_array);
            Visit(producer, consumer, loads.Add);
            return loads.ByLink();
        });

    /// <summary>Node of each token of the phase's output grid.</summary>
    public int[] OutputNodes(Phase phase, Tiling tiling)
    {
        ArgumentNullException.ThrowIfNull(phase);
        return _layouts.GetOrAdd(KeyOf((phase, tiling)), static (_, state) =>
        {
            var order = state._orders.GetOrAdd((state.phase.OutputGrid, state.phase.Geometry), static place => TokenOrder.Of(place.Grid, place.Geometry));
            return TokenLayout.NodeOfToken(state.phase, state.tiling, order);
        }, (_orders, phase, tiling));
    }

    /// <summary>
    /// Second node of each token of the phase's output grid, where tokens have two places: one in a horizontal stripe and one in a
    /// vertical. −1 where both are the same node; empty where tokens have one place.
    /// </summary>
    /// <remarks>Such a token moves to both places, and from both leaves a partial sum that its reader adds up.</remarks>
    public int[] CrossingNodes(Phase phase, Tiling tiling)
    {
        ArgumentNullException.ThrowIfNull(phase);
        if (phase is not { Kind: PhaseKind.Attention, Orientations: > 1 })
            return [];
        return _crossings.GetOrAdd(KeyOf((phase, tiling)), _ =>
        {
            var nodes = TokenLayout.NodeOfToken(phase, tiling, TokenOrder.Of(phase.OutputGrid, phase.Geometry).Crossing!);
            foreach (var (token, first) in OutputNodes(phase, tiling).Index())
                nodes[token] = nodes[token] == first ? Nowhere : nodes[token];
            return nodes;
        });
    }

    /// <summary>Node that reads each token of the phase's input grid; −1 for a token that nobody reads.</summary>
    public int[] InputNodes(Phase phase, Tiling tiling)
    {
        ArgumentNullException.ThrowIfNull(phase);
        return phase.InputGrid == phase.OutputGrid
            ? OutputNodes(phase, tiling)
            : _inputs.GetOrAdd((KeyOf((phase, tiling)), phase.InputGrid), _ => Readers(phase, OutputNodes(phase, tiling)));
    }

    // A coarser output token reads the input tokens that it covers.
    private static int[] Readers(Phase phase, int[] outputs)
    {
        var (input, output) = (phase.InputGrid, phase.OutputGrid);
        var nodes = new int[input.Tokens];
        for (var row = 0; row < input.Height; row++)
        {
            for (var column = 0; column < input.Width; column++)
            {
                var outputToken = row * output.Height / input.Height * output.Width + column * output.Width / input.Width;
                nodes[row * input.Width + column] = outputs[outputToken];
            }
        }

        for (var extra = 0; extra < input.ExtraTokens; extra++)
            nodes[input.Height * input.Width + extra] = extra < output.ExtraTokens ? outputs[output.Height * output.Width + extra] : Nowhere;
        return nodes;
    }

    /// <summary>Visits the flows (source, target, tokens) of a move, runs of equal ends joined.</summary>
    public void Visit((Phase Phase, Tiling Tiling)? producer, (Phase Phase, Tiling Tiling)? consumer, Action<int, int, long> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        switch (producer, consumer)
        {
            case (null, { } to):
                var pooled = to.Phase.Convolution.PooledBy * to.Phase.Convolution.PooledBy;
                foreach (var node in OutputNodes(to.Phase, to.Tiling).AsSpan(0, to.Phase.Tokens / pooled))
                    visit(_nearestIo[node], node, pooled);
                break;
            case ({ } from, null):
                foreach (var node in OutputNodes(from.Phase, from.Tiling))
                    visit(node, _nearestIo[node], 1);
                break;
            case ({ } from, { } to) when to.Phase.PoolsAll:
                VisitPooling(OutputNodes(from.Phase, from.Tiling), to, visit);
                break;
            case ({ } from, { } to):
                foreach (var sources in Places(OutputNodes(from.Phase, from.Tiling), CrossingNodes(from.Phase, from.Tiling)))
                {
                    foreach (var targets in Places(InputNodes(to.Phase, to.Tiling), CrossingNodes(to.Phase, to.Tiling)))
                        VisitRuns(sources, targets, visit);
                    var (tokens, readers) = Neighbours(to.Phase, to.Tiling);
                    VisitRuns([.. tokens.Select(token => sources[token])], readers, visit);
                }

                if (to.Phase.SqueezedChannels > 0)
                    VisitSqueeze(from, to, visit);
                break;
        }
    }

    private static int[][] Places(int[] first, int[] crossing) => crossing.Length == 0 ? [first] : [first, crossing];

    // The mean of each image: partial sums along each row of the array to its first node and along those to the first, then the same way back.
    private void VisitSqueeze((Phase Phase, Tiling Tiling) from, (Phase Phase, Tiling Tiling) to, Action<int, int, long> visit)
    {
        var (sources, targets) = (OutputNodes(from.Phase, from.Tiling), OutputNodes(to.Phase, to.Tiling));
        int RowOf(int node) => node - (node % _array.Columns);
        for (var image = 0; image < to.Phase.Images; image++)
        {
            int[] senders = [.. OfImage(sources, image, to.Phase.Images).Distinct()];
            int[] readers = [.. OfImage(targets, image, to.Phase.Images).Distinct()];
            foreach (var node in senders)
                visit(node, RowOf(node), 1);
            foreach (var row in senders.Select(RowOf).Distinct())
                visit(row, 0, 1);
            foreach (var row in readers.Select(RowOf).Distinct())
                visit(0, row, 1);
            foreach (var node in readers)
                visit(RowOf(node), node, 1);
        }
    }

    private static ArraySegment<int> OfImage(int[] nodes, int image, int images) =>
        new(nodes, image * (nodes.Length / images), nodes.Length / images);

    /// <summary>
    /// Tokens of the input grid that a node reads beside those that <see cref="InputNodes"/> gives it, because the patches of a
    /// convolution overlap; each pair of token and node once.
    /// </summary>
    public (int[] Tokens, int[] Nodes) Neighbours(Phase phase, Tiling tiling)
    {
        ArgumentNullException.ThrowIfNull(phase);
        return !phase.Convolution.Overlaps
            ? ([], [])
            : _neighbours.GetOrAdd((KeyOf((phase, tiling)), phase.InputGrid, phase.Convolution), _ =>
                NeighboursOf(phase, OutputNodes(phase, tiling), InputNodes(phase, tiling)));
    }

    private static (int[] Tokens, int[] Nodes) NeighboursOf(Phase phase, int[] outputs, int[] inputs)
    {
        var (input, output, shape) = (phase.InputGrid, phase.OutputGrid, phase.Convolution);
        var (tokens, nodes) = (new List<int>(), new List<int>());
        var seenBy = new int[input.Tokens];
        Array.Fill(seenBy, Nowhere);
        foreach (var token in Enumerable.Range(0, output.Height * output.Width).OrderBy(token => outputs[token]))
        {
            var node = outputs[token];
            // Images stand one under the other; none reads another's rows.
            var (image, outputRow) = Math.DivRem(token / output.Width, output.Height / phase.Images);
            var (first, last) = shape.Reads(outputRow, input.Height / phase.Images);
            var (top, bottom) = (first + image * (input.Height / phase.Images), last + image * (input.Height / phase.Images));
            var (left, right) = shape.Reads(token % output.Width, input.Width);
            for (var row = top; row <= bottom; row++)
            {
                for (var column = left; column <= right; column++)
                {
                    var read = row * input.Width + column;
                    if (seenBy[read] == node || inputs[read] == node)
                        continue;
                    seenBy[read] = node;
                    tokens.Add(read);
                    nodes.Add(node);
                }
            }
        }

        return ([.. tokens], [.. nodes]);
    }

    // The class token alone where there is one; otherwise every node sums its own tokens and sends one partial sum.
    private void VisitPooling(int[] sources, (Phase Phase, Tiling Tiling) head, Action<int, int, long> visit)
    {
        var targets = OutputNodes(head.Phase, head.Tiling);
        var grid = head.Phase.InputGrid;
        var (images, patches) = (head.Phase.Images, grid.Height * grid.Width);
        for (var image = 0; image < images; image++)
        {
            IEnumerable<int> senders = grid.ExtraTokens > 0
                ? [sources[patches + image * (grid.ExtraTokens / images)]]
                : OfImage(sources, image, images).Distinct();
            foreach (var source in senders)
                visit(source, targets[image], 1);
        }
    }

    private static void VisitRuns(int[] sources, int[] targets, Action<int, int, long> visit)
    {
        if (sources.Length != targets.Length)
            throw new InvalidOperationException($"The producer lays out {sources.Length} tokens, the consumer reads {targets.Length}.");
        for (var first = 0; first < sources.Length;)
        {
            var last = first + 1;
            while (last < sources.Length && sources[last] == sources[first] && targets[last] == targets[first])
                last++;
            if (sources[first] != Nowhere && targets[first] != Nowhere)
                visit(sources[first], targets[first], last - first);
            first = last;
        }
    }

    private static MoveKey KeyOf((Phase Phase, Tiling Tiling)? producer, (Phase Phase, Tiling Tiling)? consumer) =>
        new(KeyOf(producer), KeyOf(consumer), consumer?.Phase.InputGrid ?? default, consumer?.Phase.Convolution ?? default, consumer?.Phase.SqueezedChannels > 0);

    private static LayoutKey KeyOf((Phase Phase, Tiling Tiling)? side) => side is not var (phase, tiling)
        ? default
        : new LayoutKey(phase.Kind == PhaseKind.Attention, phase.OutputGrid, phase.Geometry, phase.Tokens, tiling.Shape);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct LayoutKey(bool ByWindow, TokenGrid Grid, AttentionGeometry? Geometry, int Tokens, TilingShape Shape);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct MoveKey(LayoutKey From, LayoutKey To, TokenGrid Input, ConvolutionShape Convolution, bool Squeezes);
}
