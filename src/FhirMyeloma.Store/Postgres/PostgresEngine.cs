using System.Collections.Concurrent;
using FhirMyeloma.Store.Engines;
using Npgsql;

namespace FhirMyeloma.Store.Postgres;

/// <summary>
/// A database of PostgreSQL, which other processes may use as well: the row of the turn lets one group of changes of all processes through at a time. A connection that is lost
/// is made anew by whoever needs it next; what was under way on it comes to nothing, or, where that cannot be told, is answered so.
/// </summary>
internal sealed class PostgresEngine : StoreEngine
{
    /// <summary>Reads at a time, unless the connection string says otherwise.</summary>
    private const int Readers = 16;

    private const int MostAttempts = 3;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly string _connection;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentBag<PostgresSession> _readers = [];
    private PostgresSession? _writing;

    private PostgresEngine(string connection, int readers)
    {
        _connection = connection;
        _free = new(readers);
        Bring();
        Start();
    }

    /// <summary>Opens a database and brings its schema up to date.</summary>
    /// <exception cref="StoreException">The database cannot be reached, the connection string is none, or the schema is newer.</exception>
    public static PostgresEngine Open(string connection)
    {
        // What Npgsql says about it may quote it, and it may hold a password.
        var settings = Parse(connection) ?? throw new StoreException("The connection string is none that Npgsql understands. It looks like: Host=…;Database=…;Username=…;Password=…");
        try
        {
            var readers = settings.MaxPoolSize == new NpgsqlConnectionStringBuilder().MaxPoolSize ? Readers : Math.Max(1, settings.MaxPoolSize);
            // Sessions are kept here, with what they have prepared; a second pool below would hide lost connections.
            settings.Pooling = false;
            settings.MaxAutoPrepare = 200;
            settings.AutoPrepareMinUsages = 2;
            settings.ApplicationName ??= "FhirMyeloma";
            return new(settings.ToString(), readers);
        }
        catch (Exception fault) when (fault is PostgresException or NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException)
        {
            throw new StoreException($"The database cannot be used: {(fault as PostgresException)?.MessageText ?? fault.Message}", fault);
        }
    }

    public override T Read<T>(Func<StoreSession, T> work)
    {
        if (!_free.Wait(_patience))
            throw new StoreBusyException("Too many read at a time.");
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var isNew = !_readers.TryTake(out var session);
                try
                {
                    return ReadOnce(session ?? Connect(), work);
                }
                catch (Exception fault) when (PostgresFaults.IsCollision(fault) && attempt < MostAttempts)
                {
                    // Nothing was changed.
                }
                catch (Exception fault) when (PostgresFaults.IsFull(fault))
                {
                    // Others have all the connections that there are: those that lie here are good.
                    if (!_readers.IsEmpty && attempt < MostAttempts)
                        continue;
                    throw new StoreBusyException("The database has no connection left.", fault);
                }
                catch (Exception fault) when (PostgresFaults.IsAway(fault))
                {
                    // One that lay here may have been lost long ago, and the others with it; a new one tells.
                    Forget();
                    if (isNew || attempt == MostAttempts)
                        throw new StoreBusyException("The database does not answer.", fault);
                }
            }
        }
        finally
        {
            _free.Release();
        }
    }

    protected override void Write(WriteGroup group)
    {
        for (var attempt = 1; ; attempt++)
        {
            var isCommitting = false;
            var isNew = _writing is null;
            try
            {
                _writing ??= Connect();
                _writing.BeginTurn();
                group.Do(_writing, static fault => PostgresFaults.IsAway(fault) || PostgresFaults.IsCollision(fault));
                isCommitting = true;
                _writing.Commit();
                return;
            }
            catch (Exception fault)
            {
                // The database undoes what a connection leaves behind.
                _writing?.Dispose();
                _writing = null;
                if (PostgresFaults.IsCollision(fault) && attempt < MostAttempts)
                    continue;
                if (!PostgresFaults.IsAway(fault))
                    throw;
                if (isCommitting)
                    throw new StoreBusyException("The database was lost while it committed.", fault) { MayBeDone = true };
                if (isNew || attempt == MostAttempts)
                    throw new StoreBusyException("The database does not answer.", fault);
            }
        }
    }

    protected override void Close()
    {
        Forget();
        _writing?.Dispose();
        _free.Dispose();
    }

    private static NpgsqlConnectionStringBuilder? Parse(string connection)
    {
        try
        {
            return new(connection);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The database may be started at the same time as the service, and need a moment more.</summary>
    private void Bring()
    {
        for (var waited = TimeSpan.Zero; ; waited += _pause)
        {
            try
            {
                using var session = Connect();
                PostgresSchema.Bring(session);
                return;
            }
            catch (Exception fault) when (waited < _patience && PostgresFaults.IsAway(fault))
            {
                Thread.Sleep(_pause);
            }
        }
    }

    private T ReadOnce<T>(PostgresSession session, Func<StoreSession, T> work)
    {
        try
        {
            session.BeginReading();
            var result = work(session);
            session.Commit();
            _readers.Add(session);
            return result;
        }
        catch (Exception fault)
        {
            // A request that was refused costs no connection.
            if (!PostgresFaults.IsAway(fault) && TryRollBack(session))
                _readers.Add(session);
            else
                session.Dispose();
            throw;
        }
    }

    private static bool TryRollBack(PostgresSession session)
    {
        try
        {
            session.RollBack();
            return true;
        }
        catch (Exception fault) when (PostgresFaults.IsAway(fault))
        {
            return false;
        }
    }

    /// <summary>Closes the sessions that lie ready.</summary>
    private void Forget()
    {
        while (_readers.TryTake(out var session))
            session.Dispose();
    }

    private PostgresSession Connect()
    {
        var connection = new NpgsqlConnection(_connection);
        try
        {
            connection.Open();
            var session = new PostgresSession(connection);
            session.Settle();
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
