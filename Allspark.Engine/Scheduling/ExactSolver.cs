using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Allspark.Engine.Scheduling;

/// <summary>
/// Label setting on the layered graph of layouts: a label is a partial choice with its objective and memory; labels that another dominates,
/// or that no completion can bring down to the best known choice, are dropped. What remains at the end is optimal.
/// </summary>
/// <remarks>
/// Bounds come from the Lagrangian of the memory rows (<see cref="CompletionBounds"/>) at the best multiplier and at zero. Ties: least
/// energy (latency, where energy is the objective), then least memory, then the options generated first.
/// </remarks>
public sealed class ExactSolver : IScheduleSolver
{
    private const int MultiplierSteps = 48;

    /// <inheritdoc/>
    public string Name => "Exact";

    /// <inheritdoc/>
    public SolverResult Solve(ScheduleProgram program, SolverSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(settings);
        var started = Stopwatch.GetTimestamp();
        var floor = MemoryFloor.Of(program);
        var incumbent = GreedySolver.Choose(program, floor, cancellationToken);
        var bounds = BestMultiplier(program, ref incumbent, cancellationToken);
        if (bounds.Length > 1)
            incumbent = Improve(program, incumbent, cancellationToken);
        var search = new LabelSearch(program, bounds, program.ValueOf(incumbent).Objective);
        var proven = true;
        for (var p = 0; p < program.Phases.Count && proven; p++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            proven = settings.TimeLimit is not { } limit || Stopwatch.GetElapsedTime(started) < limit;
            if (proven)
                search.Advance(p);
        }

        var choice = proven ? search.Best() : incumbent;
        var objective = program.ValueOf(choice).Objective;
        return new SolverResult(choice, new SolverReport
        {
            Name = Name,
            Status = proven ? SolverStatus.Optimal : SolverStatus.Feasible,
            Objective = objective,
            Bound = proven ? objective : Math.Min(objective, bounds.Max(bound => bound.ProgramBound)),
            SolveSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Seed = settings.Seed,
        });
    }

