using System.Collections.Concurrent;
using System.Diagnostics;

namespace FhirMyeloma.Store.Engines;

/// <summary>
/// What the engines have in common. All changes of a process pass through one thread, which commits those that wait together: each is acknowledged only after the commit that
/// holds it is on disk, and a group costs one write to disk. So no change ever meets the lock of another. Readers see the last commit and never wait for the writer.
/// </summary>
internal abstract class StoreEngine : IDisposable
{
    /// <summary>Changes that may wait; above it the store is busy.</summary>
    public const int MostWaiting = 512;

    private const int LargestGroup = 64;
    private readonly BlockingCollection<WriteJob> _jobs = new(MostWaiting);
    private readonly Thread _thread;

    protected StoreEngine() => _thread = new(Work) { Name = "store writer", IsBackground = true };

    /// <summary>Does something in a transaction of its own within the next commit; the task ends when that is on disk.</summary>
    /// <param name="work">What to do: with the session only, since it is done again when the group that it was in comes to nothing.</param>
    /// <exception cref="StoreBusyException">Too many wait.</exception>
    public Task<T> WriteAsync<T>(Func<StoreSession, T> work)
    {
        var job = new WriteJob<T>(work);
        try
        {
            if (!_jobs.TryAdd(job))
                throw new StoreBusyException("Too many changes wait to be written.");
        }
        catch (InvalidOperationException closed)
        {
            throw new StoreBusyException("The store is closing.", closed);
        }

        StoreMeasures.Waiting.Add(1);
        return job.Task;
    }

    /// <summary>Reads one state of the store.</summary>
    /// <exception cref="StoreBusyException">The store cannot be reached at the moment.</exception>
    public abstract T Read<T>(Func<StoreSession, T> work);

    /// <summary>True when the store answers.</summary>
    public bool IsAlive()
    {
        try
        {
            return Read(static session => session.Scalar("select 1") == 1);
        }
        catch (StoreBusyException)
        {
            return false;
        }
    }

    /// <summary>Sees to it that what was removed, and is committed, cannot be read from the disk by other ways than the store's.</summary>
    public virtual void Scrub()
    {
    }

    /// <summary>Finishes what was accepted, then closes.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        _thread.Join();
        Close();
        _jobs.Dispose();
    }

    /// <summary>From here on changes are written.</summary>
    protected void Start() => _thread.Start();

    /// <summary>Writes what has waited, and what comes while that is done.</summary>
    protected abstract void Write(WriteGroup group);

    /// <summary>Closes every connection.</summary>
    protected abstract void Close();

    private void Work()
    {
        foreach (var first in _jobs.GetConsumingEnumerable())
        {
            var group = new WriteGroup(first, _jobs, LargestGroup);
            var begun = Stopwatch.GetTimestamp();
            try
            {
                Write(group);
                group.Finish();
            }
            catch (Exception fault)
            {
                group.Fail(fault);
            }

            StoreMeasures.Group.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            StoreMeasures.Waiting.Add(-group.Count);
        }
    }
}
