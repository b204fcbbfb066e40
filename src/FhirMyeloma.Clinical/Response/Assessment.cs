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
}

/// <summary>What the samples after a date made of it (a.6).</summary>
/// <param name="IsConfirmed">Held, or PD met again, or in no need of it.</param>
/// <param name="IsRefuted">A PD that the next evaluable sample does not show.</param>
/// <param name="Date">Date of the sample that confirmed or refuted.</param>
/// <param name="By">That sample; null where none was needed, and for a death.</param>
internal readonly record struct Settlement(bool IsConfirmed, bool IsRefuted, ClinicalDate? Date, Assessment? By)
{
    /// <summary>A value that is not known, of an earlier sample, of one between the two or of one of them, may have made a progression of what refuted it.</summary>
    public bool PassesOverBlank { get; init; }
}
