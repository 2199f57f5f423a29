using System.Diagnostics;
using System.Management.Automation;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.PowerShell.Completion;
using Allspark.PowerShell.Parameters;

namespace Allspark.PowerShell.Commands;

/// <summary>Schedules workloads: chooses one option for each phase, and places it on the array.</summary>
/// <remarks>
/// The choice is an integer program: every phase takes one option, the memory of every node suffices, and the sum of the phases'
/// and the moves' latencies (or energies) is least. The solver Exact proves the optimum; OrTools gives the same program to CP-SAT
/// of Google OR-Tools, which proves it too, but takes longer; Greedy takes for each phase the best that fits. Solver.Status says what is
/// proven, Solver.Gap how far the choice can be from the optimum.
///
/// A rule of -Fix or -Forbid is written pattern=RxC/sN/trait, with one or more parts: groups of R rows and C columns of nodes, weights
/// shared by N groups, and traits: shared (by any number), streamed (weights from outside the stack), interleaved (exchange overlaps
/// computation), split (a head's query rows or channels on several nodes). The pattern (* and ?) stands for blocks, as in stages.2.*, or
/// for their phases, as in *.Attention.
/// </remarks>
/// <example>
/// <summary>The optimal schedule of a network.</summary>
/// <code>Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule</code>
/// </example>
/// <example>
/// <summary>What the greedy solver leaves to be gained.</summary>
/// <code>
/// $workload = Split-VitWorkload swin_t -Array stack-16x16
/// $exact, $greedy = 'Exact', 'Greedy' | ForEach-Object { $workload | Invoke-AllsparkSchedule -Solver $_ }
/// $greedy.Solver.Objective / $exact.Solver.Objective
/// </code>
/// </example>
/// <example>
/// <summary>The schedule of least energy, in ten seconds at most.</summary>
/// <code>Split-VitWorkload deit_s -Array stack-16x16 | Invoke-AllsparkSchedule -Objective Energy -TimeLimit 10</code>
/// </example>
/// <example>
/// <summary>What it costs to keep every attention phase on groups of four nodes by four, and to stream nothing.</summary>
/// <code>Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule -Fix *.Attention=4x4 -Forbid *=streamed</code>
/// </example>
/// <example>
/// <summary>The fastest schedule that saves a tenth of the energy that can be saved.</summary>
/// <code>
/// $workload = Split-VitWorkload deit_ti -Array stack-4x4
/// $fast, $thrifty = 'Latency', 'Energy' | ForEach-Object { $workload | Invoke-AllsparkSchedule -Objective $_ | Measure-PimInference }
/// $workload | Invoke-AllsparkSchedule -MaxEnergy ($fast.EnergyJoules - 0.1 * ($fast.EnergyJoules - $thrifty.EnergyJoules))
/// </code>
/// </example>
/// <example>
/// <summary>What binding windows to groups saves, beside other placements and a lower bound.</summary>
/// <code>(Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -BindPlacement).ComparePlacements()</code>
/// </example>
/// <example>
/// <summary>What energy costs in time, and memory in both.</summary>
/// <code>
/// Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -Pareto |
///     Measure-PimInference | Format-Table LatencySeconds, EnergyJoules, PeakNodeMemoryBytes
/// </code>
/// </example>
/// <example>
/// <summary>The twelve schedules that stand best for that front, looked for in steps of one per cent.</summary>
/// <code>Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -Pareto -Resolution 1% -First 12</code>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "AllsparkSchedule", DefaultParameterSetName = ObjectiveSet)]
[OutputType(typeof(Schedule), typeof(Job))]
public sealed class InvokeAllsparkScheduleCommand : LongRunningCommand
{
    private const string ObjectiveSet = "Objective";
    private const string ParetoSet = "Pareto";

    private readonly Setting<ScheduleObjective> objective = new(ScheduleObjective.Latency);
    private IScheduleSolver solver = null!;
    private ScheduleConstraints constraints = null!;

    /// <summary>The workload.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Workload")]
    [PipelineInput(typeof(Workload))]
    public Workload[] InputObject { get; set; } = [];

    /// <summary>The solver.</summary>
    /// <value>Exact</value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SolverNameCompleter))]
    public string Solver { get; set; } = "Exact";

    /// <summary>
    /// When to stop with the best schedule found so far: seconds, or a time span, for each workload and for all that is done for it. Without it
    /// the solver runs to the proof.
    /// </summary>
    /// <value>no limit</value>
    [Parameter]
    [SecondsTransformation]
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>What the schedule minimises: latency, energy, or latency times energy.</summary>
    /// <value>Latency</value>
    [Parameter(ParameterSetName = ObjectiveSet)]
    public ScheduleObjective Objective
    {
        get => objective.Value;
        set => objective.Value = value;
    }

