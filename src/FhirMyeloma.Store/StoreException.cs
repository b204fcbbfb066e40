namespace FhirMyeloma.Store;

/// <summary>The store cannot be used as it is: a newer schema, a file that is none. The message says what to do.</summary>
public class StoreException : Exception
{
    /// <inheritdoc/>
    public StoreException()
    {
    }

    /// <inheritdoc/>
    public StoreException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public StoreException(string message, Exception inner) : base(message, inner)
    {
    }
}

/// <summary>Too much waits to be written, the store closes, or its database is away: nothing was done unless <see cref="MayBeDone"/>, and the caller may try again in a moment.</summary>
public sealed class StoreBusyException : StoreException
{
    /// <inheritdoc/>
    public StoreBusyException()
    {
    }

    /// <inheritdoc/>
    public StoreBusyException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public StoreBusyException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>The store was lost at the moment of the commit: whether the change was kept will be seen when it is back.</summary>
    public bool MayBeDone { get; init; }
}
