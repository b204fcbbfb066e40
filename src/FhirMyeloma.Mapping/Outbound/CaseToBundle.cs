using System.Collections.Immutable;
using FhirMyeloma.Clinical;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>
/// Renders what was derived as the Bundle of contract section 2: per patient the Patient as sent, the derived Observations and one Provenance each;
/// last, one OperationOutcome for the data manager. The same results give the same bytes.
/// </summary>
public static class CaseToBundle
{
    /// <summary>Renders the derived Bundle.</summary>
    /// <param name="patients">The patients in any order; each patientKey once.</param>
    /// <param name="issues">What reading, validating and mapping had to say; the renderer adds what the results say.</param>
    /// <param name="settings">Time, language and software.</param>
    /// <returns>The Bundle in canonical JSON, UTF-8.</returns>
    public static byte[] Render(IEnumerable<PatientResults> patients, IEnumerable<Issue> issues, RenderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var words = new Words(settings.Language);
        ImmutableArray<PatientResults> inOrder = [.. patients.OrderBy(patient => patient.Case.PatientKey, StringComparer.Ordinal)];

        var json = new CanonicalJson(64 * 1024);
        json.StartObject()
            .Member("resourceType", "Bundle")
            .Claim(DerivedProfiles.Bundle)
            .Member("type", "collection")
            .Member("timestamp", ResourceJson.Instant(settings.Timestamp))
            .Name("entry").StartArray();
        foreach (var patient in inOrder)
            Write(patient, words, settings, json);
        var outcome = Ids.OfOutcome(inOrder.Select(patient => patient.Case.PatientKey));
        json.StartObject().Member("fullUrl", Ids.Url(outcome)).Name("resource");
        OperationOutcomes.RenderSummary([.. issues.Select(words.Translate), .. ResultIssues.Of(inOrder, words)], json, outcome.ToString(), DerivedProfiles.Of(DerivedProfiles.Outcome));
        json.EndObject().EndArray().EndObject();
        return json.ToArray();
    }

    private static void Write(PatientResults patient, Words words, RenderSettings settings, CanonicalJson json)
    {
        var entry = new PatientEntry(patient);
        entry.Write(json);
        if (!patient.Case.HasMyelomaEvidence)
            return;
        var observations = Observations(patient, words);
        foreach (var observation in observations)
            ResourceJson.WriteObservation(observation, entry, words, json);
        foreach (var observation in observations)
            ResourceJson.WriteProvenance(observation, entry, settings, json);
    }

    /// <summary>All results of a patient in the order of the Bundle: by row, line, date, drug or definition code, ruleset.</summary>
    internal static ImmutableArray<DerivedObservation> Observations(PatientResults patient, Words words) =>
    [
        .. All(patient, words)
            .OrderBy(result => result.Kind.Row)
            .ThenBy(result => result.Line ?? 0)
            .ThenBy(result => result.Date ?? result.Start ?? result.End)
            .ThenBy(result => result.SortKey, StringComparer.Ordinal)
            .ThenBy(result => result.Rulesets[0], StringComparer.Ordinal),
    ];

    private static IEnumerable<DerivedObservation> All(PatientResults patient, Words words)
    {
        var results = patient.Results;
        return
        [
            .. LineWriter.Lines(results, words),
            .. LineWriter.Washouts(results, words),
            .. results.ByRuleset.DistinctBy(under => under.Ruleset).SelectMany(under => Under(results, under, words)),
            .. StagingWriter.Mrd(results, words),
            .. StagingWriter.Stages(results, patient.Case, words),
            .. StagingWriter.Risks(results, words),
        ];
    }

    private static IEnumerable<DerivedObservation> Under(DerivedCase results, RulesetResults under, Words words) =>
    [
        .. ResponseWriter.Lines(results, under, words),
        .. ResponseWriter.Dates(results, under, words),
        .. RefractorinessWriter.Drugs(results, under, words),
        RefractorinessWriter.Classes(under, words),
        .. ResponseWriter.ReportedChecks(results, under, words),
        .. TimeToEventWriter.Times(results, under, words),
    ];
}
