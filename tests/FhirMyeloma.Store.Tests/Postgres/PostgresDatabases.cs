using System.Globalization;
using FhirMyeloma.Testing;
using Npgsql;

namespace FhirMyeloma.Store.Tests.Postgres;

/// <summary>The server of the tests: that of <c>PG_TEST</c> (a connection string whose user may create databases), else a private one.</summary>
public sealed class PostgresDatabases : IDisposable
{
    private readonly PostgresServer? _server;
    private readonly string? _given = Environment.GetEnvironmentVariable("PG_TEST") is { Length: > 0 } given ? given : null;
    private readonly List<string> _created = [];

    public PostgresDatabases()
    {
        if (Missing is null && _given is null)
            _server = new();
    }

    /// <summary>Why there is no server; null when there is one.</summary>
    public static string? Missing => Environment.GetEnvironmentVariable("PG_TEST") is { Length: > 0 } ? null : PostgresServer.Missing;

    public void Dispose()
    {
        foreach (var database in _server is null ? _created : [])
            Run(Connection("postgres"), $"drop database if exists {database} with (force)");
        _server?.Dispose();
    }

    /// <summary>Makes a database.</summary>
    /// <returns>Its connection string.</returns>
    internal string Create()
    {
        var name = "fhirmyeloma_" + Guid.NewGuid().ToString("N");
        Run(Connection("postgres"), $"create database {name} template template0");
        lock (_created)
            _created.Add(name);
        return Connection(name);
    }

    internal static void Run(string connection, string sql)
    {
        using var opened = new NpgsqlConnection(connection + ";Pooling=false");
        opened.Open();
        using var command = opened.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string Connection(string database) => _server?.Connection(database) ?? new NpgsqlConnectionStringBuilder(_given) { Database = database }.ToString();
}

/// <summary>All tests of a server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTestCollection : ICollectionFixture<PostgresDatabases>
{
    public const string Name = "PostgreSQL";
}

/// <summary>One database of a class of tests; each test has a schema of its own in it.</summary>
public sealed class PostgresDatabase(PostgresDatabases databases)
{
    private readonly Lazy<string> _connection = new(databases.Create);
    private int _stores;

    /// <summary>A place where there is no store yet.</summary>
    internal string NewStore()
    {
        var schema = "store" + (++_stores).ToString(CultureInfo.InvariantCulture);
        PostgresDatabases.Run(_connection.Value, "create schema " + schema);
        return $"{_connection.Value};Search Path={schema}";
    }
}
