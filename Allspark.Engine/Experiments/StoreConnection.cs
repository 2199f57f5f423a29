using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Allspark.Engine.Experiments;

/// <summary>
/// Opens a store's database after making sure that it is one: a file that is refused is left as it was. Every check goes
/// through SQLite, since opening and closing the file otherwise would drop the locks that this process holds on it.
/// </summary>
internal static class StoreConnection
{
    /// <summary>Databases up to this size are checked page by page when they are opened.</summary>
    private const long LargestFullCheck = 128L << 20;

    private const int LongestValue = 64 << 20;

    static StoreConnection() => Batteries_V2.Init();

    /// <summary>Opens <paramref name="path"/>, an absolute path.</summary>
    public static SqliteConnection Open(string path, RunStoreMode mode, TimeSpan busyTimeout)
    {
        CheckPath(path, mode);
        return mode is RunStoreMode.ReadWrite ? OpenForWriting(path, busyTimeout) : OpenForReading(path, busyTimeout);
    }

    /// <summary>What SQLite's error means for the user of the store.</summary>
    public static RunStoreException Translate(string path, SqliteException e)
    {
        var (failure, message) = e.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
                (RunStoreFailure.Locked, "another process holds the store: wait until it is done, or log to another file"),
            raw.SQLITE_READONLY => (RunStoreFailure.ReadOnly, "the store must not be written: allow writing, or log to another file"),
            raw.SQLITE_CORRUPT => (RunStoreFailure.Corrupt, $"the store is damaged ({e.Message}): restore it from a copy, or log to another file"),
            raw.SQLITE_NOTADB => (RunStoreFailure.NotADatabase, "the file is no run store: name another file"),
            _ => (RunStoreFailure.Unavailable, $"the store cannot be used ({e.Message}): check the disk and the folder"),
        };
        return new RunStoreException(failure, path, message, e);
    }

    private static void CheckPath(string path, RunStoreMode mode)
    {
        if (Directory.Exists(path))
            throw new RunStoreException(RunStoreFailure.NotADatabase, path, "this is a folder: name a file in it");
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            throw new RunStoreException(RunStoreFailure.NotFound, path, $"there is no folder {folder}: make it first");
        if (mode is RunStoreMode.ReadOnly && !File.Exists(path))
            throw new RunStoreException(RunStoreFailure.NotFound, path, "there is no such run store: log a run to it first");
        if (mode is RunStoreMode.ReadWrite && !MayWrite(path))
            throw new RunStoreException(RunStoreFailure.ReadOnly, path, "the file or its folder is read-only: allow writing, or log to another file");
    }

    /// <summary>Heeds the mark even where the operating system would let this user past it, as it lets root.</summary>
    private static bool MayWrite(string path)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(path)!);
        var folderAllows = OperatingSystem.IsWindows() || !folder.Attributes.HasFlag(FileAttributes.ReadOnly);
        return folderAllows && !(File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly));
    }

    private static SqliteConnection OpenForWriting(string path, TimeSpan busyTimeout)
    {
        return Attempt(path, Source(path, SqliteOpenMode.ReadWriteCreate), busyTimeout, connection =>
        {
            if (raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
                throw new RunStoreException(RunStoreFailure.ReadOnly, path, "the file is read-only: allow writing, or log to another file");
            if (StoreSchema.IsEmpty(connection) && StoreSchema.VersionOf(connection) == 0 && StoreSchema.ApplicationOf(connection) == 0)
            {
                UseWriteAheadLog(connection, busyTimeout);
                StoreSchema.Migrate(connection);
                return;
            }

            CheckContent(path, connection);
            UseWriteAheadLog(connection, busyTimeout);
            if (StoreSchema.VersionOf(connection) < StoreSchema.Version)
                StoreSchema.Migrate(connection);
        });
    }

    /// <summary>
    /// A connection that may write closes a write-ahead log tidily, so one is taken where writing is allowed, with a promise
    /// not to. On a read-only medium that holds no log the file cannot change and is read as it stands.
    /// </summary>
    private static SqliteConnection OpenForReading(string path, TimeSpan busyTimeout)
    {
        void Check(SqliteConnection connection)
        {
            CheckContent(path, connection);
            StoreSchema.StandIn(connection, StoreSchema.VersionOf(connection));
            connection.Execute("PRAGMA query_only = ON");
        }

        if (MayWrite(path))
            return Attempt(path, Source(path, SqliteOpenMode.ReadWrite), busyTimeout, Check);
        var log = new FileInfo(path + "-wal");
        var source = log is { Exists: true, Length: > 0 }
            ? Source(path, SqliteOpenMode.ReadOnly)
            : Source(new Uri(path).AbsoluteUri + "?immutable=1", SqliteOpenMode.ReadOnly);
        return Attempt(path, source, busyTimeout, Check);
    }

    private static SqliteConnectionStringBuilder Source(string source, SqliteOpenMode mode) =>
        new() { DataSource = source, Mode = mode, Pooling = false, ForeignKeys = true };

    private static SqliteConnection Attempt(
        string path, SqliteConnectionStringBuilder source, TimeSpan busyTimeout, Action<SqliteConnection> prepare)
    {
        source.DefaultTimeout = Math.Max(1, (int)busyTimeout.TotalSeconds);
        var unfinished = new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };
        var connection = new SqliteConnection(source.ConnectionString);
        try
        {
            connection.Open();
            Restrict(connection, busyTimeout);
            KeepLog(connection, unfinished);
            prepare(connection);
            KeepLog(connection, false);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Translate(path, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>While set, closing does not carry an unfinished log into the database: a refused file stays as it is.</summary>
    private static void KeepLog(SqliteConnection connection, bool keep) =>
        raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, out _);

    /// <summary>Bounds what a hostile file can make SQLite do.</summary>
    private static void Restrict(SqliteConnection connection, TimeSpan busyTimeout)
    {
        raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_LENGTH, LongestValue);
        raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_DEFENSIVE, 1, out _);
        raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, out _);
        // A pragma takes no parameters; the values are numbers of our own.
        connection.Execute(string.Create(
            CultureInfo.InvariantCulture,
            $"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}; PRAGMA cell_size_check = ON; PRAGMA synchronous = NORMAL"));
    }

    private static void CheckContent(string path, SqliteConnection connection)
    {
        var version = StoreSchema.VersionOf(connection);
        if (StoreSchema.ApplicationOf(connection) != StoreSchema.ApplicationId)
            throw NotARunStore(path, "the database holds something else than runs");
        if (version > StoreSchema.Version)
            throw new RunStoreException(
                RunStoreFailure.NewerSchema,
                path,
                FormattableString.Invariant($"the store has version {version}, this Allspark knows up to {StoreSchema.Version}: use the newer Allspark, or log to another file"));
        if (version < 1)
            throw NotARunStore(path, "the store has no version");
        CheckPages(path, connection);
        if (StoreSchema.FirstDifference(connection, version) is { } name)
            throw NotARunStore(path, $"its {name} is not one that Allspark made");
    }

    private static void CheckPages(string path, SqliteConnection connection)
    {
        var bytes = connection.ExecuteScalar<long>("PRAGMA page_count") * connection.ExecuteScalar<long>("PRAGMA page_size");
        if (bytes > LargestFullCheck)
            return;
        var verdict = connection.QueryFirst<string>("PRAGMA quick_check(1)");
        if (verdict != "ok")
            throw new RunStoreException(
                RunStoreFailure.Corrupt,
                path,
                $"the store is damaged ({verdict.ReplaceLineEndings(" ")}): restore it from a copy, or log to another file");
    }

    private static RunStoreException NotARunStore(string path, string reason) =>
        new(RunStoreFailure.NotARunStore, path, $"{reason}: name another file");

    /// <summary>Turning the log on takes the file for a moment, and does not wait for it by itself.</summary>
    private static void UseWriteAheadLog(SqliteConnection connection, TimeSpan busyTimeout)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL");
                return;
            }
            catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(started) < busyTimeout)
            {
                Thread.Sleep(20);
            }
        }
    }
}
