using System.Runtime.InteropServices;
using Allspark.Engine.Scheduling;

namespace Allspark.Engine.Simulation.Events;

/// <summary>Executes an <see cref="EventPlan"/> event by event.</summary>
/// <remarks>
/// Resources are served in the order of request: every directed link, the memory port and the compute array of every group's busiest node,
/// and the stack's interface. A transfer occupies each of its links for what crosses it and ends with the last of them; then its hops pass.
/// Nothing is allocated for an event.
/// </remarks>
internal sealed partial class EventExecution
{
    private const double Complete = 1 - 1e-9;
    private const int EventsBetweenChecks = 8192;

    private readonly EventPlan _plan;
    private readonly EventQueue _queue = new();
    private readonly TimelineRecorder? _recorder;
    private readonly double[] _linkFree;
    private readonly double _hopSeconds;
    private readonly double _accessSeconds;
    private readonly Run[] _runs;
    private readonly Fetch[] _fetches;
    private readonly PhaseTimes[] _times;
    private double _interfaceFree;
    private double _end;

    public EventExecution(EventPlan plan, Schedule schedule, TimelineRecorder? recorder)
    {
        var array = schedule.Array;
        (_plan, _recorder) = (plan, recorder);
        _linkFree = new double[array.Interconnect.LinkCount];
        _hopSeconds = array.Interconnect.HopLatencySeconds;
        _accessSeconds = array.Node.AccessLatencySeconds;
        _runs = new Run[plan.Runs];
        _fetches = new Fetch[plan.Phases.Sum(phase => phase.Fetch?.Blocks.Length ?? 0)];
        _times = new PhaseTimes[plan.Phases.Count];
        foreach (var (p, phase) in plan.Phases.Index())
            Prepare(p, phase);
        for (var run = 0; run < plan.Runs; run++)
        {
            foreach (var later in plan.Occupants[run])
                _runs[later].Pending++;
        }
    }

    /// <summary>Time of each phase.</summary>
    public IReadOnlyList<PhaseTimes> Times => _times;

    /// <summary>Events executed.</summary>
    public long Events => _queue.Inserted;

