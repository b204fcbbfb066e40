using System.Collections.Concurrent;

namespace FhirMyeloma.Store.Engines;

/// <summary>Changes that are committed together.</summary>
internal sealed class WriteGroup(WriteJob first, BlockingCollection<WriteJob> waiting, int most)
{
    private readonly List<WriteJob> _jobs = [first];

    /// <summary>Does what waited, and what comes meanwhile, each so that a refused one undoes itself only.</summary>
    /// <param name="session">The session that has the turn.</param>
    /// <param name="endsAll">True for a fault after which nothing of the group can be kept; it is thrown on.</param>
    public void Do(StoreSession session, Func<Exception, bool> endsAll)
    {
        // What was in the group when it came to nothing is done again first.
        for (var i = 0; i < _jobs.Count; i++)
        {
            Do(_jobs[i], session, endsAll);
            if (i == _jobs.Count - 1 && _jobs.Count < most && waiting.TryTake(out var next))
                _jobs.Add(next);
        }
    }

    /// <summary>How many changes it has taken up.</summary>
    public int Count => _jobs.Count;

    public void Finish() => _jobs.ForEach(static job => job.Finish());

    public void Fail(Exception fault) => _jobs.ForEach(job => job.Fail(fault));

    private static void Do(WriteJob job, StoreSession session, Func<Exception, bool> endsAll)
    {
        if (job.Try(session))
            return;
        if (endsAll(job.Fault!))
            throw job.Fault!;
        session.UndoOne();
    }
}
