using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Washout;

/// <summary>
/// What a statement's period says about single doses (a.10, R-WO-5). A closed period ends with the last dose. One that reaches past the first dose of the other
/// antibody leaves open when the last dose before it was: any day from the start of the period to that dose. An open one hides the last dose.
/// </summary>
internal static class StatementPeriods
{
    /// <summary>Replaces the end of every period that the other antibody's first dose interrupts by the days on which the last dose before it can lie.</summary>
    public static ImmutableArray<ExposureDay> Narrow(MyelomaCase patient, ImmutableArray<ExposureDay> doses)
    {
        ImmutableArray<DrugExposure> interrupted =
            [.. patient.Drugs.Where(period => Decides(period, doses) && FirstOther(period, doses) is { } other && period.End?.Last > other.Date.Last)];
        return
        [
            .. doses.Where(day => !interrupted.Any(period => period.Source == day.Source && period.Drug == day.Drug && period.End == day.Date)),
            .. interrupted.Select(period => UpToOther(period, FirstOther(period, doses)!)),
        ];
    }

    /// <summary>True for a dose that <see cref="Narrow"/> made of a period: a range up to the other antibody's first dose.</summary>
    public static bool ReachesPast(ExposureDay dose, ImmutableArray<ExposureDay> doses) => !doses.Contains(dose);

    /// <summary>
    /// The first day of a statement's open period that began on or before <paramref name="day"/>: what hides the last dose. A closed period that began with it
    /// restates it and says when it ended.
    /// </summary>
    public static ExposureDay? Open(MyelomaCase patient, Drug drug, DateOnly day, ImmutableArray<ExposureDay> doses) =>
        patient.Drugs
            .Where(period => period is { Evidence: ExposureEvidence.Statement, IsOpenPeriod: true, Start: { } start } && start.First <= day && period.Drug == drug)
            .Where(period => Decides(period, doses) && !patient.Drugs.Any(closed => closed.End is not null && closed.Drug == drug && closed.Start == period.Start && Decides(closed, doses)))
            .OrderByDescending(period => period.Start).ThenBy(period => period.Source)
            .Select(period => Day(period, period.Start!.Value))
            .FirstOrDefault();

    private static ExposureDay UpToOther(DrugExposure period, ExposureDay other) =>
        Day(period, new ClinicalDate(period.Start!.Value.First, other.Date.Last, period.Start.Value.Text)) with { IsPeriodEnd = true };

    private static ExposureDay Day(DrugExposure period, ClinicalDate date) => new(
        period.Drug, date, period.Evidence, period.Status, period.Source, period.Intent, period.Intravenous, IsPeriodStart: true, IsPeriodEnd: false, IsOpen: period.IsOpenPeriod);

    /// <summary>A period with a start whose kind of evidence gives the doses of its drug.</summary>
    private static bool Decides(DrugExposure period, ImmutableArray<ExposureDay> doses) =>
        period is { Evidence: not ExposureEvidence.Administration, Status: not ExposureStatus.Unknown, Start: not null }
        && doses.Any(day => day.Drug == period.Drug && day.Evidence == period.Evidence);

    private static ExposureDay? FirstOther(DrugExposure period, ImmutableArray<ExposureDay> doses) =>
        doses.Where(day => day.Drug != period.Drug && day.Date.Last >= period.Start!.Value.First).MinBy(day => day.Date.Last);
}
