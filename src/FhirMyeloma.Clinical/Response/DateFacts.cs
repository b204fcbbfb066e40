using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>How a category is read: which missing inputs may be assumed, and which end of a range stands.</summary>
internal enum LevelView
{
    /// <summary>The category under the policy asked for.</summary>
    Primary,
    /// <summary>As <see cref="Primary"/>, but at the better end of every range.</summary>
    BetterEnd,
    /// <summary>Urine policy strict.</summary>
    Strict,
    /// <summary>Urine policy ignore.</summary>
    Relaxed,
    /// <summary>Every missing input at the value that serves best.</summary>
    BestPossible,
    /// <summary>Every missing input at the value that serves worst.</summary>
    WorstPossible,
}

/// <summary>The response side of one date: each marker's place on its ladder and what CR asks. Progression is judged before it (a.7).</summary>
internal sealed record DateFacts
{
    public required LineFrame Frame { get; init; }

    public required SampleDay Day { get; init; }

    public required ResponseCriteria Criteria { get; init; }

    public required CompleteResponse Complete { get; init; }

    public LevelRange? Serum { get; init; }

    public LevelRange? Urine { get; init; }

    public LevelRange? Dflc { get; init; }

    public LevelRange? Marrow { get; init; }

    public LevelRange? Lesion { get; init; }

    /// <summary>Urine below 100 mg per 24 h; null when it was not measured.</summary>
    public Tri? UrineBelow100 { get; init; }

    /// <summary>A plasmacytoma measured at baseline fell by half; Met where there was none; null when imaging is missing.</summary>
    public Tri? PlasmacytomaHalved { get; init; }

    /// <summary>A missing urine may be assumed negative (a.10): low or unmeasured at baseline, or a negative urine immunofixation then or now.</summary>
    public bool UrineAssumable { get; init; }

    public static DateFacts Of(LineFrame frame, SampleDay day, ResponseCriteria criteria)
    {
        var baseline = frame.Baseline;
        var imaging = baseline.Lesions.Spd is not null ? CompleteResponse.LesionsAt(frame, day.Date) : null;
        return new()
        {
            Frame = frame,
            Day = day,
            Criteria = criteria,
            Complete = CompleteResponse.Of(frame, day, criteria.RatioForComplete),
            Serum = frame.Set.IsFollowedBySerum() ? Climb(criteria.Serum, baseline.Serum, day.Serum) : null,
            Urine = frame.Set switch
            {
                MeasurableBy.Urine => Climb(criteria.UrineOnly, baseline.Urine, day.Urine),
                MeasurableBy.SerumAndUrine => Climb(criteria.UrineWithSerum, baseline.Urine, day.Urine),
                _ => null,
            },
            Dflc = frame.Set == MeasurableBy.Flc ? Climb(criteria.LightChains, baseline.Dflc, frame.Dflc(day)) : null,
            Marrow = frame.Set == MeasurableBy.Marrow ? Climb(criteria.MarrowOrLesion, baseline.Marrow, day.Marrow) : null,
            Lesion = frame.Set == MeasurableBy.Lesion && !day.Lesions.IsEmpty ? LesionLevel(Lesions.Of(day.Lesions), baseline.Lesions) : null,
            IsFollowedBlank = frame.IsFollowedBlank(day),
            UrineBelow100 = day.Urine?.Value.IsBelow(ResponseLadder.UrineVeryGoodPartial),
            PlasmacytomaHalved = baseline.Lesions.Spd is not { } spd || spd.Value.IsAtMost(0).IsMet ? Tri.Met : imaging is { Spd.IsBlank: true } ? null : imaging?.FellBy(50, baseline.Lesions),
            UrineAssumable = baseline.Urine is not { } urine || urine.Value.IsBelow(ResponseLadder.UrineVeryGoodPartial).IsMet
                || baseline.UrineFixation is { Negative.IsMet: true } || day.UrineFixation is { Negative.IsMet: true },
        };
    }

    /// <summary>The category of the date in a view, progression aside; NE where the set has no value here and CR is not proven.</summary>
    public ResponseLevel Level(LevelView view) => _levels[(int)view] ??= Find(view);

    private readonly ResponseLevel?[] _levels = new ResponseLevel?[6];

