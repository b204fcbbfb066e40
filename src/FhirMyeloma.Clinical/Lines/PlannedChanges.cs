using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>What says that a change was planned.</summary>
internal enum PlannedBy
{
    /// <summary>Nothing.</summary>
    Nothing,
    /// <summary>Induction, transplant, consolidation, maintenance.</summary>
    Template,
    /// <summary>A plan that was written while the line was under way.</summary>
    LaterPlan,
    /// <summary>A plan that was written when the line began; a poor response does not undo it.</summary>
    FirstPlan,
}

/// <summary>Which changes of treatment belong to a planned sequence (d.1, conditions ii and iii).</summary>
internal sealed class PlannedChanges(MyelomaCase patient, LinePolicy policy, Course course)
{
    /// <summary>Drugs that maintenance after a transplant is made of, alone or with lenalidomide (d.1).</summary>
    private static readonly DrugSet MaintenanceDrugs =
        [Drug.Lenalidomide, Drug.Bortezomib, Drug.Ixazomib, Drug.Daratumumab, Drug.Isatuximab, Drug.Carfilzomib];

    /// <summary>One of the maintenance drugs alone or with lenalidomide.</summary>
    public static bool IsMaintenance(DrugSet drugs) =>
        !drugs.IsEmpty && MaintenanceDrugs.ContainsAll(drugs) && drugs.Without(Drug.Lenalidomide).Count <= 1;

    /// <summary>
    /// Maintenance drugs from that day on. A steroid beside an antibody may be its premedication; beside other drugs it makes them a regimen of treatment
    /// (KRd, Rd), not maintenance.
    /// </summary>
    public bool IsMaintenanceFrom(ClinicalDate day, DrugSet drugs) =>
        IsMaintenance(drugs)
        && (drugs.Overlaps(Drugs.AntiCd38) || !course.HasSteroidFrom(day));

    /// <summary>Does a template or a plan foresee the change?</summary>
    public PlannedBy By(LineDraft current, DrugSet next, ClinicalDate start)
    {
        if (ByPlan(current, next, start) is not PlannedBy.Nothing and var plan)
            return plan;
        return current.Transplants.Count > 0 && IsMaintenanceFrom(start, next) && !IsLate(current, start) && !HasBegunMaintenance(current, start)
            ? PlannedBy.Template
            : PlannedBy.Nothing;
    }

    /// <summary>
    /// The template holds one maintenance: its drugs begin within one window. Another drug later, added to it or in its place, was not planned (R-LOT-4).
    /// </summary>
    public bool HasBegunMaintenance(LineDraft current, ClinicalDate change)
    {
        var transplant = current.Transplants[^1].Date;
        return current.Doses.Any(dose => dose.Role == DoseRole.Regimen && dose.Dose.Start > transplant
            && !course.StartsInWindow(change, dose.Dose.Start)
            && course.ActiveFrom(dose.Dose.Start) is var drugs && IsMaintenanceFrom(dose.Dose.Start, drugs) && drugs != current.Induction);
    }

    /// <summary>Does a plan of this line, written before the change, name what is new?</summary>
    public PlannedBy ByPlan(LineDraft current, DrugSet next, ClinicalDate start)
    {
        PlannedTherapy[] plans = [.. Plans(current, next, start)];
        return plans.Length == 0 ? PlannedBy.Nothing
            : plans.Any(plan => plan.Start is not { } written || course.StartsInWindow(written, current.First)) ? PlannedBy.FirstPlan
            : PlannedBy.LaterPlan;
    }

    /// <summary>The plan that decided; none where the template did.</summary>
    public IEnumerable<SourceId> SourcesOf(LineDraft current, DrugSet next, ClinicalDate start) =>
        Plans(current, next, start).Select(plan => plan.Source).Order().Take(1);

    /// <summary>Treatment paused for so long that maintenance can hardly have been part of the sequence (R-LOT-8).</summary>
    public bool IsLate(LineDraft current, ClinicalDate start) =>
        !current.GoesOn && DaySpan.Between(current.LastTreatment, start).Min > policy.MaintenanceWithinDays;

    /// <summary>
    /// Fewer drugs of the line, of the kind that maintenance is made of, for the first time after a transplant. The whole regimen resumed is the same line
    /// whatever the gap (R-LOT-6).
    /// </summary>
    public bool IsMaintenanceAfterPause(LineDraft current, ClinicalDate date)
    {
        if (current.Transplants.Count == 0 || current.LastRegimen > current.Transplants[^1].Date)
            return false;
        var next = course.ActiveFrom(date);
        return IsMaintenanceFrom(date, next) && next.Count < current.Drugs.Count;
    }

    /// <summary>The plan of this line, written before the second transplant, that foresees it (R-LOT-5).</summary>
    public SourceId? TandemPlan(LineDraft current, ClinicalDate second) => patient.Plans
        .Where(plan => plan.Tandem && BelongsTo(plan, current, second))
        .Select(plan => (SourceId?)plan.Source).Order().FirstOrDefault();

    private IEnumerable<PlannedTherapy> Plans(LineDraft current, DrugSet next, ClinicalDate start)
    {
        var added = next - current.Drugs;
        return added.IsEmpty ? [] : patient.Plans.Where(plan => added.All(plan.Drugs.Contains) && BelongsTo(plan, current, start));
    }

    /// <summary>Written before the change and not long before the line; without a date, naming what the line already holds.</summary>
    private bool BelongsTo(PlannedTherapy plan, LineDraft current, ClinicalDate change) => plan.Start is { } written
        ? written < change && DaySpan.Between(written, current.First).Min <= policy.PlanBeforeLineDays
        : plan.Drugs.IsEmpty || plan.Drugs.Any(drug => current.Drugs.Contains(drug));
}
