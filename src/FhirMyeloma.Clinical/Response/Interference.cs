using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Response;

/// <summary>A suspicion that a band is the antibody.</summary>
/// <param name="Flag">Which of the two suspicions (section b).</param>
/// <param name="Strength">How strong.</param>
internal readonly record struct BandSuspicion(Flag Flag, InterferenceStrength Strength);

/// <summary>Bands of anti-CD38 antibodies, IgG kappa both, on electrophoresis and immunofixation (section b).</summary>
internal static class Interference
{
    // R-INT-4: above this the drug does not explain a band; below the second figure the suspicion can be strong.
    private const decimal DrugBandLimit = 0.25m;
    private const decimal StrongBandLimit = 0.20m;
    private const int StrongDays = 60;
    private const int AssayDays = 7;

    /// <summary>The suspicion at a serum sample; null when there is none.</summary>
    public static BandSuspicion? At(Timeline timeline, Sample? serum, DerivationPolicy policy) =>
        serum is null ? null : At(timeline, serum, DaysSinceDose(timeline, serum.Date), policy);

    /// <summary>The suspicion at the baseline of a line. A sample of the day of its first dose was drawn before it (R-BASE-1): only earlier doses can show.</summary>
    public static BandSuspicion? AtBaseline(Timeline timeline, Sample? serum, LineOfTherapy line, DerivationPolicy policy) =>
        serum is null ? null : At(timeline, serum, DaysSinceDose(timeline, serum.Date, line.First), policy);

    /// <summary>
    /// May part of a baseline of any size be the antibody? In an IgG-kappa clone one peak holds both, in another the sum of the bands may; one that is typed otherwise does not.
    /// </summary>
    public static bool CanBeInBaseline(Timeline timeline, Sample serum, LineOfTherapy line, DerivationPolicy policy) =>
        !serum.BandResolved && serum.Value.IsAbove(0).IsMet && CanBeIgGKappa(serum)
        && DaysSinceDose(timeline, serum.Date, line.First) <= policy.DrugBandDays;

    private static BandSuspicion? At(Timeline timeline, Sample serum, int? daysSinceDose, DerivationPolicy policy)
    {
        if (serum.BandResolved || !(serum.TooSmallToQuantify || serum.Value.IsAbove(0).IsMet) || !serum.Value.IsBelow(DrugBandLimit).IsMet)
            return null;
        if (daysSinceDose is not { } days || days > policy.DrugBandDays)
            return null;

        Flag? flag = IsIgGKappa(timeline.Patient.Diagnosis) switch
        {
            { IsMet: true } => Flag.AntiCd38InterferencePossible,
            { IsNotMet: true } => CanBeIgGKappa(serum) ? Flag.DrugBandLikely : null,
            // An untyped clone may be IgG kappa: the weaker statement, unless the band is typed.
            _ => serum is { BandHeavyChain: HeavyChain.IgG, BandLightChain: LightChain.Kappa } ? Flag.DrugBandLikely
                : CanBeIgGKappa(serum) ? Flag.AntiCd38InterferencePossible : null,
        };
        var strong = days <= StrongDays && serum.Value.IsBelow(StrongBandLimit).IsMet;
        return flag is { } suspicion ? new(suspicion, strong ? InterferenceStrength.Strong : InterferenceStrength.Weak) : null;
    }

    /// <summary>
    /// Whether an antibody was on board. A sample of the day of a dose counts as exposed; a partial date counts when some day it can mean does.
    /// </summary>
    public static bool IsExposed(Timeline timeline, ClinicalDate date, DerivationPolicy policy) =>
        DaysSinceDose(timeline, date) is { } days && days <= policy.DrugBandDays;

    /// <summary>The same flag said of the baseline.</summary>
    public static Flag AtBaseline(Flag flag) =>
        flag == Flag.DrugBandLikely ? Flag.DrugBandLikelyAtBaseline : Flag.AntiCd38InterferencePossibleAtBaseline;

