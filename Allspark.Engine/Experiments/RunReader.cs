using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Allspark.Engine.Experiments;

/// <summary>Reads runs; every value that the user gives is a parameter.</summary>
internal static class RunReader
{
    private const string FirstExecution = "execution.id = (SELECT min(id) FROM execution WHERE run_id = run.id)";

    private const string Columns = """
        run.id, experiment.name AS Experiment, identity, result, model, model_hash AS ModelHash, array, array_hash AS ArrayHash, scheme,
        fidelity, solver, options AS OptionsJson, engine_version AS EngineVersion, seed, status, message,
        started, wall_seconds AS WallSeconds, solve_seconds AS SolveSeconds, git_commit AS GitCommit, engine_commit AS EngineCommit,
        host, os AS OperatingSystem, architecture, runtime, processor_count AS ProcessorCount,
        (SELECT count(*) FROM execution WHERE run_id = run.id) AS Executions
        """;

    public static IReadOnlyList<Run> Runs(SqliteConnection connection, RunFilter filter)
    {
        using var transaction = connection.BeginTransaction(deferred: true); // runs and metrics of one moment
        var (where, parameters) = Where(filter);
        var rows = connection.Query<RunRow>(
            $"""
            SELECT {Columns} FROM run JOIN experiment ON experiment.id = experiment_id JOIN execution ON {FirstExecution}
            {where} ORDER BY run.id DESC LIMIT @limit
            """,
            parameters).AsList();
        var ids = new { ids = JsonSerializer.Serialize(rows.Select(row => row.Id)) };
        var metrics = connection.Query<(long Run, string Name, double Value, string Unit)>(
            "SELECT run_id, name, value, unit FROM metric WHERE run_id IN (SELECT value FROM json_each(@ids)) ORDER BY run_id, name", ids)
            .ToLookup(metric => metric.Run);
        var asked = connection.Query<(long Run, string Name, object Value, string Unit)>(
            "SELECT run_id, name, value, unit FROM parameter WHERE run_id IN (SELECT value FROM json_each(@ids)) ORDER BY run_id, name", ids)
            .ToLookup(parameter => parameter.Run);
        rows.Reverse();
        return [.. rows.Select(row => row.ToRun(metrics[row.Id], asked[row.Id]))];
    }

    public static IReadOnlyList<RunPhase> Phases(SqliteConnection connection, long runId) =>
    [
        .. connection.Query<PhaseRow>(
            """
            SELECT position, block, kind, latency_seconds AS LatencySeconds, energy_joules AS EnergyJoules, group_rows AS GroupRows,
                   group_columns AS GroupColumns, temporal_layers AS TemporalLayers, sharing_degree AS SharingDegree, figures
            FROM phase WHERE run_id = @runId ORDER BY position
            """,
            new { runId }).Select(row => row.ToPhase()),
    ];

    public static IReadOnlyList<string> ArtifactNames(SqliteConnection connection, long runId) =>
        connection.Query<string>("SELECT name FROM artifact WHERE run_id = @runId ORDER BY name", new { runId }).AsList();

    public static CompressedArtifact? Artifact(SqliteConnection connection, long runId, string name) =>
        connection.QuerySingleOrDefault<CompressedArtifact>(
            "SELECT name, size, content FROM artifact WHERE run_id = @runId AND name = @name", new { runId, name });

    private static (string Sql, DynamicParameters Parameters) Where(RunFilter filter)
    {
        var conditions = new List<string>();
        var parameters = new DynamicParameters(new { limit = filter.Limit });
        void Add(string condition, string name, object? value)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            parameters.Add(name, value);
        }

