namespace FhirMyeloma.Store.Engines;

/// <summary>A change that waits for the writer.</summary>
internal abstract class WriteJob
{
    /// <summary>What went wrong when it was last tried; null when nothing did.</summary>
    public Exception? Fault { get; protected set; }

    /// <summary>Does it, within the transaction of a group. May be done again after that was rolled back.</summary>
    public abstract bool Try(StoreSession session);

    /// <summary>Tells whoever waits what became of it; its group is on disk.</summary>
    public abstract void Finish();

    /// <summary>Tells whoever waits that it was not done.</summary>
    public abstract void Fail(Exception fault);
}

/// <summary>A change with a result.</summary>
internal sealed class WriteJob<T>(Func<StoreSession, T> work) : WriteJob
{
    // Whoever waits goes on on a thread of its own: the writer has the next group to see to.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _done.Task;

    public override bool Try(StoreSession session)
    {
        Fault = null;
        try
        {
            session.StartOne();
            _result = work(session);
            session.KeepOne();
            return true;
        }
        catch (Exception fault)
        {
            Fault = fault;
            return false;
        }
    }

    public override void Finish()
    {
        if (Fault is null)
            _done.SetResult(_result!);
        else
            _done.SetException(Fault);
    }

    public override void Fail(Exception fault) => _done.TrySetException(fault);
}
