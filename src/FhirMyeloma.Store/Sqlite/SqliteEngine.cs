using System.Collections.Concurrent;
using FhirMyeloma.Store.Engines;
using Microsoft.Data.Sqlite;

namespace FhirMyeloma.Store.Sqlite;

/// <summary>One file in WAL mode with <c>synchronous=FULL</c>.</summary>
internal sealed class SqliteEngine : StoreEngine
{
    private readonly string _file;
    private volatile bool _isScrubbed = true;
    private readonly SqliteSession _writing;
    private readonly ConcurrentBag<SqliteSession> _readers = [];

    private SqliteEngine(string file)
    {
        _file = file;
        _writing = Connect(SqliteOpenMode.ReadWriteCreate);
        SqliteSchema.Bring(_writing);
        Start();
    }

    /// <summary>Opens the file, makes it where there is none, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">The file has a newer schema, or is none of ours.</exception>
    public static SqliteEngine Open(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return new(file);
    }

    public override T Read<T>(Func<StoreSession, T> work)
    {
        if (!_readers.TryTake(out var session))
            session = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            session.BeginReading();
            var result = work(session);
            session.Commit();
            _readers.Add(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The statements that were prepared so far and are not in use.</summary>
    internal IEnumerable<string> Prepared => _readers.Append(_writing).SelectMany(static session => session.Prepared).Distinct(StringComparer.Ordinal);

    /// <summary>Brings the log into the file and empties it: in the file what was removed is overwritten, in the log it would stand until something else does.</summary>
    public override void Scrub()
    {
        using var session = Connect(SqliteOpenMode.ReadWrite);
        // A reader that holds the log for longer than others wait: it is emptied after one of the next commits.
        _isScrubbed = session.Scalar("pragma wal_checkpoint(truncate)") == 0;
    }

    internal static string Source(string file, SqliteOpenMode mode) => new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString();

    protected override void Write(WriteGroup group)
    {
        try
        {
            _writing.BeginTurn();
            group.Do(_writing, static _ => false);
            _writing.Commit();
            if (!_isScrubbed)
                Scrub();
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    protected override void Close()
    {
        while (_readers.TryTake(out var session))
            session.Dispose();
        _writing.Dispose();
    }

    private SqliteSession Connect(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(Source(_file, mode));
        connection.Open();
        using var settings = connection.CreateCommand();
        // What is removed is overwritten: cases, bodies of jobs, what is purged. Checkpoints come seldom and in large strokes; 64 MB of pages are kept by whoever writes.
        settings.CommandText = "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 8000; pragma cache_size = -65536; pragma temp_store = memory; pragma busy_timeout = 10000; pragma secure_delete = on;";
        settings.ExecuteNonQuery();
        return new(connection);
    }

    private void RollBack()
    {
        try
        {
            _writing.RollBack();
        }
        catch (SqliteException)
        {
            // There was no transaction left to roll back.
        }
    }
}
