using Microsoft.Data.Sqlite;

namespace Allspark.Engine.Experiments;

/// <summary>What a store is opened for.</summary>
public enum RunStoreMode
{
    /// <summary>To read runs; the file must be there.</summary>
    ReadOnly,

    /// <summary>To log or remove runs; the file is made where it is missing.</summary>
    ReadWrite,
}

/// <summary>
/// Runs with their metrics, phases and documents, in one SQLite file. A run is written in one transaction and is there
/// whole or not at all, whatever ends the process; several processes may use one store at once, and several threads one
/// object.
/// </summary>
/// <remarks>
/// A run's identity is the hash of what was asked. Within an experiment a run is held once per identity and result:
/// repeating it adds an execution to it and no second run, so that logging the same 25 runs twice leaves 25. A result
/// that differs is kept beside the first and reported, never dropped. A write survives the end of the process; the very
/// last ones may be lost, whole, when the power fails.
/// </remarks>
public sealed class RunStore : IDisposable
{
    private readonly Lock gate = new();
    private readonly SqliteConnection connection;

    private RunStore(string path, RunStoreMode mode, SqliteConnection connection)
    {
        Path = path;
        Mode = mode;
        this.connection = connection;
    }

    /// <summary>The store's file.</summary>
    public string Path { get; }

    /// <summary>What the store was opened for.</summary>
    public RunStoreMode Mode { get; }

    /// <summary>How long to wait for another process where nothing else is said.</summary>
    public static TimeSpan DefaultBusyTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Opens a store, having made sure that it is sound and of a version that is understood.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">What it is opened for.</param>
    /// <param name="busyTimeout">How long to wait for another process; null for <see cref="DefaultBusyTimeout"/>.</param>
    /// <exception cref="RunStoreException">The store cannot be used; the file is as it was.</exception>
    public static RunStore Open(string path, RunStoreMode mode, TimeSpan? busyTimeout = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.GetFullPath(path);
        return new RunStore(full, mode, StoreConnection.Open(full, mode, busyTimeout ?? DefaultBusyTimeout));
    }

    /// <summary>Writes one run, in one transaction.</summary>
    /// <exception cref="ArgumentException">The record cannot be stored faithfully.</exception>
    /// <exception cref="RunStoreException">The store could not be written.</exception>
    public LoggedRun Log(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        RequireWriting();
        if (record.Problems().FirstOrDefault() is { } problem)
            throw new ArgumentException(problem, nameof(record));
        var artifacts = record.Artifacts.Select(artifact => CompressedArtifact.From(artifact)).ToArray();
        return Guard(() => RunWriter.Write(connection, record, artifacts));
    }

    /// <summary>Runs that fit, oldest first.</summary>
    public IReadOnlyList<Run> Runs(RunFilter? filter = null) => Guard(() => RunReader.Runs(connection, filter ?? new RunFilter()));

    /// <summary>A run's phases in order; none where there is no such run.</summary>
    public IReadOnlyList<RunPhase> Phases(long runId) => Guard(() => RunReader.Phases(connection, runId));

    /// <summary>The names of a run's documents.</summary>
    public IReadOnlyList<string> ArtifactNames(long runId) => Guard(() => RunReader.ArtifactNames(connection, runId));

    /// <summary>One of a run's documents, or null where it has none of that name.</summary>
    /// <exception cref="RunStoreException">The document is damaged or larger than it says.</exception>
    public string? Artifact(long runId, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var stored = Guard(() => RunReader.Artifact(connection, runId, name));
        return stored is null
            ? null
            : stored.Expand() ?? throw new RunStoreException(
                RunStoreFailure.Corrupt, Path, FormattableString.Invariant($"the document {name} of run {runId} is damaged: log the run again"));
    }

    /// <summary>Removes runs with all that belongs to them.</summary>
    /// <returns>How many were there.</returns>
    public int Remove(IEnumerable<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        RequireWriting();
        var wanted = ids.ToArray();
        return Guard(() => RunWriter.Remove(connection, wanted));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (gate)
            connection.Dispose();
    }

    private void RequireWriting()
    {
        if (Mode is not RunStoreMode.ReadWrite)
            throw new InvalidOperationException("the run store was opened for reading only");
    }

    private T Guard<T>(Func<T> work)
    {
        lock (gate)
        {
            try
            {
                return work();
            }
            catch (SqliteException e)
            {
                throw StoreConnection.Translate(Path, e);
            }
        }
    }
}
