using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Allspark.Engine.Experiments;

/// <summary>
/// The store's tables: each version is one migration script, run in order within one transaction, so that a store has a
/// version whole or not at all.
/// </summary>
internal static class StoreSchema
{
    /// <summary>Marks the file as a run store, for <c>file</c> and for us: the letters ALSP.</summary>
    public const int ApplicationId = 0x414C5350;

    private static readonly Lazy<string[]> Migrations = new(() => [.. ReadMigrations()]);

    private static readonly Lazy<IReadOnlyDictionary<string, string>[]> Expected =
        new(() => [.. Enumerable.Range(0, Migrations.Value.Length + 1).Select(ReadExpected)]);

    /// <summary>The version that this build writes.</summary>
    public static int Version => Migrations.Value.Length;

    public static int VersionOf(SqliteConnection connection) => connection.ExecuteScalar<int>("PRAGMA user_version");

    public static int ApplicationOf(SqliteConnection connection) => connection.ExecuteScalar<int>("PRAGMA application_id");

    /// <summary>True for a database in which nothing has been made.</summary>
    public static bool IsEmpty(SqliteConnection connection) => connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema") == 0;

    /// <summary>Brings the database to <see cref="Version"/>; another process may be doing the same.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        for (var version = VersionOf(connection); version < Version; version++)
            connection.Execute(Migrations.Value[version], transaction: transaction);
        // A pragma takes no parameters; both values are this build's own.
        connection.Execute(
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}"),
            transaction: transaction);
        transaction.Commit();
    }

    /// <summary>
    /// Stands in, for this connection alone, for what an older store lacks, so that it is read by the same queries: tables of no rows.
    /// </summary>
    public static void StandIn(SqliteConnection connection, int version)
    {
        for (; version < Version; version++)
            connection.Execute(Migrations.Value[version].Replace("CREATE TABLE", "CREATE TEMP TABLE", StringComparison.Ordinal)
                .Replace("REFERENCES run (id) ON DELETE CASCADE", "", StringComparison.Ordinal));
    }

    /// <summary>The name of a table or index that is not as its version makes it, or of a trigger; null where all is well.</summary>
    public static string? FirstDifference(SqliteConnection connection, int version)
    {
        var found = ReadObjects(connection);
        foreach (var (name, sql) in Expected.Value[version])
        {
            if (!found.TryGetValue(name, out var actual) || actual != sql)
                return name;
        }

        return connection.ExecuteScalar<string?>("SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1");
    }

    private static Dictionary<string, string> ReadObjects(SqliteConnection connection) =>
        connection.Query<(string Name, string Sql)>("SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
            .ToDictionary(item => item.Name, item => item.Sql, StringComparer.Ordinal);

    private static IReadOnlyDictionary<string, string> ReadExpected(int version)
    {
        using var memory = new SqliteConnection("Data Source=:memory:;Pooling=False");
        memory.Open();
        foreach (var migration in Migrations.Value.AsSpan(0, version))
            memory.Execute(migration);
        return ReadObjects(memory);
    }

    private static IEnumerable<string> ReadMigrations()
    {
        var assembly = typeof(StoreSchema).Assembly;
        for (var version = 1; ; version++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{typeof(StoreSchema).Namespace}.Migrations.{version:0000}.sql");
            using var stream = assembly.GetManifestResourceStream(name);
            if (stream is null)
                yield break;
            using var reader = new StreamReader(stream);
            yield return reader.ReadToEnd();
        }
    }
}
