using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Properties;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Evidence;

/// <summary>
/// Rolled patients with everything that a result can rest on: besides doses and samples the diagnosis and its sources, stage and cytogenetics, blood counts,
/// transplants, plans, what the hospital stated, residual disease, death, and facts that several resources report.
/// </summary>
internal sealed class Records(Dice dice, MyelomaCase patient)
{
    private MyelomaCase _patient = patient;
    private int _sources;

    public static MyelomaCase Roll(Dice dice) => new Records(dice, Patients.Roll(dice)).Complete();

    private ClinicalDate FirstDose => _patient.Drugs.Select(dose => dose.Start!.Value).Min();

    private ClinicalDate Last => _patient.Measurements.Select(value => value.Date).Append(FirstDose).Max();

    private MyelomaCase Complete()
    {
        var condition = Source("condition");
        var typed = dice.Chance(70) ? condition : Source("subtype");
        var contact = Source("encounter");
        _patient = _patient with
        {
            MyelomaEvidenceSource = condition,
            LastContactSources = [contact],
            Diagnosis = _patient.Diagnosis with
            {
                DateSource = condition,
                Sources = [condition],
                HeavyChainSource = _patient.Diagnosis.HeavyChain == HeavyChain.Unknown ? null : typed,
                LightChainSource = _patient.Diagnosis.LightChain == LightChain.Unknown ? null : dice.Chance(90) ? typed : Source("light-chain"),
                PlasmacytomaSources = _patient.Diagnosis.Plasmacytoma ? [condition] : [],
            },
        };
        if (dice.Chance(8))
            _patient = _patient with { Diagnosis = _patient.Diagnosis with { Date = null, DateSource = null } };
        if (dice.Chance(70))
            AtDiagnosis(condition);
        if (dice.Chance(50))
            Blood();
        if (dice.Chance(25))
            Transplant();
        if (dice.Chance(40))
            Stated();
        if (dice.Chance(25))
            Residual();
        if (dice.Chance(30))
            Repeated();
        if (dice.Chance(15))
            Death();
        if (dice.Chance(20))
            OneReport();
        return _patient;
    }

    private void AtDiagnosis(SourceId condition)
    {
        var day = _patient.Diagnosis.Date ?? FirstDose;
        List<Measurement> values = [];
        foreach (var (marker, low, high) in new[] { (Marker.Beta2Microglobulin, 2m, 8m), (Marker.Albumin, 2.5m, 4.5m), (Marker.Ldh, 120m, 400m), (Marker.Creatinine, 0.6m, 2m) })
        {
            if (dice.Chance(85))
                values.Add(Value(marker, dice.Amount(low, high, 1), Later(day, dice.Roll(-5, 5))) with { ReferenceHigh = marker == Marker.Ldh ? 250 : null });
            if (dice.Chance(10))
                values.Add(Value(marker, dice.Amount(low, high, 1), Later(day, dice.Roll(-5, 5))) with { ReferenceHigh = marker == Marker.Ldh ? 250 : null });
        }

        List<CytogeneticFinding> findings = [];
        var report = Source("fish");
        foreach (var abnormality in Enum.GetValues<Abnormality>())
        {
            if (dice.Chance(40))
                findings.Add(new(abnormality, Tri.Of(dice.Chance(25)), dice.Chance(30) ? Reading.Exact(dice.Roll(5, 80)) : null, Later(day, 2), dice.Chance(60) ? report : Source("probe")));
        }

        List<StatedStage> stages = [];
        foreach (var system in Enum.GetValues<StagingSystem>())
        {
            if (dice.Chance(30))
                stages.Add(new(system, dice.Roll(1, 3), day, dice.Chance(50) ? condition : Source("stage")));
        }

        _patient = _patient with
        {
            Measurements = [.. _patient.Measurements, .. values],
            Diagnosis = _patient.Diagnosis with
            {
                Cytogenetics = [.. findings],
                CytogeneticReports = dice.Chance(40) ? [new(Later(day, 2), report)] : [],
                StatedStages = [.. stages],
            },
        };
    }

    private void Blood()
    {
        List<Measurement> values = [];
        for (var day = FirstDose.First.AddDays(-10); day <= Last.First; day = day.AddDays(dice.Roll(20, 90)))
        {
            var on = ClinicalDate.Of(day);
            values.Add(Value(Marker.Hemoglobin, dice.Amount(8, 14, 1), on));
            values.Add(Value(Marker.Creatinine, dice.Amount(0.6m, 3.5m, 1), on));
            values.Add(Value(dice.Chance(90) ? Marker.Calcium : Marker.CalciumCorrected, dice.Amount(8, 12, 1), on));
            if (dice.Chance(10))
                values.Add(Value(Marker.IgA, dice.Roll(20, 900), on));
            if (dice.Chance(8))
                values.Add(Value(Marker.CirculatingPlasmaCells, dice.Roll(0, 600), on));
        }

        _patient = _patient with { Measurements = [.. _patient.Measurements, .. values] };
    }

