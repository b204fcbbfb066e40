using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>What a Bundle says, as cases, and what of it was not understood.</summary>
/// <param name="Patients">One per patient, ordered by patientKey; empty when there is none.</param>
/// <param name="Issues">Everything that a data manager should know; error-level ones refuse the Bundle.</param>
public sealed record MappedBundle(ImmutableArray<MappedPatient> Patients, ImmutableArray<Issue> Issues);

/// <summary>One patient of a Bundle.</summary>
/// <param name="Case">The normalised case.</param>
/// <param name="Patient">The Patient resource as sent; of several with one key the one with the ordinally first fullUrl.</param>
/// <param name="FullUrl">The fullUrl of its entry; null when it has none.</param>
/// <param name="Sources">Every source that the case cites.</param>
public sealed record MappedPatient(MyelomaCase Case, Element Patient, string? FullUrl, FrozenDictionary<SourceId, InputReference> Sources);
