using System.Collections.ObjectModel;

namespace Allspark.Engine.Experiments;

/// <summary>A run as the store holds it, with the time, place and build of its first execution.</summary>
public sealed record Run
{
    /// <summary>Its number in the store, never given again.</summary>
    public required long Id { get; init; }

    /// <summary>The experiment that it belongs to.</summary>
    public required string Experiment { get; init; }

    /// <summary>SHA-256 over what was asked.</summary>
    public required string Identity { get; init; }

    /// <summary>SHA-256 over what came out.</summary>
    public required string Result { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The hash of the model's content.</summary>
    public required string ModelHash { get; init; }

    /// <summary>The array's name.</summary>
    public required string Array { get; init; }

    /// <summary>The hash of the array's content.</summary>
    public required string ArrayHash { get; init; }

    /// <summary>The partition scheme.</summary>
    public required string Scheme { get; init; }

    /// <summary>The simulation's fidelity.</summary>
    public required string Fidelity { get; init; }

    /// <summary>The solver.</summary>
    public required string Solver { get; init; }

    /// <summary>Every other option, as a JSON object.</summary>
    public required string OptionsJson { get; init; }

    /// <summary>The engine's version.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>The seed of whatever was random.</summary>
    public required long Seed { get; init; }

    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Message { get; init; }

    /// <summary>When it was first begun (UTC).</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long that took.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>How much of it the solver took.</summary>
    public double? SolveSeconds { get; init; }

    /// <summary>Where and by which build it was first carried out.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>How often it was carried out, always with this result.</summary>
    public required int Executions { get; init; }

    /// <summary>
    /// What was asked, parameter by parameter: those of the array by their paths in its YAML, and <c>model.batch</c>, <c>model.tokens</c> …. A whole
    /// number, one with a point in the base unit, or a text. Empty for runs that were logged before there were any.
    /// </summary>
    public IReadOnlyDictionary<string, object> Parameters { get; init; } = ReadOnlyDictionary<string, object>.Empty;

    /// <summary>Its figures by name.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Each figure's and parameter's unit by name.</summary>
    public required IReadOnlyDictionary<string, string> Units { get; init; }

    /// <summary>The file of the store that it was read from, where that was told.</summary>
    public string? Store { get; init; }

    /// <summary>Its phases in order, where they were asked for.</summary>
    public IReadOnlyList<RunPhase>? Phases { get; init => field = value?.ToArray().AsReadOnly(); }

    /// <summary>The metric <see cref="MetricName.LatencySeconds"/>, where there is one.</summary>
    public double? LatencySeconds => Metric(MetricName.LatencySeconds);

    /// <summary>The metric <see cref="MetricName.EnergyJoules"/>, where there is one.</summary>
    public double? EnergyJoules => Metric(MetricName.EnergyJoules);

    /// <summary>One figure, or null.</summary>
    public double? Metric(string name) => Metrics.TryGetValue(name, out var value) ? value : null;

    /// <inheritdoc/>
    public override string ToString() => $"run {Id}: {Model} on {Array}, {Scheme}";
}

/// <summary>What a logged record became.</summary>
public enum LogOutcome
{
    /// <summary>A new run.</summary>
    Logged,

    /// <summary>The same run with the same result was there: this execution was added to it.</summary>
    AlreadyLogged,

    /// <summary>The same run was there with another result; both are kept. Nothing deterministic does this.</summary>
    ResultDiffers,
}

/// <summary>The run that a logged record is held as.</summary>
/// <param name="Id">The run's number.</param>
/// <param name="Outcome">Whether it is new.</param>
public sealed record LoggedRun(long Id, LogOutcome Outcome);
