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

    /// <summary>The marrow that says so.</summary>
    public Sample? Marrow { get; init; }

    /// <summary>As <see cref="MarrowBelow5"/>, if the immunofixations that are missing had been negative: marrow counts from the day they first were.</summary>
    public Tri? MarrowPossiblyBelow5 { get; init; }

    /// <summary>A plasmacytoma present at baseline is shown gone; absence is assumed where there was none.</summary>
    public Tri? LesionsGone { get; init; }

    public Tri? RatioNormal { get; init; }

    public Tri? ClonalCellsAbsent { get; init; }

    /// <summary>As <see cref="ClonalCellsAbsent"/>, if the immunofixations that are missing had been negative.</summary>
    public Tri? ClonalCellsPossiblyAbsent { get; init; }

    /// <summary>CR asks for a normal ratio: light-chain disease, and every line under a ruleset that says so.</summary>
    public bool NeedsRatio { get; init; }

    /// <summary>The value that would be the baseline is not known: whether the ratio, or a plasmacytoma, matters is open.</summary>
    public bool IsBaselineOpen { get; init; }

    /// <summary>Suspicion that the band of the date is the antibody (section b).</summary>
    public BandSuspicion? Band { get; init; }

    /// <summary>Section b lets the band be the drug, so that it does not stand against CR as a possibility.</summary>
    public bool BandMayBeDrug => Band is not null;

    /// <summary>A positive immunofixation that the drug can explain.</summary>
    public bool FixationMayBeDrug { get; init; }

    /// <summary>Electrophoresis shows nothing, or a band that may be the drug (CR_CANDIDATE, a.9).</summary>
    public bool ElectrophoresisAllows => SerumUndetected is { IsMet: true } || BandMayBeDrug;

    public ImmutableArray<SourceId> Sources { get; init; } = [];

    /// <summary>The serum M-protein was measured and is not known: 0 is possible.</summary>
    public bool SerumIsBlank { get; init; }

    /// <summary>The urine M-protein was measured and is not known.</summary>
    public bool UrineIsBlank { get; init; }

    /// <summary>
    /// Had immunofixations whose results are not known been negative, marrow of other days would count: the worst that marrow and clonality then say. Null where nothing
    /// of that kind is open.
    /// </summary>
    public (Tri? Marrow, Tri? Clonality)? IfOpenedEarlier { get; init; }

    /// <summary>What stands whenever the immunofixations of earlier dates, where they are not known, turned negative.</summary>
    public ResponseLevel? ProvenAtWorst =>
        Proven is not { } level || IfOpenedEarlier is not var (marrow, clonal) ? Proven
        : marrow is not { IsMet: true } ? null
        : clonal is not { IsMet: true } ? ResponseLevel.Complete
        : level;

    /// <summary>Every item proven.</summary>
    public ResponseLevel? Proven =>
        !Complete(Tri.Unknown, possible: false).IsMet ? null
        : (Item(RatioNormal, Tri.Unknown) & Item(ClonalCellsAbsent, Tri.Unknown)).IsMet ? ResponseLevel.StringentComplete
        : ResponseLevel.Complete;

    /// <summary>Every item measured, and proven by some values of its range.</summary>
    public ResponseLevel? ProvenAtBetterEnd =>
        Complete(Tri.NotMet, possible: false).IsNotMet ? null
        : (Item(RatioNormal, Tri.NotMet) & Item(ClonalCellsAbsent, Tri.NotMet)).IsNotMet ? ResponseLevel.Complete
        : ResponseLevel.StringentComplete;

    /// <summary>The best that the missing items leave possible; null when something measured contradicts CR.</summary>
    public ResponseLevel? Possible =>
        Complete(Tri.Met, possible: true).IsNotMet ? null
        : (Item(RatioNormal, Tri.Met) & Item(ClonalCellsPossiblyAbsent, Tri.Met)).IsNotMet ? ResponseLevel.Complete
        : ResponseLevel.StringentComplete;

    /// <summary>
    /// The items that were not measured and that the category asks for. An M-protein that was not measured is none of them beside its immunofixation, the finer test.
    /// </summary>
    /// <param name="level">CR, or sCR where the ruleset knows it and nothing measured stands against it.</param>
    public IEnumerable<MissingInput> MissingFor(ResponseLevel level)
    {
        // A band that may be the drug is settled by an immunofixation that tells them apart.
        if (SerumFixationNegative is null || FixationMayBeDrug || EarlierFixationsDecide)
            yield return MissingInput.IfeSerum;
        if (BandMayBeDrug && SerumFixationNegative is { IsMet: true } && SerumUndetected is { IsMet: false })
            yield return MissingInput.Serum;
        if (UrineFixationNegative is null || EarlierFixationsDecide)
            yield return MissingInput.IfeUrine;
        if (SerumIsBlank)
            yield return MissingInput.Serum;
        if (UrineIsBlank)
            yield return MissingInput.Urine;
        if ((BothNegativeHere ? MarrowBelow5 : MarrowPossiblyBelow5) is null)
            yield return MissingInput.Bmpc;
        if (LesionsGone is null)
            yield return MissingInput.Lesion;
        if (RatioNormal is null && (NeedsRatio || level == ResponseLevel.StringentComplete))
            yield return MissingInput.FlcRatio;
        if (level == ResponseLevel.StringentComplete && (BothNegativeHere ? ClonalCellsAbsent : ClonalCellsPossiblyAbsent) is null)
            yield return MissingInput.Clonality;
    }

    /// <summary>
    /// What a CR candidate lacks: the items of CR and, where the ruleset knows it, of sCR; beside a missing immunofixation of urine also its M-protein where the
    /// set assumed it, which measured could stand against CR. That of serum was measured: no candidate without electrophoresis.
    /// </summary>
    public IEnumerable<MissingInput> MissingForCandidate(bool hasStringent)
    {
        var missing = MissingFor(hasStringent ? ResponseLevel.StringentComplete : ResponseLevel.Complete);
        return UrineFixationNegative is null && UrineUndetected is null ? missing.Append(MissingInput.Urine) : missing;
    }

    // Negative here, but had they been so on an earlier date, where they are missing, another marrow would count.
    private bool EarlierFixationsDecide => BothNegativeHere
        && ((MarrowBelow5 is { IsMet: false } && MarrowPossiblyBelow5 is not { IsNotMet: true }) || (ClonalCellsAbsent is { IsMet: false } && ClonalCellsPossiblyAbsent is not { IsNotMet: true }));

    private bool BothNegativeHere => SerumFixationNegative is { IsMet: true } && UrineFixationNegative is { IsMet: true };

    private Tri Complete(Tri missing, bool possible)
    {
        var serum = possible && BandMayBeDrug ? Tri.Met : SerumUndetected ?? Tri.Met;
        var fixation = possible && FixationMayBeDrug ? Tri.Met : Item(SerumFixationNegative, missing);
        return serum & (UrineUndetected ?? Tri.Met) & fixation & Item(UrineFixationNegative, missing) & Item(possible ? MarrowPossiblyBelow5 : MarrowBelow5, missing)
            & (possible && IsBaselineOpen ? Tri.Met : Item(LesionsGone, missing) & (NeedsRatio ? Item(RatioNormal, missing) : Tri.Met));
    }

    private static Tri Item(Tri? finding, Tri missing) => finding ?? missing;

    public static CompleteResponse Of(LineFrame frame, SampleDay day, bool ratioAlways)
    {
        var suspicion = Interference.At(frame.Timeline, day.Serum, frame.Policy);
        var since = frame.FirstBothNegative is { } first && first <= day.Date ? first : BothNegative(frame, day) ? day.Date : (ClinicalDate?)null;
        var marrow = since is { } start ? Nearest(frame, frame.MarrowDays, day.Date, start) : null;
        var clonality = since is { } from ? Nearest(frame, frame.ClonalityDays, day.Date, from) : null;
        // Marrow drawn before the date counts by the immunofixations that were negative first.
        var opening = since is { } began && began < day.Date && (marrow?.Date < day.Date || clonality?.Date < day.Date)
            ? frame.Days.First(candidate => candidate.Date == began) : null;
        var atBest = Best(frame, day.Date);
        var imaging = frame.Baseline.Plasmacytoma ? LesionsAt(frame, day.Date) : null;
        var ratio = day.LightChains is not { Ratio: not null, RatioIsBlank: false } ? null : (Tri?)day.LightChains.RatioNormal;
        var exposed = day.SerumFixation is { Positive.IsMet: true } or { ForeignIgGKappa: true } && Interference.IsExposed(frame.Timeline, day.Date, frame.Policy);
        return new()
        {
            SerumUndetected = Undetected(day.Serum),
            UrineUndetected = Undetected(day.Urine),
            SerumFixationNegative = FixationNegative(day.SerumFixation, exposed),
            UrineFixationNegative = day.UrineFixation is { IsBlank: false } urine ? urine.Negative : null,
            SerumIsBlank = day.Serum is { IsBlank: true },
            UrineIsBlank = day.Urine is { IsBlank: true },
            IfOpenedEarlier = since is { } known ? OpenedEarlier(frame, day.Date, known) : null,
            MarrowBelow5 = marrow is null ? null : Below5(marrow),
            Marrow = marrow?.Marrow,
            MarrowPossiblyBelow5 = atBest.Marrow,
            LesionsGone = !frame.Baseline.Plasmacytoma ? Tri.Met : imaging?.GoneFrom(frame.Baseline.Lesions) is { IsUnknown: false } gone ? gone : null,
            RatioNormal = ratio,
            ClonalCellsAbsent = clonality is null ? null : NotClonal(clonality),
            ClonalCellsPossiblyAbsent = atBest.Clonality,
            NeedsRatio = ratioAlways || frame.Set == MeasurableBy.Flc,
            IsBaselineOpen = frame.IsBaselineOpen,
            Band = suspicion,
            FixationMayBeDrug = exposed && day.SerumFixation is { MaybeDrug: true },
            Sources =
            [
                .. day.SerumFixation?.Sources ?? [], .. day.UrineFixation?.Sources ?? [], .. marrow?.Marrow?.Sources ?? [],
                .. clonality is { } cells ? [(cells.Clonality.FirstOrDefault(c => !c.Clonal.IsUnknown) ?? cells.Clonality[0]).Source] : ImmutableArray<SourceId>.Empty,
                .. imaging?.Sources ?? [], .. day.LightChains?.RatioSources ?? [],
                .. opening?.SerumFixation?.Sources ?? [], .. opening?.UrineFixation?.Sources ?? [],
            ],
        };
    }

    /// <summary>The imaging that speaks for a date: the last of the line up to it, of each lesion that has a name its own last, else the first within 60 days after it.</summary>
    public static Lesions? LesionsAt(LineFrame frame, ClinicalDate date)
    {
        ImmutableArray<LesionFinding> found = [];
        foreach (var day in frame.Days)
        {
            if (day.Lesions.IsEmpty)
                continue;
            if (day.Date > date)
            {
                if (found.IsEmpty && DaySpan.Between(date, day.Date).Max <= frame.Policy.MarrowCarryDays)
                    found = day.Lesions;
                break;
            }

            found = Lesions.Renewed(found, day.Lesions);
        }

        return found.IsEmpty ? null : Lesions.Of(found);
    }

    private static Tri? Undetected(Sample? sample) => sample is null ? null : sample.Undetected ? Tri.Met : sample.Value.IsAtMost(0);

    // A foreign IgG-kappa band under the antibody is for section b and keeps the category; without exposure a foreign band does not cancel CR (a.7).
    private static Tri? FixationNegative(Fixation? fixation, bool exposed) =>
        fixation is null or { IsBlank: true } ? null : fixation is { ForeignIgGKappa: true } && exposed ? Tri.NotMet : fixation.Negative;

    public static bool BothNegative(LineFrame frame, SampleDay day) =>
        day is { SerumFixation: { Negative.IsMet: true } serum, UrineFixation.Negative.IsMet: true }
        && !(serum.ForeignIgGKappa && Interference.IsExposed(frame.Timeline, day.Date, frame.Policy));

    private static Tri? Below5(SampleDay day) => day.Marrow is { IsBlank: false } marrow ? marrow.Value.IsBelow(5) : null;

    // A result that is not known beside one that is adds nothing.
    private static Tri? NotClonal(SampleDay day) =>
        day.Clonality.All(clonality => clonality.Clonal.IsUnknown) ? null : !day.Clonality.Where(clonality => !clonality.Clonal.IsUnknown).Aggregate(Tri.NotMet, (all, next) => all | next.Clonal);

    /// <summary>The same window, begun on each day on which both immunofixations may have been negative and the result of one is not known.</summary>
    private static (Tri? Marrow, Tri? Clonality)? OpenedEarlier(LineFrame frame, ClinicalDate date, ClinicalDate known)
    {
        (Tri? Marrow, Tri? Clonality)? worst = null;
        foreach (var start in frame.Days)
        {
            if (start.Date >= known)
                break;
            if (start is not { SerumFixation: { Positive.IsMet: false } serum, UrineFixation: { Positive.IsMet: false } urine } || !(serum.IsBlank || urine.IsBlank))
                continue;
            Tri? marrow = Nearest(frame, frame.MarrowDays, date, start.Date) is { } of5 ? Below5(of5) : null;
            Tri? clonality = Nearest(frame, frame.ClonalityDays, date, start.Date) is { } cells ? NotClonal(cells) : null;
            worst = worst is not var (m, c) ? (marrow, clonality) : ((m ?? Tri.Unknown) & (marrow ?? Tri.Unknown), (c ?? Tri.Unknown) & (clonality ?? Tri.Unknown));
        }

        return worst;
    }

    /// <summary>
    /// The best that marrow and clonality can say together if missing immunofixations had been negative: of every day up to the date on which both can first have
    /// been so. Null: none need speak.
    /// </summary>
    private static (Tri? Marrow, Tri? Clonality) Best(LineFrame frame, ClinicalDate date)
    {
        if (frame.MarrowDays.IsEmpty && frame.ClonalityDays.IsEmpty)
            return (null, null);
        (Tri? Marrow, Tri? Clonality)? best = null;
        foreach (var start in frame.Days)
        {
            if (start.Date > date)
                break;
            // A date whose results all joined another one's says nothing by itself.
            if (start.IsEmpty)
                continue;
            // The date itself counts whatever its immunofixations are: positive they stand against CR by themselves, and say nothing of the marrow.
            if (start.Date != date && (start.UrineFixation is { Positive.IsMet: true } || (start.SerumFixation is { Positive.IsMet: true } serum
                && !(serum.MaybeDrug && Interference.IsExposed(frame.Timeline, start.Date, frame.Policy)))))
                continue;
            (Tri? Marrow, Tri? Clonality) found = (
                Nearest(frame, frame.MarrowDays, date, start.Date) is { } marrow ? Below5(marrow) : null,
                Nearest(frame, frame.ClonalityDays, date, start.Date) is { } clonality ? NotClonal(clonality) : null);
            if (best is not { } other || Rank(found).CompareTo(Rank(other)) > 0)
                best = found;
            // From here on both are known to be negative: no later day is the first.
            if (start.Date == frame.FirstBothNegative)
                break;
        }

        return best ?? (null, null);

        // First what lets CR and then sCR stand; among those what was measured.
        static (bool, bool, int, int) Rank((Tri? Marrow, Tri? Clonality) pair) =>
            (pair.Marrow is not { IsNotMet: true }, pair.Clonality is not { IsNotMet: true }, Certainty(pair.Marrow), Certainty(pair.Clonality));

        static int Certainty(Tri? finding) => finding switch { { IsMet: true } => 3, null => 2, { IsUnknown: true } => 1, _ => 0 };
    }

    /// <summary>The nearest within 60 days of the date, of two the later, none before <paramref name="since"/> (a.10).</summary>
    private static SampleDay? Nearest(LineFrame frame, ImmutableArray<SampleDay> marrowDays, ClinicalDate date, ClinicalDate since)
    {
        SampleDay? nearest = null;
        var distance = int.MaxValue;
        foreach (var day in marrowDays)
        {
            // A month known alike on both is the same date.
            if (day.Date != since && !since.IsOnOrBefore(day.Date).IsMet)
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
