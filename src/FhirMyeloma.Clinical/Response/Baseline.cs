using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Response;

/// <summary>
/// What the line is compared with (R-BASE-1): of each marker the last usable value on or before the first dose, never older than the start of the previous line.
/// A sample of the day of the first dose was drawn before it. A partial date serves only when all of it lies on that side.
/// </summary>
internal sealed record Baseline
{
    public Sample? Serum { get; private init; }

    public Sample? Urine { get; private init; }

    public LightChains? LightChains { get; private init; }

    /// <summary>The involved chain, fixed for the line (R-BASE-3).</summary>
    public LightChain Involved { get; private init; }

    /// <summary>Involved minus uninvolved chain.</summary>
    public Sample? Dflc { get; private init; }

    public Sample? Marrow { get; private init; }

    public Sample? Circulating { get; private init; }

    public Lesions Lesions { get; private init; } = Lesions.None;

    /// <summary>Lesions that were there when the line began, whenever they were first seen: none of them can be new in it (R-PD-6).</summary>
    public ImmutableHashSet<string> KnownLesions { get; private init; } = [];

    public Fixation? UrineFixation { get; private init; }

    /// <summary>
    /// Markers whose last sample before the line has no known value (R-BASE-1): the last usable one stands in its place, or none, and what the line is compared with is open.
    /// </summary>
    public ImmutableArray<ResponseMarker> Blank { get; private init; } = [];

    private ImmutableArray<SourceId> BlankSources { get; init; } = [];

    /// <summary>A plasmacytoma that CR must show gone: seen at baseline, or stated at the diagnosis that the first line follows.</summary>
    public bool Plasmacytoma { get; private init; }

    public static Baseline Of(Timeline timeline, LineOfTherapy line, DerivationPolicy policy)
    {
        var found = new Baseline();
        var blank = new Dictionary<ResponseMarker, ImmutableArray<SourceId>>();
        ImmutableArray<LesionFinding> imaging = [];
        ImmutableArray<LesionFinding> everSeen = [];
        foreach (var day in timeline.Days)
        {
            if (!day.Date.IsOnOrBefore(line.First).IsMet)
                continue;
            everSeen = Lesions.Renewed(everSeen, day.Lesions);
            if (line.PreviousLineStart is { } earliest && !earliest.IsOnOrBefore(day.Date).IsMet)
                continue;
            var resolved = Interference.Resolve(day, timeline, policy);
            var chains = day.LightChains is { HasBoth: true } ? day.LightChains : null;
            found = found with
            {
                Serum = Later(found.Serum, Known(ResponseMarker.SerumM, resolved.Serum), sample => sample.Date),
                Urine = Later(found.Urine, Known(ResponseMarker.UrineM, day.Urine), sample => sample.Date),
                LightChains = Later(found.LightChains, KnownChains(chains), chains => chains.Date),
                Marrow = Later(found.Marrow, Known(ResponseMarker.Marrow, day.Marrow), sample => sample.Date),
                Circulating = Later(found.Circulating, day.Circulating is { IsBlank: true } ? null : day.Circulating, sample => sample.Date),
                UrineFixation = Later(found.UrineFixation, day.UrineFixation is { IsBlank: true } ? null : day.UrineFixation, fixation => fixation.Date),
            };
            imaging = Lesions.Renewed(imaging, UsableLesions(day.Lesions));
        }

        Sample? Known(ResponseMarker marker, Sample? sample)
        {
            if (sample is { IsBlank: true })
                blank[marker] = sample.Sources;
            else if (sample is not null)
                blank.Remove(marker);
            return sample is { IsBlank: true } ? null : sample;
        }

        LightChains? KnownChains(LightChains? chains)
        {
            if (chains is { IsBlank: true })
                blank[ResponseMarker.Dflc] = [.. chains.Kappa!.Sources, .. chains.Lambda!.Sources];
            else if (chains is not null)
                blank.Remove(ResponseMarker.Dflc);
            return chains is { IsBlank: true } ? null : chains;
        }

        ImmutableArray<LesionFinding> UsableLesions(ImmutableArray<LesionFinding> findings)
        {
            if (findings.Any(finding => finding.Value.IsAny))
                blank[ResponseMarker.Lesion] = [.. findings.Where(finding => finding.Value.IsAny).Select(finding => finding.Source)];
            else if (!findings.IsEmpty)
                blank.Remove(ResponseMarker.Lesion);
            return findings.RemoveAll(finding => finding.Value.IsAny);
        }

        var lesions = Lesions.Of(imaging);
        var involved = MeasurableDisease.InvolvedChain(timeline.Patient.Diagnosis, found.LightChains);
        return found with
        {
            Blank = [.. blank.Keys.Order()],
            BlankSources = [.. blank.Values.SelectMany(sources => sources)],
            Involved = involved,
            Dflc = found.LightChains?.Difference(involved),
            Lesions = lesions,
            KnownLesions = [.. everSeen.Where(IsThere).Select(finding => finding.Lesion).OfType<string>()],
            Plasmacytoma = lesions.Gone.IsNotMet || (line.Number == 1 && timeline.Patient.Diagnosis.Plasmacytoma && lesions.IsEmpty),
        };
    }

