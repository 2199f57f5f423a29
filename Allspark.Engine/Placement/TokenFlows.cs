using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Placement;

/// <summary>Moves of tokens between the layouts of consecutive phases, and between the I/O nodes and the first and last layout.</summary>
public sealed class TokenFlows
{
    private readonly PimArray _array;
    private readonly int[] _nearestIo;
    private readonly ConcurrentDictionary<(TokenGrid Grid, AttentionGeometry? Geometry), TokenOrder> _orders = new();
    private readonly ConcurrentDictionary<PlacesKey, TokenPlaces> _places = new();
    private readonly ConcurrentDictionary<long, TransitionProfile> _profiles = new();
    private readonly ConcurrentDictionary<long, long[]> _links = new();
    private int _numbers;

    /// <summary>Creates the flows of one array; places and profiles are memoised.</summary>
    public TokenFlows(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        _array = array;
        _nearestIo = array.NearestIo();
    }

    /// <summary>Bytes of one token that moves from a producer to a consumer; a missing side is the I/O nodes.</summary>
    public static long TokenBytes(Phase? producer, Phase? consumer, Precision precision) =>
        (long)(producer?.OutputChannels + producer?.CarriedChannels ?? consumer!.InputElements) * precision.Bytes();

    /// <summary>Where the tokens of a phase are under the structured layout of a tiling.</summary>
    public TokenPlaces Places(Phase phase, Tiling tiling) => Places(phase, tiling, null);