    /// <summary>
    /// R-INT-7: an assay within a week settles a band of drug size under the drug. Shifted: the disease is immunofixation-negative; not shifted: it is disease.
    /// </summary>
    public static SampleDay Resolve(SampleDay day, Timeline timeline, DerivationPolicy policy)
    {
        if (day.Serum is null && day.SerumFixation is null)
            return day;
        var isDrugSize = day.Serum?.Value.IsBelow(DrugBandLimit) ?? Tri.Met;
        if (isDrugSize.IsNotMet)
            return day;
        if (Nearest(timeline, day.Date) is not { } assay || !IsExposed(timeline, day.Date, policy))
            return day;

        if (assay.Shifted.IsNotMet)
        {
            return day with
            {
                Serum = day.Serum is { } disease ? disease with { BandResolved = true } : null,
                SerumFixation = day.SerumFixation is { } fixation ? fixation with { MaybeDrug = false } : null,
            };
        }

        // A band whose height is open may be too high to be the drug: the assay settles nothing. One that does not shift is disease at any height. Of a band that is
        // not known the assay may yet be what says that the immunofixation is negative.
        if (!isDrugSize.IsMet)
        {
            return day is { Serum.IsBlank: true, SerumFixation: null }
                ? day with { SerumFixation = new(day.Date, Tri.Unknown, false, false, false, false, [assay.Source]) }
                : day;
        }

        return day with
        {
            Serum = day.Serum is { } drug
                ? drug with
                {
                    Value = Reading.Exact(0),
                    BandResolved = true,
                    Copyable = false,
                    Censored = false,
                    Sources = [.. drug.Sources.Append(assay.Source).Distinct().Order()],
                }
                : null,
            SerumFixation = new(day.Date, Tri.NotMet, false, false, false, false,
                [.. (day.SerumFixation?.Sources ?? []).Append(assay.Source).Distinct().Order()]),
        };
    }

    /// <summary>
    /// What may make a band of that date the antibody, or tell them apart: the earliest dose that still can show, which may be the one that opened the line; the
    /// nearest, which makes the suspicion strong; the assays around it. At a baseline only doses before the line.
    /// </summary>
    public static IEnumerable<SourceId> Sources(Timeline timeline, ClinicalDate date, DerivationPolicy policy, ClinicalDate? begunBefore = null)
    {
        if (DaysSinceDose(timeline, date, begunBefore) is not { } fewest || fewest > policy.DrugBandDays)
            yield break;
        foreach (var dose in timeline.AntibodyDoses)
        {
            if (IsBegun(dose, begunBefore) && dose.DaysBefore(date) == fewest)
                yield return dose.Source;
        }

        foreach (var source in EarliestDoses(timeline, date, policy))
            yield return source;

        foreach (var assay in timeline.Patient.DrugBandAssays)
        {
            if (assay.Date.IsExact && date.IsExact && Math.Abs(assay.Date.First.DayNumber - date.First.DayNumber) <= AssayDays)
                yield return assay.Source;
        }
    }

    /// <summary>The earliest dose that still can show at that date, in each of the resources that report it.</summary>
    public static IEnumerable<SourceId> EarliestDoses(Timeline timeline, ClinicalDate date, DerivationPolicy policy)
    {
        var most = timeline.AntibodyDoses.Select(dose => dose.DaysBefore(date)).Where(days => days <= policy.DrugBandDays).Max();
        return timeline.AntibodyDoses.Where(dose => most is not null && dose.DaysBefore(date) == most).Select(dose => dose.Source);
    }

    private static DrugBandAssay? Nearest(Timeline timeline, ClinicalDate date)
    {
        DrugBandAssay? nearest = null;
        var distance = AssayDays + 1;
        foreach (var assay in timeline.Patient.DrugBandAssays)
        {
            if (assay.Shifted.IsUnknown || !assay.Date.IsExact || !date.IsExact)
                continue;
            var days = Math.Abs(assay.Date.First.DayNumber - date.First.DayNumber);
            if (days < distance || (days == distance && nearest is not null
                && (assay.Date, assay.Source).CompareTo((nearest.Date, nearest.Source)) < 0))
                (nearest, distance) = (assay, days);
        }

        return nearest;
    }

    private static int? DaysSinceDose(Timeline timeline, ClinicalDate date, ClinicalDate? begunBefore = null)
    {
        int? fewest = null;
        foreach (var dose in timeline.AntibodyDoses)
        {
            if (!IsBegun(dose, begunBefore))
                continue;
            if (dose.DaysBefore(date) is { } days && (fewest is not { } best || days < best))
                fewest = days;
        }

        return fewest;
    }

    private static bool IsBegun(Exposed dose, ClinicalDate? before) => before is not { } first || dose.First < first.First;

    private static Tri IsIgGKappa(Diagnosis diagnosis) =>
        (diagnosis.HeavyChain switch { HeavyChain.IgG => Tri.Met, HeavyChain.Unknown => Tri.Unknown, _ => Tri.NotMet })
        & (diagnosis.LightChain switch { LightChain.Kappa => Tri.Met, LightChain.Unknown => Tri.Unknown, _ => Tri.NotMet });

    private static bool CanBeIgGKappa(Sample serum) =>
        serum.BandHeavyChain is HeavyChain.Unknown or HeavyChain.IgG && serum.BandLightChain is LightChain.Unknown or LightChain.Kappa;
}