    /// <summary>The same with another serum M-protein.</summary>
    public Baseline With(Sample serum) => this with { Serum = serum };

    /// <summary>
    /// Whether an unknown value leaves open what the line is compared with: by which marker it is followed, how far a value fell or rose, whether a plasmacytoma was
    /// there. Light chains and marrow matter only where no marker before them is measurable.
    /// </summary>
    public bool IsOpen(MeasurableBy set) => Blank.Any(marker => marker switch
    {
        ResponseMarker.SerumM or ResponseMarker.UrineM or ResponseMarker.Lesion => true,
        ResponseMarker.Dflc => set is not (MeasurableBy.Serum or MeasurableBy.Urine or MeasurableBy.SerumAndUrine),
        ResponseMarker.Marrow => set is not (MeasurableBy.Serum or MeasurableBy.Urine or MeasurableBy.SerumAndUrine or MeasurableBy.Flc),
    });

    /// <summary>The baseline of one marker.</summary>
    public Sample? this[ResponseMarker marker] => marker switch
    {
        ResponseMarker.SerumM => Serum,
        ResponseMarker.UrineM => Urine,
        ResponseMarker.Dflc => Dflc,
        ResponseMarker.Marrow => Marrow,
        ResponseMarker.Lesion => SizeOf(Lesions),
    };

    /// <summary>The size that lesions are followed by: the sum of products where the baseline has it, else the longest diameter.</summary>
    public Sample? SizeOf(Lesions lesions) => Lesions.Spd is null && Lesions.LongestDiameter is not null ? lesions.LongestDiameter : lesions.Spd;

    /// <summary>The date of the earliest value.</summary>
    public ClinicalDate? Earliest
    {
        get
        {
            List<ClinicalDate> dates = [.. new[] { Serum?.Date, Urine?.Date, LightChains?.Date, Marrow?.Date }.OfType<ClinicalDate>()];
            return dates.Count == 0 ? null : dates.Min();
        }
    }

    /// <summary>The caveats of a.9 that the dates and values of the baseline bring.</summary>
    public ImmutableArray<Flag> Flags(MeasurableBy set, LineOfTherapy line, DerivationPolicy policy)
    {
        if (set == MeasurableBy.Unknown)
            return [Flag.BaselineMissing];
        var flags = ImmutableArray.CreateBuilder<Flag>();
        if (IsOpen(set))
            flags.Add(Flag.BaselineMissing);
        if (Serum is null)
            flags.Add(Flag.SerumAssumed);
        if (Urine is null)
            flags.Add(Flag.UrineAssumed);
        List<ClinicalDate> followed = [.. Followed(set).Select(sample => sample.Date)];
        if (followed.Exists(date => DaySpan.Between(date, line.First).Max > policy.BaselineWindowDays))
            flags.Add(Flag.BaselineOld);
        List<ClinicalDate> drawn = [.. new[] { Serum?.Date, Urine?.Date, LightChains?.Date }.OfType<ClinicalDate>()];
        if (drawn.Count > 1 && DaySpan.Between(drawn.Min(), drawn.Max()).Max > policy.SameAssessmentDays)
            flags.Add(Flag.BaselineMixedDates);
        return flags.ToImmutable();
    }

    /// <summary>The values of the markers that the line is followed by; of every marker where it is followed by none.</summary>
    public IEnumerable<Sample> Followed(MeasurableBy set) => (set switch
    {
        MeasurableBy.Serum => new[] { Serum },
        MeasurableBy.Urine => [Urine],
        MeasurableBy.SerumAndUrine => [Serum, Urine],
        MeasurableBy.Flc => [Dflc],
        MeasurableBy.Marrow => [Marrow],
        MeasurableBy.Lesion => [SizeOf(Lesions)],
        MeasurableBy.None => [Serum, Urine, Dflc],
        MeasurableBy.Unknown => [],
    }).OfType<Sample>();

    /// <summary>Everything that the baseline was read from.</summary>
    public IEnumerable<SourceId> Sources =>
        new[] { Serum, Urine, LightChains?.Kappa, LightChains?.Lambda, Marrow, Circulating }.OfType<Sample>().SelectMany(sample => sample.Sources)
            .Concat(UrineFixation?.Sources ?? []).Concat(Lesions.Sources).Concat(BlankSources);

    private static bool IsThere(LesionFinding finding) =>
        finding.Measure == LesionMeasure.Gone ? !finding.Value.IsAbove(0).IsMet : !finding.Value.IsAtMost(0).IsMet;

    // Days come sorted. A partial date that overlaps the value before it does not say which of the two was last: the exact one stays.
    private static T? Later<T>(T? before, T? next, Func<T, ClinicalDate> date)
        where T : class =>
        next is null ? before
        : before is not null && !date(next).IsExact && date(next).First <= date(before).Last ? before
        : next;
}
