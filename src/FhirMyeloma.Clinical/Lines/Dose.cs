using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>A dose of one day, or a period of a statement or order from its first to its last day.</summary>
/// <param name="Drug">Which drug.</param>
/// <param name="Start">Day of the dose, or first day of the period.</param>
/// <param name="End">The same day, or the last day known; of an open period the first, for the last is not known.</param>
/// <param name="IsOpen">A period without end: it may go on to the end of the record.</param>
/// <param name="Evidence">Administration, statement or order.</param>
/// <param name="StartSource">Cited for <paramref name="Start"/>.</param>
/// <param name="EndSource">Cited for <paramref name="End"/>.</param>
/// <param name="Intent">Purpose, when stated.</param>
/// <param name="Intravenous">Route, when stated.</param>
internal sealed record Dose(
    Drug Drug,
    ClinicalDate Start,
    ClinicalDate End,
    bool IsOpen,
    ExposureEvidence Evidence,
    SourceId StartSource,
    SourceId EndSource,
    TherapyIntent Intent,
    bool? Intravenous)
{
    /// <summary>True for a period of more than one day.</summary>
    public bool IsPeriod => IsOpen || Start != End;

    /// <summary>Was the drug on board on that day or later (an open period always is)?</summary>
    public bool ReachesTo(ClinicalDate day) => IsOpen || End >= day;
}

/// <summary>The doses of a patient in time order.</summary>
internal static class Doses
{
    /// <summary>Every counted exposure day, the first and last days of one period joined again; by start, then drug, then end.</summary>
    public static ImmutableArray<Dose> Of(MyelomaCase patient) =>
    [
        .. ExposureDays.Of(patient)
            .GroupBy(day => day.Drug)
            .SelectMany(ofDrug => Join([.. ofDrug.OrderBy(day => day.Date)]))
            .OrderBy(dose => dose.Start).ThenBy(dose => dose.Drug).ThenBy(dose => dose.End).ThenBy(dose => dose.StartSource),
    ];

    /// <summary>A period's end belongs to the start of the same source, else to the latest start before it that has none.</summary>
    private static List<Dose> Join(ExposureDay[] days)
    {
        List<Dose> doses = [];
        List<(ExposureDay Day, int Index)> begun = [];
        foreach (var day in days)
        {
            if (day is { IsPeriodEnd: true, IsPeriodStart: false } && begun.Count > 0)
            {
                var at = begun.FindIndex(start => start.Day.Source == day.Source);
                var (start, index) = begun[at < 0 ? begun.Count - 1 : at];
                begun.RemoveAt(at < 0 ? begun.Count - 1 : at);
                doses[index] = doses[index] with { End = day.Date, EndSource = day.Source };
                continue;
            }
            if (day is { IsPeriodStart: true, IsPeriodEnd: false, IsOpen: false })
                begun.Add((day, doses.Count));
            doses.Add(new(day.Drug, day.Date, day.Date, day.IsOpen, day.Evidence, day.Source, day.Source, day.Intent, day.Intravenous));
        }
        return doses;
    }
}
