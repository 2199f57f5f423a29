using Allspark.Engine.Hardware;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>Evaluates a workload's options and transitions and writes the program down.</summary>
public sealed class ProgramBuilder
{
    private readonly Workload _workload;
    private readonly MachineModel _machine;
    private readonly Dictionary<object, (ProgramOption[] Options, Tiling[] Layouts)> _evaluated = [];
    private readonly Dictionary<object, Coefficient[]> _moves = [];

    private ProgramBuilder(Workload workload, MachineModel machine) => (_workload, _machine) = (workload, machine);

    /// <summary>Builds the program of least latency or least energy.</summary>
    /// <exception cref="ArgumentException">The objective is a product, which no linear program has.</exception>
    public static ScheduleProgram Build(Workload workload, MachineModel machine, ScheduleObjective objective = ScheduleObjective.Latency)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(machine);
        var builder = new ProgramBuilder(workload, machine);
        var program = builder.Build(builder.Transitions);
        return objective switch
        {
            ScheduleObjective.Latency => program,
            ScheduleObjective.Energy => WeightedProgram.OfEnergy(program),
            _ => throw new ArgumentException($"{objective} is a product; the program is linear. Take Latency or Energy.", nameof(objective)),
        };
    }

    /// <summary>The program with moves that cost nothing: enough to tell whether the network fits.</summary>
    internal static ScheduleProgram BuildWithoutMoves(Workload workload, MachineModel machine) =>
        new ProgramBuilder(workload, machine).Build(static (before, _, layouts) => new Coefficient[(before?.Layouts.Count ?? 1) * Math.Max(1, layouts.Length)]);

    private ScheduleProgram Build(Func<ProgramPhase?, Phase?, Tiling[], Coefficient[]> transitions)
    {
        var phases = new List<ProgramPhase>(_workload.Phases.Count);
        foreach (var phase in _workload.Phases)
        {
            var (options, layouts) = Evaluate(phase);
            phases.Add(new ProgramPhase
            {
                Phase = phase,
                Options = options,
                GeneratedOptions = _workload.Options[phase.Index].Count,
                Layouts = layouts,
                Region = _workload.Options[phase.Index][0].Region,
                TransitionsIn = transitions(phases.LastOrDefault(), phase, layouts),
            });
        }

        return new ScheduleProgram
        {
            Workload = _workload,
            Objective = ScheduleObjective.Latency,
            Phases = phases,
            TransitionsOut = transitions(phases[^1], null, []),
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
        Parallel.For(0, costs.Length, o => costs[o] = _machine.Costs.Evaluate(phase, open[o]));
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

    private Coefficient[] Transitions(ProgramPhase? before, Phase? phase, Tiling[] layouts)
    {
        var signature = (Anonymous(before?.Phase), before?.Layouts, Anonymous(phase), layouts);
        if (!_moves.TryGetValue(signature, out var costs))
            _moves.Add(signature, costs = Evaluate(before, phase, layouts));
        return costs;
    }

    private Coefficient[] Evaluate(ProgramPhase? before, Phase? phase, Tiling[] layouts)
    {
        var (rows, columns) = (before?.Layouts.Count ?? 1, phase is null ? 1 : layouts.Length);
        var costs = new Coefficient[rows * columns];
        var producers = before?.Layouts.Select(tiling => _machine.Flows.Places(before.Phase, tiling)).ToArray();
        var consumers = phase is null ? null : layouts.Select(tiling => _machine.Flows.Places(phase, tiling)).ToArray();
        // Each entry is a function of its pair alone, so the order of evaluation cannot show in the result.
        Parallel.For(0, costs.Length, () => new LinkLoads(_workload.Array), (pair, _, loads) =>
        {
            var cost = _machine.Transition(producers?[pair / columns], consumers?[pair % columns], loads);
            costs[pair] = Coefficient.Of(cost.LatencySeconds, cost.Energy.TotalJoules);
            return loads;
        }, static _ => { });
        return costs;
    }
}
