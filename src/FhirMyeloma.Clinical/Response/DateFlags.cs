using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Caveats of one date (a.9), once the next dates have settled it.</summary>
internal static class DateFlags
{
    // Points of per cent either side of a threshold (BORDERLINE).
    private const decimal BorderlinePoints = 2.00m;

    private static readonly ResponseMarker[] Markers = Enum.GetValues<ResponseMarker>();

    public static ImmutableArray<Flag> Of(Assessment date)
    {
        var flags = new FlagSet();
        AddAssumptions(flags, date);
        AddRanges(flags, date);
        if (date.Level != ResponseLevel.NotEvaluable && !date.Settled.IsConfirmed)
            flags.Add(Flag.Unconfirmed);
        if (date.Settled.IsRefuted)
            flags.Add(Flag.PdNotConfirmed);
        if (date.NadirUnconfirmed)
            flags.Add(Flag.NadirUnconfirmed);
        if (date.IsCompleteCandidate)
            flags.Add(Flag.CrCandidate);
        if (date.Band is { } suspicion)
            flags.Add(suspicion.Flag);
        if (date.Frame.BaselineBand is { } atBaseline)
            flags.Add(Interference.AtBaseline(atBaseline.Flag));
        if (IsBorderline(date))
            flags.Add(Flag.Borderline);
        return flags.ToImmutable();
    }

    private static void AddAssumptions(FlagSet flags, Assessment date)
    {
        var (frame, facts) = (date.Frame, date.Facts);
        if (date.AssumesUrine)
            flags.Add(Flag.UrineAssumed);
        if (date.AssumesSerum)
            flags.Add(Flag.SerumAssumed);
        foreach (var flag in frame.BaselineFlags)
        {
            if (flag is not (Flag.UrineAssumed or Flag.SerumAssumed))
                flags.Add(flag);
        }

        if (date.Progression.IsMet && date.Progression.Met[0].Marker is { } marker and not ResponseMarker.Lesion && frame.Baseline[marker] is null)
            flags.Add(Flag.BaselineMissing);
        // Where another finding decided, the missing marker did not.
        var fromLadder = date.Judged is >= ResponseLevel.Stable and < ResponseLevel.Complete;
        if (fromLadder && facts.LacksSerum)
            flags.Add(Flag.SerumMissing);
        if (fromLadder && facts.LacksUrine && frame.Policy.UrinePolicy != UrinePolicy.Ignore)
            flags.Add(Flag.UrineMissing);
        if (frame.Policy.UrinePolicy == UrinePolicy.Strict && frame.Set == MeasurableBy.Serum && facts.UrineBelow100 is null
            && date.Judged < ResponseLevel.VeryGoodPartial && facts.Level(LevelView.Relaxed) == ResponseLevel.VeryGoodPartial)
            flags.Add(Flag.UrineMissing);
    }

    private static void AddRanges(FlagSet flags, Assessment date)
    {
        var possible = !date.Progression.IsMet && date.Progression.Possible is not null;
        if (possible)
            flags.Add(Flag.PdPossible);
        var open = possible || (!date.Progression.IsMet && date.Facts.Level(LevelView.BetterEnd) != date.Judged);
        if (date.Facts.IsFollowedBlank || date.RestsOnBlank || (date.Judged >= ResponseLevel.Complete && date.Facts.Complete.ProvenAtWorst != date.Facts.Complete.Proven))
            flags.Add(Flag.CensoredValue);
        foreach (var sample in Read(date))
        {
            if (sample.Censored && open)
                flags.Add(Flag.CensoredValue);
            if (sample.Contradictory)
                flags.Add(Flag.ContradictoryValues);
            if (sample.Preliminary)
                flags.Add(Flag.PreliminaryUsed);
        }

        if (date.Day.SerumFixation is { Contradictory: true } || date.Day.UrineFixation is { Contradictory: true })
            flags.Add(Flag.ContradictoryValues);
        if (date.Judged >= ResponseLevel.Complete && (date.Day.SerumFixation is { Preliminary: true } || date.Day.UrineFixation is { Preliminary: true }))
            flags.Add(Flag.PreliminaryUsed);
        if (date.Marker is { } marker && date.Frame.Baseline[marker]?.Method is { } before && date.ValueOf(marker)?.Method is { } now && before != now)
            flags.Add(Flag.MethodChanged);
    }

    private static bool IsBorderline(Assessment date)
    {
        if (date.Marker is not { } marker)
            return false;
        if (date.PercentChange(marker) is { } change
            && ResponseLadder.Thresholds(marker, date.Frame.Policy.FlcMinimalResponse).Any(threshold => Math.Abs(-change - threshold) <= BorderlinePoints))
            return true;
        return date.Rises.Of(marker) is { Current.Value.Value: { } now, Nadir.Value.Value: { } nadir } && nadir > 0
            && Math.Abs((100 * (now - nadir) / nadir) - 25) <= BorderlinePoints;
    }

    /// <summary>The values that the category was read from: those of the set with their baselines, the urine that can block VGPR, a rise with its nadir.</summary>
    private static IEnumerable<Sample> Read(Assessment date)
    {
        var (frame, day, progression) = (date.Frame, date.Day, date.Progression);
        foreach (var marker in Markers)
        {
            var isFollowed = marker == date.Facts.Marker || (frame.Set == MeasurableBy.SerumAndUrine && marker is ResponseMarker.SerumM or ResponseMarker.UrineM);
            var progressed = progression.Met.IsDefaultOrEmpty ? progression.Possible?.Marker == marker : progression.Met[0].Marker == marker;
            if ((isFollowed || progressed) && date.ValueOf(marker) is { } now)
            {
                yield return now;
                if (frame.Baseline[marker] is { } before)
                    yield return before;
                if (progressed && date.Rises.Of(marker) is { } rise)
                    yield return rise.Nadir.Sample;
            }
        }

        if (!progression.IsMet && frame.Set is MeasurableBy.Serum or MeasurableBy.Flc && day.Urine is { } urine && BlocksOrAllows(date))
            yield return urine;
        if (date.Judged >= ResponseLevel.Complete || (!progression.IsMet && date.Facts.Complete.Possible is not null))
        {
            if (day.Serum is { } serum)
                yield return serum;
            if (day.Urine is { } measured)
                yield return measured;
            if (date.Facts.Complete.Marrow is { } marrow)
                yield return marrow;
        }

        if (date.Judged >= ResponseLevel.Complete && day.LightChains is { HasBoth: true } chains)
        {
            yield return chains.Kappa!;
            yield return chains.Lambda!;
        }
    }

    private static bool BlocksOrAllows(Assessment date) => date.Judged >= ResponseLevel.VeryGoodPartial || date.Facts.UrineBelow100 is { IsMet: false };
}
