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
    /// <summary>
    /// Every dose and period that counts, once for each drug and date however many resources report it (R-WO-7); by start, then drug, then end.
    /// </summary>
    public static ImmutableArray<Dose> Of(MyelomaCase patient)
    {
        List<(Dose Dose, ExposureStatus Status)> all = [];
        foreach (var exposure in ExposureDays.Counted(patient))
            Add(exposure, all);
        all.Sort(ByStartThenDrugThenEndThenRank);

        var doses = ImmutableArray.CreateBuilder<Dose>(all.Count);
        for (var i = 0; i < all.Count;)
        {
            var first = i;
            for (i++; i < all.Count && all[i].Dose.Drug == all[first].Dose.Drug && all[i].Dose.Start == all[first].Dose.Start;)
                i++;
            Collapse(all, first, i, doses);
        }
        return doses.DrainToImmutable();
    }

    /// <summary>
    /// Exposures of one drug that begin on one date: those that end alike are one, cited by the smallest source. A period without end says nothing beside
    /// one with an end.
    /// </summary>
    private static void Collapse(List<(Dose Dose, ExposureStatus Status)> all, int first, int end, ImmutableArray<Dose>.Builder doses)
    {
        var intent = all[first].Dose.Intent;
        var isOpen = all[first].Dose.IsOpen;
        for (var i = first + 1; i < end; i++)
        {
            intent = all[i].Dose.Intent > intent ? all[i].Dose.Intent : intent;
            isOpen &= all[i].Dose.IsOpen;
        }
        Dose? kept = null;
        for (var i = first; i < end; i++)
        {
            var dose = all[i].Dose;
            if (dose.IsOpen != isOpen || (kept is not null && kept.End == dose.End))
                continue;
            kept = dose.Intent == intent ? dose : dose with { Intent = intent };
            doses.Add(kept);
        }
    }

    private static void Add(DrugExposure exposure, List<(Dose Dose, ExposureStatus Status)> doses)
    {
        var (start, end) = (exposure.Start, exposure.End);
        if ((start ?? end) is not { } from)
            return;
        if (exposure.Evidence == ExposureEvidence.Administration || start is null || end is null)
        {
            AddOne(from, from, isOpen: exposure.IsOpenPeriod && start is not null && exposure.Evidence != ExposureEvidence.Administration);
        }
        else if (end < start)
        {
            // A period with its ends reversed: two days on which the drug was given, nothing known between them.
            AddOne(end.Value, end.Value);
            AddOne(from, from);
        }
        else
        {
            AddOne(from, end.Value);
        }

        void AddOne(ClinicalDate first, ClinicalDate last, bool isOpen = false) => doses.Add((
            new(exposure.Drug, first, last, isOpen, exposure.Evidence, exposure.Source, exposure.Source, exposure.Intent, exposure.Intravenous),
            exposure.Status));
    }

    private static int ByStartThenDrugThenEndThenRank((Dose Dose, ExposureStatus Status) a, (Dose Dose, ExposureStatus Status) b)
    {
        var order = InTime(a.Dose, b.Dose);
        if (order == 0)
            order = ((int)a.Status).CompareTo((int)b.Status);
        if (order == 0)
            order = a.Dose.IsOpen.CompareTo(b.Dose.IsOpen);
        return order != 0 ? order : a.Dose.StartSource.CompareTo(b.Dose.StartSource);
    }

    /// <summary>By start, drug, end.</summary>
    public static int InTime(Dose a, Dose b)
    {
        var order = a.Start.CompareTo(b.Start);
        if (order == 0)
            order = ((int)a.Drug).CompareTo((int)b.Drug);
        return order != 0 ? order : a.End.CompareTo(b.End);
    }
}
