namespace Allspark.Engine.Scheduling;

/// <summary>How a schedule was found.</summary>
public sealed record SolverReport
{
    /// <summary>Name of the solver.</summary>
    public required string Name { get; init; }

    /// <summary>Version of a solver from outside; <see langword="null"/> for those that are part of the engine.</summary>
    public string? Version { get; init; }

    /// <summary>What is known of the choice.</summary>
    public required SolverStatus Status { get; init; }

    /// <summary>What objective and bound count: ps, pJ or fJ·s; empty for a program by itself.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Objective of the choice, in that unit.</summary>
    public required long Objective { get; init; }

    /// <summary>Proven lower bound on the objective of any choice.</summary>
    public required long Bound { get; init; }

    /// <summary>Wall time of the solution in seconds.</summary>
    public required double SolveSeconds { get; init; }

    /// <summary>Seed given.</summary>
    public required int Seed { get; init; }

    /// <summary>Relative distance of the objective from the bound; 0 where optimal.</summary>
    public double Gap => Objective == 0 ? 0 : (double)(Objective - Bound) / Objective;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Status}";
}
