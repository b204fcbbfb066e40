using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Response;

/// <summary>All that is fixed for one line before its dates are assessed: baseline, measurable set, and the dates that belong to it.</summary>
internal sealed class LineFrame
{
    private LineFrame(Timeline timeline, LineOfTherapy line, DerivationPolicy policy, Baseline baseline)
    {
        (Timeline, Line, Policy, Baseline) = (timeline, line, policy, baseline);
        Set = MeasurableDisease.Of(baseline, timeline.Patient.Diagnosis, policy);
        BaselineFlags = baseline.Flags(Set, line, policy);
        BaselineBand = Interference.AtBaseline(timeline, baseline.Serum, line, policy);
        (Days, After) = Split(timeline, line, policy);
        Days = SampleJoin.Borrow(Days, IsFollowed, policy.SameAssessmentDays);
        MarrowDays = [.. Days.Where(day => day.Marrow is not null)];
        ClonalityDays = [.. Days.Where(day => !day.Clonality.IsEmpty)];
        HasBlanks = IsBaselineOpen || Days.Any(IsBlank) || After.Any(IsBlank);
        FirstBothNegative = Days.FirstOrDefault(day => CompleteResponse.BothNegative(this, day))?.Date;
    }

    public Timeline Timeline { get; }

    public LineOfTherapy Line { get; }

    public DerivationPolicy Policy { get; }

    public Baseline Baseline { get; private set; }

    /// <summary>The value that would be the baseline is not known: every category of the line is open.</summary>
    public bool IsBaselineOpen => Baseline.IsOpen(Set);

    /// <summary>Something that the line is judged by was measured and its value is not known.</summary>
    public bool HasBlanks { get; }

    /// <summary>The frozen set (R-MEAS-7).</summary>
    public MeasurableBy Set { get; }

    public ImmutableArray<Flag> BaselineFlags { get; }

    /// <summary>Suspicion that the baseline's band is the antibody (section b).</summary>
    public BandSuspicion? BaselineBand { get; }

    /// <summary>The dates after the first dose, up to and including the first day of new therapy: that day's sample closes the line (a.7).</summary>
    public ImmutableArray<SampleDay> Days { get; }

    /// <summary>The dates under new therapy: they can confirm a PD, nothing else (R-CONF-4).</summary>
    public ImmutableArray<SampleDay> After { get; }

    /// <summary>The dates of the line with a marrow percentage, by date.</summary>
    public ImmutableArray<SampleDay> MarrowDays { get; }

    /// <summary>The dates of the line with a result of clonality, by date.</summary>
    public ImmutableArray<SampleDay> ClonalityDays { get; }

    /// <summary>From here on a marrow can prove CR (a.10).</summary>
    public ClinicalDate? FirstBothNegative { get; }

    public static LineFrame Of(Timeline timeline, LineOfTherapy line, DerivationPolicy policy) =>
        new(timeline, line, policy, Baseline.Of(timeline, line, policy));

    /// <summary>The same line held against another serum baseline; set and dates stay.</summary>
    public LineFrame With(Sample serum)
    {
        var other = (LineFrame)MemberwiseClone();
        other.Baseline = Baseline.With(serum);
        return other;
    }

    /// <summary>Does the date hold a usable value of the set; where the set is none or unknown, of any marker that a PD rule reads?</summary>
    public bool IsFollowed(SampleDay day) => Set switch
    {
        MeasurableBy.Serum => day.Serum is not null,
        MeasurableBy.Urine => day.Urine is not null,
        MeasurableBy.SerumAndUrine => day.Serum is not null || day.Urine is not null,
        MeasurableBy.Flc => Dflc(day) is not null,
        MeasurableBy.Marrow => day.Marrow is not null,
        MeasurableBy.Lesion => !day.Lesions.IsEmpty,
        MeasurableBy.None or MeasurableBy.Unknown =>
            day.Serum is not null || day.Urine is not null || day.LightChains is { HasBoth: true } || day.Marrow is not null || day.Circulating is not null
            || !day.Lesions.IsEmpty,
    };

    /// <summary>Does a value that the line is followed by have its date alone here?</summary>
    public bool IsFollowedBlank(SampleDay day) => Set switch
    {
        MeasurableBy.Serum => day.Serum is { IsBlank: true },
        MeasurableBy.Urine => day.Urine is { IsBlank: true },
        MeasurableBy.SerumAndUrine => day.Serum is { IsBlank: true } || day.Urine is { IsBlank: true },
        MeasurableBy.Flc => Dflc(day) is { IsBlank: true },
        MeasurableBy.Marrow => day.Marrow is { IsBlank: true },
        MeasurableBy.Lesion => day.Lesions.Any(lesion => lesion.Value.IsAny),
        MeasurableBy.None or MeasurableBy.Unknown => false,
    };

    /// <summary>Any result of the date is not known.</summary>
    public static bool IsBlank(SampleDay day) =>
        MayHideProgression(day) || day is { SerumFixation.IsBlank: true } or { UrineFixation.IsBlank: true } or { LightChains.RatioIsBlank: true }
        || day.Clonality.Any(clonality => clonality.Clonal.IsUnknown);

    /// <summary>A value of the date by which progression is judged is not known.</summary>
    public static bool MayHideProgression(SampleDay day) =>
        day is { Serum.IsBlank: true } or { Urine.IsBlank: true } or { LightChains.IsBlank: true } or { Marrow.IsBlank: true } or { Circulating.IsBlank: true }
        || day.Lesions.Any(lesion => lesion.Value.IsAny);

    /// <summary>Where the values that the line is followed by are from, on one date.</summary>
    public IEnumerable<SourceId> Values(SampleDay day) =>
        (day.Serum?.Sources ?? []).Concat(day.Urine?.Sources ?? []).Concat(Dflc(day)?.Sources ?? []).Concat(Set == MeasurableBy.Marrow ? day.Marrow?.Sources ?? [] : []);

    /// <summary>Involved minus uninvolved chain of a date, the involved one fixed by the baseline.</summary>
    public Sample? Dflc(SampleDay day) => day.LightChains?.Difference(Baseline.Involved);

    /// <summary>
    /// The dates of the line and those after it. A partial date belongs to a side only when all of it does, and stands for an assessment only when no other
    /// result of the disease falls into its range: otherwise their order, on which nadir and confirmation rest, is not known.
    /// </summary>
    private static (ImmutableArray<SampleDay> Within, ImmutableArray<SampleDay> After) Split(Timeline timeline, LineOfTherapy line, DerivationPolicy policy)
    {
        List<SampleDay> within = [];
        List<SampleDay> after = [];
        foreach (var day in timeline.Days)
        {
            if (!line.First.IsBefore(day.Date).IsMet || (!day.Date.IsExact && Overlaps(timeline.Days, day)))
                continue;
            if (line.NewTherapy is not { } next || day.Date.IsOnOrBefore(next).IsMet)
                within.Add(Interference.Resolve(day, timeline, policy));
            else if (next.IsBefore(day.Date).IsMet)
                after.Add(day);
        }

        return (SampleJoin.Join(within, policy.SameAssessmentDays), SampleJoin.Join(after, policy.SameAssessmentDays));
    }

    private static bool Overlaps(ImmutableArray<SampleDay> days, SampleDay partial) =>
        days.Any(day => day != partial && day.Date.First <= partial.Date.Last && day.Date.Last >= partial.Date.First);
}
