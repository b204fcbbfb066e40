using System.Collections.Immutable;
using System.Data.Common;
using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Jobs;

/// <summary>
/// The jobs. Whoever works on one holds it by a lease that it renews with every step; when the process dies the lease runs out and another takes the job over, from the step
/// that was last told. So every step must bear to be done twice.
/// </summary>
public sealed class JobTable
{
    /// <summary>How long a job belongs to whoever took it, from the last step told.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>How long a finished job is remembered.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    private const string Columns = "select j.pk, j.id, n.text, j.kind, j.state, j.created, j.updated, j.done, j.total, j.request, j.result from job j left join name n on n.id = j.centre";
    private readonly StoreEngine _engine;
    private readonly TimeProvider _clock;

    internal JobTable(StoreEngine engine, TimeProvider clock) => (_engine, _clock) = (engine, clock);

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Accepts a job. When the task ends it is on disk and will be done.</summary>
    /// <param name="centre">The centre that it belongs to; null for the whole store.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="request">What is asked for: JSON.</param>
    /// <param name="body">What was posted with it; empty without.</param>
    /// <exception cref="StoreBusyException">Too much waits; nothing was accepted.</exception>
    public Task<Job> AcceptAsync(string? centre, JobKind kind, ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> body = default)
    {
        // Whoever knows the id may ask for the result: it is random, unlike those of resources.
        var id = Guid.NewGuid().ToString();
        return _engine.WriteAsync(session =>
        {
            var now = Now;
            session.Execute("delete from changed where job in (select pk from job where state >= 2 and updated < $0)", now - (long)Remembered.TotalMilliseconds);
            session.Execute("delete from job where state >= 2 and updated < $0", now - (long)Remembered.TotalMilliseconds);
            session.Execute(
                "insert into job (id, centre, kind, state, created, updated, lease, done, total, request, body) values ($0, $1, $2, 0, $3, $3, 0, 0, 0, $4, $5)",
                id, (long)(centre is null ? 0 : session.Register("centre:" + centre)), (long)kind, now, request.ToArray(), body.IsEmpty ? DBNull.Value : body.ToArray());
            return Find(session, id)!;
        });
    }

    /// <summary>A job; null when there is none, or no longer.</summary>
    public Job? Find(string id) => _engine.Read(session => Find(session, id));

    /// <summary>The jobs of a centre, and of the whole store where that is asked for, newest first.</summary>
    public ImmutableArray<Job> List(string? centre, int most) => _engine.Read<ImmutableArray<Job>>(session =>
    [
        .. session.Rows($"{Columns} where j.centre = $0 order by j.pk desc limit $1", Read, (long)(centre is null ? 0 : session.Name("centre:" + centre) ?? -1), (long)most),
    ]);

    /// <summary>The body that was posted with a job.</summary>
    public ReadOnlyMemory<byte> Body(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _engine.Read(session => session.Rows("select body from job where pk = $0", static reader => reader.IsDBNull(0) ? [] : reader.GetFieldValue<byte[]>(0), job.Number).FirstOrDefault() ?? []);
    }

    /// <summary>True when some job waits for somebody to work on it.</summary>
    public bool AreWaiting() => _engine.Read(session => session.Scalar("select exists (select 1 from job where state < 2 and lease < $0)", Now) == 1);

    /// <summary>Takes the job that waits longest, for the time of a lease; null when none waits.</summary>
    public Task<Job?> TakeAsync() => _engine.WriteAsync(session =>
    {
        var now = Now;
        if (session.Scalar("select min(pk) from job where state < 2 and lease < $0", now) is not { } number)
            return null;
        session.Execute("update job set state = 1, lease = $1 where pk = $0", number, now + (long)Lease.TotalMilliseconds);
        return session.Rows($"{Columns} where j.pk = $0", Read, number).Single();
    });

    /// <summary>Tells how far a job is, and holds it for another lease.</summary>
    /// <param name="job">The job.</param>
    /// <param name="done">Parts that are done: whoever takes the job over goes on from there.</param>
    /// <param name="total">Parts that there are; 0 while that is not known.</param>
    /// <param name="result">What came of it up to here; null leaves what was told before.</param>
    /// <returns>False when it was cancelled meanwhile: leave it.</returns>
    public Task<bool> StepAsync(Job job, long done, long total, byte[]? result = null)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _engine.WriteAsync(session =>
        {
            if (session.Scalar("select state from job where pk = $0", job.Number) is not (0 or 1))
                return false;
            var now = Now;
            session.Execute("update job set done = $1, total = $2, updated = $3, lease = $4 where pk = $0", job.Number, done, total, now, now + (long)Lease.TotalMilliseconds);
            if (result is not null)
                session.Execute("update job set result = $1 where pk = $0", job.Number, result);
            return true;
        });
    }

    /// <summary>Ends a job with its result. One that was cancelled stays so.</summary>
    public Task EndAsync(Job job, JobState state, ReadOnlyMemory<byte> result)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _engine.WriteAsync(session =>
        {
            session.Execute("update job set state = $1, result = $2, updated = $3, body = null where pk = $0 and state < 2", job.Number, (long)state, result.ToArray(), Now);
            return true;
        });
    }

    /// <summary>Hands a job back, so that it is taken up again at once: for a process that ends in order.</summary>
    public Task ReleaseAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _engine.WriteAsync(session =>
        {
            session.Execute("update job set lease = 0 where pk = $0 and state < 2", job.Number);
            return true;
        });
    }

    /// <summary>Ends a job that is not over, or forgets one that is.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> CancelAsync(string id) => _engine.WriteAsync(session =>
    {
        if (Find(session, id) is not { } job)
            return false;
        session.Execute("delete from changed where job = $0", job.Number);
        session.Execute("update stale set job = null where job = $0", job.Number);
        // The row of one under way stays until its worker has seen it.
        if (job.State == JobState.Running)
            session.Execute("update job set state = 4, updated = $1, body = null where pk = $0", job.Number, Now);
        else
            session.Execute("delete from job where pk = $0", job.Number);
        return true;
    });

    private static Job? Find(StoreSession session, string id) => session.Rows($"{Columns} where j.id = $0", Read, id).FirstOrDefault();

    private static Job Read(DbDataReader reader) => new()
    {
        Number = reader.GetInt64(0),
        Id = reader.GetString(1),
        Centre = reader.IsDBNull(2) ? null : reader.GetString(2)["centre:".Length..],
        Kind = (JobKind)reader.GetInt64(3),
        State = (JobState)reader.GetInt64(4),
        Created = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)),
        Updated = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(6)),
        Done = reader.GetInt64(7),
        Total = reader.GetInt64(8),
        Request = reader.GetFieldValue<byte[]>(9),
        Result = reader.IsDBNull(10) ? default(ReadOnlyMemory<byte>) : reader.GetFieldValue<byte[]>(10),
    };
}
