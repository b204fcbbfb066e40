using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>One day on which a drug was given, as far as the evidence goes.</summary>
/// <param name="Drug">Which drug.</param>
/// <param name="Date">The day, as written.</param>
/// <param name="Evidence">Administration, statement or order.</param>
/// <param name="Status">Counted or aborted; unknown only where asked for.</param>
/// <param name="Source">The resource cited for it.</param>
/// <param name="Intent">Purpose, when stated.</param>
/// <param name="Intravenous">Route, when stated.</param>
/// <param name="IsPeriodStart">First day of a statement's or order's period.</param>
/// <param name="IsPeriodEnd">Last day of a closed period.</param>
/// <param name="IsOpen">First day of a period without end.</param>
public sealed record ExposureDay(
    Drug Drug,
    ClinicalDate Date,
    ExposureEvidence Evidence,
    ExposureStatus Status,
    SourceId Source,
    TherapyIntent Intent,
    bool? Intravenous,
    bool IsPeriodStart,
    bool IsPeriodEnd,
    bool IsOpen);

/// <summary>
/// Exposure days of a patient: one per drug and date (R-WO-7), from administrations where a drug has any that counts, else from statements,
/// else from orders (R-WO-5). Independent of the order of the input.
/// </summary>
public static class ExposureDays
{
    /// <summary>All days that count, by date, then drug.</summary>
    public static ImmutableArray<ExposureDay> Of(MyelomaCase patient)
    {
        ArgumentNullException.ThrowIfNull(patient);
        return
        [
            .. patient.Drugs
                .GroupBy(exposure => exposure.Drug)
                .SelectMany(ofDrug => Days(Strongest(ofDrug.Where(e => e.Status != ExposureStatus.Unknown))))
                .OrderBy(day => day.Date).ThenBy(day => day.Drug),
        ];
    }

    /// <summary>The days of administrations whose status is unknown (R-WO-4): they do not count, but may make a washout a range.</summary>
    public static ImmutableArray<ExposureDay> OfUnknownStatus(MyelomaCase patient)
    {
        ArgumentNullException.ThrowIfNull(patient);
        return
        [
            .. patient.Drugs
                .Where(e => e is { Status: ExposureStatus.Unknown, Evidence: ExposureEvidence.Administration })
                .GroupBy(exposure => exposure.Drug)
                .SelectMany(Days)
                .OrderBy(day => day.Date).ThenBy(day => day.Drug),
        ];
    }

    /// <summary>The exposures of the strongest kind present; weaker ones do not change the dates.</summary>
    private static IEnumerable<DrugExposure> Strongest(IEnumerable<DrugExposure> ofDrug)
    {
        DrugExposure[] all = [.. ofDrug];
        if (all.Length == 0)
            return all;
        var strongest = all.Min(exposure => exposure.Evidence);
        return all.Where(exposure => exposure.Evidence == strongest);
    }

    private static IEnumerable<ExposureDay> Days(IEnumerable<DrugExposure> exposures) =>
        exposures.SelectMany(DaysOf)
            .GroupBy(day => (day.Drug, day.Date))
            .Select(sameDay => sameDay
                .OrderBy(day => day.Status).ThenBy(day => day.IsOpen).ThenByDescending(day => day.IsPeriodEnd).ThenBy(day => day.Source)
                .First() with
            {
                IsOpen = sameDay.All(day => day.IsOpen),
                Intent = sameDay.Max(day => day.Intent),
            });

    private static IEnumerable<ExposureDay> DaysOf(DrugExposure exposure)
    {
        ExposureDay Day(ClinicalDate date, bool start = false, bool end = false, bool open = false) => new(
            exposure.Drug, date, exposure.Evidence, exposure.Status, exposure.Source, exposure.Intent, exposure.Intravenous, start, end, open);

        switch (exposure)
        {
            case { Evidence: ExposureEvidence.Administration }:
                if ((exposure.Start ?? exposure.End) is { } given)
                    yield return Day(given);
                break;
            case { Start: { } start, End: { } end }:
                yield return Day(start, start: true, end: start == end);
                if (start != end)
                    yield return Day(end, end: true);
                break;
            case { Start: { } start }:
                yield return Day(start, start: exposure.IsOpenPeriod, open: exposure.IsOpenPeriod);
                break;
            case { End: { } end }:
                yield return Day(end, end: true);
                break;
        }
    }
}
