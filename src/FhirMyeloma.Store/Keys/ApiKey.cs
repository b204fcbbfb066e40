using System.Collections.Immutable;

namespace FhirMyeloma.Store.Keys;

/// <summary>A key by which a system is known, as it is kept: without the key itself.</summary>
public sealed record ApiKey
{
    /// <summary>By which it is listed and revoked; no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Name { get; init; }

    /// <summary>The centres that it opens; empty for a role that has none.</summary>
    public required ImmutableArray<string> Centres { get; init; }

    /// <summary>What it allows, separated by blanks.</summary>
    public required string Scopes { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was revoked; null while it holds.</summary>
    public DateTimeOffset? Revoked { get; init; }
}
