using System.Collections.Immutable;

namespace FhirMyeloma.Store.Search;

/// <summary>What a centre kept at one moment, by type: the places of the versions that then held.</summary>
/// <param name="Instant">The moment: everything that was acknowledged before it is in.</param>
/// <param name="Places">For each type the places, in the order in which the resources were first kept; types without any are left out.</param>
public sealed record Snapshot(DateTimeOffset Instant, ImmutableArray<(string Type, ImmutableArray<long> Places)> Places);
