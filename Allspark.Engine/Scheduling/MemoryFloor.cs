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
        var regions = Enumerable.Range(0, program.Phases.Count).GroupBy(p => program.Phases[p].Region)
            .Select(region => new Needs(program, [.. region])).ToArray();
        var fullest = regions.MaxBy(region => region.Floor)!;
        if (fullest.Floor > program.CapacityBytes)
            throw Infeasible(program, fullest);
        foreach (var region in regions)
        {
            foreach (var (p, smallest) in region.Phases.Zip(region.Smallest))
                (residents[p], limits[p]) = (smallest[region.Best], region.Limits[region.Best]);
        }

        return new MemoryFloor(fullest.Floor, residents, limits);
    }

    // Phases are let go, those of the least need first, as long as the rest does not fit either: all that are left are needed for that.
    private static InfeasibleScheduleException Infeasible(ScheduleProgram program, Needs region)
    {
        var (phases, needs, limits) = (region.Phases, region.Smallest, region.Limits);
        var sums = (long[])region.Sums.Clone();
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
        return new InfeasibleScheduleException(names, program.Phases[left[^1]].Phase.ToString(), region.Floor, program.CapacityBytes);
    }

    /// <summary>What the phases of a region need under every limit on their transients that occurs.</summary>
    private sealed class Needs
    {
        public Needs(ScheduleProgram program, int[] phases)
        {
            Phases = phases;
            Limits = [.. phases.Select(p => program.Phases[p].Options).Distinct().SelectMany(options => options)
                .Select(option => option.TransientBytes).Distinct().Order()];
            var known = new Dictionary<IReadOnlyList<ProgramOption>, long[]>();
            Smallest = Array.ConvertAll(phases, p => known.TryGetValue(program.Phases[p].Options, out var same)
                ? same
                : known[program.Phases[p].Options] = SmallestOf(program.Phases[p].Options));
            Sums = (long[])Limits.Clone();
            foreach (var smallest in Smallest)
            {
                for (var k = 0; k < Sums.Length; k++)
                    Sums[k] += smallest[k];
            }

            Floor = Sums.Min();
            Best = Array.IndexOf(Sums, Floor);
        }

        public int[] Phases { get; }

        /// <summary>The limits, rising.</summary>
        public long[] Limits { get; }

        /// <summary>For each phase and limit its smallest resident.</summary>
        public long[][] Smallest { get; }

        /// <summary>For each limit what the region needs.</summary>
        public long[] Sums { get; }

        /// <summary>The least of them.</summary>
        public long Floor { get; }

        /// <summary>Place of the limit under which that is.</summary>
        public int Best { get; }

        private long[] SmallestOf(IReadOnlyList<ProgramOption> options)
        {
            var smallest = new long[Limits.Length];
            Array.Fill(smallest, Never);
            foreach (var option in options)
            {
                ref var known = ref smallest[Array.BinarySearch(Limits, option.TransientBytes)];
                known = Math.Min(known, option.ResidentBytes);
            }

            for (var k = 1; k < smallest.Length; k++)
                smallest[k] = Math.Min(smallest[k], smallest[k - 1]);
            return smallest;
        }
    }
}
