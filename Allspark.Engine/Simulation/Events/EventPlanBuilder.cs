using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation.Events;

/// <summary>Turns a schedule into the runs, link sets and dependencies of an <see cref="EventPlan"/>; equal phases share their link sets.</summary>
internal sealed class EventPlanBuilder
{
    private const int MostParts = 16;

    private readonly Schedule _schedule;
    private readonly MachineModel _machine;
    private readonly PimArray _array;
    private readonly LinkSetBuilder _links;
    private readonly int[] _nearestIo;
    private readonly Dictionary<object, LinkSet[]> _rings = [];
    private readonly Dictionary<object, (LinkSet[] Moves, Successors Readers)> _moves = [];

    private EventPlanBuilder(Schedule schedule, MachineModel machine)
    {
        (_schedule, _machine, _array) = (schedule, machine, schedule.Array);
        _links = new LinkSetBuilder(_array);
        _nearestIo = _array.NearestIo();
    }

    public static EventPlan Build(Schedule schedule, MachineModel machine) => new EventPlanBuilder(schedule, machine).Build();

    private double LinkBandwidth => _array.Interconnect.LinkBandwidthBytesPerSecond;

    private EventPlan Build()
    {
        var phases = new List<PhasePlan>(_schedule.Phases.Count);
        var (runs, fetches) = (0, 0);
        foreach (var (p, scheduled) in _schedule.Phases.Index())
        {
            var plan = Plan(scheduled, p + 1 < _schedule.Phases.Count ? _schedule.Phases[p + 1] : null, runs, fetches);
            phases.Add(plan);
            runs += plan.Groups;
            fetches += plan.Fetch?.Blocks.Length ?? 0;
        }

        var first = _schedule.Phases[0];
        var tokenBytes = TokenFlows.TokenBytes(null, first.Phase, _schedule.Model.Precision);
        return new EventPlan(
            phases,
            runs,
            Input(first),
            tokenBytes / LinkBandwidth,
            (double)tokenBytes * first.Phase.Tokens / _array.Io.OffStackBandwidthBytesPerSecond,
            Occupants(phases, runs));
    }

    private PhasePlan Plan(ScheduledPhase scheduled, ScheduledPhase? next, int firstRun, int firstFetch)
    {
        var (phase, option, cost) = (scheduled.Phase, scheduled.Option, scheduled.Cost);
        var groups = scheduled.Groups;
        var nodes = groups * option.Tiling.GroupSize;
        var rowBlocks = cost.Chunks / cost.TemporalLayers;
        var (chunks, last) = Chunks(phase, groups, cost.TemporalLayers, rowBlocks);
        var exchanges = _machine.Costs.Exchanges(phase, option);
        var steps = exchanges.Where(exchange => exchange.Purpose != Exchange.Weights).ToArray();
        var (moves, readers) = Moves(scheduled, next);
        var tokenBytes = TokenFlows.TokenBytes(phase, next?.Phase, _schedule.Model.Precision);
        return new PhasePlan
        {
            Scheduled = scheduled,
            FirstRun = firstRun,
            Chunks = chunks,
            LastChunk = last,
            ComputeSeconds = cost.ComputeSeconds / cost.Chunks,
            MemorySeconds = (cost.DramBytes / nodes - cost.HeldBytes) / cost.Chunks / _array.Node.StreamingBandwidthBytesPerSecond,
            Before = [.. steps.Where(exchange => exchange.Purpose != Exchange.Output).Select(Collective)],
            After = [.. steps.Where(exchange => exchange.Purpose == Exchange.Output).Select(Collective)],
            Fetch = Fetch(scheduled, exchanges.FirstOrDefault(exchange => exchange.Purpose == Exchange.Weights), firstFetch),
            Moves = moves,
            SecondsPerToken = tokenBytes / LinkBandwidth,
            OffStackSeconds = next is null ? (double)tokenBytes * phase.Tokens / _array.Io.OffStackBandwidthBytesPerSecond : 0,
            Readers = readers,
        };

        CollectivePlan Collective(Exchange exchange) => new(
            exchange.Pattern == ExchangePattern.Ring
                ? Rings(option.Tiling, exchange.Members, exchange.Stride, groups, option.Tiling.GroupSize)
                : AllToAll(option.Tiling, groups),
            exchange.ShardBytes / rowBlocks / LinkBandwidth,
            exchange.Pattern == ExchangePattern.Ring ? Math.Clamp(exchange.Members / 2, 1, MostParts) : 1);
    }

    // Attention phases give a group the windows of its slot; token-wise work is even.
    private static (int[] Chunks, double[] Last) Chunks(Phase phase, int groups, int steps, int rowBlocks)
    {
        var chunks = new int[groups];
        var last = new double[groups];
        if (phase.Kind != PhaseKind.Attention)
        {
            Array.Fill(chunks, rowBlocks);
            Array.Fill(last, 1);
            return (chunks, last);
        }

        var windows = NodeLoad.Windows(phase, groups);
        var together = DivideUp(DivideUp(phase.Windows, groups), steps);
        for (var group = 0; group < groups; group++)
        {
            var own = DivideUp(windows[group], together);
            chunks[group] = own * rowBlocks;
            last[group] = (windows[group] - (own - 1) * together) / (double)together;
        }

        return (chunks, last);
    }