    private ResponseLevel Find(LevelView view)
    {
        var complete = view switch
        {
            LevelView.BestPossible => Complete.Possible,
            LevelView.BetterEnd => Complete.ProvenAtBetterEnd,
            LevelView.WorstPossible => Complete.ProvenAtWorst,
            _ => Complete.Proven,
        };
        if (complete is { } level)
            return Criteria.Cap(level);
        // A baseline that is not known could have been of any height; a urine measured here still blocks VGPR.
        if (Frame.IsBaselineOpen && view == LevelView.BestPossible)
            return BlockedByUrine(ResponseLevel.VeryGoodPartial, view);
        var core = Core(view);
        if (core <= ResponseLevel.Stable)
            return core;
        var halved = PlasmacytomaHalved is { } measured ? measured.IsMet || (IsBetterEnd(view) && measured.IsUnknown) : view == LevelView.BestPossible;
        return halved ? core : ResponseLevel.Stable;
    }

    /// <summary>The marker of the set that decides; with two the worse, of two alike serum (a.7 step 9).</summary>
    public ResponseMarker? Marker => Frame.Set switch
    {
        MeasurableBy.Serum => ResponseMarker.SerumM,
        MeasurableBy.Urine => ResponseMarker.UrineM,
        MeasurableBy.SerumAndUrine =>
            Serum is { } s && Urine is { } u ? (u.Worst < s.Worst ? ResponseMarker.UrineM : ResponseMarker.SerumM)
            : Urine is not null ? ResponseMarker.UrineM : ResponseMarker.SerumM,
        MeasurableBy.Flc => ResponseMarker.Dflc,
        MeasurableBy.Marrow => ResponseMarker.Marrow,
        MeasurableBy.Lesion => ResponseMarker.Lesion,
        MeasurableBy.None or MeasurableBy.Unknown => null,
    };

    /// <summary>A measurable marker is missing here: the category is that of the other one, diminished.</summary>
    public bool LacksUrine => Frame.Set == MeasurableBy.SerumAndUrine && Serum is not null && Urine is null;

    /// <summary>No urine was measured and the policy does not let it pass: VGPR is withheld.</summary>
    public bool MissingUrineBlocks =>
        Frame.Set is MeasurableBy.Serum or MeasurableBy.Flc && UrineBelow100 is null && !MissingUrineAllows(LevelView.Primary);

    /// <summary>Lesions are what the line is followed by, and the imaging of the date does not measure what the baseline did.</summary>
    public bool LacksLesionSize => Frame.Set == MeasurableBy.Lesion && !Day.Lesions.IsEmpty && Lesions.Of(Day.Lesions).FellBy(50, Frame.Baseline.Lesions) is null;

    /// <summary>No urine was measured and its value would decide between VGPR and PR (a.3): the bounds differ by it.</summary>
    public bool UrineDecides => Frame.Set is MeasurableBy.Serum or MeasurableBy.Flc && UrineBelow100 is null && !MissingUrineAllows(LevelView.WorstPossible)
        && (Serum ?? Dflc) is { Best: >= ResponseLevel.VeryGoodPartial };

    public bool LacksSerum => Frame.Set == MeasurableBy.SerumAndUrine && Urine is not null && Serum is null;

    /// <summary>A value that the line is followed by was measured here and is not known: no category, and nothing excluded that the rest allows.</summary>
    public bool IsFollowedBlank { get; init; }

    /// <summary>What was measured here, is not known, and may decide the category.</summary>
    public IEnumerable<MissingInput> Blank
    {
        get
        {
            if (Frame.Set.IsFollowedBySerum() && Day.Serum is { IsBlank: true })
                yield return MissingInput.Serum;
            if (Day.Urine is { IsBlank: true } && (Frame.Set.IsFollowedByUrine() || (Serum ?? Dflc) is { Best: >= ResponseLevel.VeryGoodPartial }))
                yield return MissingInput.Urine;
            if (!IsFollowedBlank)
                yield break;
            if (Frame.Set == MeasurableBy.Flc)
                yield return MissingInput.Flc;
            if (Frame.Set == MeasurableBy.Marrow)
                yield return MissingInput.Bmpc;
            if (Frame.Set == MeasurableBy.Lesion)
                yield return MissingInput.Lesion;
        }
    }

