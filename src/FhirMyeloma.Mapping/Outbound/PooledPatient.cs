using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>
/// A patient for those who may know what was concluded and not about whom: the case is de-identified, derived again and rendered from that, so that every text is made of moved
/// dates. Nothing of the Patient is left but an id and the sex; nothing is cited.
/// </summary>
public static class PooledPatient
{
    /// <summary>Makes it.</summary>
    /// <param name="patient">The case as it was mapped.</param>
    /// <param name="policy">By what to derive.</param>
    /// <param name="id">By what the patient is known to the reader; a FHIR id.</param>
    /// <param name="weeks">How far to move the dates, in the order of preference: the first is taken under which every conclusion and every count of days is the same.
    /// Rules that count in calendar months or years can change their mind by a day.</param>
    /// <returns>Null when there is no such number of weeks.</returns>
    public static PatientResults? Of(MyelomaCase patient, DerivationPolicy policy, string id, IEnumerable<int> weeks)
    {
        ArgumentNullException.ThrowIfNull(weeks);
        // Derived as it is, but for the dates: what is compared differs in nothing else.
        var original = Results(DeidentifiedCase.Of(patient, id, 0), policy, id);
        foreach (var shift in weeks)
        {
            var moved = Results(DeidentifiedCase.Of(patient, id, shift), policy, id);
            if (Conclusions(original, 7 * shift) == Conclusions(moved, 0))
                return moved;
        }

        return null;
    }

    private static PatientResults Results(MyelomaCase patient, DerivationPolicy policy, string id)
    {
        var json = new CanonicalJson(128);
        json.StartObject().Member("resourceType", "Patient").Member("id", id).Member("gender", patient.Sex).EndObject();
        return new()
        {
            // The day of birth serves to find what contradicts it, and is shown nowhere.
            Case = patient with { Birth = null },
            Results = Derivation.Derive(patient, policy),
            Patient = FhirJsonReader.Read(json.ToArray()).Document!.Root,
            Sources = FrozenDictionary<SourceId, InputReference>.Empty,
        };
    }

    /// <summary>Everything that the Bundle says but its notes, whose words are made of it; dates moved by some days.</summary>
    private static string Conclusions(PatientResults patient, int days)
    {
        var text = new StringBuilder();
        if (!patient.Case.HasMyelomaEvidence)
            return "";
        foreach (var result in CaseToBundle.Observations(patient, new(Language.English)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{result.Kind.Code} {result.Rulesets[0]} {result.Line} {result.Preliminary} {Day(result.Date)} {Day(result.Start)} {Day(result.End)} {Value(result.Value)}");
            foreach (var component in result.Components)
                text.Append(CultureInfo.InvariantCulture, $" {component.Code}={Value(component.Value)}");
            text.Append('\n');
        }

        return text.AppendJoin(' ', patient.Results.Contradictions.Select(static one => one.Kind)).ToString();

        string? Day(ClinicalDate? date) => date?.Moved(days).Text;

        string Value(ResultValue value) => value switch
        {
            ResultValue.Coded coded => string.Join('|', coded.Codings.Select(static one => one.Code)),
            ResultValue.Day day => Day(day.Value)!,
            _ => value.ToString(),
        };
    }
}
