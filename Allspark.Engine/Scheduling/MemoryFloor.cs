namespace Allspark.Engine.Scheduling;

/// <summary>The least memory that a program's regions need, and a choice that needs no more.</summary>
/// <remarks>
/// For a limit A on the transients, the residents of a region are least where each phase takes its smallest resident among options with
/// a ≤ A; the floor is the least Σ w + A over all A that occur.
/// </remarks>
internal sealed class MemoryFloor
{
    // More than any memory, and little enough that a sum over all phases does not overflow.
    private const long Never = 1L << 50;

    private MemoryFloor(long bytes, long[] smallestResident, long[] transientLimit)
    {
        Bytes = bytes;
        SmallestResident = smallestResident;
        TransientLimit = transientLimit;
    }

    /// <summary>Bytes of the fullest region.</summary>
    public long Bytes { get; }

    /// <summary>Resident bytes of each phase's smallest option within its region's transient limit.</summary>
    public long[] SmallestResident { get; }

    /// <summary>Transient limit of each phase's region at the floor.</summary>
    public long[] TransientLimit { get; }

    /// <exception cref="InfeasibleScheduleException">A region's floor is above the capacity; the fullest one is named.</exception>
    public static MemoryFloor Of(ScheduleProgram program)
    {
        var residents = new long[program.Phases.Count];
        var limits = new long[program.Phases.Count];
        var floors = Enumerable.Range(0, program.Phases.Count).GroupBy(p => program.Phases[p].Region)
            .Select(region => (Phases: region.ToArray(), Floor: Candidates(program, [.. region]).MinBy(candidate => candidate.Needed)))
            .ToArray();
        var fullest = floors.MaxBy(region => region.Floor.Needed);
        if (fullest.Floor.Needed > program.CapacityBytes)
            throw Infeasible(program, fullest.Phases, fullest.Floor.Needed);
        foreach (var (phases, floor) in floors)
        {
            foreach (var p in phases)
                (residents[p], limits[p]) = (Smallest(program.Phases[p], floor.Limit), floor.Limit);
        }

        return new MemoryFloor(fullest.Floor.Needed, residents, limits);
    }

    private static IEnumerable<(long Limit, long Needed)> Candidates(ScheduleProgram program, int[] phases)
    {
        var least = phases.Max(p => program.Phases[p].Options.Min(option => option.TransientBytes));
        return phases.SelectMany(p => program.Phases[p].Options).Select(option => option.TransientBytes).Where(limit => limit >= least)
            .Distinct().Order().Select(limit => (limit, limit + phases.Sum(p => Smallest(program.Phases[p], limit))));
    }

    private static long Smallest(ProgramPhase phase, long transientLimit) =>
        phase.Options.Where(option => option.TransientBytes <= transientLimit).Select(option => option.ResidentBytes).DefaultIfEmpty(Never).Min();

    // Phases are let go, those of the least need first, as long as the rest does not fit either: all that are left are needed for that.
    private static InfeasibleScheduleException Infeasible(ScheduleProgram program, int[] phases, long needed)
    {
        long[] limits = [.. phases.SelectMany(p => program.Phases[p].Options).Select(option => option.TransientBytes).Distinct().Order()];
        var known = new Dictionary<IReadOnlyList<ProgramOption>, long[]>();
        var needs = Array.ConvertAll(phases, p => known.TryGetValue(program.Phases[p].Options, out var same)
            ? same
            : known[program.Phases[p].Options] = Array.ConvertAll(limits, limit => Smallest(program.Phases[p], limit)));
        var sums = limits.Select((limit, k) => limit + needs.Sum(need => need[k])).ToArray();
        var left = new List<int>();
        foreach (var (index, i) in Enumerable.Range(0, phases.Length).OrderBy(i => limits.Zip(needs[i], (limit, need) => limit + need).Min()).Index())
        {
            long[] without = [.. sums.Zip(needs[i], (sum, need) => sum - need)];
            if (without.Min() <= program.CapacityBytes || (left.Count == 0 && index == phases.Length - 1))
                left.Add(phases[i]);
            else
                sums = without;
        }

        string[] names = [.. left.Order().Select(p => program.Phases[p].Phase.ToString())];
        return new InfeasibleScheduleException(names, program.Phases[left[^1]].Phase.ToString(), needed, program.CapacityBytes);
    }
}
