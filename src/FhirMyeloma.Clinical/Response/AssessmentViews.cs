using System.Collections.Immutable;

namespace FhirMyeloma.Clinical.Response;

/// <summary>
/// A date's category under other assumptions than the chosen ones, and the bounds that hold whatever the values turn out to be that are missing or not known
/// (a.10).
/// </summary>
internal static class AssessmentViews
{
    /// <summary>The category in a view.</summary>
    public static ResponseLevel In(this Assessment date, LevelView view) => view switch
    {
        LevelView.WorstPossible => Worst(date),
        LevelView.BestPossible => Best(date),
        LevelView.Strict => Strict(date),
        // Assumptions about urine and serum make no progression and refute none.
        LevelView.Primary or LevelView.BetterEnd or LevelView.Relaxed => date.Judged == ResponseLevel.Progressive ? date.Level : date.Facts.Level(view),
    };

    /// <summary>Had every value been known, it might be a PD that nothing refutes.</summary>
    public static bool MayProgress(this Assessment date) => MayBeAnything(date) || MayHaveRisen(date) || date.Level == ResponseLevel.Progressive;

    /// <summary>
    /// The smallest set of missing inputs that settles the category: with their values, whatever they are, worst and best bound meet. Empty where they meet already,
    /// and where not a missing input but a range or an unconfirmed nadir holds them apart. A CR candidate names everything that CR and sCR ask for and nobody
    /// measured (a.7), also what something measured makes idle: it is the list for the next visit.
    /// </summary>
    public static ImmutableArray<MissingInput> Missing(this Assessment date)
    {
        var (frame, facts) = (date.Frame, date.Facts);
        if (date.Judged == ResponseLevel.Progressive)
            return frame.IsBaselineOpen ? [MissingInput.Baseline] : [];
        if (date.Judged == ResponseLevel.NotEvaluable && frame.Set == MeasurableBy.Unknown)
            return [MissingInput.Baseline];
        var best = Best(date);
        if (best == Worst(date))
            return [];
        var missing = new SortedSet<MissingInput>(facts.Blank);
        if (frame.IsBaselineOpen)
            missing.Add(MissingInput.Baseline);
        if (best >= ResponseLevel.Complete && best > date.Level)
            missing.UnionWith(date.IsCompleteCandidate ? facts.Complete.MissingForCandidate(facts.Criteria.HasStringent) : facts.Complete.MissingFor(best));
        if (date.Judged < ResponseLevel.Complete)
        {
            if (facts.LacksUrine || facts.UrineDecides)
                missing.Add(MissingInput.Urine);
            if (facts.LacksSerum)
                missing.Add(MissingInput.Serum);
            if (best > date.Level && (facts.PlasmacytomaHalved is null || facts.LacksLesionSize))
                missing.Add(MissingInput.Lesion);
        }

        return [.. missing];
    }

    private static ResponseLevel Worst(Assessment date)
    {
        if (MayBeAnything(date))
            return ResponseLevel.Progressive;
        if (date.Judged == ResponseLevel.Progressive)
            return date.Level;
        // Without any baseline only a CR, whose every item is proven, says more than that nothing is known.
        if (date.Frame.Set == MeasurableBy.Unknown)
            return date.Level == ResponseLevel.NotEvaluable || MayHaveRisen(date) ? ResponseLevel.Progressive : date.Level;
        return ResponseLadder.Lower(date.Level, MayHaveRisen(date) ? ResponseLevel.Progressive : date.Facts.Level(LevelView.WorstPossible));
    }

    private static ResponseLevel Best(Assessment date)
    {
        if (IsProgressionByKnownValues(date))
            return MayBeAnything(date) ? ResponseLevel.Progressive : date.Level;
        var best = ResponseLadder.Deeper(date.Level, date.Facts.Level(LevelView.BestPossible));
        // Known, it would be evaluable: PD is the least that it would be.
        return MayBeAnything(date) || date.Judged == ResponseLevel.Progressive ? ResponseLadder.Deeper(best, ResponseLevel.Progressive) : best;
    }

    /// <summary>Strict: no assumption about a marker that was never measured; one level down instead (a.10).</summary>
    private static ResponseLevel Strict(Assessment date)
    {
        if (date.Judged == ResponseLevel.Progressive)
            return date.Level;
        var strict = date.Facts.Level(LevelView.Strict);
        return (date.AssumesUrine || date.AssumesSerum) && strict < ResponseLevel.Complete
            ? ResponseLadder.Lower(strict, date.Facts.Criteria.Cap(date.Facts.Level(LevelView.Relaxed).OneDown()))
            : strict;
    }

    /// <summary>What is not known leaves PD possible and no category certain.</summary>
    private static bool MayBeAnything(Assessment date) => IsFollowedUnknown(date) || HidesProgression(date) || IsRefutationOpen(date);

    /// <summary>One of the two values that are compared is not known: the baseline, or that of the date.</summary>
    private static bool IsFollowedUnknown(Assessment date) => date.Frame.IsBaselineOpen || date.Facts.IsFollowedBlank;

    /// <summary>No category, and a value that is not known may have made it a progression.</summary>
    private static bool HidesProgression(Assessment date) =>
        date.HasBlanks && date.Judged == ResponseLevel.NotEvaluable && date.Progression.Possible is not null;

    /// <summary>A sample that is not known may have confirmed the PD before another refuted it, or have shown that there was none.</summary>
    private static bool IsRefutationOpen(Assessment date) => date.Settled is { IsRefuted: true, PassesOverBlank: true };

    /// <summary>A range, or a nadir that is not yet confirmed, leaves a rise to progression open (R-UNIT-6, R-NADIR-1).</summary>
    private static bool MayHaveRisen(Assessment date) => date.NadirUnconfirmed || date.Progression.Possible is not null;

    /// <summary>It met PD, and no value that is not known can take that away: neither baseline nor nadir could have been higher.</summary>
    private static bool IsProgressionByKnownValues(Assessment date) =>
        date.Judged == ResponseLevel.Progressive && !date.RestsOnBlank && !date.Frame.IsBaselineOpen;
}
