namespace Allspark.Engine.Scheduling;

/// <summary>No choice of options stays within an energy budget.</summary>
public sealed class EnergyBudgetException : Exception
{
    private const double PicojoulesPerJoule = 1e12;

    /// <summary>Creates the exception.</summary>
    /// <param name="leastPicojoules">Energy of the thriftiest schedule, or what is proven of it.</param>
    /// <param name="budgetPicojoules">The budget.</param>
    public EnergyBudgetException(long leastPicojoules, long budgetPicojoules)
        : base(FormattableString.Invariant(
            $"No schedule needs as little as {budgetPicojoules / PicojoulesPerJoule:R} J: the thriftiest takes {leastPicojoules / PicojoulesPerJoule:R} J. Allow that much energy or more.")) =>
        (LeastJoules, BudgetJoules) = (leastPicojoules / PicojoulesPerJoule, budgetPicojoules / PicojoulesPerJoule);

    /// <summary>Least energy of any schedule, in joules.</summary>
    public double LeastJoules { get; }

    /// <summary>The budget, in joules.</summary>
    public double BudgetJoules { get; }
}