    /// <summary>Runs until the result has left, and returns when that is, in seconds.</summary>
    public double Execute(CancellationToken cancellationToken)
    {
        Begin();
        for (var executed = 0; _queue.TryPop(out var next); executed++)
        {
            if (executed % EventsBetweenChecks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            switch (next.Kind)
            {
                case EventKind.Supplied:
                    Release(next.Target, next.Time);
                    break;
                case EventKind.Exchanged:
                    EndExchangePart(next.Target, next.Time);
                    break;
                case EventKind.Computed:
                    EndTile(next.Target, next.Time);
                    break;
                case EventKind.Moved:
                    EndMove(next.Target, next.Time);
                    break;
                case EventKind.Entered:
                    EndEntry(next.Target, next.Time);
                    break;
                case EventKind.Sent:
                    EndSending(next.Target, next.Time);
                    break;
                case EventKind.Fetched:
                    EndFetch(next.Target, next.Time);
                    break;
            }
        }

        var unfinished = Array.FindIndex(_runs, run => run.Returned < _plan.Phases[run.Phase].Chunks[run.Group]);
        return unfinished < 0
            ? _end
            : throw new InvalidOperationException(
                $"{_plan.Phases[_runs[unfinished].Phase].Scheduled.Phase}, group {_runs[unfinished].Group}, never finished: what it waits for is not produced.");
    }

    private void Prepare(int p, PhasePlan phase)
    {
        for (var group = 0; group < phase.Groups; group++)
        {
            ref var run = ref _runs[phase.FirstRun + group];
            (run.Phase, run.Group) = (p, group);
            foreach (var reader in phase.Readers[group])
                _runs[_plan.Phases[p + 1].FirstRun + reader].Pending++;
        }

        for (var block = 0; block < (phase.Fetch?.Blocks.Length ?? 0); block++)
        {
            var (first, last) = phase.Fetch!.GroupsOf(block);
            _fetches[phase.Fetch.FirstFetch + block] = new Fetch { Phase = p, Block = block, Waiting = last - first + 1 };
        }
    }

    // The image enters group by group; a run that waits for nothing begins at once.
    private void Begin()
    {
        for (var run = 0; run < _runs.Length; run++)
        {
            if (run >= _plan.Input.Length)
            {
                if (_runs[run].Pending == 0)
                    Start(run, 0);
                continue;
            }

            _runs[run].Pending++;
            var set = _plan.Input[run];
            _interfaceFree += _plan.InputOffStackSeconds / _plan.Input.Length;
            var through = Occupy(set, _plan.InputSecondsPerToken, 0, 0, TimelineKind.Move) + set.Hops * _hopSeconds;
            _queue.Push(Math.Max(through, _interfaceFree), EventKind.Supplied, run);
        }
    }

    private void Release(int run, double now)
    {
        if (--_runs[run].Pending == 0)
            Start(run, now);
    }

    private void Start(int number, double now)
    {
        ref var run = ref _runs[number];
        var phase = _plan.Phases[run.Phase];
        ref var times = ref _times[run.Phase];
        times.LastStart = Math.Max(times.LastStart, now);
        run.Started = true;
        if (phase.Fetch is not null && !phase.Interleaved)
            Ask(phase.Fetch, run.Group, now);
        Advance(number, now);
    }

    // Whatever of the exchange and the computation can go on does.
    private void Advance(int number, double now)
    {
        ref var run = ref _runs[number];
        var phase = _plan.Phases[run.Phase];
        while (run.Started && !run.Exchanging && NextExchange(run, phase) is { } gathers)
            BeginExchange(number, gathers, now);
        if (run.Started && !run.Computing && run.Gathered > run.Computed)
            BeginTile(number, now);
    }

    // Two chunks may be in the buffer: the one that is computed and the next. In turn, a chunk's result leaves before the next comes in.
    private bool? NextExchange(in Run run, PhasePlan phase)
    {
        if (!phase.Interleaved && phase.Fetch is not null && FetchedParts(phase.Fetch, run.Group) < FetchPlan.Parts)
            return null;
        var ahead = phase.Interleaved ? run.Computed + 2 : run.Returned + 1;
        return run.Gathered < Math.Min(ahead, phase.Chunks[run.Group]) ? true
            : run.Computed > run.Returned ? false
            : null;
    }

    private void BeginExchange(int number, bool gathers, double now)
    {
        ref var run = ref _runs[number];
        (run.Exchanging, run.Gathers, run.Collective, run.Part, run.ExchangeBegan) = (true, gathers, 0, 0, now);
        var collectives = gathers ? _plan.Phases[run.Phase].Before : _plan.Phases[run.Phase].After;
        if (collectives.Length == 0)
            EndExchange(number, now);
        else
            SendPart(number, collectives[0], now);
    }

    private void SendPart(int number, CollectivePlan collective, double now)
    {
        ref var run = ref _runs[number];
        var set = collective.ByGroup[run.Group];
        var seconds = collective.SecondsPerShard / collective.Parts * Fraction(run, run.Gathers ? run.Gathered : run.Returned);
        var end = Occupy(set, seconds, now, run.Phase, TimelineKind.Exchange) + set.Hops * _hopSeconds / collective.Parts;
        _queue.Push(end, EventKind.Exchanged, number);
    }

    private void EndExchangePart(int number, double now)
    {
        ref var run = ref _runs[number];
        var phase = _plan.Phases[run.Phase];
        var collectives = run.Gathers ? phase.Before : phase.After;
        if (++run.Part == collectives[run.Collective].Parts)
            (run.Part, run.Collective) = (0, run.Collective + 1);
        if (run.Collective < collectives.Length)
        {
            SendPart(number, collectives[run.Collective], now);
            return;
        }

        EndExchange(number, now);
        Advance(number, now);
    }

    private void EndExchange(int number, double now)
    {
        ref var run = ref _runs[number];
        var phase = _plan.Phases[run.Phase];
        run.Exchanging = false;
        run.ExchangeSeconds += now - run.ExchangeBegan;
        if (!run.Gathers)
        {
            if (++run.Returned == phase.Chunks[run.Group])
                Finish(number, now);
        }
        else if (++run.Gathered == 1 && phase is { Interleaved: true, Fetch: { } fetch })
        {
            Ask(fetch, run.Group, now);
        }
    }

    // The first chunk under which weights arrive is computed tile by tile, as they come.
    private void BeginTile(int number, double now)
    {
        ref var run = ref _runs[number];
        var phase = _plan.Phases[run.Phase];
        var tiles = Tiles(run, phase);
        if (tiles > 1)
        {
            var fetch = phase.Fetch!;
            var here = fetch.OwnShare + (1 - fetch.OwnShare) * FetchedParts(fetch, run.Group) / FetchPlan.Parts;
            if ((run.Tile + 1) * Complete > here * tiles)
                return;
        }

        var fraction = Fraction(run, run.Computed) / tiles;
        run.PortFree = Math.Max(run.PortFree, now) + phase.MemorySeconds * fraction;
        var end = Math.Max(now + phase.ComputeSeconds * fraction, run.PortFree);
        run.Computing = true;
        run.ComputeSeconds += end - now;
        _recorder?.AddGroup(run.Phase, run.Group, TimelineKind.Compute, now, end);
        _queue.Push(end, EventKind.Computed, number);
    }

    private void EndTile(int number, double now)
    {
        ref var run = ref _runs[number];
        run.Computing = false;
        if (++run.Tile >= Tiles(run, _plan.Phases[run.Phase]))
            (run.Tile, run.Computed) = (0, run.Computed + 1);
        Advance(number, now);
    }

    private static int Tiles(in Run run, PhasePlan phase) => phase is { Interleaved: true, Fetch: not null } && run.Computed == 0 ? FetchPlan.Parts : 1;

    private double Fraction(in Run run, int chunk)
    {
        var phase = _plan.Phases[run.Phase];
        return chunk + 1 == phase.Chunks[run.Group] ? phase.LastChunk[run.Group] : 1;
    }

    private void Finish(int number, double now)
    {
        ref var run = ref _runs[number];
        var phase = _plan.Phases[run.Phase];
        _times[run.Phase].Add(run, now);
        foreach (var later in _plan.Occupants[number])
            Release(later, now);
        var set = phase.Moves[run.Group];
        var end = Occupy(set, phase.SecondsPerToken, now, run.Phase, TimelineKind.Move) + set.Hops * _hopSeconds;
        if (phase.OffStackSeconds > 0)
        {
            _interfaceFree = Math.Max(_interfaceFree, now) + phase.OffStackSeconds / phase.Groups;
            end = Math.Max(end, _interfaceFree);
        }

        _queue.Push(end, EventKind.Moved, number);
    }

    private void EndMove(int number, double now)
    {
        ref readonly var run = ref _runs[number];
        _end = Math.Max(_end, now);
        foreach (var reader in _plan.Phases[run.Phase].Readers[run.Group])
            Release(_plan.Phases[run.Phase + 1].FirstRun + reader, now);
    }

    // Occupies each link for its amount, after what was asked of it before; returns when the last is through.
    private double Occupy(LinkSet set, double secondsPerUnit, double now, int phase, TimelineKind kind)
    {
        var end = now;
        var amounts = set.Amounts;
        var links = set.Links;
        for (var i = 0; i < links.Length; i++)
        {
            ref var free = ref _linkFree[links[i]];
            var start = Math.Max(free, now);
            free = start + amounts[i] * secondsPerUnit;
            end = Math.Max(end, free);
            _recorder?.AddLink(links[i], phase, kind, start, free);
        }

        return end;
    }

    /// <summary>One group in one phase.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Run
    {
        public int Phase;
        public int Group;

        /// <summary>What must end before it starts.</summary>
        public int Pending;
        public bool Started;
        public bool Exchanging;
        public bool Computing;

        /// <summary>Whether the exchange under way brings a chunk in.</summary>
        public bool Gathers;
        public int Gathered;
        public int Computed;
        public int Returned;
        public int Collective;
        public int Part;
        public int Tile;
        public double PortFree;
        public double ExchangeBegan;
        public double ExchangeSeconds;
        public double ComputeSeconds;
    }
}

/// <summary>When a phase happened, in seconds.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PhaseTimes
{
    /// <summary>When its last group began.</summary>
    public double LastStart;

    /// <summary>When its last group ended.</summary>
    public double End;

    /// <summary>Computation of the busiest group.</summary>
    public double ComputeSeconds;

    /// <summary>Exchanges of the busiest group.</summary>
    public double ExchangeSeconds;

    /// <summary>The longest fetch.</summary>
    public double FetchSeconds;

    public void Add(in EventExecution.Run run, double end)
    {
        End = Math.Max(End, end);
        ComputeSeconds = Math.Max(ComputeSeconds, run.ComputeSeconds);
        ExchangeSeconds = Math.Max(ExchangeSeconds, run.ExchangeSeconds);
    }
}
