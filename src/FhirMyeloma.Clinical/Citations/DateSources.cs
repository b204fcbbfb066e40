using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>
/// Where the citations of a date begin to look (<see cref="Smallest"/>). What decided it is found by deriving again: a source that is lacking here costs
/// a search through the whole record and one too many a derivation, none of them a citation.
/// </summary>
internal static class DateSources
{
    private static readonly ResponseMarker[] Markers = Enum.GetValues<ResponseMarker>();

    /// <summary>
    /// The inputs that may have decided the date: what it and its baseline measured, what CR and interference look at around it, the nadirs and the sample that
    /// settled it.
    /// </summary>
    public static ImmutableArray<SourceId> Candidates(Assessment date)
    {
        var (frame, day) = (date.Frame, date.Day);
        var patient = frame.Timeline.Patient;
        var sources = frame.Baseline.Sources.Concat(day.Sources).Concat(date.Facts.Complete.Sources).Concat(date.Rises.Lesions.Sources)
            .Concat(patient.Diagnosis.CloneSources)
            .Concat(Interference.Sources(frame.Timeline, date.Date, frame.Policy));
        if (frame.BaselineBand is not null && frame.Baseline.Serum is { } before)
            sources = sources.Concat(Interference.Sources(frame.Timeline, before.Date, frame.Policy, frame.Line.First));
        if (frame.Baseline.Plasmacytoma)
            sources = sources.Concat(patient.Diagnosis.PlasmacytomaSources).Concat(CompleteResponse.LesionsAt(frame, date.Date)?.Sources ?? []);
        foreach (var marker in Markers)
        {
            if (date.Rises.Of(marker) is { } rise)
                sources = sources.Concat(rise.Nadir.Sample.Sources);
        }

        if (date.NadirUnconfirmed || date.Progression.IsMet || date.Progression.Possible is not null)
            sources = sources.Concat(frame.Days.Where(other => other.Date < date.Date).SelectMany(other => other.Sources));
        if (!frame.Baseline.Lesions.IsEmpty || !day.Lesions.IsEmpty)
            sources = sources.Concat(frame.Days.Where(other => other.Date <= date.Date).SelectMany(other => other.Lesions).Select(lesion => lesion.Source));
        if (patient.Diagnosis.HeavyChain == HeavyChain.IgA)
            sources = sources.Concat(frame.Timeline.QuantitativeIgA.Where(sample => LineFlags.IsWithin(frame, sample.Date)).Take(1).SelectMany(sample => sample.Sources));
        if (frame.HasBlanks)
            sources = sources.Concat(frame.Days.Where(LineFrame.IsBlank).Concat(frame.MarrowDays).Concat(frame.ClonalityDays).SelectMany(other => other.Sources));
        return Distinct(sources.Concat(Settling(date)));
    }

    /// <summary>
    /// What decides most dates: a fall by the one marker that is followed, one result each for baseline, date and confirmation, the urine that is not assumed, and
    /// for a band that may be the antibody the earliest dose and the ratio. Each of them changes the date when it goes, unless one of them holds more than one result.
    /// Empty where anything else may speak.
    /// </summary>
    public static ImmutableArray<SourceId> Plain(Assessment date)
    {
        const ulong Expected = 1UL << (int)Flag.UrineAssumed | 1UL << (int)Flag.SerumAssumed | 1UL << (int)Flag.Unconfirmed | 1UL << (int)Flag.Borderline | 1UL << (int)Flag.BaselineOld;
        const ulong ExpectedOfBand = Expected | 1UL << (int)Flag.CrCandidate | 1UL << (int)Flag.AntiCd38InterferencePossible;
        var (frame, day) = (date.Frame, date.Day);
        if (date.Judged is not (ResponseLevel.Stable or ResponseLevel.Minimal or ResponseLevel.Partial or ResponseLevel.VeryGoodPartial) || date.Settled.IsRefuted
            || !frame.Baseline.Lesions.IsEmpty || !day.Lesions.IsEmpty || frame.Baseline.Plasmacytoma)
            return [];
        var hasBand = date.Band is not null;
        foreach (var flag in date.Flags)
        {
            if (((hasBand ? ExpectedOfBand : Expected) & (1UL << (int)flag)) == 0)
                return [];
        }

        var confirming = date.Settled.By;
        IEnumerable<Sample?> samples;
        switch (frame.Set)
        {
            case MeasurableBy.Serum:
                samples = [frame.Baseline.Serum, day.Serum, confirming?.Day.Serum, date.Flags.Contains(Flag.UrineAssumed) ? null : frame.Baseline.Urine,
                    date.Judged == ResponseLevel.VeryGoodPartial ? day.Urine : null];
                break;
            case MeasurableBy.Flc when day.Urine is null && !hasBand:
                samples = [frame.Baseline.LightChains?.Kappa, frame.Baseline.LightChains?.Lambda, day.LightChains?.Kappa, day.LightChains?.Lambda,
                    confirming?.Day.LightChains?.Kappa, confirming?.Day.LightChains?.Lambda,
                    date.Flags.Contains(Flag.UrineAssumed) ? null : frame.Baseline.Urine, date.Flags.Contains(Flag.SerumAssumed) ? null : frame.Baseline.Serum];
                break;
            default:
                return [];
        }

        if (samples.Any(sample => sample is { Sources.Length: not 1 }))
            return [];
        var sources = samples.OfType<Sample>().Select(sample => sample.Sources[0]);
        if (!hasBand)
            return Distinct(sources);
        SourceId[] doses = [.. Interference.EarliestDoses(frame.Timeline, date.Date, frame.Policy)];
        return doses.Length == 1 && day is { SerumFixation: null, UrineFixation: null, Urine: null } && frame.MarrowDays.IsEmpty && frame.ClonalityDays.IsEmpty
            ? Distinct(sources.Concat(doses).Concat(day.LightChains?.RatioSources ?? []))
            : [];
    }

    /// <summary>Each once, in order.</summary>
    public static ImmutableArray<SourceId> Distinct(IEnumerable<SourceId> sources)
    {
        var sorted = sources.ToList();
        sorted.Sort();
        var distinct = ImmutableArray.CreateBuilder<SourceId>(sorted.Count);
        foreach (var source in sorted)
        {
            if (distinct.Count == 0 || distinct[^1] != source)
                distinct.Add(source);
        }

        return distinct.ToImmutable();
    }

    /// <summary>The sample that confirmed or refuted it; a death due to myeloma.</summary>
    private static IEnumerable<SourceId> Settling(Assessment date) =>
        date.Settled.By is { } by ? Markers.SelectMany(marker => (by.ValueOf(marker)?.Sources ?? []).Concat(by.Rises.Of(marker)?.Nadir.Sample.Sources ?? []))
            .Concat(by.Rises.Lesions.Sources).Concat(by.Day.Sources)
        : date.Settled is { IsConfirmed: true } && date.NeedsConfirmation ? date.Frame.Timeline.Patient.DeathSources
        : [];
}