    private ResponseLevel Core(LevelView view) => IsFollowedBlank && !IsBetterEnd(view) ? ResponseLevel.NotEvaluable : Frame.Set switch
    {
        MeasurableBy.Serum => Serum is { } serum ? BlockedByUrine(End(serum, view), view) : ResponseLevel.NotEvaluable,
        MeasurableBy.Urine => Urine is { } urine ? End(urine, view) : ResponseLevel.NotEvaluable,
        MeasurableBy.SerumAndUrine => Both(view),
        MeasurableBy.Flc => Dflc is { } dflc ? BlockedByUrine(End(dflc, view), view) : ResponseLevel.NotEvaluable,
        MeasurableBy.Marrow => Marrow is { } marrow ? End(marrow, view) : ResponseLevel.NotEvaluable,
        MeasurableBy.Lesion => Lesion is { } lesion ? End(lesion, view) : ResponseLevel.NotEvaluable,
        MeasurableBy.None => ResponseLevel.NotEvaluable,
        // Without any baseline the missing one could have been of any height; a urine measured here still blocks VGPR.
        MeasurableBy.Unknown => view switch
        {
            LevelView.BestPossible => BlockedByUrine(ResponseLevel.VeryGoodPartial, view),
            LevelView.WorstPossible => ResponseLevel.Progressive,
            _ => ResponseLevel.NotEvaluable,
        },
    };

    private ResponseLevel Both(LevelView view)
    {
        if (Serum is { } serum && Urine is { } urine)
            return ResponseLadder.Lower(End(serum, view), End(urine, view));
        if ((Serum ?? Urine) is not { } only)
            return ResponseLevel.NotEvaluable;
        var level = End(only, view);
        return view switch
        {
            LevelView.BestPossible => level,
            LevelView.WorstPossible => ResponseLevel.Progressive,
            _ => Urine is null && PolicyOf(view) == UrinePolicy.Ignore ? level : Criteria.Cap(level.OneDown()),
        };
    }

    /// <summary>A urine of 100 mg or more blocks VGPR in every set; what a missing one does is the policy's (a.3, a.10).</summary>
    private ResponseLevel BlockedByUrine(ResponseLevel level, LevelView view)
    {
        if (level < ResponseLevel.VeryGoodPartial)
            return level;
        var below = UrineBelow100 is { } measured ? measured.IsMet || (IsBetterEnd(view) && measured.IsUnknown) : MissingUrineAllows(view);
        return below ? level : ResponseLevel.Partial;
    }

    // Light-chain disease asks nothing of a urine that nobody followed: there it is no missing input (h.2, bounds of case 5).
    private bool MissingUrineAllows(LevelView view) => view switch
    {
        LevelView.BestPossible => true,
        LevelView.WorstPossible => Frame.Set == MeasurableBy.Flc && Frame.Baseline.Urine is null,
        _ when Frame.Set == MeasurableBy.Flc => true,
        _ => PolicyOf(view) switch
        {
            UrinePolicy.Ignore => true,
            UrinePolicy.Strict => false,
            UrinePolicy.AssumeNegativeIfBaselineNegative => UrineAssumable,
        },
    };

    private UrinePolicy PolicyOf(LevelView view) => view switch
    {
        LevelView.Strict => UrinePolicy.Strict,
        LevelView.Relaxed => UrinePolicy.Ignore,
        _ => Frame.Policy.UrinePolicy,
    };

    private static bool IsBetterEnd(LevelView view) => view is LevelView.BetterEnd or LevelView.BestPossible;

    private static ResponseLevel End(LevelRange range, LevelView view) => IsBetterEnd(view) ? range.Best : range.Worst;

    private static LevelRange? Climb(System.Collections.Immutable.ImmutableArray<Rung> rungs, Sample? baseline, Sample? current) =>
        baseline is null || current is null ? null : ResponseLadder.Climb(rungs, new(baseline, current));

    private static LevelRange LesionLevel(Lesions now, Lesions baseline)
    {
        var halved = now.FellBy(50, baseline) ?? Tri.Unknown;
        return new(halved.IsMet ? ResponseLevel.Partial : ResponseLevel.Stable, halved.IsNotMet ? ResponseLevel.Stable : ResponseLevel.Partial);
    }
}
