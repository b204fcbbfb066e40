namespace FhirMyeloma.Store;

/// <summary>How a version came to be.</summary>
public enum ChangeKind
{
    /// <summary>The first version of a resource, or the first after it was deleted.</summary>
    Created,

    /// <summary>Other content than the version before.</summary>
    Updated,

    /// <summary>The resource is gone from here on; the version has no body.</summary>
    Deleted,
}

/// <summary>One version of one resource, as it stands on disk.</summary>
public sealed record StoredVersion
{
    /// <summary>Resource type.</summary>
    public required string Type { get; init; }

    /// <summary>Logical id.</summary>
    public required string Id { get; init; }

    /// <summary>The number that ETag, Location and <c>meta.versionId</c> carry; 1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>When it was written: <c>meta.lastUpdated</c>, to the millisecond.</summary>
    public required DateTimeOffset Instant { get; init; }

    /// <summary>How it came to be.</summary>
    public required ChangeKind Change { get; init; }

    /// <summary>The resource in FHIR JSON, complete with id and meta; empty when deleted.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Its place in the history of the whole store: later changes have larger ones.</summary>
    public required long At { get; init; }
}
