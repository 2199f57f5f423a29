namespace Allspark.Engine.Scheduling;

/// <summary>A proven inequality: <see cref="PerPicosecond"/>·latency + <see cref="PerPicojoule"/>·energy ≥ <see cref="Bound"/> for every choice.</summary>
internal sealed record SupportLine(double PerPicosecond, double PerPicojoule, double Bound)
{
    /// <summary>Energy that every choice of a latency takes at least, in picojoules.</summary>
    public double EnergyAt(double picoseconds) => PerPicojoule > 0 ? (Bound - (PerPicosecond * picoseconds)) / PerPicojoule : 0;

    /// <summary>Where two lines meet: latency in picoseconds, energy in picojoules.</summary>
    public (double Picoseconds, double Picojoules) Meet(SupportLine other)
    {
        var determinant = (PerPicosecond * other.PerPicojoule) - (other.PerPicosecond * PerPicojoule);
        return (((Bound * other.PerPicojoule) - (other.Bound * PerPicojoule)) / determinant,
            ((PerPicosecond * other.Bound) - (other.PerPicosecond * Bound)) / determinant);
    }
}
