using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>One date of a line, judged (a.7): progression first, then the ladder. What the next dates make of it is in <see cref="Confirmation"/>.</summary>
internal sealed class Assessment
{
    // Asked for only once every date is settled.
    private ImmutableArray<Flag> _flags;

    private Assessment(DateFacts facts, ProgressionFacts rises, ProgressionVerdict progression, bool nadirUnconfirmed, bool restsOnBlank)
    {
        (Facts, Rises, Progression, NadirUnconfirmed, RestsOnBlank) = (facts, rises, progression, nadirUnconfirmed, restsOnBlank);
        Judged = progression.IsMet ? ResponseLevel.Progressive : facts.Level(LevelView.Primary);
    }

    public DateFacts Facts { get; }

    public SampleDay Day => Facts.Day;

    public ClinicalDate Date => Facts.Day.Date;

    public ProgressionFacts Rises { get; }

    public ProgressionVerdict Progression { get; }

    /// <summary>PD against the lowest single value, not against the confirmed nadir (R-NADIR-1).</summary>
    public bool NadirUnconfirmed { get; }

    /// <summary>A PD by a nadir that a value of the line, not known, may have kept from being confirmed.</summary>
    public bool RestsOnBlank { get; }

    /// <summary>Something of this date, or of the line before it, is not known.</summary>
    public bool HasBlanks { get; init; }

    /// <summary>Had every value been known, the date might show progression where it does not.</summary>
    public bool MayHideProgression => LineFrame.MayHideProgression(Day) || (HasBlanks && (NadirUnconfirmed || Progression.Possible is not null));

    /// <summary>The category as it stands on its own date.</summary>
    public ResponseLevel Judged { get; }

    /// <summary>The category once the next samples are known: a refuted PD is NE (R-CONF-7).</summary>
    public ResponseLevel Level => Settled.IsRefuted ? ResponseLevel.NotEvaluable : Judged;

    /// <summary>What the next samples made of it.</summary>
    public Settlement Settled { get; set; }

    /// <summary>It belongs on the wire: a value of the set, or CR, sCR or PD by another marker.</summary>
    public bool IsAssessment => Frame.IsFollowed(Day) || Judged is ResponseLevel.Progressive or >= ResponseLevel.Complete;

    public ResponseMarker? Marker => Progression.IsMet ? Progression.Met[0].Marker
        : Judged == ResponseLevel.NotEvaluable ? null
        : Facts.Marker;

    /// <summary>Marrow and imaging need no second sample (R-CONF-1).</summary>
    public bool NeedsConfirmation => Progression.IsMet
        ? Progression.Met.All(rule => rule.NeedsConfirmation) && !(Frame.Policy.TwoMarkerProgression && HasTwoMarkers)
        : Facts.Marker is not (ResponseMarker.Marrow or ResponseMarker.Lesion);

    // R-CONF-6, off unless asked for.
    private bool HasTwoMarkers => Progression.Met.Select(rule => rule.Marker).Distinct().Count() > 1;

    public LineFrame Frame => Facts.Frame;

    public static Assessment Of(LineFrame frame, SampleDay day, ResponseCriteria criteria, NadirHistory history)
    {
        var facts = DateFacts.Of(frame, day, criteria);
        var rises = RisesOf(frame, day, history, history.Deciding);
        var progression = ProgressionRules.Judge(criteria.Progression, rises);
        var nadirUnconfirmed = !progression.IsMet && history.HasUnconfirmed && frame.Set is not (MeasurableBy.None or MeasurableBy.Unknown)
            && ProgressionRules.Judge(criteria.Progression, RisesOf(frame, day, history, history.Lowest)).IsMet;
        var restsOnBlank = false;
        if (history.HasBlanks)
        {
            if (progression.IsMet)
                restsOnBlank = !ProgressionRules.Judge(criteria.Progression, RisesOf(frame, day, history, OfBaseline)).IsMet;
            else if (progression.Possible is null)
                progression = progression with { Possible = ProgressionRules.Judge(criteria.Progression, RisesOf(frame, day, history, history.LowestPossible)).Any };
        }

        return new(facts, rises, progression, nadirUnconfirmed, restsOnBlank) { HasBlanks = history.HasBlanks || LineFrame.IsBlank(day) };

        NadirValue? OfBaseline(ResponseMarker marker) => frame.Baseline[marker] is { Spurious: false } baseline ? new(baseline.Value, baseline) : null;
    }

