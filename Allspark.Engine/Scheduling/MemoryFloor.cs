namespace Allspark.Engine.Scheduling;

/// <summary>The least memory that a program's regions need, and a choice that needs no more.</summary>
/// <remarks>
/// For a limit A on the transients, the residents of a region are least where each phase takes its smallest resident among options with
/// a ≤ A; the floor is the least Σ w + A over all A that occur.
/// </remarks>
internal sealed class MemoryFloor
{
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
        phase.Options.Where(option => option.TransientBytes <= transientLimit).Min(option => option.ResidentBytes);

    private static InfeasibleScheduleException Infeasible(ScheduleProgram program, int[] phases, long needed)
    {
        var binding = phases.MaxBy(p => program.Phases[p].Options.Min(option => option.ResidentBytes + option.TransientBytes));
        var phase = program.Phases[binding].Phase;
        return new InfeasibleScheduleException($"{phase.Block} {phase.Kind}", needed, program.CapacityBytes);
    }
}
