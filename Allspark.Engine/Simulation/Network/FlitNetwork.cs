using Allspark.Engine.Hardware;

namespace Allspark.Engine.Simulation.Network;

/// <summary>
/// Routers with virtual channels at their inputs, moved cycle by cycle. A channel is a link, or, numbered after the links, what joins a
/// node to its router: its input side leads from the node, its output side to the node. A flit is its packet's number, doubled, plus
/// one for the tail. All work is kept in lists of what has something to do; routers without a flit cost nothing.
/// </summary>
internal sealed partial class FlitNetwork
{
    /// <summary>From a node to its router: the node's own cycle and one of the channel.</summary>
    private const int InjectionCycles = 2;

    private readonly int linkCount;
    private readonly int vcCount;
    private readonly int bufferFlits;
    private readonly IRouting routing;
    private readonly RouterTiming timing;
    private readonly LatencyStatistics statistics;

    private readonly InputPort[] inputPorts;
    private readonly OutputPort[] outputPorts;
    private readonly InputChannel[] inputs;
    private readonly OutputChannel[] outputs;
    private readonly int[] buffers;
    private readonly ulong[] classMasks;
    private readonly ulong allChannels;
    private readonly ulong sharedChannels;

    private readonly DelayLine arrivals;
    private readonly DelayLine injections;
    private readonly DelayLine ejections;
    private readonly DelayLine linkCredits;
    private readonly DelayLine nodeCredits;
    private readonly DelayLine ejectionCredits;
    private readonly DelayLine routed;
    private readonly DelayLine allocated;

    private readonly ActiveSet awaitingChannel;
    private readonly ActiveSet awaitingSwitch;

    public FlitNetwork(
        IInterconnect network, InterconnectSpec spec, IRouting routing, IPacketSource source, LatencyStatistics statistics, int seed)
    {
        (linkCount, vcCount, bufferFlits) = (network.LinkCount, spec.VirtualChannels, spec.BufferFlits);
        (this.routing, this.source, this.statistics) = (routing, source, statistics);
        timing = new RouterTiming(spec);
        var channels = linkCount + network.NodeCount;
        (inputPorts, outputPorts) = Ports(network);
        inputs = new InputChannel[channels * vcCount];
        outputs = new OutputChannel[channels * vcCount];
        buffers = new int[channels * vcCount * bufferFlits];
        allChannels = Mask(0, vcCount);
        var own = vcCount - routing.SharedChannels;
        sharedChannels = own < vcCount ? Mask(own, vcCount) : 0;
        classMasks = [.. Enumerable.Range(0, routing.Classes).Select(part =>
            Mask(part * own / routing.Classes, (part + 1) * own / routing.Classes) | sharedChannels)];
        for (var channel = 0; channel < channels; channel++)
        {
            outputPorts[channel].FreeChannels = allChannels;
            for (var vc = 0; vc < vcCount; vc++)
            {
                inputs[(channel * vcCount) + vc] = new InputChannel { Port = channel, Number = vc, Output = -1, PointerPort = -1 };
                outputs[(channel * vcCount) + vc] = new OutputChannel { Credits = bufferFlits, Requester = -1 };
            }
        }

        (arrivals, injections, ejections) = (new DelayLine(channels), new DelayLine(channels), new DelayLine(channels));
        (linkCredits, nodeCredits, ejectionCredits) = (new DelayLine(channels), new DelayLine(channels), new DelayLine(channels));
        (routed, allocated) = (new DelayLine(channels), new DelayLine(channels));
        (awaitingChannel, awaitingSwitch) = (new ActiveSet(inputs.Length), new ActiveSet(inputs.Length));
        (touchedOutputs, touchedPorts) = (new int[outputs.Length], new int[channels]);
        sources = new Source[network.NodeCount];
        ways = new RandomStream[network.NodeCount];
        nodeOutputs = new OutputChannel[network.NodeCount * vcCount];
        Array.Fill(nodeOutputs, new OutputChannel { Credits = bufferFlits });
        wheel = new WakeWheel(network.NodeCount);
        awake = new ActiveSet(network.NodeCount);
        for (var node = 0; node < sources.Length; node++)
        {
            ways[node] = new RandomStream(seed, sources.Length + node); // other numbers than those of the traffic
            sources[node] = new Source { FreeChannels = allChannels, Channel = -1, LastChannel = -1, Packet = -1 };
            Schedule(node, -1);
        }
    }