    private FetchPlan? Fetch(ScheduledPhase scheduled, Exchange? weights, int firstFetch)
    {
        var option = scheduled.Option;
        if (weights is null && !option.Streamed)
            return null;
        var tiling = option.Tiling;
        var nodes = scheduled.Groups * tiling.GroupSize;
        // Without sharing each node is fed alone; one block stands for all.
        var blockNodes = weights is null ? nodes : weights.Members * weights.Stride;
        var blocks = nodes / blockNodes;
        return new FetchPlan(
            firstFetch,
            weights is null ? [LinkSet.Empty] : Rings(tiling, weights.Members, weights.Stride, blocks, blockNodes),
            blockNodes,
            tiling.GroupSize,
            (weights?.ShardBytes ?? 0) / LinkBandwidth,
            option.Streamed ? 0 : 1.0 / option.SharingDegree,
            scheduled.Cost.HeldBytes / _array.Node.StreamingBandwidthBytesPerSecond,
            option.Streamed ? Entry(tiling, blocks, blockNodes) : [],
            scheduled.Cost.OffStackBytes / nodes / LinkBandwidth,
            scheduled.Cost.OffStackBytes / blocks / _array.Io.OffStackBandwidthBytesPerSecond);
    }

    // The rings of each of the first blocks of so many nodes.
    private LinkSet[] Rings(Tiling tiling, int members, int stride, int blocks, int blockNodes)
    {
        var key = (tiling.Shape, members, stride, blocks, blockNodes);
        if (_rings.TryGetValue(key, out var known))
            return known;
        var hops = _machine.Collectives.Ring(tiling, members, stride, blocks * blockNodes).LatencyHops;
        var sets = new LinkSet[blocks];
        for (var block = 0; block < blocks; block++)
        {
            Collectives.VisitRings(tiling, members, stride, block * blockNodes, (block + 1) * blockNodes, _links.Add);
            sets[block] = _links.Take(hops);
        }

        return _rings[key] = sets;
    }

    private LinkSet[] AllToAll(Tiling tiling, int groups)
    {
        var key = (tiling.Shape, groups);
        if (_rings.TryGetValue(key, out var known))
            return known;
        var sets = new LinkSet[groups];
        for (var group = 0; group < groups; group++)
        {
            for (var from = 0; from < tiling.GroupSize; from++)
            {
                for (var to = 0; to < tiling.GroupSize; to++)
                    _links.Add(tiling[group, from], tiling[group, to], 1);
            }

            sets[group] = _links.Take();
        }

        return _rings[key] = sets;
    }

    private LinkSet[] Entry(Tiling tiling, int blocks, int blockNodes)
    {
        var key = ("entry", tiling.Shape, blocks, blockNodes);
        if (_rings.TryGetValue(key, out var known))
            return known;
        var sets = new LinkSet[blocks];
        for (var block = 0; block < blocks; block++)
        {
            foreach (var node in tiling.Nodes.Slice(block * blockNodes, blockNodes))
                _links.Add(_nearestIo[node], node, 1);
            sets[block] = _links.Take();
        }

        return _rings[key] = sets;
    }

    // Each group's tokens on their way to their readers, and which groups these are.
    private (LinkSet[] Moves, Successors Readers) Moves(ScheduledPhase from, ScheduledPhase? to)
    {
        var key = (Places(from), to is null ? null : Places(to));
        if (_moves.TryGetValue(key, out var known))
            return known;
        var groupOf = GroupOfNode(from);
        var readerOf = to is null ? null : GroupOfNode(to);
        var flows = new List<(int Source, int Target, long Tokens)>[from.Groups];
        foreach (ref var list in flows.AsSpan())
            list = [];
        var edges = new HashSet<(int, int)>();
        _machine.Flows.Visit(Places(from), to is null ? null : Places(to), (source, target, tokens) =>
        {
            flows[groupOf[source]].Add((source, target, tokens));
            if (readerOf is not null)
                edges.Add((groupOf[source], readerOf[target]));
        });
        return _moves[key] = ([.. flows.Select(LinksOf)], new Successors(from.Groups, edges));
    }

    private TokenPlaces Places(ScheduledPhase scheduled) => _machine.Flows.Places(scheduled.Phase, scheduled.Placement);

    private LinkSet[] Input(ScheduledPhase first)
    {
        var groupOf = GroupOfNode(first);
        var flows = new List<(int Source, int Target, long Tokens)>[first.Groups];
        foreach (ref var list in flows.AsSpan())
            list = [];
        _machine.Flows.Visit(null, Places(first), (source, target, tokens) => flows[groupOf[target]].Add((source, target, tokens)));
        return [.. flows.Select(LinksOf)];
    }

    private LinkSet LinksOf(List<(int Source, int Target, long Tokens)> flows)
    {
        foreach (var (source, target, tokens) in flows)
            _links.Add(source, target, tokens);
        return _links.Take();
    }

    private int[] GroupOfNode(ScheduledPhase scheduled)
    {
        var groups = new int[_array.NodeCount];
        var tiling = scheduled.Option.Tiling;
        foreach (var (place, node) in tiling.Nodes.ToArray().Index())
            groups[node] = place / tiling.GroupSize;
        return groups;
    }

    // A run starts when every earlier run on its nodes has ended.
    private Successors Occupants(List<PhasePlan> phases, int runs)
    {
        var occupant = new int[_array.NodeCount];
        Array.Fill(occupant, -1);
        var edges = new HashSet<(int, int)>();
        foreach (var plan in phases)
        {
            var tiling = plan.Scheduled.Option.Tiling;
            for (var place = 0; place < plan.Groups * tiling.GroupSize; place++)
            {
                var (node, run) = (tiling.Nodes[place], plan.FirstRun + place / tiling.GroupSize);
                if (occupant[node] >= 0)
                    edges.Add((occupant[node], run));
                occupant[node] = run;
            }
        }

        return new Successors(runs, edges);
    }

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
