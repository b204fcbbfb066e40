using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>
/// What CR and sCR ask for at one date (a.3, a.10). A null finding was not measured; Unknown was measured and its range leaves it open.
/// </summary>
internal sealed record CompleteResponse
{
    /// <summary>Measured serum M-protein 0 or below a limit; not measured, it does not stand against CR.</summary>
    public Tri? SerumUndetected { get; init; }

    public Tri? UrineUndetected { get; init; }

    public Tri? SerumFixationNegative { get; init; }

    public Tri? UrineFixationNegative { get; init; }

    public Tri? MarrowBelow5 { get; init; }

    /// <summary>A plasmacytoma present at baseline is shown gone; absence is assumed where there was none.</summary>
    public Tri? LesionsGone { get; init; }

    public Tri? RatioNormal { get; init; }

    public Tri? ClonalCellsAbsent { get; init; }

    /// <summary>CR asks for a normal ratio: light-chain disease, and every line under a ruleset that says so.</summary>
    public bool NeedsRatio { get; init; }

    /// <summary>Section b lets the band be the drug, so that it does not stand against CR as a possibility.</summary>
    public bool BandMayBeDrug { get; init; }

    /// <summary>A positive immunofixation that the drug can explain.</summary>
    public bool FixationMayBeDrug { get; init; }

    /// <summary>Electrophoresis shows nothing, or a band that may be the drug (CR_CANDIDATE, a.9).</summary>
    public bool ElectrophoresisAllows => SerumUndetected is { IsMet: true } || BandMayBeDrug;

    public ImmutableArray<SourceId> Sources { get; init; } = [];

    /// <summary>Every item proven.</summary>
    public ResponseLevel? Proven =>
        !Complete(Tri.Unknown, possible: false).IsMet ? null
        : (Item(RatioNormal, Tri.Unknown) & Item(ClonalCellsAbsent, Tri.Unknown)).IsMet ? ResponseLevel.StringentComplete
        : ResponseLevel.Complete;

    /// <summary>The best that the missing items leave possible; null when something measured contradicts CR.</summary>
    public ResponseLevel? Possible =>
        Complete(Tri.Met, possible: true).IsNotMet ? null
        : (Item(RatioNormal, Tri.Met) & Item(ClonalCellsAbsent, Tri.Met)).IsNotMet ? ResponseLevel.Complete
        : ResponseLevel.StringentComplete;

    /// <summary>The items that were not measured.</summary>
    public IEnumerable<MissingInput> Missing
    {
        get
        {
            if (SerumFixationNegative is null)
                yield return MissingInput.IfeSerum;
            if (SerumFixationNegative is null && SerumUndetected is null)
                yield return MissingInput.Serum;
            if (UrineFixationNegative is null)
                yield return MissingInput.IfeUrine;
            if (UrineFixationNegative is null && UrineUndetected is null)
                yield return MissingInput.Urine;
            if (MarrowBelow5 is null)
                yield return MissingInput.Bmpc;
            if (ClonalCellsAbsent is null)
                yield return MissingInput.Clonality;
            if (RatioNormal is null)
                yield return MissingInput.FlcRatio;
            if (LesionsGone is null)
                yield return MissingInput.Lesion;
        }
    }

    private Tri Complete(Tri missing, bool possible)
    {
        var serum = possible && BandMayBeDrug ? Tri.Met : SerumUndetected ?? Tri.Met;
        var fixation = possible && FixationMayBeDrug ? Tri.Met : Item(SerumFixationNegative, missing);
        return serum & (UrineUndetected ?? Tri.Met) & fixation & Item(UrineFixationNegative, missing) & Item(MarrowBelow5, missing)
            & Item(LesionsGone, missing) & (NeedsRatio ? Item(RatioNormal, missing) : Tri.Met);
    }

    private static Tri Item(Tri? finding, Tri missing) => finding ?? missing;

