using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>The Patient entry of one patient and what the patient's results refer to.</summary>
internal sealed class PatientEntry
{
    private readonly PatientResults patient;
    private readonly FrozenDictionary<int, string> lines;

    public PatientEntry(PatientResults patient)
    {
        this.patient = patient;
        FullUrl = IsAbsolute(patient.FullUrl) ? patient.FullUrl! : Ids.UrlOfPatient(Key);
        var ruleset = patient.Results.Policy.LineRuleset.Code();
        lines = patient.Results.Lines.Select(line => line.Number).Distinct().ToFrozenDictionary(
            number => number,
            number => Ids.Url(Ids.OfResult(Key, ResultKind.Line.Code, ruleset, Outbound.Key.Of(number))));
    }

    public string Key => patient.Case.PatientKey;

    public string FullUrl { get; }

    /// <summary>The fullUrl of the patient's line of that number; null when there is no such line.</summary>
    public string? LineUrl(int number) => lines.GetValueOrDefault(number);

    public Guid IdOf(DerivedObservation observation) =>
        Ids.OfResult(Key, observation.Kind.Code, observation.Rulesets[0], observation.RowKey);

    /// <summary>The input resources behind sources, each once, sorted by reference.</summary>
    public ImmutableArray<InputReference> Cite(IEnumerable<SourceId> sources) => patient.Sources.Count == 0 ? [] :
    [
        .. sources
            .Distinct()
            .Select(source => patient.Sources[source])
            .Select(input => input.Type == "Patient" ? input with { Reference = FullUrl } : input)
            .OrderBy(input => input.Reference, StringComparer.Ordinal)
            .ThenBy(input => input.IsContainer),
    ];

    public void Write(CanonicalJson json)
    {
        json.StartObject().Member("fullUrl", FullUrl).Name("resource");
        FhirJsonWriter.WriteCanonical(patient.Patient, json);
        json.EndObject();
    }

    private static bool IsAbsolute(string? url) => url is not null && Uri.TryCreate(url, UriKind.Absolute, out var uri) && url.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase);
}