    /// <summary>
    /// Emits the front of latency, energy and node memory: at all of the memory, half of it and so on down to the least that suffices, the
    /// schedules that are best under some weighting of latency against energy. They come a memory size at a time, each size by latency.
    /// </summary>
    [Parameter(ParameterSetName = ParetoSet, Mandatory = true)]
    public SwitchParameter Pareto { get; set; }

    /// <summary>
    /// The step of the front, as a number or in percent. What is left out is within that step of a schedule that is emitted, in latency and in
    /// energy; with 0 nothing is left out.
    /// </summary>
    /// <value>0.05</value>
    [Parameter(ParameterSetName = ParetoSet)]
    [FractionTransformation]
    public double Resolution { get; set; } = Scheduler.FrontResolution;

    /// <summary>How many schedules of the front at most: those that stand best for all of it, its ends first.</summary>
    [Parameter(ParameterSetName = ParetoSet)]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>Seed of solvers that draw random numbers; it is logged with the run.</summary>
    /// <value>0</value>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Rules that options must follow.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RuleCompleter))]
    public string[] Fix { get; set; } = [];

    /// <summary>Rules for options that may not be taken.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RuleCompleter))]
    public string[] Forbid { get; set; } = [];

    /// <summary>Most nodes that a phase may use; all without it.</summary>
    /// <value>all</value>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxNodes { get; set; }

    /// <summary>
    /// Binds windows to groups by greedy binding and pairwise exchange, where that makes no move slower or dearer. What Solver reports holds for
    /// the structured layout, which the bound one at most undercuts.
    /// </summary>
    [Parameter]
    public SwitchParameter BindPlacement { get; set; }

    /// <summary>Energy of one inference at most, in joules; an error names the least that there is.</summary>
    /// <value>no limit</value>
    [Parameter]
    [ValidateRange(0.0, double.MaxValue)]
    public double? MaxEnergy { get; set; }

    /// <inheritdoc/>
    private protected override void Begin()
    {
        solver = Require(Solver, () =>
            Scheduler.Solvers.FirstOrDefault(known => known.Name.Equals(Solver, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnknownPresetException("solver", Solver, Scheduler.Solvers.Select(known => known.Name)));
        constraints = Require(Fix, () => ScheduleConstraints.Parse(Fix, Forbid, MaxNodes) with { MaxEnergyJoules = MaxEnergy });
    }

    /// <inheritdoc/>
    private protected override void Process()
    {
        foreach (var workload in InputObject)
        {
            ForItem(workload, () =>
            {
                var scheduler = Schedulers.For(workload.Array);
                if (Pareto)
                    EmitFront(scheduler, workload);
                else
                    WriteObject(Run(StatusOf(workload), token => Bound(scheduler, Stopwatch.StartNew(), () =>
                        scheduler.Schedule(constraints.Apply(workload), solver, new SolverSettings(TimeLimit, Seed), Objective, token), token)));
            });
        }
    }

    // A memory size at a time: what was emitted before Ctrl+C stays. Which ones stand best for all is known when all are.
    private void EmitFront(Scheduler scheduler, Workload workload)
    {
        var (clock, done) = (Stopwatch.StartNew(), 0.0);
        var front = Run(Status, token => scheduler.Front(
            constraints.Apply(workload), solver, new SolverSettings(TimeLimit, Seed), Resolution, part => Volatile.Write(ref done, part), Cancellation));
        var rows = (First is { } most ? Selected(most) : front).GetEnumerator();
        while (Run(Status, token => rows.MoveNext() ? Bound(scheduler, clock, () => rows.Current, token) : null) is { } schedule)
            WriteObject(schedule);

        (string, int) Status() => (StatusOf(workload), (int)(100 * Volatile.Read(ref done)));

        IEnumerable<Schedule> Selected(int count)
        {
            foreach (var schedule in FrontSelection.Take([.. front], count))
                yield return schedule;
        }
    }

    private Schedule Bound(Scheduler scheduler, Stopwatch clock, Func<Schedule> schedule, CancellationToken token)
    {
        var chosen = schedule();
        return BindPlacement ? scheduler.Bind(chosen, Rest(), token) : chosen;

        TimeSpan? Rest() => TimeLimit is not { } limit ? null : limit > clock.Elapsed ? limit - clock.Elapsed : TimeSpan.Zero;
    }

    private static string StatusOf(Workload workload) => $"{workload.Model.Name} on {workload.Array.Name}, {workload.Scheme}";
}