    /// <summary>Where the tokens of a phase are under a placement. A placement that is not legal counts as the structured layout.</summary>
    public TokenPlaces Places(Phase phase, PhasePlacement placement)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(placement);
        var bound = placement.IsLegal(phase) && !placement.IsStructured(phase);
        return Places(phase, placement.Tiling, bound ? placement.WindowSlots.ToValueList() : null);
    }

    /// <summary>The order in which the output tokens of a phase are laid out.</summary>
    internal TokenOrder OrderOf(Phase phase) =>
        _orders.GetOrAdd((phase.OutputGrid, phase.Geometry), static place => TokenOrder.Of(place.Grid, place.Geometry));

    private TokenPlaces Places(Phase phase, Tiling tiling, ValueList<int>? slots)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(tiling);
        // Phases alike but for their place in the network have their tokens at the same places.
        var alike = phase with { Index = 0, Block = "", LayerIndex = 0 };
        return _places.GetOrAdd(new PlacesKey(alike, tiling.Shape, slots), static (key, state) =>
        {
            return new TokenPlaces(key.Phase, state.tiling, key.Slots, state.flows.OrderOf(key.Phase), Interlocked.Increment(ref state.flows._numbers));
        }, (flows: this, tiling));
    }

    /// <summary>The move from one phase's places to the next one's; a missing side is the I/O nodes.</summary>
    /// <param name="producer">Places of the phase that made the tokens; <see langword="null"/> for the network's input.</param>
    /// <param name="consumer">Places of the phase that reads them; <see langword="null"/> for the network's output.</param>
    /// <param name="loads">Work space, cleared here.</param>
    public TransitionProfile Profile(TokenPlaces? producer, TokenPlaces? consumer, LinkLoads loads)
    {
        ArgumentNullException.ThrowIfNull(loads);
        var key = KeyOf(producer, consumer);
        if (_profiles.TryGetValue(key, out var known))
            return known;
        loads.Clear();
        Visit(producer, consumer, new LoadVisitor(loads));
        return _profiles.GetOrAdd(key, new TransitionProfile(loads.Heaviest(), loads.LongestRoute, loads.AmountHops));
    }

    /// <summary>Tokens that cross each link in a move.</summary>
    public IReadOnlyList<long> Links(TokenPlaces? producer, TokenPlaces? consumer) =>
        _links.GetOrAdd(KeyOf(producer, consumer), _ =>
        {
            var loads = new LinkLoads(_array);
            Visit(producer, consumer, new LoadVisitor(loads));
            return loads.ByLink();
        });

    /// <summary>Visits the flows (source, target, tokens) of a move, runs of equal ends joined.</summary>
    public void Visit(TokenPlaces? producer, TokenPlaces? consumer, Action<int, int, long> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        Visit(producer, consumer, new ActionVisitor(visit));
    }

    private void Visit<TVisitor>(TokenPlaces? producer, TokenPlaces? consumer, TVisitor visitor)
        where TVisitor : struct, IFlowVisitor
    {
        switch (producer, consumer)
        {
            case (null, { } to):
                var pooled = to.Phase.Convolution.PooledBy * to.Phase.Convolution.PooledBy;
                foreach (var node in to.OutputNodes.AsSpan(0, to.Phase.Tokens / pooled))
                    visitor.Visit(_nearestIo[node], node, pooled);
                break;
            case ({ } from, null):
                foreach (var node in from.OutputNodes)
                    visitor.Visit(node, _nearestIo[node], 1);
                break;
            case ({ } from, { } to) when to.Phase.PoolsAll:
                VisitPooling(from.OutputNodes, to, visitor);
                break;
            case ({ } from, { } to):
                foreach (var sources in from.OutputPlaces)
                {
                    foreach (var targets in to.InputPlaces)
                        VisitRuns(sources, targets, visitor);
                    var (tokens, readers) = to.Neighbours;
                    if (tokens.Length > 0)
                        VisitRuns([.. tokens.Select(token => sources[token])], readers, visitor);
                }

                if (to.Phase.SqueezedChannels > 0)
                    VisitSqueeze(from, to, visitor);
                break;
        }
    }

    // The mean of each image: partial sums along each row of the array to its first node and along those to the first, then the same way back.
    private void VisitSqueeze<TVisitor>(TokenPlaces from, TokenPlaces to, TVisitor visitor)
        where TVisitor : struct, IFlowVisitor
    {
        var (sources, targets) = (from.OutputNodes, to.OutputNodes);
        int RowOf(int node) => node - (node % _array.Columns);
        for (var image = 0; image < to.Phase.Images; image++)
        {
            int[] senders = [.. OfImage(sources, image, to.Phase.Images).Distinct()];
            int[] readers = [.. OfImage(targets, image, to.Phase.Images).Distinct()];
            foreach (var node in senders)
                visitor.Visit(node, RowOf(node), 1);
            foreach (var row in senders.Select(RowOf).Distinct())
                visitor.Visit(row, 0, 1);
            foreach (var row in readers.Select(RowOf).Distinct())
                visitor.Visit(0, row, 1);
            foreach (var node in readers)
                visitor.Visit(RowOf(node), node, 1);
        }
    }

    private static ArraySegment<int> OfImage(int[] nodes, int image, int images) =>
        new(nodes, image * (nodes.Length / images), nodes.Length / images);

    // The class token alone where there is one; otherwise every node sums its own tokens and sends one partial sum.
    private static void VisitPooling<TVisitor>(int[] sources, TokenPlaces head, TVisitor visitor)
        where TVisitor : struct, IFlowVisitor
    {
        var targets = head.OutputNodes;
        var grid = head.Phase.InputGrid;
        var (images, patches) = (head.Phase.Images, grid.Height * grid.Width);
        for (var image = 0; image < images; image++)
        {
            IEnumerable<int> senders = grid.ExtraTokens > 0
                ? [sources[patches + image * (grid.ExtraTokens / images)]]
                : OfImage(sources, image, images).Distinct();
            foreach (var source in senders)
                visitor.Visit(source, targets[image], 1);
        }
    }

    private static void VisitRuns<TVisitor>(int[] sources, int[] targets, TVisitor visitor)
        where TVisitor : struct, IFlowVisitor
    {
        if (sources.Length != targets.Length)
            throw new InvalidOperationException($"The producer lays out {sources.Length} tokens, the consumer reads {targets.Length}.");
        for (var first = 0; first < sources.Length;)
        {
            var (source, target, last) = (sources[first], targets[first], first + 1);
            while (last < sources.Length && sources[last] == source && targets[last] == target)
                last++;
            if (source != TokenPlaces.Nowhere && target != TokenPlaces.Nowhere)
                visitor.Visit(source, target, last - first);
            first = last;
        }
    }

    private static long KeyOf(TokenPlaces? producer, TokenPlaces? consumer) => ((long)(producer?.Number ?? 0) << 32) | (uint)(consumer?.Number ?? 0);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct PlacesKey(Phase Phase, TilingShape Shape, ValueList<int>? Slots);

    private interface IFlowVisitor
    {
        void Visit(int source, int target, long tokens);
    }

    private readonly struct LoadVisitor(LinkLoads loads) : IFlowVisitor
    {
        public void Visit(int source, int target, long tokens) => loads.Add(source, target, tokens);
    }

    private readonly struct ActionVisitor(Action<int, int, long> visit) : IFlowVisitor
    {
        public void Visit(int source, int target, long tokens) => visit(source, target, tokens);
    }
}
