using Allspark.Engine.Specifications;

namespace Allspark.Engine.Placement;

/// <summary>The placement of a schedule beside others of the same windows on the same groups.</summary>
public sealed record PlacementComparison
{
    /// <summary>As the schedule has it.</summary>
    public required PlacementCost Scheduled { get; init; }

    /// <summary>Windows along the curve on slots along the curve.</summary>
    public required PlacementCost Structured { get; init; }

    /// <summary>Greedy binding and pairwise exchange from there.</summary>
    public required PlacementCost Bound { get; init; }

    /// <summary>Windows along the curve on groups in raster order.</summary>
    public required PlacementCost Raster { get; init; }

    /// <summary>Windows on random slots.</summary>
    public required PlacementCost Random { get; init; }

    /// <summary>Simulated annealing from the structured layout.</summary>
    public required PlacementCost Annealed { get; init; }

    /// <summary>Bytes × hops that no placement can go below: every flow at the shortest distance open to it, or Gilmore–Lawler where that is higher.</summary>
    public required long LowerBoundByteHops { get; init; }

    /// <summary>The Gilmore–Lawler bound; none beyond 64 nodes.</summary>
    public required long? GilmoreLawlerByteHops { get; init; }

    /// <summary>Seed of the random and the annealed placement.</summary>
    public required int Seed { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="problem">The windows and their flows.</param>
    /// <param name="scheduled">The slots of each phase in the schedule.</param>
    /// <param name="seed">Seed of the random and the annealed placement.</param>
    public static PlacementComparison Of(PlacementProblem problem, IReadOnlyList<IReadOnlyList<int>> scheduled, int seed)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var gilmoreLawler = problem.GilmoreLawler();
        return new PlacementComparison
        {
            Scheduled = problem.CostOf(scheduled),
            Structured = problem.CostOf(problem.Structured()),
            Bound = problem.CostOf(PlacementSearch.Bind(problem)),
            Raster = problem.CostOf(problem.Raster()),
            Random = problem.CostOf(problem.Random(seed)),
            Annealed = problem.CostOf(PlacementSearch.Anneal(problem, seed)),
            LowerBoundByteHops = Math.Max(problem.ShortestDistances(), gilmoreLawler ?? 0),
            GilmoreLawlerByteHops = gilmoreLawler,
            Seed = seed,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{new PhysicalQuantity(Scheduled.ByteHops, "B")}·hops; a placement needs {new PhysicalQuantity(LowerBoundByteHops, "B")}·hops";
}
