using System.Collections.Immutable;

namespace FhirMyeloma.Store.Cases;

/// <summary>Everything that is kept about one patient at one moment: what a case is derived from.</summary>
public sealed record CaseInput
{
    /// <summary>The centre that keeps it.</summary>
    public required string Centre { get; init; }

    /// <summary>Logical id of the Patient.</summary>
    public required string Id { get; init; }

    /// <summary>The Patient, its compartment and what these refer to; empty when there is no such Patient any more.</summary>
    public required ImmutableArray<StoredVersion> Versions { get; init; }

    /// <summary>The newest change that could concern the patient; the place of a version in the history of the store.</summary>
    public required long AsOf { get; init; }

    internal long Patient { get; init; }

    internal ImmutableArray<long> Outside { get; init; } = [];
}

/// <summary>What was derived from a <see cref="CaseInput"/>.</summary>
public sealed record CaseOutput
{
    /// <summary>Name of the rules and vocabulary that decided; others make the case stale.</summary>
    public required string Rules { get; init; }

    /// <summary>The case in short, for lists and tables: JSON, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Summary { get; init; }

    /// <summary>The derived Bundle; an OperationOutcome when <see cref="IsRefused"/>.</summary>
    public required ReadOnlyMemory<byte> Bundle { get; init; }

    /// <summary>What is kept contradicts itself, so that nothing could be derived.</summary>
    public bool IsRefused { get; init; }
}

/// <summary>A case as it is kept.</summary>
public sealed record KeptCase
{
    /// <summary>The centre of the patient.</summary>
    public required string Centre { get; init; }

    /// <summary>Logical id of the Patient.</summary>
    public required string Id { get; init; }

    /// <summary>When it was derived.</summary>
    public required DateTimeOffset Instant { get; init; }

    /// <summary>The newest change that it holds.</summary>
    public required long AsOf { get; init; }

    /// <summary>True when something changed since, in the record or in the rules.</summary>
    public required bool IsStale { get; init; }

    /// <summary>What was derived.</summary>
    public required CaseOutput Output { get; init; }

    /// <summary>The places of the versions that it was derived from, ascending.</summary>
    public required ImmutableArray<long> Inputs { get; init; }
}
