using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Allspark.Engine.Hardware;
using Allspark.Engine.Models;
using Allspark.Engine.Partitioning;
using Allspark.Engine.Scheduling;
using Allspark.Engine.Simulation;

namespace Allspark.Engine.Experiments;

/// <summary>Turns measurements into runs.</summary>
public static class MeasurementLog
{
    /// <summary>The experiment of runs that are given none.</summary>
    public const string DefaultExperiment = "default";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = WritingContracts.Resolver(),
    };

    /// <summary>Logs a measurement.</summary>
    /// <param name="store">The store, opened for writing.</param>
    /// <param name="measurement">The measurement.</param>
    /// <param name="provenance">Where and by which build it was made; captured once, used for many.</param>
    /// <param name="started">When the work began.</param>
    /// <param name="wallSeconds">How long it took.</param>
    /// <param name="experiment">The experiment that it belongs to.</param>
    /// <returns>The measurement with its run's number, and whether the run is new.</returns>
    public static (Measurement Measurement, LogOutcome Outcome) Log(
        this RunStore store,
        Measurement measurement,
        Provenance provenance,
        DateTimeOffset started,
        double wallSeconds,
        string experiment = DefaultExperiment)
    {
        ArgumentNullException.ThrowIfNull(store);
        var logged = store.Log(ToRecord(measurement, provenance, started, wallSeconds, experiment));
        return (measurement with { RunId = logged.Id.ToString(CultureInfo.InvariantCulture) }, logged.Outcome);
    }

    /// <summary>The record of a measurement.</summary>
    public static RunRecord ToRecord(
        Measurement measurement, Provenance provenance, DateTimeOffset started, double wallSeconds, string experiment = DefaultExperiment)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(provenance);
        var schedule = measurement.Schedule;
        return new RunRecord
        {
            Experiment = experiment,
            Subject = new RunSubject(
                measurement.Model.Name,
                measurement.Model.ContentHash,
                measurement.Array.Name,
                measurement.Array.ContentHash,
                measurement.Scheme.ToString(),
                measurement.Fidelity.ToString(),
                schedule.Solver.Name,
                JsonSerializer.Serialize(Options(schedule), Json),
                provenance.EngineVersion,
                schedule.Solver.Seed),
            Provenance = provenance,
            Started = started,
            WallSeconds = wallSeconds,
            SolveSeconds = schedule.Solver.SolveSeconds,
            Parameters = Parameters(schedule),
            Metrics = Metrics(measurement),
            Phases = [.. schedule.Phases.Zip(measurement.Phases, Phase)],
            Artifacts =
            [
                new RunArtifact("schedule.json", JsonSerializer.Serialize(ScheduleDocument(schedule), Json)),
                new RunArtifact("measurement.json", JsonSerializer.Serialize(MeasurementDocument(measurement), Json)),
            ],
        };
    }

    // What makes two schedules of one network, array, scheme and solver differ: what was asked for, and what was chosen. A front, a bound
    // placement, a time limit and an edited file give several schedules to one question.
    private static object Options(Schedule schedule)
    {
        var constraints = schedule.Workload.Constraints;
        return new
        {
            schedule.Objective,
            schedule.Model.Precision,
            Fix = Rules(constraints.Fix),
            Forbid = Rules(constraints.Forbid),
            constraints.MaxNodes,
            constraints.MaxEnergyJoules,
            SolverVersion = schedule.Solver.Version,
            Schedule = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ScheduleFile.Write(schedule)))),
        };

        static IEnumerable<string>? Rules(ValueList<OptionRule> rules) => rules.Count == 0 ? null : rules.Select(rule => rule.ToString());
    }

    // Those that tell two runs of the same names apart; scheme, fidelity, solver and seed are columns of the run itself.
    private static IReadOnlyList<RunParameter> Parameters(Schedule schedule)
    {
        var (model, constraints) = (schedule.Model, schedule.Workload.Constraints);
        var options = new (string Name, object? Value, string Unit)[]
        {
            ("model.resolution", model.SequenceLength is null ? (long)model.InputHeight : null, "px"),
            ("model.tokens", model.SequenceLength is { } tokens ? (long)tokens : null, ""),
            ("model.batch", (long)model.Batch, ""),
            ("model.precision", model.Precision.ToString(), ""),
            ("schedule.objective", schedule.Objective.ToString(), ""),
            ("schedule.maxNodes", constraints.MaxNodes is { } nodes ? (long)nodes : null, ""),
            ("schedule.maxEnergy", constraints.MaxEnergyJoules, "J"),
            ("schedule.fix", Rules(constraints.Fix), ""),
            ("schedule.forbid", Rules(constraints.Forbid), ""),
        };
        return
        [
            .. from option in options where option.Value is not null select new RunParameter(option.Name, option.Value, option.Unit),
            .. ArrayParameter.Of(schedule.Array).Select(parameter => new RunParameter(parameter.Key, parameter.Value, parameter.BaseUnit)),
        ];

        static string? Rules(ValueList<OptionRule> rules) => rules.Count == 0 ? null : string.Join(", ", rules);
    }

    /// <summary>The figures of a measurement, the same whenever it is repeated.</summary>
    public static IReadOnlyList<RunMetric> Metrics(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var energy = measurement.Energy;
        var bounds = measurement.Bounds;
        var moves = measurement.Phases.Sum(phase => phase.TransitionSeconds) + measurement.Schedule.Output.LatencySeconds;
        return
        [
            new(MetricName.LatencySeconds, measurement.LatencySeconds, "s"),
            new(MetricName.IntervalSeconds, measurement.IntervalSeconds, "s"),
            new(MetricName.ComputeSeconds, measurement.LatencySeconds - measurement.ExposedCommunicationSeconds, "s"),
            new(MetricName.ExposedCommunicationSeconds, measurement.ExposedCommunicationSeconds, "s"),
            new(MetricName.TransitionSeconds, moves, "s"),
            new(MetricName.EnergyJoules, measurement.EnergyJoules, "J"),
            new(MetricName.MacJoules, energy.MacJoules, "J"),
            new(MetricName.VectorJoules, energy.VectorJoules, "J"),
            new(MetricName.SramJoules, energy.SramJoules, "J"),
            new(MetricName.DramJoules, energy.DramJoules, "J"),
            new(MetricName.NocJoules, energy.NocJoules, "J"),
            new(MetricName.OffStackJoules, energy.OffStackJoules, "J"),
            new(MetricName.StaticJoules, energy.StaticJoules, "J"),
            new(MetricName.Utilization, measurement.Utilization, ""),
            new(MetricName.Efficiency, measurement.Efficiency, ""),
            new(MetricName.PeakNodeMemoryBytes, measurement.PeakNodeMemoryBytes, "B"),
            new(MetricName.ComputeBoundSeconds, bounds.ComputeSeconds, "s"),
            new(MetricName.MemoryBoundSeconds, bounds.MemorySeconds, "s"),
            new(MetricName.BisectionBoundSeconds, bounds.BisectionSeconds, "s"),
            new(MetricName.OffStackBoundSeconds, bounds.OffStackSeconds, "s"),
            new(MetricName.PortLinkBoundSeconds, bounds.PortLinkSeconds, "s"),
            new(MetricName.Macs, measurement.Model.Macs, ""),
            new(MetricName.Parameters, measurement.Model.Parameters, ""),
            new(MetricName.Batch, measurement.Model.Batch, ""),
            new(MetricName.InputHeight, measurement.Model.InputHeight, "px"),
            new(MetricName.NodeCount, measurement.Array.NodeCount, ""),
            new(MetricName.NodeMemoryBytes, measurement.Array.Node.MemoryBytes, "B"),
            new(MetricName.SolverObjective, measurement.Schedule.Solver.Objective, measurement.Schedule.Solver.Unit),
            new(MetricName.SolverBound, measurement.Schedule.Solver.Bound, measurement.Schedule.Solver.Unit),
        ];
    }

    private static RunPhase Phase(ScheduledPhase scheduled, PhaseMeasurement measured) =>
        new(measured.Index, measured.Block, measured.Kind.ToString(), measured.LatencySeconds, measured.Energy.TotalJoules)
        {
            GroupRows = scheduled.GroupRows,
            GroupColumns = scheduled.GroupColumns,
            TemporalLayers = scheduled.TemporalLayers,
            SharingDegree = scheduled.SharingDegree,
            FiguresJson = JsonSerializer.Serialize(
                new
                {
                    measured.Macs,
                    measured.ComputeSeconds,
                    measured.ExchangeSeconds,
                    measured.FetchSeconds,
                    measured.TransitionSeconds,
                    measured.ExposedCommunicationSeconds,
                    measured.Utilization,
                    measured.NodeMemoryBytes,
                    measured.Energy,
                },
                Json),
        };

    private static object ScheduleDocument(Schedule schedule) => new
    {
        Model = schedule.Model.Name,
        Array = schedule.Array.Name,
        schedule.Scheme,
        schedule.Objective,
        Solver = new
        {
            schedule.Solver.Name,
            schedule.Solver.Version,
            schedule.Solver.Status,
            schedule.Solver.Objective,
            schedule.Solver.Bound,
            schedule.Solver.Seed,
        },
        schedule.OptionsKept,
        Phases = schedule.Phases.Select(phase => new
        {
            phase.Index,
            phase.Block,
            phase.Kind,
            phase.GroupRows,
            phase.GroupColumns,
            phase.Groups,
            phase.TemporalLayers,
            phase.HeadParts,
            phase.RowParts,
            phase.ChannelParts,
            phase.SharingDegree,
            phase.Streamed,
            phase.Interleaved,
            phase.Option.WindowsPerStep,
            phase.Option.Region,
            phase.ResidentBytes,
            phase.TransientBytes,
            phase.Cost,
            phase.Transition,
        }),
    };

    private static object MeasurementDocument(Measurement measurement) => new
    {
        Metrics = Metrics(measurement),
        measurement.Phases,
        HeaviestLinks = measurement.HeaviestLinks.Select(load => new { load.Link.From, load.Link.To, load.Bytes }),
    };
}
