using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Citations;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>The line as a whole: deepest category, deepest confirmed one, progression (R-CONF-2, R-CONF-5).</summary>
internal static class BestResponse
{
    public static LineResponse Of(LineFrame frame, ImmutableArray<Assessment> dates, NadirHistory history)
    {
        ImmutableArray<Assessment> assessments = [.. dates.Where(date => date.IsAssessment)];
        var confirmedProgression = assessments.FirstOrDefault(IsConfirmedProgression);
        // One that the samples left open gives way to a confirmed one (R-TTE-13).
        var progression = confirmedProgression ?? assessments.FirstOrDefault(date => date.Level == ResponseLevel.Progressive);

        var counting = UpTo(assessments, confirmedProgression);
        var best = counting.IsEmpty ? ResponseLevel.NotEvaluable : counting.Max(date => date.Level);
        var deciding = counting.FirstOrDefault(date => date.Level == best);
        var bestConfirmed = Confirmed(counting) ?? (confirmedProgression is null ? ResponseLevel.NotEvaluable : ResponseLevel.Progressive);
        var isFinal = best switch
        {
            ResponseLevel.NotEvaluable => true,
            ResponseLevel.Progressive => confirmedProgression is not null,
            _ => best == bestConfirmed,
        };
        var marker = best == ResponseLevel.NotEvaluable ? null : deciding?.Marker;
        var baseline = marker is { } followed ? frame.Baseline[followed] : null;
        var nadir = marker is not { } known ? null
            : progression is not null && progression.Rises.Of(known) is { } rise ? rise.Nadir
            : history.Deciding(known);
        var last = frame.Days.Select(day => Assessment.ValueOf(frame, day, marker)).LastOrDefault(sample => sample is { IsBlank: false });
        var isIgaBetaRegion = LineFlags.IgaBetaRegion(frame);
        var band = LineBand(frame, assessments, deciding, nadir);
        ImmutableArray<ResponseAt> at = [.. assessments.Select(date => At(date, isIgaBetaRegion))];
        var speaking = new Lazy<HashSet<Assessment>>(() => LineSources.Speaking(dates, counting, deciding, progression, nadir));

        return new()
        {
            Line = frame.Line.Number,
            Best = best,
            IsFinal = isFinal,
            BestConfirmed = bestConfirmed,
            Strict = Deepest(counting, LevelView.Strict, ResponseLevel.NotEvaluable),
            Relaxed = Deepest(counting, LevelView.Relaxed, ResponseLevel.NotEvaluable),
            // Nothing was assessed: nothing is known.
            BoundWorst = frame.HasBlanks ? WorstWithBlanks(dates) : Deepest(counting, LevelView.WorstPossible, ResponseLevel.Progressive),
            BoundBest = frame.HasBlanks ? BestWithBlanks(frame, dates) : Deepest(counting, LevelView.BestPossible, ResponseLevel.StringentComplete),
            MeasurableBy = frame.Set,
            Marker = marker,
            Baseline = baseline?.Dated,
            Nadir = nadir?.Sample.Dated,
            Last = last?.Dated,
            Deciding = deciding?.ValueOf(marker)?.Dated,
            PercentChange = deciding?.PercentChange(marker),
            Criterion = deciding?.Criterion ?? (frame.Set == MeasurableBy.Unknown ? "R-BASE-1" : "R-MEAS-7"),
            Progression = progression is null ? null : ProgressionOf(progression),
            RelapseFromCr = Relapse.FromComplete(counting, dates),
            RelapseFromMrdNegative = Relapse.FromMrdNegative(frame, at, dates),
            ClinicalRelapse = Relapse.Clinical(frame),
            FirstResponse = counting.FirstOrDefault(date => date.Level >= ResponseLevel.Partial)?.Date,
            BestResponse = best == ResponseLevel.NotEvaluable ? null : deciding?.Date,
            IfDrugBand = band is null ? null : IfDrug(counting, best),
            Interference = band?.Strength,
            PeriodStart = baseline?.Date ?? frame.Baseline.Earliest,
            PeriodEnd = assessments.IsEmpty ? null : assessments[^1].Date,
            Flags = Flags(frame, dates, counting, deciding, isFinal, nadir, assessments),
            Missing = deciding?.Missing() ?? NothingAssessed(frame),
            Cited = Cited.When(() => LineSources.Candidates(frame, counting, speaking.Value, nadir, last)),
            SpeakingDates = new(() => [.. speaking.Value.Select(date => date.Date)]),
            Speaking = Cited.When(() => LineSources.Beside(frame, nadir, last)),
            Why = deciding is null ? Why.Nothing : new(deciding, null),
            Assessments = at,
        };
    }

