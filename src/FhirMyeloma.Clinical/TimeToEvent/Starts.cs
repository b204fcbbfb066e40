using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.TimeToEvent;

/// <summary>The dated facts at which times start or stop: doses, and the last contact.</summary>
internal static class Starts
{
    /// <summary>What shows that treatment began on that date: of equivalent sources the strongest, then the ordinally smallest, one that the line cites if any does.</summary>
    public static Cited Of(MyelomaCase patient, ClinicalDate date, LineOfTherapy? line) => Cited.When(() => Find(patient, date, line));

    private static ImmutableArray<SourceId> Find(MyelomaCase patient, ClinicalDate date, LineOfTherapy? line)
    {
        (bool Foreign, ExposureEvidence Evidence, SourceId Source)? best = null;
        foreach (var exposure in patient.Drugs)
        {
            if (exposure.Status != ExposureStatus.Unknown && (exposure.Start ?? exposure.End) == date && exposure.Drug.IsAntiMyeloma())
                Take(exposure.Evidence, exposure.Source);
        }

        foreach (var procedure in patient.Procedures)
        {
            if (procedure.Date == date)
                Take(ExposureEvidence.Administration, procedure.Source);
        }

        return best is { } found ? [found.Source] : line?.Sources ?? [];

        void Take(ExposureEvidence evidence, SourceId source)
        {
            var candidate = (Foreign: line is null || !line.Sources.Contains(source), Evidence: evidence, Source: source);
            if (best is not { } known || candidate.CompareTo(known) < 0)
                best = candidate;
        }
    }

    /// <summary>When the patient was last known to be alive: the last contact; in a case that states none, its latest result or dose. Never today (a.9).</summary>
    public static (ClinicalDate Date, Cited Cited)? LastKnownAlive(MyelomaCase patient)
    {
        if (patient.LastContact is { } contact)
            return (contact, Cited.These(patient.LastContactSources));
        (ClinicalDate Date, SourceId Source)? last = null;
        foreach (var measurement in patient.Measurements)
            Take(measurement.Date, measurement.Source);
        foreach (var exposure in patient.Drugs)
        {
            if (exposure.Evidence != ExposureEvidence.Order && (exposure.End ?? exposure.Start) is { } given)
                Take(given, exposure.Source);
        }

        foreach (var procedure in patient.Procedures)
            Take(procedure.Date, procedure.Source);
        return last is { } latest ? (latest.Date, Cited.These([latest.Source])) : null;

        void Take(ClinicalDate date, SourceId source)
        {
            if (last is not { } known || date > known.Date || (date == known.Date && source < known.Source))
                last = (date, source);
        }
    }
}
