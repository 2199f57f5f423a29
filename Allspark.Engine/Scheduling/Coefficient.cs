using System.Runtime.InteropServices;

namespace Allspark.Engine.Scheduling;

/// <summary>An integer coefficient of the objective with the second objective that breaks ties.</summary>
/// <param name="Objective">In the objective's unit: picoseconds or picojoules, or a weighted sum of them.</param>
/// <param name="TieBreak">The other of the two; picojoules beside a sum.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Coefficient(long Objective, long TieBreak) : IComparable<Coefficient>
{
    private const double UnitsPerSecond = 1e12;
    private const double UnitsPerJoule = 1e12;

    /// <summary>The coefficient of something that takes time and energy, in a program of least latency.</summary>
    public static Coefficient Of(double seconds, double joules)
    {
        return new(Round(seconds * UnitsPerSecond), Round(joules * UnitsPerJoule));

        static long Round(double units) => (long)Math.Round(units, MidpointRounding.AwayFromZero);
    }

    /// <summary>An energy budget in picojoules.</summary>
    public static long LimitOf(double joules) => (long)Math.Clamp(Math.Floor(joules * UnitsPerJoule), 0, long.MaxValue / 4);

    /// <summary>Adds both parts.</summary>
    public static Coefficient operator +(Coefficient a, Coefficient b) => new(a.Objective + b.Objective, a.TieBreak + b.TieBreak);

    /// <summary>Adds both parts.</summary>
    public static Coefficient Add(Coefficient left, Coefficient right) => left + right;

    /// <summary>Whether <paramref name="a"/> is the better.</summary>
    public static bool operator <(Coefficient a, Coefficient b) => a.CompareTo(b) < 0;

    /// <summary>Whether <paramref name="a"/> is the worse.</summary>
    public static bool operator >(Coefficient a, Coefficient b) => a.CompareTo(b) > 0;

    /// <summary>Whether <paramref name="a"/> is no worse.</summary>
    public static bool operator <=(Coefficient a, Coefficient b) => a.CompareTo(b) <= 0;

    /// <summary>Whether <paramref name="a"/> is no better.</summary>
    public static bool operator >=(Coefficient a, Coefficient b) => a.CompareTo(b) >= 0;

    /// <inheritdoc/>
    public int CompareTo(Coefficient other) => Objective != other.Objective ? Objective.CompareTo(other.Objective) : TieBreak.CompareTo(other.TieBreak);
}
