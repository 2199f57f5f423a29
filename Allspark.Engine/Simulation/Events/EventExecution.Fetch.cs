using System.Runtime.InteropServices;

namespace Allspark.Engine.Simulation.Events;

/// <summary>Fetches: weights enter the stack, go round the rings of a block and are written to memory, part after part.</summary>
internal sealed partial class EventExecution
{
    private static int Number(FetchPlan plan, int block) => plan.FirstFetch + block;

    // A block's rings begin when all their groups are ready for the weights.
    private void Ask(FetchPlan plan, int group, double now)
    {
        var (first, last) = plan.BlocksOf(group);
        for (var block = first; block <= last; block++)
        {
            ref var fetch = ref _fetches[Number(plan, block)];
            if (--fetch.Waiting > 0)
                continue;
            fetch.Began = now;
            if (plan.Streamed)
                Enter(Number(plan, block), now);
            else
                fetch.Entered = FetchPlan.Parts;
            Send(Number(plan, block), now);
        }
    }

    private void Enter(int number, double now)
    {
        ref readonly var fetch = ref _fetches[number];
        var plan = _plan.Phases[fetch.Phase].Fetch!;
        var set = plan.Entry[fetch.Block];
        _interfaceFree = Math.Max(_interfaceFree, now) + plan.OffStackSeconds / FetchPlan.Parts;
        var end = Math.Max(_interfaceFree, Occupy(set, plan.SecondsPerEntry / FetchPlan.Parts, now, fetch.Phase, TimelineKind.Fetch));
        var latency = fetch.Entered == 0 ? _accessSeconds + set.Hops * _hopSeconds : 0;
        _queue.Push(end + latency, EventKind.Entered, number);
    }

    private void EndEntry(int number, double now)
    {
        if (++_fetches[number].Entered < FetchPlan.Parts)
            Enter(number, now);
        Send(number, now);
    }

    // A node has room for one part that it writes and one that it receives.
    private void Send(int number, double now)
    {
        ref var fetch = ref _fetches[number];
        if (fetch.Sending || fetch.Sent == fetch.Entered || fetch.Sent > fetch.Fetched + 1)
            return;
        fetch.Sending = true;
        var plan = _plan.Phases[fetch.Phase].Fetch!;
        var set = plan.Blocks[fetch.Block];
        var end = Occupy(set, plan.SecondsPerShard / FetchPlan.Parts, now, fetch.Phase, TimelineKind.Fetch);
        _queue.Push(end + set.Hops * _hopSeconds / FetchPlan.Parts, EventKind.Sent, number);
    }

    private void EndSending(int number, double now)
    {
        ref var fetch = ref _fetches[number];
        (fetch.Sending, fetch.Sent) = (false, fetch.Sent + 1);
        var phase = _plan.Phases[fetch.Phase];
        var plan = phase.Fetch!;
        var written = now;
        if (plan.HeldSeconds > 0)
        {
            var (first, last) = plan.GroupsOf(fetch.Block);
            for (var group = first; group <= last; group++)
            {
                // Blocks smaller than a group feed different nodes of it.
                var (firstBlock, lastBlock) = plan.BlocksOf(group);
                ref var port = ref _runs[phase.FirstRun + group].PortFree;
                port = Math.Max(port, now) + plan.HeldSeconds / (FetchPlan.Parts * (lastBlock - firstBlock + 1));
                written = Math.Max(written, port);
            }
        }

        _queue.Push(written, EventKind.Fetched, number);
        Send(number, now);
    }

    private void EndFetch(int number, double now)
    {
        ref var fetch = ref _fetches[number];
        fetch.Fetched++;
        var phase = _plan.Phases[fetch.Phase];
        ref var times = ref _times[fetch.Phase];
        times.FetchSeconds = Math.Max(times.FetchSeconds, now - fetch.Began);
        Send(number, now);
        var (first, last) = phase.Fetch!.GroupsOf(fetch.Block);
        for (var group = first; group <= last; group++)
            Advance(phase.FirstRun + group, now);
    }

    private int FetchedParts(FetchPlan plan, int group)
    {
        var (first, last) = plan.BlocksOf(group);
        var parts = FetchPlan.Parts;
        for (var block = first; block <= last; block++)
            parts = Math.Min(parts, _fetches[Number(plan, block)].Fetched);
        return parts;
    }

    /// <summary>The weights of one block of rings.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Fetch
    {
        public int Phase;
        public int Block;

        /// <summary>Groups that are not ready for it yet.</summary>
        public int Waiting;
        public int Entered;
        public int Sent;
        public int Fetched;
        public bool Sending;
        public double Began;
    }
}