    private void Transplant()
    {
        var day = Later(FirstDose, dice.Roll(70, 200));
        List<TherapyProcedure> procedures = [new(TherapyProcedureKind.AutologousTransplant, day, Source("transplant"))];
        if (dice.Chance(20))
            procedures.Add(new(TherapyProcedureKind.AutologousTransplant, Later(day, dice.Roll(3, 200)), Source("transplant")) { PlannedTandem = dice.Chance(50) });
        if (dice.Chance(30))
            procedures.Add(new(TherapyProcedureKind.Apheresis, Later(day, -20), Source("apheresis")));
        List<DrugExposure> doses = [];
        if (dice.Chance(60))
            doses.Add(Dose(Drug.Melphalan, Later(day, -1)) with { Intravenous = true });
        if (dice.Chance(60))
        {
            for (var at = dice.Roll(60, 150); at < 400; at += 28)
                doses.Add(Dose(Drug.Lenalidomide, Later(day, at)));
        }

        _patient = _patient with
        {
            Procedures = [.. procedures],
            Drugs = [.. _patient.Drugs, .. doses],
            Plans = dice.Chance(20) ? [new([Drug.Lenalidomide], dice.Chance(50), Later(FirstDose, dice.Roll(-10, 60)), Source("plan"))] : [],
        };
    }

    private void Stated()
    {
        List<StatedResponse> responses = [];
        for (var i = dice.Roll(1, 3); i > 0; i--)
        {
            var day = Later(FirstDose, dice.Roll(0, 700));
            responses.Add(new(dice.Pick(Enum.GetValues<ResponseLevel>()), dice.Chance(90) ? day : null, Source("stated")));
        }

        _patient = _patient with
        {
            StatedResponses = [.. responses.GroupBy(one => one.Date).SelectMany(same => same.DistinctBy(one => one.Level).Select((one, order) => one with { Order = order }))],
            StatedProgressions = dice.Chance(20) ? [new(Later(FirstDose, dice.Roll(30, 600)), Source("relapse"))] : [],
            StatedRefractoriness = dice.Chance(20) ? [new(dice.Pick(Drug.Lenalidomide, Drug.Daratumumab, Drug.Bortezomib), Later(FirstDose, dice.Roll(30, 600)), Source("refractory"))] : [],
            DocumentedCycles = dice.Chance(20) ? [new(dice.Roll(1, 9), Later(FirstDose, dice.Roll(0, 400)), Source("cycles"))] : [],
            StatedLines = dice.Chance(5) ? [new(1, FirstDose, null, Source("line")), new(2, Later(FirstDose, dice.Roll(100, 300)), null, Source("line"))] : [],
        };
    }

    private void Residual()
    {
        List<MrdResult> results = [];
        for (var i = dice.Roll(1, 3); i > 0; i--)
        {
            var day = dice.Chance(70) && _patient.Clonality.Length > 0 ? dice.Pick(_patient.Clonality.AsSpan()).Date : Later(FirstDose, dice.Roll(60, 600));
            results.Add(new(Tri.Of(dice.Chance(80)), dice.Pick(MrdMethod.Flow, MrdMethod.Sequencing, MrdMethod.Imaging), dice.Pick(0.00001m, 0.000001m, 0.0001m), day, Source("mrd")));
        }

        _patient = _patient with { Mrd = [.. results] };
    }

    /// <summary>A dose that a second resource reports, one of unknown status, orders.</summary>
    private void Repeated()
    {
        List<DrugExposure> more = [];
        foreach (var dose in _patient.Drugs)
        {
            if (dice.Chance(10))
                more.Add(dose with { Source = Source("dose-again"), Status = dice.Chance(10) ? ExposureStatus.Aborted : ExposureStatus.Counted });
            if (dice.Chance(2))
                more.Add(dose with { Source = Source("dose-unknown"), Status = ExposureStatus.Unknown, Start = Later(dose.Start!.Value, dice.Roll(1, 40)) });
            if (dice.Chance(5))
                more.Add(dose with { Source = Source("order"), Evidence = ExposureEvidence.Order, End = Later(dose.Start!.Value, 28) });
        }

        if (dice.Chance(15))
            more.Add(new() { Drug = dice.Pick(Drug.Isatuximab, Drug.Ixazomib), Evidence = ExposureEvidence.Order, Start = Later(Last, -40), End = Last, Source = Source("order") });
        if (dice.Chance(15))
            more.Add(new() { Drug = Drug.Pomalidomide, Evidence = ExposureEvidence.Statement, Start = Later(Last, -60), IsOpenPeriod = true, Source = Source("statement") });
        _patient = _patient with { Drugs = [.. _patient.Drugs, .. more] };
    }

    private void Death()
    {
        var day = Later(Last, dice.Roll(1, 60));
        SourceId? cause = dice.Chance(60) ? Source("cause") : null;
        var own = dice.Chance(50) ? (SourceId?)null : Source("death");
        _patient = _patient with
        {
            Death = day,
            DeathSource = own,
            DeathDueToMyeloma = cause is not null,
            DeathCauseSource = cause,
            DeathSources = [.. new[] { own, cause }.OfType<SourceId>()],
        };
    }

    /// <summary>One report that states both light chains, or serum and urine, of a day.</summary>
    private void OneReport() => _patient = _patient with
    {
        Measurements = [.. _patient.Measurements.Select(value => value with { Source = new("report/" + value.Date.Text + (value.Status == ResultStatus.Final ? "" : "p")) })],
    };

    private Measurement Value(Marker marker, decimal value, ClinicalDate date) => new() { Marker = marker, Value = Reading.Exact(value), Date = date, Source = Source(marker.ToString()) };

    private DrugExposure Dose(Drug drug, ClinicalDate date) => new() { Drug = drug, Evidence = ExposureEvidence.Administration, Start = date, Source = Source("dose") };

    private SourceId Source(string name) => new(string.Create(CultureInfo.InvariantCulture, $"{name}/r{++_sources:0000}"));

    private static ClinicalDate Later(ClinicalDate date, int days) => ClinicalDate.Of(date.First.AddDays(days));
}
