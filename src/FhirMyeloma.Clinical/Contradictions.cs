using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;

namespace FhirMyeloma.Clinical;

/// <summary>Facts of one record that cannot both be right. They are reported, never resolved silently.</summary>
internal static class Contradictions
{
    private const decimal DrugBandLimit = 0.25m; // R-INT-4, g/dL

    public static ImmutableArray<Contradiction> Find(
        MyelomaCase patient, ImmutableArray<LineOfTherapy> lines, RulesetResults results, ImmutableArray<StageResult> stages) =>
    [
        .. Laboratory(patient, results)
            .Concat(Doses(patient))
            .Concat(Cycles(patient, lines))
            .Concat(Stated(results, stages))
            .GroupBy(c => (c.Kind, string.Join(' ', c.Sources)))
            .Select(same => same.First())
            .OrderBy(c => c.Kind).ThenBy(c => string.Join(' ', c.Sources), StringComparer.Ordinal),
    ];

    private static IEnumerable<Contradiction> Laboratory(MyelomaCase patient, RulesetResults results)
    {
        foreach (var sample in patient.Measurements
            .Where(m => m.Status == ResultStatus.Final && m.HasUnit)
            .GroupBy(m => (m.Marker, m.Date, m.Band)))
        {
            if (sample.Select(m => m.Value).Distinct().Skip(1).Any())
                yield return new(ContradictionKind.ValuesOfOneSample, Cite(sample.Select(m => m.Source)));
        }

        foreach (var marker in patient.Measurements.Where(CanBeCopied).GroupBy(m => (m.Marker, m.Band)))
        {
            Measurement[] inOrder = [.. marker.OrderBy(m => m.Date).ThenBy(m => m.Source)];
            for (var i = 1; i < inOrder.Length; i++)
            {
                if (inOrder[i].Value == inOrder[i - 1].Value && inOrder[i].Date != inOrder[i - 1].Date)
                    yield return new(ContradictionKind.CopiedValue, Cite([inOrder[i - 1].Source, inOrder[i].Source]));
            }
        }

        var bandDates = results.Responses
            .SelectMany(r => r.Assessments)
            .Where(a => a.Flags.Contains(Flag.DrugBandLikely))
            .Select(a => a.Date)
            .ToHashSet();
        foreach (var band in patient.Measurements.Where(m => m.Marker == Marker.SerumMProtein && bandDates.Contains(m.Date)))
        {
            if (band.Value.IsAbove(0).IsMet && band.Value.IsBelow(DrugBandLimit).IsMet)
                yield return new(ContradictionKind.DrugBandAsDisease, Cite([.. patient.Diagnosis.CloneSources, band.Source]));
        }
    }

    /// <summary>The markers of a.9's DUPLICATE_VALUE: not 0, comparators, text or marrow.</summary>
    private static bool CanBeCopied(Measurement m) =>
        m.Marker is Marker.SerumMProtein or Marker.UrineMProtein or Marker.FlcKappa or Marker.FlcLambda
        && m is { FromText: false, Value.IsExact: true, Value.Low: not 0 };

    private static IEnumerable<Contradiction> Doses(MyelomaCase patient)
    {
        foreach (var exposure in patient.Drugs)
        {
            if (exposure is { Start: { } start, End: { } end } && end.Last < start.First)
                yield return new(ContradictionKind.ReversedPeriod, [exposure.Source]);
            if (exposure.Evidence == ExposureEvidence.Order || (exposure.Start ?? exposure.End) is not { } first)
                continue;
            if (patient.Diagnosis.Date is { } diagnosed && exposure.Drug.IsAntiMyeloma() && first.Last < diagnosed.First)
                yield return new(ContradictionKind.DoseBeforeDiagnosis, Cite([exposure.Source, .. patient.Diagnosis.Sources]));
            if (patient.Birth is { } birth && first.Last < birth.First)
                yield return new(ContradictionKind.DoseBeforeBirth, [exposure.Source]);
            if (patient.Death is { } death && first.First > death.Last)
                yield return new(ContradictionKind.DoseAfterDeath, Cite([exposure.Source, .. patient.DeathSources]));
            if (patient.AsOf is { } asOf && first.First > asOf)
                yield return new(ContradictionKind.FutureDose, [exposure.Source]);
        }

        foreach (var statement in patient.Drugs.Where(e => e.Evidence == ExposureEvidence.Statement))
        {
            ImmutableArray<ClinicalDate> given =
            [
                .. patient.Drugs
                    .Where(e => e is { Evidence: ExposureEvidence.Administration, Status: not ExposureStatus.Unknown } && e.Drug == statement.Drug)
                    .Select(e => e.Start ?? e.End)
                    .OfType<ClinicalDate>(),
            ];
            if (!given.IsEmpty && (Differs(statement.Start, given) || Differs(statement.End, given)))
                yield return new(ContradictionKind.StatementAgainstAdministration, [statement.Source]);
        }
    }

    /// <summary>R-WO-5: no administration on any day that the statement's end can mean.</summary>
    private static bool Differs(ClinicalDate? stated, ImmutableArray<ClinicalDate> given) =>
        stated is { } date && !given.Any(day => day.First <= date.Last && day.Last >= date.First);

    private static IEnumerable<Contradiction> Cycles(MyelomaCase patient, ImmutableArray<LineOfTherapy> lines) =>
        from line in lines
        where line.Flags.Contains(Flag.CyclesDiffer)
        from documented in patient.DocumentedCycles
        where documented.Date.Last >= line.First.First && (line.NewTherapy is not { } next || documented.Date.First <= next.Last)
        select new Contradiction(ContradictionKind.DocumentedCycles, [documented.Source]);

    private static IEnumerable<Contradiction> Stated(RulesetResults results, ImmutableArray<StageResult> stages)
    {
        foreach (var check in results.ReportedChecks.Where(c => c.Verdict == ReportedVerdict.Contradicted))
        {
            if (!ReportedResponses.SpeaksOfProgression(check, results.Responses.FirstOrDefault(r => r.Line == check.Line)))
                yield return new(ContradictionKind.ReportedResponse, check.Sources);
        }
        foreach (var stage in stages)
        {
            if (stage is { Reported: { } reported, BoundBest: { } best, BoundWorst: { } worst } && (reported < best || reported > worst))
                yield return new(ContradictionKind.ReportedStage, stage.Sources);
        }
    }

    private static ImmutableArray<SourceId> Cite(IEnumerable<SourceId> sources) => [.. sources.Distinct().Order()];
}
