using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Verification;

/// <summary>Outcome of the legality checks of a schedule.</summary>
public sealed record LegalityReport
{
    /// <summary>The network's name.</summary>
    public required string Model { get; init; }

    /// <summary>The array's name.</summary>
    public required string Array { get; init; }

    /// <summary>The partition scheme.</summary>
    public required PartitionScheme Scheme { get; init; }

    /// <summary>Breaches; none where the schedule is legal.</summary>
    public required IReadOnlyList<LegalityFinding> Findings { get; init => field = value.ToArray().AsReadOnly(); }

    /// <summary>Rules checked.</summary>
    public required IReadOnlyList<string> ChecksRun { get; init => field = value.ToArray().AsReadOnly(); }

    /// <summary>Whether no rule is broken.</summary>
    public bool Passed => Findings.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => Passed ? "passed" : $"{Findings.Count} findings";
}
