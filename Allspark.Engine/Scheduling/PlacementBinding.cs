using Allspark.Engine.Models;
using Allspark.Engine.Placement;

namespace Allspark.Engine.Scheduling;

/// <summary>Stage two of the placement: binds windows to slots by greedy binding and exchange where no move gets slower by it.</summary>
/// <remarks>
/// The choice of options, and what is proven of it, is that of the structured layout; the bound schedule is at most as slow and takes at most
/// as much energy. A phase takes new slots only where the moves to and from it lose neither time nor energy.
/// </remarks>
internal static class PlacementBinding
{
    public static Schedule Bind(Schedule schedule, MachineModel machine, Clock clock)
    {
        if (clock.IsUp)
            return schedule;
        var placements = schedule.Placement.ToArray();
        var loads = new LinkLoads(schedule.Array);
        PlacementSearch.Bind(Problem(schedule), (phase, slots) =>
        {
            var bound = placements[phase] with { WindowSlots = slots.ToValueList() };
            if (!IsNoWorse(Moves(phase, bound), Moves(phase, placements[phase])))
                return false;
            placements[phase] = bound;
            return true;
        }, () => clock.IsUp);

        return schedule with
        {
            Phases = schedule.Phases.Select((phase, p) => phase with { Placement = placements[p], Transition = Into(p) }).ToArray(),
            Output = Into(placements.Length),
        };

        TransitionCost Into(int phase) => machine.Transition(Places(phase - 1, null), Places(phase, null), loads);

        (TransitionCost Before, TransitionCost After) Moves(int phase, PhasePlacement placement) => (
            machine.Transition(Places(phase - 1, null), Places(phase, placement), loads),
            machine.Transition(Places(phase, placement), Places(phase + 1, null), loads));

        TokenPlaces? Places(int phase, PhasePlacement? placement) => phase < 0 || phase >= placements.Length
            ? null
            : machine.Flows.Places(schedule.Phases[phase].Phase, placement ?? placements[phase]);
    }

    public static PlacementComparison Compare(Schedule schedule, int seed)
    {
        var problem = Problem(schedule);
        var structured = problem.Structured();
        return PlacementComparison.Of(problem, [.. schedule.Placement.Select((placement, p) =>
            placement.WindowSlots.Count == structured[p].Length ? placement.WindowSlots : structured[p])], seed);
    }

    private static PlacementProblem Problem(Schedule schedule) =>
        new(schedule.Array, [.. schedule.Phases.Select(phase => (phase.Phase, phase.Option.Tiling))], schedule.Model.Precision);

    private static bool IsNoWorse((TransitionCost Before, TransitionCost After) bound, (TransitionCost Before, TransitionCost After) present) =>
        bound.Before.LatencySeconds + bound.After.LatencySeconds <= present.Before.LatencySeconds + present.After.LatencySeconds
        && bound.Before.Energy.TotalJoules + bound.After.Energy.TotalJoules <= present.Before.Energy.TotalJoules + present.After.Energy.TotalJoules;
}
