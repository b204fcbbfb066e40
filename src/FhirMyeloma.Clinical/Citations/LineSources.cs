using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>Where the citations of a line's response begin to look, as <see cref="DateSources"/> does for a date.</summary>
internal static class LineSources
{
    /// <summary>The dates that a component or flag of the line speaks of.</summary>
    public static HashSet<Assessment> Speaking(
        ImmutableArray<Assessment> dates, ImmutableArray<Assessment> counting, Assessment? deciding, Assessment? progression, NadirValue? nadir)
    {
        HashSet<Assessment> speaking = [];
        Add(deciding);
        Add(progression);
        Add(progression?.Settled.By);
        Add(counting.FirstOrDefault(date => date.Level >= ResponseLevel.Partial));
        foreach (var view in new[] { LevelView.Strict, LevelView.Relaxed, LevelView.WorstPossible, LevelView.BestPossible })
            Add(counting.MaxBy(date => date.In(view)));
        if (PairAt(counting, BestResponse.Confirmed(counting) ?? ResponseLevel.NotEvaluable) is var (one, other))
        {
            Add(one);
            Add(other);
        }

        foreach (var flag in new[] { Flag.NadirUnconfirmed, Flag.PdNotConfirmed, Flag.PdPossible })
            Add(counting.FirstOrDefault(date => date.Flags.Contains(flag)));
        foreach (var date in BestResponse.AtDates([.. dates.Where(date => date.IsAssessment)], deciding, nadir))
            Add(date);
        if (Relapse.FromComplete(counting, dates) is { } relapse)
        {
            Add(dates.First(date => date.Date == relapse));
            Add(counting.First(date => date.Level >= ResponseLevel.Complete));
        }

        return speaking;

        void Add(Assessment? date)
        {
            if (date is not null)
                speaking.Add(date);
        }
    }

    /// <summary>
    /// The inputs that may have decided those dates: whatever each may rest on, with the values of the assessments beside it, which say whether it was held.
    /// </summary>
    public static ImmutableArray<SourceId> Candidates(
        LineFrame frame, ImmutableArray<Assessment> counting, HashSet<Assessment> speaking, NadirValue? nadir, Sample? last)
    {
        var sources = frame.Baseline.Sources.Concat(speaking.SelectMany(date => DateSources.Candidates(date)));
        for (var i = 0; i < counting.Length; i++)
        {
            if ((i > 0 && speaking.Contains(counting[i - 1])) || (i + 1 < counting.Length && speaking.Contains(counting[i + 1])))
                sources = sources.Concat(frame.Values(counting[i].Day));
        }

        return DateSources.Distinct(sources.Concat(Beside(frame, nadir, last)));
    }

    /// <summary>What components and flags rest on beside the dates: clone, nadir and last value, clinical relapse, what is said of the series.</summary>
    public static ImmutableArray<SourceId> Beside(LineFrame frame, NadirValue? nadir, Sample? last)
    {
        var sources = frame.Timeline.Patient.Diagnosis.CloneSources
            .Concat(nadir?.Sample.Sources ?? []).Concat(last?.Sources ?? []).Concat(Relapse.Sources(frame)).Concat(LineFlags.Sources(frame));
        sources = sources.Concat(frame.Timeline.Patient.Mrd.Select(result => result.Source));
        if (frame.Baseline.Serum is { } before && (frame.BaselineBand is not null || Interference.CanBeInBaseline(frame.Timeline, before, frame.Line, frame.Policy)))
            sources = sources.Concat(Interference.Sources(frame.Timeline, before.Date, frame.Policy, frame.Line.First));
        return DateSources.Distinct(sources);
    }

    /// <summary>The first two consecutive assessments that hold a level.</summary>
    private static (Assessment One, Assessment Other)? PairAt(ImmutableArray<Assessment> counting, ResponseLevel level)
    {
        for (var i = 0; i < counting.Length; i++)
        {
            if (counting[i].Judged >= ResponseLevel.Stable && Confirmation.Partner(counting, i) is { } next
                && ResponseLadder.Lower(counting[i].Judged, next.Judged) == level)
                return (counting[i], next);
        }

        return null;
    }
}
