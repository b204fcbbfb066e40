using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace FhirMyeloma.Store.Sqlite;

/// <summary>
/// A prepared change whose values are bound by place: a transaction runs thousands, and the way through ADO.NET, which looks every parameter up by its name, costs as much as the
/// change itself.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly List<int> _places = [];

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>Runs it; rows that it answers are passed over.</summary>
    /// <exception cref="SqliteException">SQLite refuses it.</exception>
    public void Run(ReadOnlySpan<object> values)
    {
        for (var i = _places.Count; i < values.Length; i++)
            _places.Add(raw.sqlite3_bind_parameter_index(_statement, "$" + i.ToString(CultureInfo.InvariantCulture)));
        for (var i = 0; i < values.Length; i++)
            Check(Bind(_places[i], values[i]));
        int result;
        do
        {
            result = raw.sqlite3_step(_statement);
        }
        while (result == raw.SQLITE_ROW);

        // What went wrong is answered again by the reset, which ends the statement in any case.
        var end = raw.sqlite3_reset(_statement);
        raw.sqlite3_clear_bindings(_statement);
        Check(result == raw.SQLITE_DONE ? raw.SQLITE_OK : end);
    }

    private int Bind(int place, object value) => value switch
    {
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        string text => raw.sqlite3_bind_text(_statement, place, text),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, place, 0),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        DBNull => raw.sqlite3_bind_null(_statement, place),
        _ => throw new ArgumentException($"A {value.GetType().Name} is nothing that a column holds.", nameof(value)),
    };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
