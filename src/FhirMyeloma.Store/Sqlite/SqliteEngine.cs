using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace FhirMyeloma.Store.Sqlite;

/// <summary>
/// One file in WAL mode with <c>synchronous=FULL</c>. All changes pass through one thread, which commits those that wait together: each is acknowledged only after the
/// commit that holds it is on disk, and a group costs one write to disk. So no change ever meets a lock. Readers see the last commit and never wait.
/// </summary>
internal sealed class SqliteEngine : IDisposable
{
    /// <summary>Changes that may wait; above it the store is busy.</summary>
    public const int MostWaiting = 512;

    private const int LargestGroup = 64;
    private readonly string _file;
    private readonly SqliteSession _writing;
    private readonly BlockingCollection<Job> _jobs = new(MostWaiting);
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly Thread _thread;

    private SqliteEngine(string file)
    {
        _file = file;
        _writing = Connect(SqliteOpenMode.ReadWriteCreate);
        SqliteSchema.Bring(_writing);
        _thread = new(Work) { Name = "store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Opens the file, makes it where there is none, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">The file has a newer schema, or is none of ours.</exception>
    public static SqliteEngine Open(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return new(file);
    }

    /// <summary>Does something in a transaction of its own within the next commit; the task ends when that is on disk.</summary>
    /// <exception cref="StoreBusyException">Too many wait.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work)
    {
        var job = new Job<T>(work);
        try
        {
            if (!_jobs.TryAdd(job))
                throw new StoreBusyException("Too many changes wait to be written.");
        }
        catch (InvalidOperationException closed)
        {
            throw new StoreBusyException("The store is closing.", closed);
        }

        return job.Task;
    }

    /// <summary>Reads one state of the store.</summary>
    public T Read<T>(Func<SqliteSession, T> work)
    {
        if (!_readers.TryTake(out var session))
            session = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            session.Run("begin");
            var result = work(session);
            session.Run("commit");
            _readers.Add(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Finishes what was accepted, then closes.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        _thread.Join();
        while (_readers.TryTake(out var session))
            session.Dispose();
        _writing.Dispose();
        _jobs.Dispose();
    }

    internal static string Source(string file, SqliteOpenMode mode) => new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString();

    private SqliteSession Connect(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(Source(_file, mode));
        connection.Open();
        using var settings = connection.CreateCommand();
        // Checkpoints come seldom and in large strokes; 64 MB of pages are kept by whoever writes.
        settings.CommandText = "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 8000; pragma cache_size = -65536; pragma temp_store = memory; pragma busy_timeout = 10000;";
        settings.ExecuteNonQuery();
        return new(connection);
    }

    private void Work()
    {
        List<Job> group = [];
        foreach (var first in _jobs.GetConsumingEnumerable())
        {
            group.Clear();
            try
            {
                _writing.Run("begin immediate");
                Do(first, group);
                while (group.Count < LargestGroup && _jobs.TryTake(out var next))
                    Do(next, group);
                _writing.Run("commit");
            }
            catch (Exception fault)
            {
                RollBack();
                if (group.Count == 0)
                    first.Fail(fault);
                group.ForEach(job => job.Fail(fault));
                continue;
            }

            group.ForEach(static job => job.Finish());
        }
    }

    private void Do(Job job, List<Job> group)
    {
        group.Add(job);
        _writing.Run("savepoint one");
        if (job.Try(_writing))
        {
            _writing.Run("release one");
        }
        else
        {
            _writing.Run("rollback to one");
            _writing.Run("release one");
        }
    }

    private void RollBack()
    {
        try
        {
            _writing.Run("rollback");
        }
        catch (SqliteException)
        {
            // There was no transaction left to roll back.
        }
    }

    private abstract class Job
    {
        public abstract bool Try(SqliteSession session);

        public abstract void Finish();

        public abstract void Fail(Exception fault);
    }

    private sealed class Job<T>(Func<SqliteSession, T> work) : Job
    {
        // Whoever waits goes on on a thread of its own: the writer has the next group to see to.
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _fault;

        public Task<T> Task => _done.Task;

        public override bool Try(SqliteSession session)
        {
            try
            {
                _result = work(session);
                return true;
            }
            catch (Exception fault)
            {
                _fault = fault;
                return false;
            }
        }

        public override void Finish()
        {
            if (_fault is null)
                _done.SetResult(_result!);
            else
                _done.SetException(_fault);
        }

        public override void Fail(Exception fault) => _done.TrySetException(_fault ?? fault);
    }
}