    public static ProgressionFacts RisesOf(LineFrame frame, SampleDay day, NadirHistory history, Func<ResponseMarker, NadirValue?> nadirOf)
    {
        return new(frame,
            Rise(ResponseMarker.SerumM, day.Serum), Rise(ResponseMarker.UrineM, day.Urine), Rise(ResponseMarker.Dflc, frame.Dflc(day)),
            Rise(ResponseMarker.Marrow, day.Marrow), day.Circulating, history.LowestCirculating, day.Calcium,
            day.Lesions.IsEmpty ? LesionGrowth.No : LesionGrowth.Of(Lesions.Of(day.Lesions), history.Imaging, frame.Baseline.KnownLesions));

        Rise? Rise(ResponseMarker marker, Sample? current) => current is not null && nadirOf(marker) is { } nadir ? new(current, nadir) : null;
    }

    public Sample? ValueOf(ResponseMarker? marker) => ValueOf(Frame, Day, marker);

    public static Sample? ValueOf(LineFrame frame, SampleDay day, ResponseMarker? marker) => marker switch
    {
        ResponseMarker.SerumM => day.Serum,
        ResponseMarker.UrineM => day.Urine,
        ResponseMarker.Dflc => frame.Dflc(day),
        ResponseMarker.Marrow => day.Marrow,
        ResponseMarker.Lesion => frame.Baseline.SizeOf(Lesions.Of(day.Lesions)),
        null => null,
    };

    /// <summary>
    /// What is not known leaves PD possible and no category certain: the baseline, the value that the line is followed by, or a sample that may have settled a PD
    /// before the one that refuted it.
    /// </summary>
    private bool MayBeAnything => Frame.IsBaselineOpen || Facts.IsFollowedBlank || (HasBlanks && Judged == ResponseLevel.NotEvaluable && Progression.Possible is not null)
        || (Settled.IsRefuted && (Settled.PassesOverBlank || RestsOnBlank));

    /// <summary>Had every value been known, it might be a PD that nothing refutes.</summary>
    public bool MayProgress => MayBeAnything || NadirUnconfirmed || Progression.Possible is not null || (Progression.IsMet && !Settled.IsRefuted);

    /// <summary>The category in a view.</summary>
    public ResponseLevel In(LevelView view)
    {
        if (view == LevelView.WorstPossible && MayBeAnything)
            return ResponseLevel.Progressive;
        if (view == LevelView.BestPossible && (MayBeAnything || (Judged == ResponseLevel.Progressive && RestsOnBlank)))
            return ResponseLadder.Deeper(ResponseLadder.Deeper(Level, ResponseLevel.Progressive), Judged == ResponseLevel.Progressive && !RestsOnBlank && !Frame.IsBaselineOpen ? Level : Facts.Level(view));
        if (Level is ResponseLevel.Progressive || Settled.IsRefuted)
            return Level;
        return view switch
        {
            LevelView.Strict => StrictLevel(),
            LevelView.BestPossible => ResponseLadder.Deeper(Level, Facts.Level(view)),
            LevelView.WorstPossible when Frame.Set == MeasurableBy.Unknown && Level == ResponseLevel.NotEvaluable => ResponseLevel.Progressive,
            LevelView.WorstPossible when NadirUnconfirmed || Progression.Possible is not null => ResponseLadder.Lower(Level, ResponseLevel.Progressive),
            LevelView.WorstPossible when Frame.Set == MeasurableBy.Unknown => Level,
            LevelView.WorstPossible => ResponseLadder.Lower(Level, Facts.Level(view)),
            LevelView.Primary or LevelView.BetterEnd or LevelView.Relaxed => Facts.Level(view),
        };
    }

