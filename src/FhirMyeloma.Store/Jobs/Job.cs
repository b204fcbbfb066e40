namespace FhirMyeloma.Store.Jobs;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>Derives every case by new rules.</summary>
    Derivation,

    /// <summary>Carries out a Bundle that was posted with <c>Prefer: respond-async</c>.</summary>
    Bundle,

    /// <summary>Keeps the resources of an NDJSON body.</summary>
    Import,

    /// <summary>Prepares a bulk export.</summary>
    Export,
}

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>Nobody works on it yet.</summary>
    Waiting,

    /// <summary>Somebody works on it.</summary>
    Running,

    /// <summary>It has its result.</summary>
    Done,

    /// <summary>It could not be done; its result says why.</summary>
    Failed,

    /// <summary>Its owner ended it.</summary>
    Cancelled,
}

/// <summary>Work that outlives its request, and the process that accepted it.</summary>
public sealed record Job
{
    /// <summary>Its number in this store.</summary>
    public required long Number { get; init; }

    /// <summary>What its status is asked by; not to be guessed.</summary>
    public required string Id { get; init; }

    /// <summary>The centre that it belongs to; null for one of the whole store.</summary>
    public required string? Centre { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public required JobState State { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last got on.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Parts that are done.</summary>
    public required long Done { get; init; }

    /// <summary>Parts that there are; 0 while that is not known.</summary>
    public required long Total { get; init; }

    /// <summary>What was asked for: JSON, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>What came of it; empty before that.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>True when nothing more will happen.</summary>
    public bool IsOver => State is JobState.Done or JobState.Failed or JobState.Cancelled;
}
