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
        return Days(Counted(patient));
    }

    /// <summary>The days of administrations whose status is unknown (R-WO-4): they do not count, but may make a washout a range.</summary>
    public static ImmutableArray<ExposureDay> OfUnknownStatus(MyelomaCase patient)
    {
        ArgumentNullException.ThrowIfNull(patient);
        return Days(patient.Drugs.Where(e => e is { Status: ExposureStatus.Unknown, Evidence: ExposureEvidence.Administration }));
    }

    /// <summary>The exposures that count: of each drug those of the strongest kind present; weaker ones do not change the dates.</summary>
    internal static IEnumerable<DrugExposure> Counted(MyelomaCase patient)
    {
        const ExposureEvidence none = (ExposureEvidence)int.MaxValue;
        Span<ExposureEvidence> best = stackalloc ExposureEvidence[Drugs.Count];
        best.Fill(none);
        foreach (var exposure in patient.Drugs)
        {
            if (exposure.Status != ExposureStatus.Unknown && exposure.Evidence < best[(int)exposure.Drug])
                best[(int)exposure.Drug] = exposure.Evidence;
        }
        List<DrugExposure> counted = new(patient.Drugs.Length);
        foreach (var exposure in patient.Drugs)
        {
            if (exposure.Status != ExposureStatus.Unknown && exposure.Evidence == best[(int)exposure.Drug])
                counted.Add(exposure);
        }
        return counted;
    }

    /// <summary>One day per drug and date: the surest, then the one that closes a period, then that of the smallest source.</summary>
    private static ImmutableArray<ExposureDay> Days(IEnumerable<DrugExposure> exposures)
    {
        List<ExposureDay> all = [];
        foreach (var exposure in exposures)
            AddDays(exposure, all);
        all.Sort(ByDateThenDrugThenRank);

        var days = ImmutableArray.CreateBuilder<ExposureDay>(all.Count);
        for (var i = 0; i < all.Count;)
        {
            var day = all[i];
            var (intent, isOpen) = (day.Intent, day.IsOpen);
            for (i++; i < all.Count && all[i].Drug == day.Drug && all[i].Date == day.Date; i++)
            {
                isOpen &= all[i].IsOpen;
                intent = all[i].Intent > intent ? all[i].Intent : intent;
            }
            days.Add(intent == day.Intent && isOpen == day.IsOpen ? day : day with { Intent = intent, IsOpen = isOpen });
        }
        return days.DrainToImmutable();
    }

    private static int ByDateThenDrugThenRank(ExposureDay a, ExposureDay b)
    {
        var order = a.Date.CompareTo(b.Date);
        if (order == 0)
            order = ((int)a.Drug).CompareTo((int)b.Drug);
        if (order == 0)
            order = ((int)a.Status).CompareTo((int)b.Status);
        if (order == 0)
            order = a.IsOpen.CompareTo(b.IsOpen);
        if (order == 0)
            order = b.IsPeriodEnd.CompareTo(a.IsPeriodEnd);
        if (order == 0)
            order = a.Source.CompareTo(b.Source);
        return order != 0 ? order : b.IsPeriodStart.CompareTo(a.IsPeriodStart);
    }

    private static void AddDays(DrugExposure exposure, List<ExposureDay> days)
    {
        switch (exposure)
        {
            case { Evidence: ExposureEvidence.Administration }:
                if ((exposure.Start ?? exposure.End) is { } given)
                    days.Add(Day(given));
                break;
            case { Start: { } start, End: { } end }:
                days.Add(Day(start, start: true, end: start == end));
                if (start != end)
                    days.Add(Day(end, end: true));
                break;
            case { Start: { } start }:
                days.Add(Day(start, start: exposure.IsOpenPeriod, open: exposure.IsOpenPeriod));
                break;
            case { End: { } end }:
                days.Add(Day(end, end: true));
                break;
        }

        ExposureDay Day(ClinicalDate date, bool start = false, bool end = false, bool open = false) => new(
            exposure.Drug, date, exposure.Evidence, exposure.Status, exposure.Source, exposure.Intent, exposure.Intravenous, start, end, open);
    }
}
