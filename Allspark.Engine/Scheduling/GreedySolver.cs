using System.Diagnostics;

namespace Allspark.Engine.Scheduling;

/// <summary>Takes for each phase in turn the cheapest option that leaves room for the rest: the baseline to beat.</summary>
/// <remarks>Where that exceeds an energy budget, the thriftiest choice, one phase exchanged at a time while that helps, stands in for it.</remarks>
public sealed class GreedySolver : IScheduleSolver
{
    /// <inheritdoc/>
    public string Name => "Greedy";

    /// <inheritdoc/>
    public SolverResult Solve(ScheduleProgram program, SolverSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(settings);
        var started = Stopwatch.GetTimestamp();
        var choice = EnergyBudget.Start(program, cancellationToken, settings.TimeLimit);
        var objective = program.ValueOf(choice).Objective;
        return new SolverResult(choice, new SolverReport
        {
            Name = Name,
            Status = SolverStatus.Feasible,
            Objective = objective,
            Bound = Math.Min(objective, LowerBound(program)),
            SolveSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Seed = settings.Seed,
        });
    }

    internal static long LowerBound(ScheduleProgram program)
    {
        var flat = new FlatProgram(program);
        return new CompletionBounds(flat, 0, TransientRange.All(flat)).ProgramBound;
    }

    internal static int[] Choose(ScheduleProgram program, MemoryFloor floor, CancellationToken cancellationToken)
    {
        var choice = new int[program.Phases.Count];
        var (layout, region, resident, transient) = (0, -1, 0L, 0L);
        for (var p = 0; p < choice.Length; p++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var phase = program.Phases[p];
            if (phase.Region != region)
            {
                region = phase.Region;
                (resident, transient) = (0, floor.TransientLimit[p]);
            }

            var rest = 0L;
            for (var q = p + 1; q < choice.Length && program.Phases[q].Region == region; q++)
                rest += floor.SmallestResident[q];
            choice[p] = Enumerable.Range(0, phase.Options.Count)
                .Where(o => resident + phase.Options[o].ResidentBytes + rest + Math.Max(transient, phase.Options[o].TransientBytes) <= program.CapacityBytes)
                .MinBy(o => phase.Options[o].Coefficient + phase.TransitionFrom(layout, phase.Options[o].LayoutClass));
            var chosen = phase.Options[choice[p]];
            resident += chosen.ResidentBytes;
            transient = Math.Max(transient, chosen.TransientBytes);
            layout = chosen.LayoutClass;
        }

        return choice;
    }
}