    public static CompleteResponse Of(LineFrame frame, SampleDay day, bool ratioAlways)
    {
        var suspicion = Interference.At(frame.Timeline, day.Serum, frame.Policy);
        var marrow = Nearest(frame, day.Date, candidate => candidate.Marrow is not null)?.Marrow;
        var clonality = Nearest(frame, day.Date, candidate => candidate.Clonality.Any(c => !c.Clonal.IsUnknown));
        var clonal = clonality?.Clonality.Aggregate(Tri.NotMet, (all, next) => all | next.Clonal);
        var imaging = frame.Baseline.Plasmacytoma ? LesionsAt(frame, day.Date) : null;
        var ratio = day.LightChains?.Ratio is null ? null : (Tri?)day.LightChains.RatioNormal;
        var exposed = day.SerumFixation is { Positive.IsMet: true } or { ForeignIgGKappa: true } && Interference.IsExposed(frame.Timeline, day.Date, frame.Policy);
        return new()
        {
            SerumUndetected = Undetected(day.Serum),
            UrineUndetected = Undetected(day.Urine),
            SerumFixationNegative = FixationNegative(day.SerumFixation, exposed),
            UrineFixationNegative = day.UrineFixation?.Negative,
            MarrowBelow5 = marrow?.Value.IsBelow(5),
            LesionsGone = !frame.Baseline.Plasmacytoma ? Tri.Met : imaging is { Gone.IsUnknown: false } ? imaging.Gone : null,
            RatioNormal = ratio,
            ClonalCellsAbsent = clonal is { } present ? !present : null,
            NeedsRatio = ratioAlways || frame.Set == MeasurableBy.Flc,
            BandMayBeDrug = suspicion is not null,
            FixationMayBeDrug = exposed && day.SerumFixation is { MaybeDrug: true },
            Sources =
            [
                .. day.SerumFixation?.Sources ?? [], .. day.UrineFixation?.Sources ?? [], .. marrow?.Sources ?? [],
                .. clonality is { } cells ? [cells.Clonality.First(c => !c.Clonal.IsUnknown).Source] : ImmutableArray<SourceId>.Empty,
                .. imaging?.Sources ?? [], .. day.LightChains?.RatioSources ?? [],
            ],
        };
    }

    /// <summary>The imaging that speaks for a date: the last of the line up to it, else the first within 60 days after it.</summary>
    public static Lesions? LesionsAt(LineFrame frame, ClinicalDate date)
    {
        SampleDay? found = null;
        foreach (var day in frame.Days)
        {
            if (day.Lesions.IsEmpty)
                continue;
            if (day.Date > date)
            {
                if (found is null && DaySpan.Between(date, day.Date).Max <= frame.Policy.MarrowCarryDays)
                    found = day;
                break;
            }

            found = day;
        }

        return found is null ? null : Lesions.Of(found.Lesions);
    }

    private static Tri? Undetected(Sample? sample) => sample is null ? null : sample.Undetected ? Tri.Met : sample.Value.IsAtMost(0);

    // A foreign IgG-kappa band under the antibody is for section b and keeps the category; without exposure a foreign band does not cancel CR (a.7).
    private static Tri? FixationNegative(Fixation? fixation, bool exposed) =>
        fixation is null ? null : fixation is { ForeignIgGKappa: true } && exposed ? Tri.NotMet : fixation.Negative;

    /// <summary>Marrow from the day on which both immunofixations were first negative, within 60 days of the date; the nearest, of two the later (a.10).</summary>
    private static SampleDay? Nearest(LineFrame frame, ClinicalDate date, Func<SampleDay, bool> holds)
    {
        SampleDay? nearest = null;
        var distance = int.MaxValue;
        foreach (var day in frame.Days)
        {
            if (!holds(day) || (frame.FirstBothNegative is { } from && !from.IsOnOrBefore(day.Date).IsMet))
                continue;
            var days = Apart(date, day.Date);
            if (days <= frame.Policy.MarrowCarryDays && days <= distance)
                (nearest, distance) = (day, days);
        }

        return nearest;
    }

    private static int Apart(ClinicalDate a, ClinicalDate b)
    {
        var span = DaySpan.Between(a, b);
        return Math.Max(Math.Abs(span.Min), Math.Abs(span.Max));
    }
}
