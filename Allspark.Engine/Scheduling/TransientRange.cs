namespace Allspark.Engine.Scheduling;

/// <summary>The choices of a program whose largest transient lies within a range, relaxed to one memory row for the residents of a region.</summary>
internal sealed class TransientRange
{
    private TransientRange(long least, long most, double[] roomFrom) => (Least, Most, RoomFrom) = (least, most, roomFrom);

    /// <summary>Largest transient at least, in bytes.</summary>
    public long Least { get; }

    /// <summary>Largest transient at most, in bytes: options that need more are closed.</summary>
    public long Most { get; }

    /// <summary>Room for residents in the region of each phase and in all regions after it.</summary>
    public double[] RoomFrom { get; }

    /// <summary>All choices of a program; in each region the transients are those that no choice avoids.</summary>
    public static TransientRange All(FlatProgram program)
    {
        var phases = program.Phases;
        var room = new double[phases.Length];
        var (later, least) = (0.0, 0L);
        for (var last = phases.Length - 1; last >= 0;)
        {
            var first = last;
            while (first > 0 && phases[first - 1].Region == phases[last].Region)
                first--;
            least = phases[first..(last + 1)].Max(phase => phase.Options.LeastTransient);
            later += program.CapacityBytes - least;
            Array.Fill(room, later, first, last - first + 1);
            last = first - 1;
        }

        return program.HasOneRegion ? Of(program, least, long.MaxValue) : new TransientRange(0, long.MaxValue, room);
    }

    /// <summary>The choices of a program of one region whose largest transient is in a range.</summary>
    public static TransientRange Of(FlatProgram program, long least, long most)
    {
        var room = new double[program.Phases.Length];
        Array.Fill(room, program.CapacityBytes - least);
        return new TransientRange(least, most, room);
    }
}
