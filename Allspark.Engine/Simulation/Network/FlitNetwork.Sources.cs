using System.Runtime.InteropServices;

namespace Allspark.Engine.Simulation.Network;

// The nodes. A node's queue needs no memory: packets are created when they reach its head, with the cycle that they would have come.
internal sealed partial class FlitNetwork
{
    private readonly IPacketSource source;
    private readonly Source[] sources;
    private readonly RandomStream[] ways;
    private readonly OutputChannel[] nodeOutputs;
    private readonly WakeWheel wheel;
    private readonly ActiveSet awake;
    private Packet[] packets = new Packet[1024];
    private int[] freePackets = [];
    private int freeCount;
    private int usedPackets;

    [StructLayout(LayoutKind.Auto)]
    private struct Source
    {
        public NewPacket Next;
        public int Packet;
        public int FlitsLeft;
        public int Channel;
        public int LastChannel;
        public ulong FreeChannels;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Packet
    {
        public int Created;
        public int Injected;
        public int Target;
        public int Way;
        public int Flits;
        public int Arrived;
        public int Hops;
    }

    /// <summary>Packets of which a flit has left its node, or is about to, and the tail has not arrived.</summary>
    public int PacketsUnderWay => usedPackets - freeCount;

    /// <summary>Cycles for which the packet at the head of the node's queue has waited or been on its way into the network; 0 if there is none.</summary>
    public int Lag(int node)
    {
        ref var state = ref sources[node];
        return Math.Max(0, Now - (state.Packet >= 0 ? packets[state.Packet].Created : state.Next.Created));
    }

    /// <summary>Whether every packet created before the cycle has arrived.</summary>
    public bool HasDelivered(int before)
    {
        foreach (var state in sources)
        {
            if (state.Packet >= 0 ? packets[state.Packet].Created < before : state.Next.Created < before)
                return false;
        }

        for (var packet = 0; packet < usedPackets; packet++)
        {
            if (packets[packet].Flits > 0 && packets[packet].Created < before)
                return false;
        }

        return true;
    }

    /// <summary>Age of every packet that counts and has not arrived, queues included.</summary>
    public (long Packets, long CycleSum) Undelivered(int before)
    {
        var (count, sum) = (0L, 0L);
        void Add(int created)
        {
            if (!statistics.Counts(created))
                return;
            count++;
            sum += Now - created;
        }

        for (var packet = 0; packet < usedPackets; packet++)
        {
            if (packets[packet].Flits > 0)
                Add(packets[packet].Created);
        }

        for (var node = 0; node < sources.Length; node++)
        {
            for (var next = sources[node].Next; next.Created < before; next = source.Next(node))
                Add(next.Created);
        }

        return (count, sum);
    }

    private void Inject(int now)
    {
        wheel.Wake(now, awake);
        foreach (var node in awake)
        {
            ref var state = ref sources[node];
            if (state.Packet < 0)
                Begin(node, ref state);
            if (state.Channel < 0 && !TakeChannel(node, ref state, now))
                continue;
            ref var output = ref nodeOutputs[(node * vcCount) + state.Channel];
            if (output.Credits == 0)
                continue;
            output.Credits--;
            InjectedFlits++;
            var tail = --state.FlitsLeft == 0;
            injections.Add(now + InjectionCycles, ((linkCount + node) * vcCount) + state.Channel, (state.Packet << 1) | (tail ? 1 : 0));
            if (!tail)
                continue;
            state.FreeChannels |= 1UL << state.Channel;
            (state.Channel, state.Packet) = (-1, -1);
            awake.Remove(node);
            Schedule(node, now);
        }
    }

    private void Begin(int node, ref Source state)
    {
        state.Packet = freeCount > 0 ? freePackets[--freeCount] : NewSlot();
        packets[state.Packet] = new Packet
        {
            Created = state.Next.Created,
            Target = state.Next.Target,
            Way = routing.Way(node, state.Next.Target, ways[node].Draw()),
            Flits = state.Next.Flits,
        };
        state.FlitsLeft = state.Next.Flits;
    }

    // The next free channel with room after the one taken last, round and round.
    private bool TakeChannel(int node, ref Source state, int now)
    {
        for (var step = 1; step <= vcCount; step++)
        {
            var channel = (state.LastChannel + step) % vcCount;
            if ((state.FreeChannels >> channel & 1) == 0 || nodeOutputs[(node * vcCount) + channel].Credits == 0)
                continue;
            state.FreeChannels &= ~(1UL << channel);
            (state.Channel, state.LastChannel) = (channel, channel);
            packets[state.Packet].Injected = now;
            return true;
        }

        return false;
    }

    private void Schedule(int node, int now)
    {
        ref var state = ref sources[node];
        state.Next = source.Next(node);
        if (state.Next.Created <= now)
            awake.Add(node);
        else if (state.Next.Created != int.MaxValue)
            wheel.Sleep(node, state.Next.Created);
    }

    private int NewSlot()
    {
        if (usedPackets == packets.Length)
            Array.Resize(ref packets, usedPackets * 2);
        return usedPackets++;
    }

    private void Free(int packet)
    {
        packets[packet].Flits = 0;
        if (freeCount == freePackets.Length)
            Array.Resize(ref freePackets, Math.Max(packets.Length, freeCount * 2));
        freePackets[freeCount++] = packet;
    }
}
