using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Allspark.Engine.Experiments;

/// <summary>Writes and removes runs, each call in one transaction.</summary>
internal static class RunWriter
{
    private const string InsertRun = """
        INSERT INTO run (experiment_id, identity, result, model, model_hash, array, array_hash, scheme, fidelity, solver, options,
                         engine_version, seed, status, message)
        VALUES (@experiment, @identity, @result, @Model, @ModelHash, @Array, @ArrayHash, @Scheme, @Fidelity, @Solver, @OptionsJson,
                @EngineVersion, @Seed, @status, @message)
        RETURNING id
        """;

    private const string InsertExecution = """
        INSERT INTO execution (run_id, started, wall_seconds, solve_seconds, git_commit, engine_commit, host, os, architecture, runtime,
                               processor_count)
        VALUES (@run, @started, @wall, @solve, @GitCommit, @EngineCommit, @Host, @OperatingSystem, @Architecture, @Runtime, @ProcessorCount)
        """;

    private const string InsertPhase = """
        INSERT INTO phase (run_id, position, block, kind, latency_seconds, energy_joules, group_rows, group_columns, temporal_layers,
                           sharing_degree, figures)
        VALUES (@run, @Index, @Block, @Kind, @LatencySeconds, @EnergyJoules, @GroupRows, @GroupColumns, @TemporalLayers, @SharingDegree,
                @FiguresJson)
        """;

    public static LoggedRun Write(SqliteConnection connection, RunRecord record, IReadOnlyList<CompressedArtifact> artifacts)
    {
        var identity = record.Subject.Identity();
        var result = record.ResultHash();
        using var transaction = connection.BeginTransaction(deferred: false);
        var experiment = Experiment(connection, record.Experiment);
        var same = connection.Query<(long Id, string Result)>(
            "SELECT id, result FROM run WHERE experiment_id = @experiment AND identity = @identity", new { experiment, identity }).AsList();

        LoggedRun logged;
        if (same.FirstOrDefault(run => run.Result == result) is { Id: > 0 } known)
        {
            logged = new LoggedRun(known.Id, LogOutcome.AlreadyLogged);
        }
        else
        {
            var id = Insert(connection, record, experiment, identity, result);
            foreach (var (name, size, content) in artifacts)
                connection.Execute("INSERT INTO artifact (run_id, name, size, content) VALUES (@id, @name, @size, @content)", new { id, name, size, content });
            logged = new LoggedRun(id, same.Count == 0 ? LogOutcome.Logged : LogOutcome.ResultDiffers);
        }

        AddExecution(connection, record, logged.Id);
        transaction.Commit();
        return logged;
    }

    public static int Remove(SqliteConnection connection, IReadOnlyList<long> ids)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var removed = connection.Execute("DELETE FROM run WHERE id IN (SELECT value FROM json_each(@ids))", new { ids = JsonSerializer.Serialize(ids) });
        connection.Execute("DELETE FROM experiment WHERE NOT EXISTS (SELECT 1 FROM run WHERE experiment_id = experiment.id)");
        transaction.Commit();
        return removed;
    }

    private static long Experiment(SqliteConnection connection, string name)
    {
        connection.Execute("INSERT INTO experiment (name) VALUES (@name) ON CONFLICT DO NOTHING", new { name });
        return connection.ExecuteScalar<long>("SELECT id FROM experiment WHERE name = @name", new { name });
    }

    private static long Insert(SqliteConnection connection, RunRecord record, long experiment, string identity, string result)
    {
        var parameters = new DynamicParameters(record.Subject);
        parameters.AddDynamicParams(new { experiment, identity, result, status = record.Status.ToString(), message = record.Message });
        var run = connection.ExecuteScalar<long>(InsertRun, parameters);
        foreach (var (name, value, unit) in record.Parameters)
            connection.Execute("INSERT INTO parameter (run_id, name, value, unit) VALUES (@run, @name, @value, @unit)", new { run, name, value, unit });
        foreach (var (name, value, unit) in record.Metrics)
            connection.Execute("INSERT INTO metric (run_id, name, value, unit) VALUES (@run, @name, @value, @unit)", new { run, name, value, unit });
        foreach (var phase in record.Phases)
        {
            connection.Execute(InsertPhase, new
            {
                run,
                phase.Index,
                phase.Block,
                phase.Kind,
                phase.LatencySeconds,
                phase.EnergyJoules,
                phase.GroupRows,
                phase.GroupColumns,
                phase.TemporalLayers,
                phase.SharingDegree,
                phase.FiguresJson,
            });
        }

        return run;
    }

    private static void AddExecution(SqliteConnection connection, RunRecord record, long run)
    {
        var parameters = new DynamicParameters(record.Provenance);
        parameters.AddDynamicParams(new
        {
            run,
            started = record.Started.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            wall = record.WallSeconds,
            solve = record.SolveSeconds,
        });
        connection.Execute(InsertExecution, parameters);
    }
}
