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

    private static Schedule Assemble(ScheduleProgram program, MachineModel machine, SolverResult result)
    {
        var loads = new LinkLoads(program.Workload.Array);
        var phases = new List<ScheduledPhase>(program.Phases.Count);
        (Phase Phase, Tiling Tiling)? before = null;
        foreach (var (p, phase) in program.Phases.Index())
        {
            var chosen = phase.Options[result.Choice[p]];
            var here = (phase.Phase, chosen.Option.Tiling);
            phases.Add(new ScheduledPhase
            {
                Phase = phase.Phase,
                Option = chosen.Option,
                Cost = chosen.Cost,
                Transition = machine.Transition(before, here, loads),
                Placement = StructuredLayout.Place(phase.Phase, chosen.Option.Tiling),
            });
            before = here;
        }

        return new Schedule
        {
            Workload = program.Workload,
            Solver = result.Report,
            Objective = program.Objective,
            Phases = phases,
            Output = machine.Transition(before, null, loads),
            OptionsKept = program.OptionCount,
        };
    }
}
