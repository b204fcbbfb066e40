using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.Washout;

namespace FhirMyeloma.Clinical;

/// <summary>Facts of one record that cannot both be right. They are reported, never resolved silently. Every list is walked once.</summary>
internal sealed class Contradictions
{
    private const decimal DrugBandLimit = 0.25m; // R-INT-4, g/dL

    // A record whose death is misdated contradicts itself with every later fact; some of them say it.
    private const int MostAfterDeath = 9;

    private readonly MyelomaCase _patient;
    private readonly List<Contradiction> _found = [];

    private Contradictions(MyelomaCase patient) => _patient = patient;

    public static ImmutableArray<Contradiction> Find(
        MyelomaCase patient, ImmutableArray<LineOfTherapy> lines, RulesetResults results, ImmutableArray<StageResult> stages, ImmutableArray<AntibodySwitch> switches)
    {
        var record = new Contradictions(patient);
        record.Laboratory();
        record.DrugBands(lines, results);
        record.Doses();
        record.Statements();
        record.AfterDeath();
        record.Transplants(lines);
        record.Cycles(lines);
        record.Responses(lines, results);
        record.ReportedStages(stages);
        record.Washouts(switches);
        return record.Sorted();
    }

    private ImmutableArray<Contradiction> Sorted()
    {
        if (_found.Count > 1)
            _found.Sort(Compare);
        var distinct = ImmutableArray.CreateBuilder<Contradiction>(_found.Count);
        foreach (var one in _found)
        {
            if (distinct.Count == 0 || Compare(distinct[^1], one) != 0)
                distinct.Add(one);
        }

        return distinct.DrainToImmutable();
    }

    private static int Compare(Contradiction a, Contradiction b)
    {
        var order = a.Kind.CompareTo(b.Kind);
        for (var i = 0; order == 0 && i < a.Sources.Length && i < b.Sources.Length; i++)
            order = a.Sources[i].CompareTo(b.Sources[i]);
        return order != 0 ? order : a.Sources.Length.CompareTo(b.Sources.Length);
    }

    /// <summary>Two values of one sample, and values that repeat to the digit: marker by marker in time order.</summary>
    private void Laboratory()
    {
        var byMarker = new List<Measurement>?[Enum.GetValues<Marker>().Length];
        foreach (var result in _patient.Measurements)
            (byMarker[(int)result.Marker] ??= []).Add(result);
        foreach (var results in byMarker)
        {
            if (results is null || results.Count < 2)
                continue;
            InTimeOrder(results);
            SameSample(results);
            Copies(results);
        }
    }

    /// <summary>The mapping sends them so; sorting what is sorted would cost more than looking.</summary>
    private static void InTimeOrder(List<Measurement> results)
    {
        for (var i = 1; i < results.Count; i++)
        {
            if (Order(results[i - 1], results[i]) > 0)
            {
                results.Sort(Order);
                return;
            }
        }

        static int Order(Measurement a, Measurement b)
        {
            var order = a.Date.CompareTo(b.Date);
            return order != 0 ? order : a.Source.CompareTo(b.Source);
        }
    }

    private void SameSample(List<Measurement> results)
    {
        for (var start = 0; start < results.Count;)
        {
            var end = start + 1;
            while (end < results.Count && results[end].Date == results[start].Date)
                end++;
            if (end - start > 1)
                SameSample(results[start..end]);
            start = end;
        }

        void SameSample(List<Measurement> sameDay)
        {
            foreach (var band in sameDay.Where(result => result.Status == ResultStatus.Final && result.HasUnit && !result.Value.IsAny).GroupBy(result => result.Band))
            {
                if (band.Select(result => result.Value).Distinct().Skip(1).Any())
                    Add(ContradictionKind.ValuesOfOneSample, band.Select(result => result.Source));
            }
        }
    }

    /// <summary>The markers of a.9's DUPLICATE_VALUE: not 0, comparators, text or marrow.</summary>
    private void Copies(List<Measurement> results)
    {
        if (results[0].Marker is not (Marker.SerumMProtein or Marker.UrineMProtein or Marker.FlcKappa or Marker.FlcLambda))
            return;
        Dictionary<int, Measurement> before = [];
        foreach (var result in results)
        {
            if (result is { FromText: true } or { Value.IsExact: false } or { Value.Low: 0 })
                continue;
            var band = result.Band ?? 0;
            if (before.TryGetValue(band, out var last) && last.Value == result.Value && last.Date != result.Date)
                Add(ContradictionKind.CopiedValue, [last.Source, result.Source]);
            before[band] = result;
        }
    }