    /// <summary>The deepest category of these dates, and the fall of the serum M-protein that goes with it.</summary>
    public static DrugAtBaseline ShortOf(ImmutableArray<Assessment> dates)
    {
        ImmutableArray<Assessment> assessments = [.. dates.Where(date => date.IsAssessment)];
        var deciding = UpTo(assessments, assessments.FirstOrDefault(IsConfirmedProgression)).MaxBy(date => date.Level);
        return new(deciding?.Level ?? ResponseLevel.NotEvaluable, deciding?.PercentChange(ResponseMarker.SerumM));
    }

    private static bool IsConfirmedProgression(Assessment date) => date.Level == ResponseLevel.Progressive && date.Settled.IsConfirmed;

    /// <summary>Dates after a confirmed PD keep their category but count for nothing (R-CONF-5).</summary>
    private static ImmutableArray<Assessment> UpTo(ImmutableArray<Assessment> assessments, Assessment? confirmedProgression) => confirmedProgression is null
        ? assessments
        : [.. assessments.TakeWhile(date => date != confirmedProgression), confirmedProgression];

    /// <summary>The deepest level that two consecutive assessments hold, marrow and imaging alone; null when there is none.</summary>
    public static ResponseLevel? Confirmed(ImmutableArray<Assessment> counting)
    {
        ResponseLevel? deepest = null;
        for (var i = 0; i < counting.Length; i++)
        {
            if (counting[i].Judged < ResponseLevel.Stable)
                continue;
            ResponseLevel? held = !counting[i].NeedsConfirmation ? counting[i].Judged
                : Confirmation.Partner(counting, i) is { } next ? ResponseLadder.Lower(counting[i].Judged, next.Judged)
                : null;
            if (held is { } level && (deepest is not { } before || level > before))
                deepest = level;
        }

        return deepest;
    }

    private static ResponseLevel Deepest(ImmutableArray<Assessment> counting, LevelView view, ResponseLevel nothing) =>
        counting.IsEmpty ? nothing : counting.Max(date => date.In(view));

    /// <summary>Values that are not known may confirm a progression, after which no date counts (R-CONF-5): only what comes before the first possible one is certain.</summary>
    private static ResponseLevel WorstWithBlanks(ImmutableArray<Assessment> dates)
    {
        var worst = ResponseLevel.Progressive;
        foreach (var date in dates)
        {
            worst = ResponseLadder.Deeper(worst, date.In(LevelView.WorstPossible));
            if (date.MayProgress())
                break;
        }

        return worst;
    }

    /// <summary>
    /// They may as well refute one, so that later dates count, and make an assessment of a date that is none without them: of one on which both immunofixations were
    /// done and that may be a CR. What comes after a progression that known values confirmed counts for nothing.
    /// </summary>
    private static ResponseLevel BestWithBlanks(LineFrame frame, ImmutableArray<Assessment> dates)
    {
        var best = dates.IsEmpty ? ResponseLevel.StringentComplete : ResponseLevel.Progressive;
        foreach (var date in dates)
        {
            if (date.IsAssessment || frame.IsBaselineOpen || MayProveComplete(frame, date.Day))
                best = ResponseLadder.Deeper(best, date.In(LevelView.BestPossible));
            if (IsConfirmedByKnownValues(frame, date))
                break;
        }

        return best;
    }

    private static bool MayProveComplete(LineFrame frame, SampleDay day) =>
        CompleteResponse.BothNegative(frame, day) || (LineFrame.IsBlank(day) && day is { SerumFixation: not null, UrineFixation: not null });

    /// <summary>A progression that no value can take away, known up to the sample that confirmed it; a death confirms only what no sample refutes.</summary>
    private static bool IsConfirmedByKnownValues(LineFrame frame, Assessment date) =>
        IsConfirmedProgression(date) && !frame.IsBaselineOpen && (date.Settled.By ?? (date.NeedsConfirmation ? null : date)) is { HasBlanks: false };

    private static Progression ProgressionOf(Assessment date) => new(
        date.Date, date.Progression.Met[0].Id, date.Settled.IsConfirmed, date.Settled.Date, [])
    {
        Cited = Cited.When(() => DateSources.Candidates(date)),
    };

    private static ImmutableArray<MissingInput> NothingAssessed(LineFrame frame) => frame.Set switch
    {
        MeasurableBy.Unknown => [MissingInput.Baseline],
        MeasurableBy.Serum => [MissingInput.Serum],
        MeasurableBy.Urine => [MissingInput.Urine],
        MeasurableBy.SerumAndUrine => [MissingInput.Serum, MissingInput.Urine],
        MeasurableBy.Flc => [MissingInput.Flc],
        MeasurableBy.Marrow => [MissingInput.Bmpc],
        MeasurableBy.Lesion => [MissingInput.Lesion],
        MeasurableBy.None => [MissingInput.IfeSerum, MissingInput.IfeUrine, MissingInput.Bmpc],
    };

