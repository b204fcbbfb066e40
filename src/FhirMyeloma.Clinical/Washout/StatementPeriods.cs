using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Washout;

/// <summary>
/// What a statement's period says about single doses (a.10, R-WO-5). A closed period ends with the last dose. One that reaches past the first dose of the other
/// antibody leaves open when the last dose before it was: any day from the start of the period to that dose.
/// </summary>
internal static class StatementPeriods
{
    /// <summary>Replaces the end of every period that the other antibody's first dose interrupts by the days on which the last dose before it can lie.</summary>
    public static ImmutableArray<ExposureDay> Narrow(ImmutableArray<ExposureDay> doses) =>
        [.. doses.Where(d => !IsEndPast(d, doses)).Select(d => Interrupting(d, doses) is { } other ? Until(d, other) : d)];

    /// <summary>True for a dose that <see cref="Narrow"/> widened to a range up to the other antibody's first dose.</summary>
    public static bool ReachesPast(ExposureDay dose, ImmutableArray<ExposureDay> doses) =>
        dose.IsPeriodStart && !doses.Contains(dose);

    private static ExposureDay Until(ExposureDay start, ExposureDay other) => start with
    {
        Date = new ClinicalDate(start.Date.First, other.Date.Last, start.Date.Text),
        IsPeriodEnd = true,
    };

    /// <summary>The other antibody's first dose inside the closed period that begins with <paramref name="start"/>.</summary>
    private static ExposureDay? Interrupting(ExposureDay start, ImmutableArray<ExposureDay> doses) =>
        start is { Evidence: not ExposureEvidence.Administration, IsPeriodStart: true, IsPeriodEnd: false, IsOpen: false }
            && EndOf(start, doses) is { } end
            && FirstOther(start, doses) is { } other
            && start.Date.First <= other.Date.Last
            && end.Date.Last > other.Date.Last
                ? other
                : null;

    private static bool IsEndPast(ExposureDay day, ImmutableArray<ExposureDay> doses) =>
        day is { IsPeriodEnd: true, IsPeriodStart: false }
        && doses.Any(start => start.IsPeriodStart && start.Source == day.Source && start.Drug == day.Drug && Interrupting(start, doses) is not null);

    private static ExposureDay? EndOf(ExposureDay start, ImmutableArray<ExposureDay> doses) =>
        doses.FirstOrDefault(d => d.IsPeriodEnd && d.Source == start.Source && d.Drug == start.Drug && d != start);

    private static ExposureDay? FirstOther(ExposureDay start, ImmutableArray<ExposureDay> doses) =>
        doses.Where(d => d.Drug != start.Drug && d.Date.Last >= start.Date.First).MinBy(d => d.Date.Last);
}
