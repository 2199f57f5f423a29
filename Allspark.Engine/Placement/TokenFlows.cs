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
    private readonly ConcurrentDictionary<(LayoutKey From, LayoutKey To, TokenGrid Input), TransitionProfile> _profiles = new();

    /// <summary>Creates the flows of one array; layouts and profiles are memoised.</summary>
    public TokenFlows(PimArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        _array = array;
        var io = array.IoNodes;
        _nearestIo = [.. Enumerable.Range(0, array.NodeCount).Select(node => io.MinBy(port => array.Interconnect.Hops(port, node)))];
    }

    /// <summary>Bytes of one token that moves from a producer to a consumer; a missing side is the I/O nodes.</summary>
    public static long TokenBytes(Phase? producer, Phase? consumer, Precision precision) =>
        (long)(producer?.OutputChannels ?? consumer!.InputChannels) * precision.Bytes();

    /// <summary>The move from one phase's layout to the next one's; a missing side is the I/O nodes.</summary>
    /// <param name="producer">Phase that made the tokens, with its tiling; <see langword="null"/> for the network's input.</param>
    /// <param name="consumer">Phase that reads them, with its tiling; <see langword="null"/> for the network's output.</param>
    /// <param name="loads">Work space, cleared here.</param>
    public TransitionProfile Profile((Phase Phase, Tiling Tiling)? producer, (Phase Phase, Tiling Tiling)? consumer, LinkLoads loads)
    {
        ArgumentNullException.ThrowIfNull(loads);
        var key = (KeyOf(producer), KeyOf(consumer), consumer?.Phase.InputGrid ?? default);
        if (_profiles.TryGetValue(key, out var known))
            return known;
        loads.Clear();
        AddFlows(loads, producer, consumer);
        return _profiles.GetOrAdd(key, new TransitionProfile(loads.Heaviest(), loads.LongestRoute, loads.AmountHops));
    }

    /// <summary>Adds the move's flows, one unit a token.</summary>
    public void AddFlows(LinkLoads loads, (Phase Phase, Tiling Tiling)? producer, (Phase Phase, Tiling Tiling)? consumer)
    {
        ArgumentNullException.ThrowIfNull(loads);
        foreach (var (source, target, tokens) in Flows(producer, consumer))
            loads.Add(source, target, tokens);
    }

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

    /// <summary>Node that reads each token of the phase's input grid; −1 for a token that nobody reads.</summary>
    public int[] InputNodes(Phase phase, Tiling tiling)
    {
        ArgumentNullException.ThrowIfNull(phase);
        var outputs = OutputNodes(phase, tiling);
        if (phase.InputGrid == phase.OutputGrid)
            return outputs;
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

    /// <summary>The flows of a move, runs of equal ends joined.</summary>
    public IEnumerable<(int Source, int Target, int Tokens)> Flows((Phase Phase, Tiling Tiling)? producer, (Phase Phase, Tiling Tiling)? consumer) =>
        (producer, consumer) switch
        {
            (null, { } to) => OutputNodes(to.Phase, to.Tiling).Take(to.Phase.Tokens).Select(node => (_nearestIo[node], node, 1)),
            ({ } from, null) => OutputNodes(from.Phase, from.Tiling).Select(node => (node, _nearestIo[node], 1)),
            ({ } from, { } to) when IsPooling(to.Phase) => PoolingFlows(OutputNodes(from.Phase, from.Tiling), to),
            ({ } from, { } to) => Runs(OutputNodes(from.Phase, from.Tiling), InputNodes(to.Phase, to.Tiling)),
            _ => [],
        };

    private static bool IsPooling(Phase phase) => phase.Tokens == 1 && phase.InputGrid.Tokens > 1;

    // The class token alone where there is one; otherwise every node sums its own tokens and sends one partial sum.
    private IEnumerable<(int Source, int Target, int Tokens)> PoolingFlows(int[] sources, (Phase Phase, Tiling Tiling) head)
    {
        var target = OutputNodes(head.Phase, head.Tiling)[0];
        var grid = head.Phase.InputGrid;
        return grid.ExtraTokens > 0
            ? [(sources[grid.Height * grid.Width], target, 1)]
            : sources.Distinct().Select(source => (source, target, 1));
    }

    private static IEnumerable<(int Source, int Target, int Tokens)> Runs(int[] sources, int[] targets)
    {
        if (sources.Length != targets.Length)
            throw new InvalidOperationException($"The producer lays out {sources.Length} tokens, the consumer reads {targets.Length}.");
        for (var first = 0; first < sources.Length;)
        {
            var last = first + 1;
            while (last < sources.Length && sources[last] == sources[first] && targets[last] == targets[first])
                last++;
            if (targets[first] != Nowhere)
                yield return (sources[first], targets[first], last - first);
            first = last;
        }
    }

    private static LayoutKey KeyOf((Phase Phase, Tiling Tiling)? side) => side is not var (phase, tiling)
        ? default
        : new LayoutKey(phase.Kind == PhaseKind.Attention, phase.OutputGrid, phase.Geometry, phase.Tokens, tiling.Shape);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct LayoutKey(bool ByWindow, TokenGrid Grid, AttentionGeometry? Geometry, int Tokens, TilingShape Shape);
}