    /// <summary>Cycles that were simulated.</summary>
    public int Now { get; private set; }

    /// <summary>Flits that reached their node.</summary>
    public long EjectedFlits { get; private set; }

    /// <summary>Flits that left their node.</summary>
    public long InjectedFlits { get; private set; }

    /// <summary>Simulates one cycle.</summary>
    public void Step()
    {
        var now = Now;
        Deliver(arrivals, now);
        Deliver(injections, now);
        Eject(now);
        ReturnCredits(now);
        Inject(now);
        Route(now);
        AllocateChannels(now);
        AllocateSwitches(now);
        Now = now + 1;
    }

    private void Deliver(DelayLine line, int now)
    {
        while (line.TryTake(now, out var arrival))
        {
            ref var input = ref inputs[arrival.Place];
            if (input.Count == bufferFlits)
                throw new InvalidOperationException($"A flit reached a full buffer at cycle {now}: credits are out of step.");
            var tail = input.Head + input.Count++;
            buffers[(arrival.Place * bufferFlits) + (tail >= bufferFlits ? tail - bufferFlits : tail)] = arrival.Flit;
            if (!input.Busy)
            {
                input.Busy = true;
                routed.Add(now + timing.RouteCycles, arrival.Place);
            }
            else if (input.Count == 1)
            {
                awaitingSwitch.Add(arrival.Place);
            }
        }
    }

    private void Eject(int now)
    {
        while (ejections.TryTake(now, out var arrival))
        {
            EjectedFlits++;
            ref var packet = ref packets[arrival.Flit >> 1];
            packet.Arrived++;
            if ((arrival.Flit & 1) == 0)
                continue;
            if (packet.Arrived != packet.Flits || packet.Target != (arrival.Place / vcCount) - linkCount)
                throw new InvalidOperationException($"A packet for node {packet.Target} ended out of order or at a wrong node at cycle {now}.");
            if (statistics.Counts(packet.Created))
                statistics.Add(packet.Created, packet.Injected, now, packet.Hops);
            Free(arrival.Flit >> 1);
        }
    }

    private void ReturnCredits(int now)
    {
        while (linkCredits.TryTake(now, out var credit))
            outputs[credit.Place].Credits++;
        while (ejectionCredits.TryTake(now, out var credit))
            outputs[credit.Place].Credits++;
        while (nodeCredits.TryTake(now, out var credit))
            nodeOutputs[credit.Place - (linkCount * vcCount)].Credits++;
    }

    private void Route(int now)
    {
        while (routed.TryTake(now, out var head))
        {
            ref var input = ref inputs[head.Place];
            var node = inputPorts[input.Port].Node;
            ref var packet = ref packets[Front(head.Place, input.Head) >> 1];
            if (node == packet.Target)
            {
                (input.OutputPort, input.Allowed) = (linkCount + node, allChannels);
            }
            else
            {
                var (link, vcClass) = routing.Next(node, packet.Target, packet.Way);
                (input.OutputPort, input.Allowed) = (link, classMasks[vcClass]);
            }

            awaitingChannel.Add(head.Place);
        }

        while (allocated.TryTake(now, out var head))
            awaitingSwitch.Add(head.Place);
    }

    private int Front(int place, int head) => buffers[(place * bufferFlits) + head];

    private static ulong Mask(int from, int to) => (to == 64 ? ulong.MaxValue : (1UL << to) - 1) & (ulong.MaxValue << from);

    // A router's ports are numbered for its arbiters: links in their order, then the node.
    private static (InputPort[] Inputs, OutputPort[] Outputs) Ports(IInterconnect network)
    {
        var channels = network.LinkCount + network.NodeCount;
        var (into, outOf) = (new int[network.NodeCount], new int[network.NodeCount]);
        var (inputs, outputs) = (new InputPort[channels], new OutputPort[channels]);
        for (var channel = 0; channel < channels; channel++)
        {
            var link = channel < network.LinkCount ? network[channel] : new Link(channel - network.LinkCount, channel - network.LinkCount);
            inputs[channel] = new InputPort { Node = link.To, Number = into[link.To]++ };
            outputs[channel] = new OutputPort { Node = link.From, Number = outOf[link.From]++, Requester = -1 };
        }

        for (var channel = 0; channel < channels; channel++)
        {
            inputs[channel].RouterOutputs = outOf[inputs[channel].Node];
            outputs[channel].RouterInputs = into[outputs[channel].Node];
        }

        return (inputs, outputs);
    }
}
