namespace Allspark.Engine.Scheduling;

/// <summary>A choice that no weighting of latency against energy makes worse than another: a corner of the convex front.</summary>
/// <param name="Choice">The option of each phase.</param>
/// <param name="Value">Its latency in picoseconds and its energy in picojoules.</param>
/// <param name="Line">The line below which no choice lies, through the point where the solver proved it.</param>
internal sealed record FrontPoint(IReadOnlyList<int> Choice, Coefficient Value, SupportLine Line);

/// <summary>A proven inequality: <see cref="PerPicosecond"/>·latency + <see cref="PerPicojoule"/>·energy ≥ <see cref="Bound"/> for every choice.</summary>
internal sealed record SupportLine(double PerPicosecond, double PerPicojoule, double Bound)
{
    /// <summary>Where two lines meet: latency in picoseconds, energy in picojoules.</summary>
    public (double Picoseconds, double Picojoules) Meet(SupportLine other)
    {
        var determinant = (PerPicosecond * other.PerPicojoule) - (other.PerPicosecond * PerPicojoule);
        return (((Bound * other.PerPicojoule) - (other.Bound * PerPicojoule)) / determinant,
            ((PerPicosecond * other.Bound) - (other.PerPicosecond * Bound)) / determinant);
    }
}
