using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Phases of a planned sequence: induction, transplant, consolidation, maintenance (R-LOT-1).</summary>
internal static class Phases
{
    /// <summary>The phases in time order; none when the line is no sequence.</summary>
    public static ImmutableArray<TherapyPhase> Of(LineDraft draft, IReadOnlyList<RoledDose> doses, DrugSet regimen)
    {
        List<TherapyPhase> phases = [];
        foreach (var transplant in draft.Transplants)
            Add(phases, PhaseKind.Transplant, transplant.Date);
        AddStated(doses, phases);
        if (draft.Transplants.Count > 0)
            AddAroundTransplant(draft, doses, regimen, phases);
        else if (draft.PlannedChange is { } change && !Has(phases, PhaseKind.Maintenance))
            Add(phases, GivenFrom(doses, change).Count <= 2 ? PhaseKind.Maintenance : PhaseKind.Consolidation, change);
        if (phases.Count == 0)
            return [];
        var first = phases.Min(phase => phase.Start);
        if (!Has(phases, PhaseKind.Induction) && doses.Any(dose => dose.Role == DoseRole.Regimen && dose.Dose.Start < first))
            Add(phases, PhaseKind.Induction, draft.First);
        return [.. phases.OrderBy(phase => phase.Start).ThenBy(phase => phase.Phase)];
    }

    private static void AddStated(IReadOnlyList<RoledDose> doses, List<TherapyPhase> phases)
    {
        // By start: the first dose with the purpose is where its phase begins.
        foreach (var dose in doses)
        {
            PhaseKind? stated = dose.Role != DoseRole.Regimen ? null : dose.Dose.Intent switch
            {
                TherapyIntent.Induction => PhaseKind.Induction,
                TherapyIntent.Consolidation => PhaseKind.Consolidation,
                TherapyIntent.Maintenance => PhaseKind.Maintenance,
                TherapyIntent.NotStated or TherapyIntent.Premedication or TherapyIntent.Mobilisation or TherapyIntent.Conditioning
                    or TherapyIntent.Lymphodepletion or TherapyIntent.Bridging => null,
            };
            if (stated is { } phase && !Has(phases, phase))
                Add(phases, phase, dose.Dose.Start);
        }
    }

    /// <summary>
    /// After the last transplant, treatment is maintenance from the day on which only maintenance drugs, fewer than before it, are given to the end;
    /// what precedes that day is consolidation. A stated first day of maintenance stands in its place.
    /// </summary>
    private static void AddAroundTransplant(LineDraft draft, IReadOnlyList<RoledDose> doses, DrugSet regimen, List<TherapyPhase> phases)
    {
        var transplant = draft.Transplants[^1].Date;
        Dose[] after = [.. doses.Where(dose => dose.Role == DoseRole.Regimen && dose.Dose.Start > transplant).Select(dose => dose.Dose)];
        if (after.Length == 0)
            return;
        if (!Has(phases, PhaseKind.Maintenance) && StartOfMaintenance(after, regimen & Drugs.AntiMyeloma) is { } start)
            Add(phases, PhaseKind.Maintenance, start);
        var isMaintenance = phases.Exists(phase => phase.Phase == PhaseKind.Maintenance && phase.Start <= after[0].Start);
        if (!isMaintenance && !Has(phases, PhaseKind.Consolidation))
            Add(phases, PhaseKind.Consolidation, after[0].Start);
    }

    private static ClinicalDate? StartOfMaintenance(Dose[] after, DrugSet induction)
    {
        // Backwards, so that the drugs still to come are known; the days on which they are maintenance only are the last ones.
        DrugSet still = [];
        ClinicalDate? start = null;
        var open = after.Where(dose => dose.IsOpen).Aggregate((DrugSet)[], (set, dose) => set.With(dose.Drug));
        Dose[] byEnd = [.. after.OrderByDescending(dose => dose.End)];
        var ended = 0;
        for (var i = after.Length - 1; i >= 0; i--)
        {
            for (; ended < byEnd.Length && byEnd[ended].End >= after[i].Start; ended++)
                still = still.With(byEnd[ended].Drug);
            if (PlannedChanges.IsMaintenance(still | open) && (still | open) != induction)
                start = after[i].Start;
        }
        return start;
    }

    private static DrugSet GivenFrom(IReadOnlyList<RoledDose> doses, ClinicalDate from) =>
        [.. doses.Where(dose => dose.Role == DoseRole.Regimen && dose.Dose.ReachesTo(from)).Select(dose => dose.Dose.Drug)];

    private static bool Has(List<TherapyPhase> phases, PhaseKind kind) => phases.Exists(phase => phase.Phase == kind);

    private static void Add(List<TherapyPhase> phases, PhaseKind kind, ClinicalDate start) => phases.Add(new(kind, start));
}
