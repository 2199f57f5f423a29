using System.Collections.Concurrent;
using System.Diagnostics;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>Schedules workloads: builds the program, solves it and places the choice.</summary>
public sealed class Scheduler
{
    /// <summary>Step by which the schedules of a front differ where none is given: 5 %.</summary>
    public const double FrontResolution = 0.05;

    private readonly ConcurrentDictionary<(string ArrayHash, Precision Precision), MachineModel> _machines = new();

    /// <summary>The solvers by name.</summary>
    public static IReadOnlyList<IScheduleSolver> Solvers { get; } = [new ExactSolver(), new OrToolsSolver(), new GreedySolver()];

    /// <summary>Schedules a workload.</summary>
    /// <remarks>
    /// The time limit is for all of it. Where it is over before every move between phases has its cost, the choice is made without
    /// them; where it is over while the solver works, it is the best that was found.
    /// </remarks>
    /// <exception cref="InfeasibleScheduleException">The network does not fit the array.</exception>
    /// <exception cref="EnergyBudgetException">No schedule stays within the energy budget.</exception>
    /// <exception cref="TimeLimitException">The time was over before there was any schedule.</exception>
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
        settings ??= new SolverSettings();
        var clock = new Clock(settings.TimeLimit, cancellationToken);
        return Remedied(workload, clock, Solve);

