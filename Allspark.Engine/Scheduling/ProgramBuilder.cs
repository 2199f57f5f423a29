using Allspark.Engine.Hardware;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>Evaluates a workload's options and transitions and writes the program down; what is evaluated once is kept.</summary>
public sealed class ProgramBuilder
{
    // A schedule a little late is worth more than none, and without the options' costs there is none.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

    private readonly Workload _workload;
    private readonly MachineModel _machine;
    private readonly Clock _clock;
    private readonly Dictionary<object, (ProgramOption[] Options, Tiling[] Layouts)> _evaluated = [];
    private readonly Dictionary<object, Coefficient[]> _moves = [];

    /// <param name="workload">The workload.</param>
    /// <param name="machine">The model of its machine.</param>
    /// <param name="clock">The time that there is.</param>
    internal ProgramBuilder(Workload workload, MachineModel machine, Clock clock) => (_workload, _machine, _clock) = (workload, machine, clock);

    /// <summary>Builds the program of least latency or least energy.</summary>
    /// <exception cref="ArgumentException">The objective is a product, which no linear program has.</exception>
    public static ScheduleProgram Build(Workload workload, MachineModel machine, ScheduleObjective objective = ScheduleObjective.Latency)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(machine);
        return new ProgramBuilder(workload, machine, new Clock(null, CancellationToken.None)).Of(objective)!;
    }

    /// <summary>The program of least latency or least energy; <see langword="null"/> where the time was over before all moves were known.</summary>
    /// <exception cref="ArgumentException">The objective is a product, which no linear program has.</exception>
    /// <exception cref="TimeLimitException">The time was over before the options' costs were known.</exception>
    /// <exception cref="OperationCanceledException">The clock's token was cancelled.</exception>
    internal ScheduleProgram? Of(ScheduleObjective objective) => For(objective, Build(Transitions));

    /// <summary>The program with moves that cost nothing: enough to tell whether the network fits, and a bound on what it takes.</summary>
    /// <exception cref="TimeLimitException">The time was over before the options' costs were known.</exception>
    internal ScheduleProgram WithoutMoves(ScheduleObjective objective) => For(
        objective, Build(static (before, _, layouts) => new Coefficient[(before?.Layouts.Count ?? 1) * Math.Max(1, layouts.Length)]))!;

    private static ScheduleProgram? For(ScheduleObjective objective, ScheduleProgram? ofLatency) => objective switch
    {
        ScheduleObjective.Latency => ofLatency,
        ScheduleObjective.Energy => ofLatency is null ? null : WeightedProgram.OfEnergy(ofLatency),
        _ => throw new ArgumentException($"{objective} is a product; the program is linear. Take Latency or Energy.", nameof(objective)),
    };

    // All options first: with their costs known there is a schedule, whatever the moves between them take.
    private ScheduleProgram? Build(Func<ProgramPhase?, Phase?, Tiling[], Coefficient[]?> transitions)
    {
        var evaluated = _workload.Phases.Select(Evaluate).ToArray();
        var phases = new List<ProgramPhase>(_workload.Phases.Count);
        foreach (var phase in _workload.Phases)
        {
            var (options, layouts) = evaluated[phase.Index];
            if (transitions(phases.LastOrDefault(), phase, layouts) is not { } into)
                return null;
            phases.Add(new ProgramPhase
            {
                Phase = phase,
                Options = options,
                GeneratedOptions = _workload.Options[phase.Index].Count,
                Layouts = layouts,
                Region = _workload.Options[phase.Index][0].Region,
                TransitionsIn = into,
            });
        }

        return transitions(phases[^1], null, []) is not { } output
            ? null
            : new ScheduleProgram
            {
                Workload = _workload,
                Objective = ScheduleObjective.Latency,
                Phases = phases,
                TransitionsOut = output,
                CapacityBytes = _workload.Array.Node.MemoryBytes,
                EnergyLimitPicojoules = _workload.Constraints.MaxEnergyJoules is { } joules ? Coefficient.LimitOf(joules) : null,
            };
    }

    // Phases alike but for their place in the network share one list of options, at the same cost, unless constraints left them different ones.
    private (ProgramOption[] Options, Tiling[] Layouts) Evaluate(Phase phase)
    {
        var open = _workload.Options[phase.Index];
        var signature = (Anonymous(phase)! with { Geometry = null }, open);
        if (_evaluated.TryGetValue(signature, out var known))
            return known;

        var costs = new PhaseCost[open.Count];
        var completed = Parallel.For(0, costs.Length, (o, loop) =>
        {
            if (IsPast(_clock.Limit + Grace))
                loop.Stop();
            else
                costs[o] = _machine.Costs.Evaluate(phase, open[o]);
        }).IsCompleted;
        if (!completed)
            throw new TimeLimitException(_clock.Limit, phase);
        var layouts = new List<Tiling>();
        var classes = new Dictionary<TilingShape, int>();
        var options = new List<ProgramOption>();
        foreach (var (option, cost) in open.Zip(costs))
        {
            if (!classes.TryGetValue(option.Tiling.Shape, out var layout))
            {
                layout = classes[option.Tiling.Shape] = layouts.Count;
                layouts.Add(option.Tiling);
            }

            options.Add(new ProgramOption(option, cost, layout, Coefficient.Of(cost.LatencySeconds, cost.Energy.TotalJoules)));
        }

        return _evaluated[signature] = ([.. Undominated(options)], [.. layouts]);
    }

    // Within a layout class, an option that is no better in objective, energy and both memories than an earlier or better one is never needed.
    private static IEnumerable<ProgramOption> Undominated(List<ProgramOption> options)
    {
        var kept = new HashSet<ProgramOption>(ReferenceEqualityComparer.Instance);
        foreach (var layout in options.GroupBy(option => option.LayoutClass))
        {
            var front = new List<ProgramOption>();
            foreach (var option in layout.OrderBy(option => option.Objective).ThenBy(option => option.ResidentBytes)
                .ThenBy(option => option.TransientBytes).ThenBy(option => option.Cost.Energy.TotalJoules))
            {
                if (!front.Exists(better => better.ResidentBytes <= option.ResidentBytes && better.TransientBytes <= option.TransientBytes
                    && better.Cost.Energy.TotalJoules <= option.Cost.Energy.TotalJoules))
                    front.Add(option);
            }

            kept.UnionWith(front);
        }

        return options.Where(kept.Contains);
    }

    private static Phase? Anonymous(Phase? phase) => phase is null ? null : phase with { Index = 0, Block = "", LayerIndex = 0 };

    private Coefficient[]? Transitions(ProgramPhase? before, Phase? phase, Tiling[] layouts)
    {
        var signature = (Anonymous(before?.Phase), before?.Layouts, Anonymous(phase), layouts);
        if (!_moves.TryGetValue(signature, out var costs) && (costs = Evaluate(before, phase, layouts)) is not null)
            _moves.Add(signature, costs);
        return costs;
    }

    // Null where the time was over before every pair was evaluated.
    private Coefficient[]? Evaluate(ProgramPhase? before, Phase? phase, Tiling[] layouts)
    {
        var (rows, columns) = (before?.Layouts.Count ?? 1, phase is null ? 1 : layouts.Length);
        var costs = new Coefficient[rows * columns];
        // Each entry is a function of its pair alone, so the order of evaluation cannot show in the result.
        var completed = Parallel.For(0, costs.Length, () => new LinkLoads(_workload.Array), (pair, loop, loads) =>
        {
            // Half of the time is left to the search, and to the moves of its choice where there is no program.
            if (IsPast(_clock.Limit / 2))
            {
                loop.Stop();
                return loads;
            }

            var producer = before is null ? null : _machine.Flows.Places(before.Phase, before.Layouts[pair / columns]);
            var consumer = phase is null ? null : _machine.Flows.Places(phase, layouts[pair % columns]);
            var cost = _machine.Transition(producer, consumer, loads);
            costs[pair] = Coefficient.Of(cost.LatencySeconds, cost.Energy.TotalJoules);
            return loads;
        }, static _ => { }).IsCompleted;
        return completed ? costs : null;
    }

    private bool IsPast(TimeSpan? moment)
    {
        _clock.CancellationToken.ThrowIfCancellationRequested();
        return _clock.Elapsed >= moment;
    }
}
