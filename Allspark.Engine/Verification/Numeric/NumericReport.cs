using System.Globalization;
using Allspark.Engine.Partitioning;

namespace Allspark.Engine.Verification.Numeric;

/// <summary>How far one phase of the executed schedule is from the plain network.</summary>
/// <param name="Phase">Phase, as "block kind".</param>
/// <param name="MaxRelativeError">max |a − b| / max |b| over the output tokens, a executed and b plain.</param>
/// <param name="Node">Node that holds the worst token; −1 where no token differs.</param>
/// <param name="Token">The worst token, in raster order, extra tokens last; −1 where no token differs.</param>
public sealed record NumericPhase(string Phase, double MaxRelativeError, int Node, int Token)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Phase}: {MaxRelativeError:E2}");
}

/// <summary>Outcome of running a schedule with seeded numbers.</summary>
public sealed record NumericReport
{
    /// <summary>Largest error that single precision explains: sums are taken in another order.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The network's name.</summary>
    public required string Model { get; init; }

    /// <summary>The array's name.</summary>
    public required string Array { get; init; }

    /// <summary>The partition scheme.</summary>
    public required PartitionScheme Scheme { get; init; }

    /// <summary>Seed of weights and image.</summary>
    public required int Seed { get; init; }

    /// <summary>Error of each phase, in order.</summary>
    public required IReadOnlyList<NumericPhase> Phases { get; init => field = value.ToArray().AsReadOnly(); }

    /// <summary>What was not where it was needed, and where results first differ; none where the schedule is right.</summary>
    public required IReadOnlyList<NumericFinding> Findings { get; init => field = value.ToArray().AsReadOnly(); }

    /// <summary>Largest error of all phases.</summary>
    public double MaxRelativeError => Phases.Count == 0 ? 0 : Phases.Max(phase => phase.MaxRelativeError);

    /// <summary>Whether the schedule computes the network from what each node holds.</summary>
    public bool Passed => Findings.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => Passed ? "passed" : $"{Findings.Count} findings";
}

/// <summary>How far a numeric execution has come.</summary>
/// <param name="Phase">Phase that is about to run.</param>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Phases">Phases in all.</param>
public sealed record NumericProgress(string Phase, int Index, int Phases);