        Add("run.id IN (SELECT value FROM json_each(@ids))", "ids", filter.Ids.Count == 0 ? null : JsonSerializer.Serialize(filter.Ids));
        Add("lower(replace(model, '-', '_')) GLOB @model", "model", RunFilter.ToGlob(filter.Model));
        Add("lower(replace(array, '-', '_')) GLOB @array", "array", RunFilter.ToGlob(filter.Array));
        Add("lower(replace(scheme, '-', '_')) GLOB @scheme", "scheme", RunFilter.ToGlob(filter.Scheme));
        Add("lower(replace(experiment.name, '-', '_')) GLOB @experiment", "experiment", RunFilter.ToGlob(filter.Experiment));
        Add("substr(identity, 1, length(@identity)) = lower(@identity)", "identity", filter.Identity);
        Add("status = @status", "status", filter.Status?.ToString());
        Add("started >= @since", "since", filter.Since?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        return (conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions), parameters);
    }

    private sealed class RunRow
    {
        public long Id { get; set; }
        public string Experiment { get; set; } = "";
        public string Identity { get; set; } = "";
        public string Result { get; set; } = "";
        public string Model { get; set; } = "";
        public string ModelHash { get; set; } = "";
        public string Array { get; set; } = "";
        public string ArrayHash { get; set; } = "";
        public string Scheme { get; set; } = "";
        public string Fidelity { get; set; } = "";
        public string Solver { get; set; } = "";
        public string OptionsJson { get; set; } = "";
        public string EngineVersion { get; set; } = "";
        public long Seed { get; set; }
        public string Status { get; set; } = "";
        public string? Message { get; set; }
        public string Started { get; set; } = "";
        public double WallSeconds { get; set; }
        public double? SolveSeconds { get; set; }
        public string? GitCommit { get; set; }
        public string? EngineCommit { get; set; }
        public string Host { get; set; } = "";
        public string OperatingSystem { get; set; } = "";
        public string Architecture { get; set; } = "";
        public string Runtime { get; set; } = "";
        public long ProcessorCount { get; set; }
        public long Executions { get; set; }

        public Run ToRun(
            IEnumerable<(long Run, string Name, double Value, string Unit)> metrics,
            IEnumerable<(long Run, string Name, object Value, string Unit)> parameters)
        {
            var list = metrics.ToArray();
            var asked = parameters.ToArray();
            return new Run
            {
                Id = Id,
                Experiment = Experiment,
                Identity = Identity,
                Result = Result,
                Model = Model,
                ModelHash = ModelHash,
                Array = Array,
                ArrayHash = ArrayHash,
                Scheme = Scheme,
                Fidelity = Fidelity,
                Solver = Solver,
                OptionsJson = OptionsJson,
                EngineVersion = EngineVersion,
                Seed = Seed,
                Status = Enum.TryParse<RunStatus>(Status, out var status) ? status : RunStatus.Failed,
                Message = Message,
                Started = DateTimeOffset.TryParse(Started, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default,
                WallSeconds = WallSeconds,
                SolveSeconds = SolveSeconds,
                Provenance = new Provenance(
                    EngineVersion, EngineCommit, GitCommit, Host, OperatingSystem, Architecture, Runtime, (int)ProcessorCount),
                Executions = (int)Executions,
                Parameters = new ReadOnlyDictionary<string, object>(asked.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)),
                Metrics = new ReadOnlyDictionary<string, double>(list.ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal)),
                Units = new ReadOnlyDictionary<string, string>(
                    list.Select(m => (m.Name, m.Unit)).Concat(asked.Select(p => (p.Name, p.Unit))).ToDictionary(StringComparer.Ordinal)),
            };
        }
    }

    private sealed class PhaseRow
    {
        public long Position { get; set; }
        public string Block { get; set; } = "";
        public string Kind { get; set; } = "";
        public double LatencySeconds { get; set; }
        public double EnergyJoules { get; set; }
        public int? GroupRows { get; set; }
        public int? GroupColumns { get; set; }
        public int? TemporalLayers { get; set; }
        public int? SharingDegree { get; set; }
        public string Figures { get; set; } = "";

        public RunPhase ToPhase() => new((int)Position, Block, Kind, LatencySeconds, EnergyJoules)
        {
            GroupRows = GroupRows,
            GroupColumns = GroupColumns,
            TemporalLayers = TemporalLayers,
            SharingDegree = SharingDegree,
            FiguresJson = Figures,
        };
    }
}