        Schedule Solve(MachineModel machine)
        {
            var builder = new ProgramBuilder(workload, machine, clock);
            var product = objective == ScheduleObjective.EnergyDelayProduct;
            if (builder.Of(product ? ScheduleObjective.Latency : objective) is not { } program)
                return WithoutMoves(builder, workload, solver, settings, objective);
            settings = settings with { TimeLimit = clock.Rest };
            return product
                ? Assemble(program, machine, ConvexFront.LeastProduct(program, solver, settings, cancellationToken), objective)
                : Assemble(program, machine, solver.Solve(program, settings, cancellationToken), objective);
        }
    }

    // There is no time to look at moves: each phase takes what is best for itself, and the bound is what the phases take at least.
    private Schedule WithoutMoves(
        ProgramBuilder builder, Workload workload, IScheduleSolver solver, SolverSettings settings, ScheduleObjective objective)
    {
        var started = Stopwatch.GetTimestamp();
        var program = builder.WithoutMoves(objective == ScheduleObjective.Energy ? ScheduleObjective.Energy : ScheduleObjective.Latency)
            with { EnergyLimitPicojoules = null };
        var choice = GreedySolver.Choose(program, MemoryFloor.Of(program), CancellationToken.None);
        var schedule = Assemble(workload, objective, [.. program.Phases.Select(
            (phase, p) => (phase.Options[choice[p]].Option, (IReadOnlyList<int>?)null))]);
        var joules = schedule.Phases.Sum(phase => phase.Cost.Energy.TotalJoules + phase.Transition.Energy.TotalJoules) + schedule.Output.Energy.TotalJoules;
        if (joules > workload.Constraints.MaxEnergyJoules)
            throw new TimeLimitException(settings.TimeLimit, "a schedule within the energy budget was found");
        return schedule with
        {
            Solver = schedule.Solver with
            {
                Name = solver.Name,
                Status = SolverStatus.Feasible,
                Bound = objective == ScheduleObjective.EnergyDelayProduct ? 0 : GreedySolver.LowerBound(program),
                SolveSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                Seed = settings.Seed,
            },
            OptionsKept = program.OptionCount,
        };
    }

    /// <summary>
    /// The schedule with its windows bound to slots by greedy binding and pairwise exchange, which lessens bytes × hops of the moves; no
    /// slower, and at no more energy. What is proven of the choice holds for the structured layout.
    /// </summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="timeLimit">When to stop with what has been bound; none if omitted.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Schedule Bind(Schedule schedule, TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return PlacementBinding.Bind(schedule, Machine(schedule.Workload), new Clock(timeLimit, cancellationToken));
    }

    /// <summary>The schedules that trade latency against energy and memory best: the corners of the convex front of latency and energy at falling memory.</summary>
    /// <remarks>
    /// Memory of a node is halved, from all of it down to the least that the network needs. At each size the schedules are those that are best under
    /// some weighting of latency against energy; each is the fastest of all that need no more energy and memory. Of those that are alike
    /// one stands for the rest: each that is not given is within the resolution of one that is, in latency, in energy and in the size of the
    /// memory. The fastest, the thriftiest and one in the least memory are always given. They come as they are found: a size at a time, by latency.
    /// </remarks>
    /// <param name="workload">The workload.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="settings">Settings of the solver; the time limit is for all of it.</param>
    /// <param name="resolution">Relative step from 0, which gives all corners, up.</param>
    /// <param name="progress">Told the part done, from 0 to 1, after each program that was solved.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is negative or no number.</exception>
    /// <exception cref="InfeasibleScheduleException">The network does not fit the array.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<Schedule> Front(
        Workload workload,
        IScheduleSolver solver,
        SolverSettings? settings = null,
        double resolution = FrontResolution,
        Action<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(solver);
        if (!(resolution >= 0))
            throw new ArgumentOutOfRangeException(nameof(resolution), resolution, "The resolution is a relative step from 0 up.");
        return Rows(workload, solver, settings ?? new SolverSettings(), resolution, progress ?? (static _ => { }), cancellationToken);
    }

    private IEnumerable<Schedule> Rows(
        Workload workload, IScheduleSolver solver, SolverSettings settings, double resolution, Action<double> progress, CancellationToken cancellationToken)
    {
        var clock = new Clock(settings.TimeLimit, cancellationToken);
        var machine = Machine(workload);
        var builder = new ProgramBuilder(workload, machine, clock);
        var program = Remedied(workload, clock, _ =>
        {
            var built = builder.Of(ScheduleObjective.Latency);
            MemoryFloor.Of(built ?? builder.WithoutMoves(ScheduleObjective.Latency));
            return built;
        });
        if (program is null)
        {
            yield return WithoutMoves(builder, workload, solver, settings, ScheduleObjective.Latency);
            yield break;
        }

        foreach (var result in new ParetoFront(program, solver, settings, resolution, clock).Rows(progress))
            yield return Assemble(program, machine, result, ScheduleObjective.Latency);
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
            Coefficient.Of(output.LatencySeconds, output.Energy.TotalJoules),
            (sum, phase) => sum + Coefficient.Of(phase.Cost.LatencySeconds, phase.Cost.Energy.TotalJoules)
                + Coefficient.Of(phase.Transition.LatencySeconds, phase.Transition.Energy.TotalJoules));
        return new Schedule
        {
            Workload = workload,
            Solver = new SolverReport
            {
                Name = ScheduleFile.SolverName,
                Status = SolverStatus.Given,
                Unit = ObjectiveUnit.UnitOf(objective),
                Objective = objective switch
                {
                    ScheduleObjective.Latency => total.Objective,
                    ScheduleObjective.Energy => total.TieBreak,
                    _ => ConvexFront.ProductOf(total),
                },
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

    private T Remedied<T>(Workload workload, Clock clock, Func<MachineModel, T> solve)
    {
        try
        {
            return solve(Machine(workload));
        }
        catch (InfeasibleScheduleException infeasible)
        {
            throw Remedy.For(infeasible, workload, clock);
        }
    }

    private static Schedule Assemble(ScheduleProgram program, MachineModel machine, SolverResult result, ScheduleObjective objective)
    {
        var (phases, output) = Place(program.Workload, machine, [.. program.Phases.Select((phase, p) =>
        {
            var chosen = phase.Options[result.Choice[p]];
            return (chosen.Option, chosen.Cost, StructuredLayout.Place(phase.Phase, chosen.Option.Tiling));
        })]);
        return new Schedule
        {
            Workload = program.Workload,
            Solver = result.Report with { Unit = ObjectiveUnit.UnitOf(objective) },
            Objective = objective,
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
        TokenPlaces? before = null;
        foreach (var phase in workload.Phases)
        {
            var (option, cost, placement) = choices[phase.Index];
            var here = machine.Flows.Places(phase, placement);
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
