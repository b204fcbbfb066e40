using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>How an input resource is cited by what is derived from it (contract section 2, "References").</summary>
/// <param name="Reference">The entry's fullUrl when absolute or <c>urn:</c>, else <c>Type/id</c>, with <c>/_history/{versionId}</c> when sent.</param>
/// <param name="Type">Its resource type; of a contained resource that of its container.</param>
/// <param name="Identifier">The resource's first identifier; does not exist when it has none.</param>
/// <param name="Path">Simple FHIRPath of the resource in the input, for issues.</param>
/// <param name="IsContainer">True when the fact itself stands in a contained resource, which is cited through its container and in a Provenance only.</param>
public sealed record InputReference(string Reference, string Type, Element Identifier, string Path = "", bool IsContainer = false);
