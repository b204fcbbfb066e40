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
        UrineConcentrations.Join(intake, draft);
        if (draft.Conditions.Count == 0 && draft.Visits.MinBy(visit => visit.Source) is { } visit)
            draft.Conditions.Add(visit);
        return new()
        {
            PatientKey = draft.Key,
            Birth = Dates.Of(patient["birthDate"]),
            Sex = patient["gender"].Text,
            Death = draft.Death,
            DeathDueToMyeloma = draft.IsDead && draft.CauseIsMyeloma,
            DeathSources = draft.IsDead ? [.. draft.DeathSources.Distinct().Order()] : [],
            DeathSource = draft.DeathSource,
            DeathCauseSource = draft.CauseSources.Count > 0 ? draft.CauseSources.Min : null,
            LastContact = draft.LastContact,
            LastContactSources = draft.LastContactSource is { } contact ? [contact] : [],
            AsOf = intake.Bundle.Timestamp?.Last,
            Center = Centres.Name(intake, patient["managingOrganization"]) ?? (draft.Performers.Count == 1 ? draft.Performers.Min : null),
            HasMyelomaEvidence = HasEvidence(draft),
            MyelomaEvidenceSource = EvidenceSource(draft),
            Diagnosis = Diagnose(intake, draft),
            Measurements = [.. draft.Measurements
                .Select(measurement => draft.Spurious.TryGetValue(measurement.Source, out var said)
                    ? measurement with { Spurious = true, SpuriousSource = said == measurement.Source ? null : said } : measurement)
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
            StatedWashouts = [.. draft.Washouts.OrderBy(washout => washout.Date).ThenBy(washout => washout.Source)],
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
        || draft.Drugs.Exists(exposure => exposure.Drug.IsSpecific()) || draft.Plans.Exists(plan => plan.Drugs.Any(drug => drug.IsSpecific()));

    private static SourceId? EvidenceSource(CaseDraft draft) =>
        draft.Conditions.Count > 0 ? draft.Conditions.OrderBy(condition => condition.Date is null).ThenBy(condition => condition.Date).ThenBy(condition => condition.Source).First().Source
        : draft.MarkerSource;

    private static Diagnosis Diagnose(Intake intake, CaseDraft draft)
    {
        var stating = draft.Conditions.FindAll(condition => condition.Kind is ConditionKind.Myeloma or ConditionKind.PlasmaCellLeukaemia);
        var first = stating.Where(condition => !condition.IsRelapse && condition.Date is not null).OrderBy(condition => condition.Date).ThenBy(condition => condition.Source).FirstOrDefault();
        var date = first?.Date;
        var (heavy, light) = Clone(intake, draft);
        var plasmacytoma = draft.PlasmacytomaSources.Count > 0 ? [draft.PlasmacytomaSources.Min]
            : draft.PlasmacytomaDates.Where(seen => AtDiagnosis(seen.Date, date)).Select(seen => (SourceId?)seen.Source).Min() is { } seen ? [seen, first!.Source]
            : ImmutableArray<SourceId>.Empty;
        return new()
        {
            Date = date,
            DateSource = first?.Source,
            Sources = [.. stating.Select(condition => condition.Source).Distinct().Order()],
            HeavyChain = heavy.Chain,
            HeavyChainSource = heavy.Source,
            LightChain = light.Chain,
            LightChainSource = light.Source,
            Plasmacytoma = !plasmacytoma.IsEmpty,
            PlasmacytomaSources = plasmacytoma,
            StatedStages = [.. draft.Stages.Distinct().OrderBy(stage => stage.System).ThenBy(stage => stage.Date).ThenBy(stage => stage.Source).ThenBy(stage => stage.Stage)],
            Cytogenetics = [.. draft.Cytogenetics.Distinct().OrderBy(finding => finding.Abnormality).ThenBy(finding => finding.Date).ThenBy(finding => finding.Source)],
            CytogeneticReports = [.. draft.CytogeneticReports.Distinct().OrderBy(report => report.Date).ThenBy(report => report.Source)],
        };
    }

    // The window of f.1 for what belongs to the diagnosis.
    private static bool AtDiagnosis(ClinicalDate seen, ClinicalDate? diagnosis) =>
        diagnosis is { } known && seen.First.DayNumber >= known.First.DayNumber - 60 && seen.Last.DayNumber <= known.Last.DayNumber + 14;

    /// <summary>The clone as stated, else as the first serum immunofixation before any anti-CD38 antibody types it; contradicting statements type nothing.</summary>
    private static ((HeavyChain Chain, SourceId? Source) Heavy, (LightChain Chain, SourceId? Source) Light) Clone(Intake intake, CaseDraft draft)
    {
        var rank = draft.Isotypes.Exists(stated => stated.InCondition);
        var stated = draft.Isotypes.FindAll(isotype => isotype.InCondition == rank);
        var heavies = stated.Select(isotype => isotype.Isotype.Heavy).Where(heavy => heavy != HeavyChain.Unknown).Distinct().ToList();
        var lights = stated.Select(isotype => isotype.Isotype.Light).Where(light => light != LightChain.Unknown).Distinct().ToList();
        if (heavies.Count > 1 || lights.Count > 1 || stated.Exists(isotype => isotype.Isotype.Several))
        {
            foreach (var at in stated)
                intake.Warn(MappingIssues.CloneContradictory, IssueType.Conflict, "The clone is stated in more than one way; it is taken as not typed.", at.At);
            return ((HeavyChain.Unknown, null), (LightChain.Unknown, null));
        }
        var heavy = heavies.Count == 1 ? heavies[0] : HeavyChain.Unknown;
        var light = lights.Count == 1 ? lights[0] : LightChain.Unknown;
        // One resource that states both is cited for both.
        var naming = stated.OrderBy(isotype => isotype.Isotype.Heavy == HeavyChain.Unknown || isotype.Isotype.Light == LightChain.Unknown).ThenBy(isotype => isotype.Source).ToList();
        var ofHeavy = naming.Find(isotype => isotype.Isotype.Heavy != HeavyChain.Unknown)?.Source;
        var ofLight = naming.Find(isotype => isotype.Isotype.Light != LightChain.Unknown)?.Source;
        if ((heavy == HeavyChain.Unknown || light == LightChain.Unknown) && heavy != HeavyChain.NonSecretory
            && Typing(draft) is { } typing && Agree(heavy, typing.BandHeavyChain) && Agree(light, typing.BandLightChain))
        {
            if (heavy == HeavyChain.Unknown && typing.BandHeavyChain != HeavyChain.Unknown)
                (heavy, ofHeavy) = (typing.BandHeavyChain, typing.Source);
            if (light == LightChain.Unknown && typing.BandLightChain != LightChain.Unknown)
                (light, ofLight) = (typing.BandLightChain, typing.Source);
        }
        return ((heavy, ofHeavy), (light, ofLight));
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
