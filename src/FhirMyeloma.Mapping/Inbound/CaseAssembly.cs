using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>From the facts of a patient to the case: what needs more than one resource to say. Lists are sorted, so that the order of the entries leaves no trace.</summary>
internal static class CaseAssembly
{
    public static MyelomaCase Assemble(Intake intake, CaseDraft draft)
    {
        var patient = draft.Patient;
        return new()
        {
            PatientKey = draft.Key,
            Birth = Dates.Of(patient["birthDate"]),
            Sex = patient["gender"].Text,
            Death = draft.Death,
            DeathDueToMyeloma = draft.IsDead && draft.CauseIsMyeloma,
            DeathSources = draft.IsDead ? [.. draft.DeathSources.Distinct().Order()] : [],
            LastContact = draft.LastContact,
            AsOf = intake.Bundle.Timestamp?.Last,
            Center = Centres.Name(intake, patient["managingOrganization"]) ?? (draft.Performers.Count == 1 ? draft.Performers.Min : null),
            HasMyelomaEvidence = HasEvidence(draft),
            Diagnosis = Diagnose(intake, draft),
            Measurements = [.. draft.Measurements
                .Select(measurement => draft.Spurious.Contains(measurement.Source) ? measurement with { Spurious = true } : measurement)
                .OrderBy(measurement => measurement.Date).ThenBy(measurement => measurement.Marker).ThenBy(measurement => measurement.Source).ThenBy(measurement => measurement.Band).ThenBy(measurement => measurement.Value.Low)],
            Immunofixations = [.. draft.Immunofixations.OrderBy(result => result.Date).ThenBy(result => result.Source)],
            Clonality = [.. draft.Clonality.OrderBy(result => result.Date).ThenBy(result => result.Source)],
            Lesions = [.. draft.Lesions.OrderBy(finding => finding.Date).ThenBy(finding => finding.Source).ThenBy(finding => finding.Measure)],
            DrugBandAssays = [.. draft.DrugBandAssays.OrderBy(assay => assay.Date).ThenBy(assay => assay.Source)],
            Mrd = [.. draft.Mrd.OrderBy(result => result.Date).ThenBy(result => result.Source)],
            Drugs = [.. draft.Drugs.OrderBy(exposure => exposure.Start ?? exposure.End).ThenBy(exposure => exposure.Drug).ThenBy(exposure => exposure.Source)],
            Procedures = [.. draft.Procedures.OrderBy(procedure => procedure.Date).ThenBy(procedure => procedure.Source)],
            Plans = [.. draft.Plans.OrderBy(plan => plan.Start).ThenBy(plan => plan.Source)],
            StatedResponses = Responses(draft),
            DocumentedCycles = [.. draft.Cycles.OrderBy(cycles => cycles.Date).ThenBy(cycles => cycles.Source)],
            StatedLines = [.. draft.Lines.OrderBy(line => line.Start).ThenBy(line => line.Source)],
            StatedRefractoriness = [.. draft.Refractoriness.Distinct().OrderBy(stated => stated.Date).ThenBy(stated => stated.Drug).ThenBy(stated => stated.Source)],
            StatedProgressions = [.. draft.Progressions.Distinct().OrderBy(stated => stated.Date).ThenBy(stated => stated.Source)],
        };
    }

    /// <summary>
    /// A plasma-cell diagnosis, a drug that is given for myeloma alone (a steroid, cyclophosphamide or thalidomide is not), or a result of M-protein, light chain or
    /// immunofixation (contract section 3). Chemotherapy that every oncologist uses, and what goes with a transplant, prove nothing.
    /// </summary>
    private static bool HasEvidence(CaseDraft draft) =>
        draft.Conditions.Count > 0 || draft.HasMarkerResult
        || draft.Drugs.Exists(exposure => IsSpecific(exposure.Drug)) || draft.Plans.Exists(plan => plan.Drugs.Any(IsSpecific));

    private static bool IsSpecific(Drug drug) => drug switch
    {
        Drug.Dexamethasone or Drug.Prednisone or Drug.Methylprednisolone or Drug.Cyclophosphamide or Drug.Thalidomide => false,
        Drug.Bendamustine or Drug.Doxorubicin or Drug.Etoposide or Drug.Cisplatin or Drug.Vincristine or Drug.Fludarabine => false,
        Drug.Filgrastim or Drug.Plerixafor => false,
        Drug.Daratumumab or Drug.Isatuximab or Drug.Elotuzumab or Drug.BelantamabMafodotin or Drug.OtherAntiCd38 => true,
        Drug.Teclistamab or Drug.Talquetamab or Drug.Elranatamab or Drug.Linvoseltamab or Drug.CiltaCel or Drug.IdeCel => true,
        Drug.Bortezomib or Drug.Carfilzomib or Drug.Ixazomib or Drug.Lenalidomide or Drug.Pomalidomide => true,
        Drug.Melphalan or Drug.Venetoclax or Drug.Selinexor or Drug.Panobinostat => true,
    };

