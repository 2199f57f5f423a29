using System.Text.Json;

namespace Allspark.Engine.Experiments;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>With a result.</summary>
    Completed,

    /// <summary>Without one; the message says why.</summary>
    Failed,
}

/// <summary>What was asked: all that determines a run's result.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="ModelHash">The hash of the model's content.</param>
/// <param name="Array">The array's name.</param>
/// <param name="ArrayHash">The hash of the array's content.</param>
/// <param name="Scheme">The partition scheme.</param>
/// <param name="Fidelity">The simulation's fidelity.</param>
/// <param name="Solver">The solver.</param>
/// <param name="OptionsJson">Every other option, as a JSON object.</param>
/// <param name="EngineVersion">The engine's version.</param>
/// <param name="Seed">The seed of whatever is random.</param>
public sealed record RunSubject(
    string Model,
    string ModelHash,
    string Array,
    string ArrayHash,
    string Scheme,
    string Fidelity,
    string Solver,
    string OptionsJson,
    string EngineVersion,
    long Seed)
{
    /// <summary>The run's identity: SHA-256 over all of it, in lower-case hexadecimal.</summary>
    public string Identity()
    {
        using var hash = new ContentHash();
        hash.Add(Model).Add(ModelHash).Add(Array).Add(ArrayHash).Add(Scheme).Add(Fidelity).Add(Solver).Add(OptionsJson);
        return hash.Add(EngineVersion).Add(Seed).ToString();
    }
}

/// <summary>One parameter of what was asked.</summary>
/// <param name="Name">Its path, as in the array's YAML: <c>node.bandwidth</c>, <c>model.batch</c>.</param>
/// <param name="Value">A whole number, a finite one with a point, or a text.</param>
/// <param name="Unit">The base unit's symbol, empty for counts and texts.</param>
public sealed record RunParameter(string Name, object Value, string Unit);

/// <summary>One figure of a run.</summary>
/// <param name="Name">Its name, unit included: <c>LatencySeconds</c>.</param>
/// <param name="Value">Its value; finite.</param>
/// <param name="Unit">Its unit's symbol, empty for a ratio.</param>
public sealed record RunMetric(string Name, double Value, string Unit);

/// <summary>One phase of a run's schedule, as measured.</summary>
/// <param name="Index">Its position, from zero.</param>
/// <param name="Block">The block that it belongs to.</param>
/// <param name="Kind">Attention, feed-forward ….</param>
/// <param name="LatencySeconds">Its time.</param>
/// <param name="EnergyJoules">Its energy.</param>
public sealed record RunPhase(int Index, string Block, string Kind, double LatencySeconds, double EnergyJoules)
{
    /// <summary>Rows of the group's rectangle, where nodes work in groups.</summary>
    public int? GroupRows { get; init; }

    /// <summary>Columns of the group's rectangle.</summary>
    public int? GroupColumns { get; init; }

    /// <summary>Windows that one group handles one after another.</summary>
    public int? TemporalLayers { get; init; }

    /// <summary>Groups that share one copy of a weight slice.</summary>
    public int? SharingDegree { get; init; }

    /// <summary>Further figures, as a JSON object.</summary>
    public string FiguresJson { get; init; } = "{}";

    /// <inheritdoc/>
    public override string ToString() => $"{Block} {Kind}";
}

/// <summary>A document kept with a run.</summary>
/// <param name="Name">Its name: <c>schedule.json</c>.</param>
/// <param name="Content">Its text.</param>
public sealed record RunArtifact(string Name, string Content);

/// <summary>One run to be logged.</summary>
public sealed record RunRecord
{
    /// <summary>The experiment that it belongs to.</summary>
    public required string Experiment { get; init; }

    /// <summary>What was asked.</summary>
    public required RunSubject Subject { get; init; }

    /// <summary>Where and by which build it was carried out.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took by the clock on the wall.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>How much of that the solver took.</summary>
    public double? SolveSeconds { get; init; }

    /// <summary>How it ended.</summary>
    public RunStatus Status { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Message { get; init; }

    /// <summary>Each parameter of what was asked by itself; <see cref="Subject"/> has all of them in its hashes.</summary>
    public IReadOnlyList<RunParameter> Parameters { get; init; } = [];

    /// <summary>Its figures, the same whenever it is repeated: times by the clock do not belong here.</summary>
    public IReadOnlyList<RunMetric> Metrics { get; init; } = [];

    /// <summary>Its phases.</summary>
    public IReadOnlyList<RunPhase> Phases { get; init; } = [];

    /// <summary>Its documents.</summary>
    public IReadOnlyList<RunArtifact> Artifacts { get; init; } = [];

    /// <summary>SHA-256 over what came out, bit for bit: status, message, metrics and phases.</summary>
    public string ResultHash()
    {
        using var hash = new ContentHash();
        hash.Add(Status.ToString()).Add(Message ?? "");
        foreach (var metric in Metrics.OrderBy(metric => metric.Name, StringComparer.Ordinal))
            hash.Add(metric.Name).Add(metric.Value).Add(metric.Unit);
        foreach (var phase in Phases.OrderBy(phase => phase.Index))
        {
            hash.Add(phase.Index).Add(phase.Block).Add(phase.Kind).Add(phase.LatencySeconds).Add(phase.EnergyJoules);
            hash.Add(phase.GroupRows ?? -1).Add(phase.GroupColumns ?? -1).Add(phase.TemporalLayers ?? -1).Add(phase.SharingDegree ?? -1);
            hash.Add(phase.FiguresJson);
        }

        return hash.ToString();
    }

    /// <summary>Why the record could not be stored faithfully, one sentence for each reason.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Experiment.Length == 0)
            yield return "the experiment has no name";
        if (!(WallSeconds >= 0 && double.IsFinite(WallSeconds)) || SolveSeconds is { } solve && !(solve >= 0 && double.IsFinite(solve)))
            yield return "the wall time and the solver's time must be finite and not negative";
        if (!IsJsonObject(Subject.OptionsJson))
            yield return "the options must be a JSON object";
        if (Repeated(Metrics.Select(metric => metric.Name)) is { } metricName)
            yield return $"the metric '{metricName}' has no name or is given twice";
        if (Metrics.FirstOrDefault(metric => !double.IsFinite(metric.Value)) is { } metric)
            yield return FormattableString.Invariant($"the metric {metric.Name} is {metric.Value}; it must be finite");
        if (Repeated(Parameters.Select(parameter => parameter.Name)) is { } parameterName)
            yield return $"the parameter '{parameterName}' has no name or is given twice";
        if (Parameters.FirstOrDefault(parameter => parameter.Value is not (string or long) && !(parameter.Value is double value && double.IsFinite(value))) is { } odd)
            yield return $"the parameter {odd.Name} must be a whole number, a finite one or a text";
        if (Repeated(Artifacts.Select(artifact => artifact.Name)) is { } artifactName)
            yield return $"the document '{artifactName}' has no name or is given twice";
        if (Phases.Select(phase => phase.Index).Distinct().Count() != Phases.Count || Phases.Any(phase => phase.Index < 0))
            yield return "the phases' indices must differ and not be negative";
        foreach (var phase in Phases)
        {
            if (!double.IsFinite(phase.LatencySeconds) || !double.IsFinite(phase.EnergyJoules))
                yield return FormattableString.Invariant($"the latency or energy of phase {phase.Index} is not finite");
            if (!IsJsonObject(phase.FiguresJson))
                yield return FormattableString.Invariant($"the figures of phase {phase.Index} must be a JSON object");
        }
    }

    private static string? Repeated(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { "" };
        return names.FirstOrDefault(name => !seen.Add(name));
    }

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
