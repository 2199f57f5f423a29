namespace Allspark.Engine.Scheduling;

/// <summary>The band in which the optimum under an energy limit lies, and what a completion costs at least in each measure.</summary>
/// <remarks>
/// Objective and energy are weighed so that the corners of the convex front on either side of the limit are equally good: nothing has a lower
/// weighted objective, and nothing that is to replace the best known choice a higher one than that at the limit.
/// </remarks>
internal sealed class EnergyBand
{
    private readonly double _perObjective;
    private readonly double _perEnergy;
    private readonly double _slack;
    private readonly RangeRelaxation _relaxation;

    /// <param name="program">The program without its limit; energy is what breaks ties.</param>
    /// <param name="flat">The same, flat.</param>
    /// <param name="above">The corner above the limit.</param>
    /// <param name="below">The corner that keeps it.</param>
    /// <param name="energyLimit">The limit in picojoules.</param>
    public EnergyBand(ScheduleProgram program, FlatProgram flat, Coefficient above, Coefficient below, long energyLimit)
    {
        var (perObjective, perEnergy) = ConvexFront.WeightsBetween(above, below);
        var weighted = new FlatProgram(WeightedProgram.Of(program, perObjective, perEnergy, above, out var unit));
        (_perObjective, _perEnergy, EnergyLimit) = (perObjective / unit, perEnergy / unit, energyLimit);
        // Each coefficient of the weighted program, an option's and a move's a phase, is off by half a unit at most.
        _slack = 2 * flat.Phases.Length;
        _relaxation = RangeRelaxation.Of(weighted, TransientRange.All(weighted), static _ => { });
        ObjectiveToEnd = new LayoutDistances(flat).ToEnd;
        EnergyToEnd = new LayoutDistances(new FlatProgram(WeightedProgram.OfEnergy(program))).ToEnd;
    }

    /// <summary>Energy at most, in picojoules.</summary>
    public long EnergyLimit { get; }

    /// <summary>Least objective from each layout of a phase to the end, memory and limit left aside.</summary>
    public long[][] ObjectiveToEnd { get; }

    /// <summary>Least energy likewise.</summary>
    public long[][] EnergyToEnd { get; }

    /// <summary>Weighted objective at most of a choice with an objective no higher than this one.</summary>
    public double CeilingAt(long objective) => Weighted(new Coefficient(objective, EnergyLimit)) + _slack;

    /// <summary>Bound on the weighted objective of every completion of a partial choice that ends at a phase.</summary>
    public double Bound(int phase, int layout, Coefficient cost, long resident) =>
        _relaxation.Bound(phase, layout, (long)Weighted(cost), resident);

    private double Weighted(Coefficient cost) => (_perObjective * cost.Objective) + (_perEnergy * cost.TieBreak);
}
