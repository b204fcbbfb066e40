using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Phases of a planned sequence: induction, transplant, consolidation, maintenance (R-LOT-1).</summary>
internal static class Phases
{
    /// <summary>The phases in time order; none when the line is no sequence.</summary>
    public static ImmutableArray<TherapyPhase> Of(LineDraft draft, IReadOnlyList<RoledDose> doses, ImmutableHashSet<Drug> regimen)
    {
        Dose[] treatment = [.. doses.Where(dose => dose.Role == DoseRole.Regimen).Select(dose => dose.Dose)];
        HashSet<TherapyPhase> phases = [.. draft.Transplants.Select(transplant => new TherapyPhase(PhaseKind.Transplant, transplant.Date))];
        AddStated(treatment, phases);
        if (draft.Transplants.Count > 0)
            AddAroundTransplant(draft, treatment, regimen, phases);
        else if (draft.PlannedChange is { } change && !phases.Any(phase => phase.Phase == PhaseKind.Maintenance))
            phases.Add(new(Treats(treatment, change).Count <= 2 ? PhaseKind.Maintenance : PhaseKind.Consolidation, change));
        if (phases.Count > 0 && !phases.Any(phase => phase.Phase == PhaseKind.Induction) && treatment.Any(dose => dose.Start < phases.Min(phase => phase.Start)))
            phases.Add(new(PhaseKind.Induction, draft.First));
        return [.. phases.OrderBy(phase => phase.Start).ThenBy(phase => phase.Phase)];
    }

    private static void AddStated(Dose[] treatment, HashSet<TherapyPhase> phases)
    {
        foreach (var (intent, phase) in new[]
        {
            (TherapyIntent.Induction, PhaseKind.Induction), (TherapyIntent.Consolidation, PhaseKind.Consolidation), (TherapyIntent.Maintenance, PhaseKind.Maintenance),
        })
        {
            var stated = treatment.Where(dose => dose.Intent == intent).Select(dose => (ClinicalDate?)dose.Start).Min();
            if (stated is { } start)
                phases.Add(new(phase, start));
        }
    }

    /// <summary>
    /// After the last transplant, treatment is maintenance from the day on which only maintenance drugs, fewer than before it, are given to the end;
    /// what precedes that day is consolidation.
    /// </summary>
    private static void AddAroundTransplant(LineDraft draft, Dose[] treatment, ImmutableHashSet<Drug> regimen, HashSet<TherapyPhase> phases)
    {
        var transplant = draft.Transplants[^1].Date;
        Dose[] after = [.. treatment.Where(dose => dose.Start > transplant)];
        if (after.Length == 0)
            return;
        var induction = regimen.Where(drug => drug.IsAntiMyeloma()).ToHashSet();
        var maintenance = after.Select(dose => (ClinicalDate?)dose.Start)
            .FirstOrDefault(day => Treats(after, day!.Value) is var drugs && PlannedChanges.IsMaintenance(drugs) && !induction.SetEquals(drugs));
        if (maintenance is { } start && !phases.Any(phase => phase.Phase == PhaseKind.Maintenance))
            phases.Add(new(PhaseKind.Maintenance, start));
        if (maintenance != after[0].Start && !phases.Any(phase => phase.Phase == PhaseKind.Consolidation))
            phases.Add(new(PhaseKind.Consolidation, after[0].Start));
    }

    private static ImmutableHashSet<Drug> Treats(Dose[] doses, ClinicalDate from) =>
        [.. doses.Where(dose => dose.ReachesTo(from)).Select(dose => dose.Drug)];
}