    private static Diagnosis Diagnose(Intake intake, CaseDraft draft)
    {
        var stating = draft.Conditions.FindAll(condition => condition.Kind is ConditionKind.Myeloma or ConditionKind.PlasmaCellLeukaemia);
        var date = stating.Where(condition => !condition.IsRelapse && condition.Date is not null).Select(condition => condition.Date).Min();
        var (heavy, light, sources) = Clone(intake, draft);
        return new()
        {
            Date = date,
            Sources = [.. stating.Select(condition => condition.Source).Distinct().Order()],
            HeavyChain = heavy,
            LightChain = light,
            CloneSources = sources,
            Plasmacytoma = draft.HasPlasmacytoma || draft.PlasmacytomaDates.Exists(seen => AtDiagnosis(seen, date)),
            StatedStages = [.. draft.Stages.Distinct().OrderBy(stage => stage.System).ThenBy(stage => stage.Date).ThenBy(stage => stage.Source).ThenBy(stage => stage.Stage)],
            Cytogenetics = [.. draft.Cytogenetics.Distinct().OrderBy(finding => finding.Abnormality).ThenBy(finding => finding.Date).ThenBy(finding => finding.Source)],
            CytogeneticReports = [.. draft.CytogeneticReports.Distinct().OrderBy(report => report.Date).ThenBy(report => report.Source)],
        };
    }

    // The window of f.1 for what belongs to the diagnosis.
    private static bool AtDiagnosis(ClinicalDate seen, ClinicalDate? diagnosis) =>
        diagnosis is { } known && seen.First.DayNumber >= known.First.DayNumber - 60 && seen.Last.DayNumber <= known.Last.DayNumber + 14;

    /// <summary>The clone as stated, else as the first serum immunofixation before any anti-CD38 antibody types it; contradicting statements type nothing.</summary>
    private static (HeavyChain, LightChain, ImmutableArray<SourceId>) Clone(Intake intake, CaseDraft draft)
    {
        var rank = draft.Isotypes.Exists(stated => stated.InCondition);
        var stated = draft.Isotypes.FindAll(isotype => isotype.InCondition == rank);
        var heavies = stated.Select(isotype => isotype.Isotype.Heavy).Where(heavy => heavy != HeavyChain.Unknown).Distinct().ToList();
        var lights = stated.Select(isotype => isotype.Isotype.Light).Where(light => light != LightChain.Unknown).Distinct().ToList();
        if (heavies.Count > 1 || lights.Count > 1 || stated.Exists(isotype => isotype.Isotype.Several))
        {
            foreach (var at in stated)
                intake.Warn(MappingIssues.CloneContradictory, IssueType.Conflict, "The clone is stated in more than one way; it is taken as not typed.", at.At);
            return (HeavyChain.Unknown, LightChain.Unknown, []);
        }
        var heavy = heavies.Count == 1 ? heavies[0] : HeavyChain.Unknown;
        var light = lights.Count == 1 ? lights[0] : LightChain.Unknown;
        List<SourceId> sources = [.. stated.Select(isotype => isotype.Source)];
        if ((heavy == HeavyChain.Unknown || light == LightChain.Unknown) && heavy != HeavyChain.NonSecretory
            && Typing(draft) is { } typing && Agree(heavy, typing.BandHeavyChain) && Agree(light, typing.BandLightChain))
        {
            heavy = heavy == HeavyChain.Unknown ? typing.BandHeavyChain : heavy;
            light = light == LightChain.Unknown ? typing.BandLightChain : light;
            sources.Add(typing.Source);
        }
        return (heavy, light, [.. sources.Distinct().Order()]);
    }

    private static bool Agree<T>(T stated, T typed) where T : struct, Enum =>
        EqualityComparer<T>.Default.Equals(stated, default) || EqualityComparer<T>.Default.Equals(typed, default) || EqualityComparer<T>.Default.Equals(stated, typed);

    private static Immunofixation? Typing(CaseDraft draft)
    {
        var antibody = draft.Drugs.Where(exposure => exposure.Drug is Drug.Daratumumab or Drug.Isatuximab or Drug.OtherAntiCd38 && exposure.Evidence != ExposureEvidence.Order)
            .Select(exposure => exposure.Start ?? exposure.End).Min();
        var typed = draft.Immunofixations
            .Where(result => result.Positive.IsMet && result.Sample == ImmunofixationSample.Serum && (result.BandHeavyChain != HeavyChain.Unknown || result.BandLightChain != LightChain.Unknown))
            .Where(result => antibody is not { } first || result.Date.IsOnOrBefore(first).IsMet)
            .OrderBy(result => result.Date).ThenBy(result => result.Source).ToList();
        if (typed.Count == 0)
            return null;
        var sameDay = typed.FindAll(result => result.Date == typed[0].Date);
        return sameDay.TrueForAll(result => result.BandHeavyChain == typed[0].BandHeavyChain && result.BandLightChain == typed[0].BandLightChain) ? typed[0] : null;
    }

    // Two resources that state the same of one date are one statement.
    private static ImmutableArray<StatedResponse> Responses(CaseDraft draft) =>
    [
        .. draft.Responses
            .GroupBy(response => response.Date)
            .OrderBy(group => group.Key)
            .SelectMany(group => group.OrderBy(response => response.Source).DistinctBy(response => response.Level).Select((response, order) => response with { Order = order })),
    ];
}
