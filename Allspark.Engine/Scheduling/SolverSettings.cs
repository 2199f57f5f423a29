namespace Allspark.Engine.Scheduling;

/// <summary>What a solver is given besides the program.</summary>
/// <param name="TimeLimit">When to stop with the best found so far; <see langword="null"/> runs to the proof.</param>
/// <param name="Seed">Seed of solvers that draw random numbers.</param>
public sealed record SolverSettings(TimeSpan? TimeLimit = null, int Seed = 0)
{
    /// <summary>Choices known from programs alike; a solver may begin with the best one that fits.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Known { get; init; } = [];
}
