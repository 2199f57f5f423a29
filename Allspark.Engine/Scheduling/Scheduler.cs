using System.Collections.Concurrent;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>Schedules workloads: builds the program, solves it and places the choice.</summary>
public sealed class Scheduler
{
    private readonly ConcurrentDictionary<(string ArrayHash, Precision Precision), MachineModel> _machines = new();

    /// <summary>The solvers by name.</summary>
    public static IReadOnlyList<IScheduleSolver> Solvers { get; } = [new ExactSolver(), new OrToolsSolver(), new GreedySolver()];

    /// <summary>Schedules a workload.</summary>
    /// <exception cref="InfeasibleScheduleException">The network does not fit the array.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Schedule Schedule(
        Workload workload,
        IScheduleSolver solver,
        SolverSettings? settings = null,
        ScheduleObjective objective = ScheduleObjective.Latency,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(solver);
        var machine = Machine(workload);
        var program = ProgramBuilder.Build(workload, machine, objective);
        cancellationToken.ThrowIfCancellationRequested();
        var result = solver.Solve(program, settings ?? new SolverSettings(), cancellationToken);
        return Assemble(program, machine, result);
    }

    /// <summary>The cost model of the workload's machine and precision, shared by its workloads.</summary>
    public MachineModel Machine(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return _machines.GetOrAdd((workload.Array.ContentHash, workload.Model.Precision), static (_, workload) => new MachineModel(workload.Array, workload.Model.Precision), workload);
    }

    /// <summary>The schedule of options given for each phase, at the costs that they have; nothing is solved, and nothing checked.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="objective">What its <see cref="SolverReport.Objective"/> counts.</param>
    /// <param name="choices">For each phase its option and the slots of its windows; <see langword="null"/> for the structured layout.</param>
    public Schedule Assemble(Workload workload, ScheduleObjective objective, IReadOnlyList<(PhaseOption Option, IReadOnlyList<int>? WindowSlots)> choices)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(choices);
        var machine = Machine(workload);
        var (phases, output) = Place(workload, machine, [.. choices.Zip(workload.Phases, (choice, phase) =>
        {
            var placement = StructuredLayout.Place(phase, choice.Option.Tiling);
            return (choice.Option, machine.Costs.Evaluate(phase, choice.Option),
                choice.WindowSlots is { } slots ? placement with { WindowSlots = slots } : placement);
        })]);
        var total = phases.Aggregate(
            Coefficient.Of(objective, output.LatencySeconds, output.Energy.TotalJoules),
            (sum, phase) => sum + Coefficient.Of(objective, phase.Cost.LatencySeconds, phase.Cost.Energy.TotalJoules)
                + Coefficient.Of(objective, phase.Transition.LatencySeconds, phase.Transition.Energy.TotalJoules));
        return new Schedule
        {
            Workload = workload,
            Solver = new SolverReport
            {
                Name = ScheduleFile.SolverName,
                Status = SolverStatus.Given,
                Objective = total.Objective,
                Bound = 0,
                SolveSeconds = 0,
                Seed = 0,
            },
            Objective = objective,
            Phases = phases,
            Output = output,
            OptionsKept = phases.Length,
        };
    }

    private static Schedule Assemble(ScheduleProgram program, MachineModel machine, SolverResult result)
    {
        var (phases, output) = Place(program.Workload, machine, [.. program.Phases.Select((phase, p) =>
        {
            var chosen = phase.Options[result.Choice[p]];
            return (chosen.Option, chosen.Cost, StructuredLayout.Place(phase.Phase, chosen.Option.Tiling));
        })]);
        return new Schedule
        {
            Workload = program.Workload,
            Solver = result.Report,
            Objective = program.Objective,
            Phases = phases,
            Output = output,
            OptionsKept = program.OptionCount,
        };
    }

    private static (ScheduledPhase[] Phases, TransitionCost Output) Place(
        Workload workload, MachineModel machine, IReadOnlyList<(PhaseOption Option, PhaseCost Cost, PhasePlacement Placement)> choices)
    {
        var loads = new LinkLoads(workload.Array);
        var phases = new ScheduledPhase[choices.Count];
        (Phase Phase, Tiling Tiling)? before = null;
        foreach (var phase in workload.Phases)
        {
            var (option, cost, placement) = choices[phase.Index];
            var here = (phase, option.Tiling);
            phases[phase.Index] = new ScheduledPhase
            {
                Phase = phase,
                Option = option,
                Cost = cost,
                Transition = machine.Transition(before, here, loads),
                Placement = placement,
            };
            before = here;
        }

        return (phases, machine.Transition(before, null, loads));
    }
}