    /// <summary>A band of drug size that the clone cannot make, at an assessment or at a baseline; and a drug's band where no such drug was given.</summary>
    private void DrugBands(ImmutableArray<LineOfTherapy> lines, RulesetResults results)
    {
        HashSet<ClinicalDate>? dates = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var response = results.Responses[i];
            foreach (var at in response.Assessments)
            {
                if (at.Flags.Contains(Flag.DrugBandLikely))
                    (dates ??= []).Add(at.Date);
            }

            if (response.Flags.Contains(Flag.DrugBandLikelyAtBaseline) && BaselineBand(lines[i].First) is { } baseline)
                (dates ??= []).Add(baseline);
        }

        foreach (var band in _patient.Measurements)
        {
            if (dates is not null && band.Marker == Marker.SerumMProtein && dates.Contains(band.Date) && band.Value.IsAbove(0).IsMet && band.Value.IsBelow(DrugBandLimit).IsMet)
                Add(ContradictionKind.DrugBandAsDisease, [.. _patient.Diagnosis.CloneSources, band.Source]);
        }

        if (_patient.DrugBandAssays.IsEmpty || _patient.Drugs.Any(exposure => exposure.Drug.IsAntiCd38()))
            return;
        foreach (var assay in _patient.DrugBandAssays)
        {
            if (assay.Shifted.IsMet)
                Add(ContradictionKind.DrugBandWithoutDrug, [assay.Source]);
        }
    }

    private ClinicalDate? BaselineBand(ClinicalDate first)
    {
        ClinicalDate? last = null;
        foreach (var result in _patient.Measurements)
        {
            if (result.Marker == Marker.SerumMProtein && !result.Value.IsAny && result.Date.IsOnOrBefore(first).IsMet && (last is not { } known || result.Date > known))
                last = result.Date;
        }

        return last;
    }

    private void Doses()
    {
        foreach (var exposure in _patient.Drugs)
        {
            if (exposure is { Start: { } start, End: { } end } && end.Last < start.First)
                Add(ContradictionKind.ReversedPeriod, [exposure.Source]);
            if (exposure.Evidence == ExposureEvidence.Order || (exposure.Start ?? exposure.End) is not { } first)
                continue;
            if (_patient.Diagnosis.Date is { } diagnosed && exposure.Drug.IsAntiMyeloma() && first.Last < diagnosed.First)
                Add(ContradictionKind.DoseBeforeDiagnosis, [exposure.Source, .. _patient.Diagnosis.Sources]);
            if (_patient.Birth is { } birth && first.Last < birth.First)
                Add(ContradictionKind.DoseBeforeBirth, [exposure.Source]);
            if (_patient.Death is { } death && first.First > death.Last)
                Add(ContradictionKind.DoseAfterDeath, [exposure.Source, .. _patient.DeathSources]);
            if (_patient.AsOf is { } asOf && first.First > asOf)
                Add(ContradictionKind.FutureDose, [exposure.Source]);
        }
    }

    /// <summary>R-WO-5: a statement's end on a day on which the drug's administrations, where there are any, show none.</summary>
    private void Statements()
    {
        Dictionary<Drug, List<ClinicalDate>>? given = null;
        foreach (var statement in _patient.Drugs)
        {
            if (statement.Evidence == ExposureEvidence.Statement && (given ??= Administrations()).TryGetValue(statement.Drug, out var days)
                && (Differs(statement.Start, days) || Differs(statement.End, days)))
                Add(ContradictionKind.StatementAgainstAdministration, [statement.Source]);
        }

        static bool Differs(ClinicalDate? stated, List<ClinicalDate> given) =>
            stated is { } date && !given.Exists(day => day.First <= date.Last && day.Last >= date.First);
    }

    private Dictionary<Drug, List<ClinicalDate>> Administrations()
    {
        Dictionary<Drug, List<ClinicalDate>> given = [];
        foreach (var exposure in _patient.Drugs)
        {
            if (exposure is not { Evidence: ExposureEvidence.Administration, Status: not ExposureStatus.Unknown } || (exposure.Start ?? exposure.End) is not { } day)
                continue;
            if (!given.TryGetValue(exposure.Drug, out var days))
                given.Add(exposure.Drug, days = []);
            days.Add(day);
        }

        return given;
    }

    /// <summary>Results and procedures of a day on which the patient was dead, the first of them in one.</summary>
    private void AfterDeath()
    {
        if (_patient.Death is not { } death)
            return;
        List<(ClinicalDate Date, SourceId Source)> late = [];
        foreach (var result in _patient.Measurements)
            Take(result.Date, result.Source);
        foreach (var result in _patient.Immunofixations)
            Take(result.Date, result.Source);
        foreach (var result in _patient.Clonality)
            Take(result.Date, result.Source);
        foreach (var result in _patient.Lesions)
            Take(result.Date, result.Source);
        foreach (var result in _patient.Mrd)
            Take(result.Date, result.Source);
        foreach (var procedure in _patient.Procedures)
            Take(procedure.Date, procedure.Source);
        if (late.Count == 0)
            return;
        late.Sort();
        Add(ContradictionKind.ResultAfterDeath, late.Select(fact => fact.Source).Distinct().Take(MostAfterDeath).Concat(_patient.DeathSources));

        void Take(ClinicalDate? date, SourceId source)
        {
            if (date is { } day && day.First > death.Last)
                late.Add((day, source));
        }
    }

    /// <summary>A transplant is part of a treatment: where its line holds no drug, that treatment was not sent.</summary>
    private void Transplants(ImmutableArray<LineOfTherapy> lines)
    {
        foreach (var procedure in _patient.Procedures)
        {
            if (procedure.Kind is TherapyProcedureKind.AutologousTransplant or TherapyProcedureKind.AllogeneicTransplant or TherapyProcedureKind.Transplant
                && !lines.Any(line => !line.Drugs.IsEmpty && line.Transplants.Contains(procedure.Date)))
                Add(ContradictionKind.TransplantWithoutLine, [procedure.Source]);
        }
    }

    private void Cycles(ImmutableArray<LineOfTherapy> lines)
    {
        foreach (var line in lines)
        {
            if (!line.Flags.Contains(Flag.CyclesDiffer))
                continue;
            foreach (var documented in _patient.DocumentedCycles)
            {
                if (documented.Date.Last >= line.First.First && (line.NewTherapy is not { } next || documented.Date.First <= next.Last))
                    Add(ContradictionKind.DocumentedCycles, [documented.Source]);
            }
        }
    }

    private void Responses(ImmutableArray<LineOfTherapy> lines, RulesetResults results)
    {
        foreach (var check in results.ReportedChecks)
        {
            if (check.Verdict == ReportedVerdict.Contradicted
                && !ReportedResponses.SpeaksOfProgression(check, results.Responses.FirstOrDefault(response => response.Line == check.Line)))
                Add(ContradictionKind.ReportedResponse, check.Sources);
        }

        if (lines.IsEmpty)
            return;
        foreach (var stated in _patient.StatedResponses)
        {
            if (stated is { Level: not ResponseLevel.NotEvaluable, Date: { } date } && date.IsBefore(lines[0].First).IsMet)
                Add(ContradictionKind.ResponseBeforeFirstDose, [stated.Source, .. TimeToEvent.Starts.Of(_patient, lines[0].First, lines[0]).Sources]);
        }
    }

    private void ReportedStages(ImmutableArray<StageResult> stages)
    {
        foreach (var stage in stages)
        {
            if (stage is not { Reported: { } reported, BoundBest: { } best, BoundWorst: { } worst } || (reported >= best && reported <= worst))
                continue;
            var stated = _patient.Diagnosis.StatedStages.Where(one => one.System == stage.System && one.Stage == reported).Select(one => one.Source);
            Add(ContradictionKind.ReportedStage, stage.Sources.Concat(stated));
        }
    }

    /// <summary>A stated washout that no switch between the antibodies allows.</summary>
    private void Washouts(ImmutableArray<AntibodySwitch> switches)
    {
        if (_patient.StatedWashouts.IsEmpty)
            return;
        AntibodySwitch[] known = [.. switches.Where(change => change.Days is not null)];
        foreach (var stated in _patient.StatedWashouts)
        {
            if (known.Length > 0 && !known.Any(change => change.Days is { } days && stated.Days.Min <= days.Max && stated.Days.Max >= days.Min))
                Add(ContradictionKind.WashoutStated, (known.FirstOrDefault(change => change.Primary) ?? known[0]).Sources.Append(stated.Source));
        }
    }

    private void Add(ContradictionKind kind, IEnumerable<SourceId> sources) => _found.Add(new(kind, [.. sources.Distinct().Order()]));
}
