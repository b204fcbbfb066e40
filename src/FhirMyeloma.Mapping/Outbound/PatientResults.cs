using System.Collections.Frozen;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>One patient as mapped, with what was derived.</summary>
public sealed record PatientResults
{
    /// <summary>The case that was derived from.</summary>
    public required MyelomaCase Case { get; init; }

    /// <summary>What was derived; not looked at when the case has no evidence of myeloma.</summary>
    public required DerivedCase Results { get; init; }

    /// <summary>The Patient resource as sent.</summary>
    public required Element Patient { get; init; }

    /// <summary>The fullUrl of its entry; kept in the answer when it is absolute.</summary>
    public string? FullUrl { get; init; }

    /// <summary>The input resource behind every source of the case; empty where none is to be cited.</summary>
    public required FrozenDictionary<SourceId, InputReference> Sources { get; init; }
}

/// <summary>What the derived Bundle says about its own making.</summary>
public sealed record RenderSettings
{
    /// <summary><c>Bundle.timestamp</c> and <c>Provenance.recorded</c>.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Version of the software, as the Device of every Provenance names it.</summary>
    public required string Version { get; init; }

    /// <summary>Name of the software.</summary>
    public string Name { get; init; } = "FhirMyeloma";

    /// <summary>Language of notes, code texts and issue texts.</summary>
    public Language Language { get; init; }
}