    // The bound is concave in λ: its slope is the memory that the minimising choice is over. Every choice on the way that fits may improve the incumbent.
    private static CompletionBounds[] BestMultiplier(ScheduleProgram program, ref int[] incumbent, CancellationToken cancellationToken)
    {
        var free = new CompletionBounds(program, 0);
        if (Fits(program, free, ref incumbent))
            return [free];

        var (low, high, best) = (0.0, 1.0, free);
        while (Step(high, ref incumbent, ref best) is false && high < 1e15)
            (low, high) = (high, high * 8);
        for (var step = 0; step < MultiplierSteps; step++)
        {
            var middle = low + (high - low) / 2;
            if (Step(middle, ref incumbent, ref best))
                high = middle;
            else
                low = middle;
        }

        return [best, free];

        bool Step(double multiplier, ref int[] known, ref CompletionBounds highest)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var bounds = new CompletionBounds(program, multiplier);
            if (bounds.ProgramBound > highest.ProgramBound)
                highest = bounds;
            return Fits(program, bounds, ref known);
        }
    }

    private static bool Fits(ScheduleProgram program, CompletionBounds bounds, ref int[] incumbent)
    {
        var choice = bounds.Choice();
        if (program.MemoryOf(choice) > program.CapacityBytes)
            return false;
        if (program.ValueOf(choice) < program.ValueOf(incumbent))
            incumbent = choice;
        return true;
    }

    // Exchanges the option of one phase at a time while that helps: a tighter incumbent leaves fewer labels.
    private static int[] Improve(ScheduleProgram program, int[] choice, CancellationToken cancellationToken)
    {
        var best = (int[])choice.Clone();
        for (var improved = true; improved;)
        {
            improved = false;
            for (var p = 0; p < best.Length; p++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (kept, value) = (best[p], Around(program, best, p));
                for (var o = 0; o < program.Phases[p].Options.Count; o++)
                {
                    best[p] = o;
                    if (Around(program, best, p) is var candidate && candidate < value && program.MemoryOf(best) <= program.CapacityBytes)
                        (kept, value, improved) = (o, candidate, true);
                }

                best[p] = kept;
            }
        }

        return best;
    }

    // The part of the objective in which one phase's option shows.
    private static Coefficient Around(ScheduleProgram program, int[] choice, int p)
    {
        var option = program.Phases[p].Options[choice[p]];
        var before = p == 0 ? 0 : program.Phases[p - 1].Options[choice[p - 1]].LayoutClass;
        var after = p + 1 == choice.Length
            ? program.TransitionsOut[option.LayoutClass]
            : program.Phases[p + 1].TransitionFrom(option.LayoutClass, program.Phases[p + 1].Options[choice[p + 1]].LayoutClass);
        return program.Phases[p].TransitionFrom(before, option.LayoutClass) + option.Coefficient + after;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Label(Coefficient Cost, long Resident, long Transient, int Parent, int Option);

    private sealed class LabelSearch(ScheduleProgram program, CompletionBounds[] bounds, long incumbent)
    {
        private readonly List<List<Label>> _layers = [];
        private readonly List<int[]> _classStarts = [];

        public void Advance(int p)
        {
            var phase = program.Phases[p];
            var (before, starts) = p == 0 ? ([new Label(default, 0, 0, -1, -1)], [0, 1]) : (_layers[p - 1], _classStarts[p - 1]);
            var sameRegion = p > 0 && program.Phases[p - 1].Region == phase.Region;
            var (restResident, restTransient) = Rest(p);
            var candidates = new List<Label>[phase.Layouts.Count];
            foreach (ref var list in candidates.AsSpan())
                list = [];

            for (var o = 0; o < phase.Options.Count; o++)
            {
                var option = phase.Options[o];
                for (var from = 0; from + 1 < starts.Length; from++)
                {
                    var step = option.Coefficient + phase.TransitionFrom(from, option.LayoutClass);
                    for (var parent = starts[from]; parent < starts[from + 1]; parent++)
                    {
                        var label = before[parent];
                        var resident = (sameRegion ? label.Resident : 0) + option.ResidentBytes;
                        var transient = Math.Max(sameRegion ? label.Transient : 0, option.TransientBytes);
                        if (resident + restResident + Math.Max(transient, restTransient) > program.CapacityBytes)
                            continue;
                        var cost = label.Cost + step;
                        if (CanReach(p, option.LayoutClass, cost.Objective, resident))
                            candidates[option.LayoutClass].Add(new Label(cost, resident, transient, parent, o));
                    }
                }
            }

            Keep(candidates);
        }

        /// <summary>The best complete label's choice.</summary>
        public int[] Best()
        {
            var last = program.Phases.Count - 1;
            var final = Enumerable.Range(0, program.TransitionsOut.Count)
                .SelectMany(layout => Enumerable.Range(_classStarts[last][layout], _classStarts[last][layout + 1] - _classStarts[last][layout])
                    .Select(label => (Label: label, Cost: _layers[last][label].Cost + program.TransitionsOut[layout])))
                .OrderBy(end => end.Cost).ThenBy(end => _layers[last][end.Label].Resident + _layers[last][end.Label].Transient)
                .First().Label;
            var choice = new int[last + 1];
            for (var p = last; p >= 0; p--)
                (choice[p], final) = (_layers[p][final].Option, _layers[p][final].Parent);
            return choice;
        }

        private bool CanReach(int p, int layout, long cost, long resident)
        {
            foreach (var bound in bounds)
            {
                if (bound.Bound(p, layout, cost, resident) > incumbent + CompletionBounds.Rounding(incumbent))
                    return false;
            }

            return true;
        }

        // What the later phases of the region need at least.
        private (long Resident, long Transient) Rest(int p)
        {
            var (resident, transient) = (0L, 0L);
            for (var q = p + 1; q < program.Phases.Count && program.Phases[q].Region == program.Phases[p].Region; q++)
            {
                resident += program.Phases[q].Options.Min(option => option.ResidentBytes);
                transient = Math.Max(transient, program.Phases[q].Options.Min(option => option.TransientBytes));
            }

            return (resident, transient);
        }

        private void Keep(List<Label>[] candidates)
        {
            var labels = new List<Label>();
            var starts = new int[candidates.Length + 1];
            for (var layout = 0; layout < candidates.Length; layout++)
            {
                KeepUndominated(candidates[layout], labels);
                starts[layout + 1] = labels.Count;
            }

            _layers.Add(labels);
            _classStarts.Add(starts);
        }

        // In order of cost, a label survives where no earlier one needs as little resident and transient memory. The front of
        // (resident, transient) pairs is kept sorted by resident, so the test is a binary search.
        private static void KeepUndominated(List<Label> candidates, List<Label> labels)
        {
            candidates.Sort(static (a, b) =>
                a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost)
                : a.Resident != b.Resident ? a.Resident.CompareTo(b.Resident)
                : a.Transient != b.Transient ? a.Transient.CompareTo(b.Transient)
                : a.Option != b.Option ? a.Option.CompareTo(b.Option)
                : a.Parent.CompareTo(b.Parent));
            var front = new List<(long Resident, long Transient)>();
            foreach (var label in candidates)
            {
                var place = FirstAbove(front, label.Resident);
                if (place > 0 && front[place - 1].Transient <= label.Transient)
                    continue;
                var end = place;
                while (end < front.Count && front[end].Transient >= label.Transient)
                    end++;
                front.RemoveRange(place, end - place);
                if (place > 0 && front[place - 1].Resident == label.Resident)
                    front[place - 1] = (label.Resident, label.Transient);
                else
                    front.Insert(place, (label.Resident, label.Transient));
                labels.Add(label);
            }
        }

        // The front's residents rise and its transients fall.
        private static int FirstAbove(List<(long Resident, long Transient)> front, long resident)
        {
            var (low, high) = (0, front.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (front[middle].Resident <= resident)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low;
        }
    }
}