    /// <summary>The suspicion of a drug band at the date that decides, at the nadir, at the last date, else at baseline: the strongest.</summary>
    private static BandSuspicion? LineBand(LineFrame frame, ImmutableArray<Assessment> assessments, Assessment? deciding, NadirValue? nadir)
    {
        var found = AtDates(assessments, deciding, nadir).Select(date => date.Band).Append(frame.BaselineBand).OfType<BandSuspicion>().ToList();
        return found.Count == 0 ? null : found.MinBy(suspicion => suspicion.Strength);
    }

    /// <summary>The dates whose band concerns the line: the one that decides, that of the nadir, the last.</summary>
    public static IEnumerable<Assessment> AtDates(ImmutableArray<Assessment> assessments, Assessment? deciding, NadirValue? nadir) =>
        assessments.Where((date, i) => date == deciding || i == assessments.Length - 1 || (nadir is { } lowest && date.Date == lowest.Sample.Date));

    /// <summary>The deepest category with every band that may be the drug taken for it: never the primary one (section b). No band of drug size makes a PD by itself.</summary>
    private static ResponseLevel IfDrug(ImmutableArray<Assessment> counting, ResponseLevel best)
    {
        var deepest = best;
        foreach (var date in counting)
        {
            if (date.Band is null || date.Progression.IsMet)
                continue;
            var day = date.Day;
            var without = day with
            {
                Serum = day.Serum! with { Value = Reading.Exact(0) },
                SerumFixation = day.SerumFixation is { MaybeDrug: true } or { ForeignIgGKappa: true }
                    ? day.SerumFixation with { Positive = Tri.NotMet, ForeignIgGKappa = false }
                    : day.SerumFixation,
            };
            deepest = ResponseLadder.Deeper(deepest, DateFacts.Of(date.Frame, without, date.Facts.Criteria).Level(LevelView.Primary));
        }

        return deepest;
    }

    private static ImmutableArray<Flag> Flags(
        LineFrame frame, ImmutableArray<Assessment> dates, ImmutableArray<Assessment> counting, Assessment? deciding, bool isFinal, NadirValue? nadir,
        ImmutableArray<Assessment> assessments)
    {
        var flags = new FlagSet();
        flags.Add(deciding?.Flags ?? frame.BaselineFlags);
        flags.Remove(Flag.Unconfirmed);
        if (!isFinal)
            flags.Add(Flag.Unconfirmed);
        if (frame.BaselineBand is { } atBaseline)
            flags.Add(Interference.AtBaseline(atBaseline.Flag));
        foreach (var date in AtDates(assessments, deciding, nadir))
        {
            if (date.Band is { } suspicion)
                flags.Add(suspicion.Flag);
        }

        foreach (var date in counting)
        {
            foreach (var flag in date.Flags)
            {
                if (flag is Flag.NadirUnconfirmed or Flag.PdNotConfirmed or Flag.PdPossible)
                    flags.Add(flag);
            }
        }

        // A progression by a marker that the line is not followed by has no row of its own while it is not known.
        if (dates.Any(date => !date.IsAssessment && date.HasBlanks && date.Progression.Possible is not null))
            flags.Add(Flag.PdPossible);
        foreach (var flag in LineFlags.Of(frame))
            flags.Add(flag);
        return flags.ToImmutable();
    }

    /// <summary>One date of the line as <see cref="Of"/> lists it.</summary>
    public static ResponseAt? At(LineFrame frame, ImmutableArray<Assessment> dates, ClinicalDate date)
    {
        foreach (var one in dates)
        {
            if (one.Date == date && one.IsAssessment)
                return At(one, LineFlags.IgaBetaRegion(frame));
        }

        return null;
    }

    private static ResponseAt At(Assessment date, bool isIgaBetaRegion)
    {
        var marker = date.Level == ResponseLevel.NotEvaluable ? null : date.Marker;
        return new()
        {
            Line = date.Facts.Frame.Line.Number,
            Date = date.Date,
            Level = date.Level,
            Confirmed = date.Settled.IsConfirmed,
            Marker = marker,
            Value = date.ValueOf(marker)?.Dated,
            Baseline = marker is { } followed ? date.Facts.Frame.Baseline[followed]?.Dated : null,
            Nadir = date.Rises.Of(marker)?.Nadir.Sample.Dated,
            PercentChange = date.PercentChange(marker),
            Criterion = date.Criterion,
            Strict = date.In(LevelView.Strict),
            Relaxed = date.In(LevelView.Relaxed),
            BoundWorst = date.In(LevelView.WorstPossible),
            BoundBest = date.In(LevelView.BestPossible),
            Flags = isIgaBetaRegion ? [.. date.Flags.Append(Flag.IgaBetaRegion).Order()] : date.Flags,
            Missing = date.Missing(),
            Why = new(date, null),
            Cited = Cited.When(() => DateSources.Candidates(date)),
            Plain = Cited.When(() => DateSources.Plain(date)),
        };
    }
}