    /// <summary>
    /// The smallest set of missing inputs that settles the category: with their values, whatever they are, worst and best bound meet. Empty where they meet already,
    /// and where not a missing input but a range or an unconfirmed nadir holds them apart. A CR candidate names everything that CR and sCR ask for and nobody
    /// measured (a.7), also what something measured makes idle: it is the list for the next visit.
    /// </summary>
    public ImmutableArray<MissingInput> Missing
    {
        get
        {
            if (Level == ResponseLevel.Progressive || Settled.IsRefuted)
                return Frame.IsBaselineOpen ? [MissingInput.Baseline] : [];
            if (Judged == ResponseLevel.NotEvaluable && Frame.Set == MeasurableBy.Unknown)
                return [MissingInput.Baseline];
            var best = In(LevelView.BestPossible);
            if (best == In(LevelView.WorstPossible))
                return [];
            var missing = new SortedSet<MissingInput>(Facts.Blank);
            if (Frame.IsBaselineOpen)
                missing.Add(MissingInput.Baseline);
            if (best >= ResponseLevel.Complete && best > Level)
                missing.UnionWith(IsCompleteCandidate ? Facts.Complete.MissingForCandidate(Facts.Criteria.HasStringent) : Facts.Complete.MissingFor(best));
            if (Judged < ResponseLevel.Complete)
            {
                if (Facts.LacksUrine || Facts.UrineDecides)
                    missing.Add(MissingInput.Urine);
                if (Facts.LacksSerum)
                    missing.Add(MissingInput.Serum);
                if (best > Level && (Facts.PlasmacytomaHalved is null || Facts.LacksLesionSize))
                    missing.Add(MissingInput.Lesion);
            }

            return [.. missing];
        }
    }

    /// <summary>Its caveats (a.9).</summary>
    public ImmutableArray<Flag> Flags => _flags.IsDefault ? _flags = DateFlags.Of(this) : _flags;

    /// <summary>Suspicion that this date's band is the antibody.</summary>
    public BandSuspicion? Band => Facts.Complete.Band;

    /// <summary>CR_CANDIDATE (a.9): nothing measured contradicts CR, electrophoresis least of all.</summary>
    public bool IsCompleteCandidate =>
        Level is not (ResponseLevel.Progressive or >= ResponseLevel.Complete) && !Settled.IsRefuted
        && Facts.Complete.ElectrophoresisAllows && Facts.Complete.Possible is not null;

    /// <summary>100·(current − baseline)/baseline of a marker; null when either is a range or the baseline is 0.</summary>
    public decimal? PercentChange(ResponseMarker? marker) =>
        marker is { } known && Frame.Baseline[known]?.Value.Value is { } before && before != 0 && ValueOf(marker)?.Value.Value is { } now
            ? 100 * (now - before) / before
            : null;

    public string Criterion => Judged switch
    {
        ResponseLevel.Progressive when Settled.IsRefuted => "R-CONF-7",
        ResponseLevel.Progressive => Progression.Met[0].Id,
        ResponseLevel.NotEvaluable => Frame.Set == MeasurableBy.Unknown ? "R-BASE-1" : "R-MEAS-7",
        _ => Facts.Criteria.Id(Judged),
    };

    /// <summary>No urine decided the set or the category, and it was assumed negative.</summary>
    public bool AssumesUrine =>
        Frame.Set != MeasurableBy.Unknown && Judged < ResponseLevel.Complete
        && (Frame.Baseline.Urine is null
            || (Facts.UrineBelow100 is null && Judged == ResponseLevel.VeryGoodPartial && Frame.Set == MeasurableBy.Serum
                && Frame.Policy.UrinePolicy == UrinePolicy.AssumeNegativeIfBaselineNegative));

    /// <summary>A serum M-protein was never measured and counted as not measurable.</summary>
    public bool AssumesSerum => Frame.Set != MeasurableBy.Unknown && Judged < ResponseLevel.Complete && Frame.Baseline.Serum is null;

    /// <summary>Strict: no assumption about a marker that was never measured; one level down instead (a.10).</summary>
    private ResponseLevel StrictLevel()
    {
        var strict = Facts.Level(LevelView.Strict);
        return (AssumesUrine || AssumesSerum) && strict < ResponseLevel.Complete
            ? ResponseLadder.Lower(strict, Facts.Criteria.Cap(Facts.Level(LevelView.Relaxed).OneDown()))
            : strict;
    }
}

/// <summary>What the samples after a date made of it (a.6).</summary>
/// <param name="IsConfirmed">Held, or PD met again, or in no need of it.</param>
/// <param name="IsRefuted">A PD that the next evaluable sample does not show.</param>
/// <param name="Date">Date of the sample that confirmed or refuted.</param>
/// <param name="By">That sample; null where none was needed, and for a death.</param>
internal readonly record struct Settlement(bool IsConfirmed, bool IsRefuted, ClinicalDate? Date, Assessment? By)
{
    /// <summary>Between the two lies a sample with a value that is not known.</summary>
    public bool PassesOverBlank { get; init; }
}
