using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>What stands between a date and the next better category.</summary>
public enum WithheldBy
{
    /// <summary>The fall of a marker is less than the category asks for.</summary>
    Fall,
    /// <summary>Urine M-protein is not below the limit.</summary>
    UrineLevel,
    /// <summary>Urine neither fell enough nor is it below the limit.</summary>
    UrineFallAndLevel,
    /// <summary>A measurable marker has no value here, which costs a level.</summary>
    MarkerMissing,
    /// <summary>No urine was measured and the policy assumes nothing.</summary>
    UrineMissing,
    /// <summary>The plasmacytoma did not shrink by half.</summary>
    LesionSize,
    /// <summary>No imaging shows whether it did.</summary>
    LesionMissing,
    /// <summary>Serum immunofixation is positive.</summary>
    SerumFixation,
    /// <summary>Serum immunofixation is positive and may show the antibody alone; no assay tells (R-INT-7).</summary>
    DrugOrDisease,
    /// <summary>Urine immunofixation is positive.</summary>
    UrineFixation,
    /// <summary>A serum M-protein can be measured.</summary>
    SerumBand,
    /// <summary>A urine M-protein can be measured.</summary>
    UrineBand,
    /// <summary>5 % plasma cells or more in the marrow.</summary>
    Marrow,
    /// <summary>Lesions are left.</summary>
    Lesions,
    /// <summary>The light-chain ratio is abnormal.</summary>
    Ratio,
    /// <summary>Clonal plasma cells in the marrow.</summary>
    Clonality,
}

/// <summary>One reason, with its numbers.</summary>
/// <param name="By">What it is.</param>
/// <param name="Marker">The marker that it concerns.</param>
/// <param name="Value">Its value, in its unit.</param>
/// <param name="Fall">Its fall from baseline, per cent, unrounded.</param>
/// <param name="Limit">What the category asks for: per cent of fall, or an amount.</param>
public readonly record struct WithheldReason(WithheldBy By, ResponseMarker? Marker = null, Reading? Value = null, decimal? Fall = null, decimal? Limit = null);

/// <summary>A rise that meets one of the two conditions of progression and not the other (R-PD-1, R-PD-3, R-PD-4).</summary>
/// <param name="Marker">Which marker.</param>
/// <param name="Amount">Rise from nadir in its unit.</param>
/// <param name="Percent">Rise from nadir, per cent; null from a nadir of 0.</param>
/// <param name="Limit">The amount that the rule asks for.</param>
/// <param name="ShortOfAmount">True: the amount is too small; false: the percentage is.</param>
/// <param name="Criterion">The rule.</param>
public readonly record struct RiseWithheld(ResponseMarker Marker, decimal Amount, decimal? Percent, decimal Limit, bool ShortOfAmount, string Criterion);

/// <summary>Why a category is not a better one, and why a rise is not progression.</summary>
public sealed record Withheld
{
    /// <summary>The next better category of the ruleset for the set that the line is followed by; null when there is none.</summary>
    public ResponseLevel? Level { get; init; }

    /// <summary>What was measured and stands against it.</summary>
    public ImmutableArray<WithheldReason> Reasons { get; init; } = [];

    /// <summary>What it asks for and was not measured.</summary>
    public ImmutableArray<MissingInput> Missing { get; init; } = [];

    /// <summary>A rise that is no progression.</summary>
    public RiseWithheld? Rise { get; init; }

    internal static Withheld? Of(Assessment date)
    {
        if (date.Level is ResponseLevel.Progressive or ResponseLevel.NotEvaluable)
            return null;
        var facts = date.Facts;
        var next = Next(facts, date.Level);
        var (reasons, missing) = next switch
        {
            null => ([], []),
            ResponseLevel.StringentComplete => Stringent(facts.Complete),
            ResponseLevel.Complete => Complete(facts.Complete),
            { } level => OnLadder(facts, level),
        };
        return new() { Level = next, Reasons = reasons, Missing = missing, Rise = RiseOf(date) };
    }

    private static ResponseLevel? Next(DateFacts facts, ResponseLevel level)
    {
        var rungs = Ladders(facts).SelectMany(ladder => ladder.Rungs).Select(rung => rung.Level).ToHashSet();
        return level switch
        {
            ResponseLevel.StringentComplete => null,
            ResponseLevel.Complete => facts.Criteria.HasStringent ? ResponseLevel.StringentComplete : null,
            _ => rungs.Where(rung => rung > level).Select(rung => (ResponseLevel?)rung).Min() ?? ResponseLevel.Complete,
        };
    }

    private static IEnumerable<(ResponseMarker Marker, ImmutableArray<Rung> Rungs)> Ladders(DateFacts facts) => facts.Frame.Set switch
    {
        MeasurableBy.Serum => [(ResponseMarker.SerumM, facts.Criteria.Serum)],
        MeasurableBy.Urine => [(ResponseMarker.UrineM, facts.Criteria.UrineOnly)],
        MeasurableBy.SerumAndUrine => [(ResponseMarker.SerumM, facts.Criteria.Serum), (ResponseMarker.UrineM, facts.Criteria.UrineWithSerum)],
        MeasurableBy.Flc => [(ResponseMarker.Dflc, facts.Criteria.LightChains)],
        MeasurableBy.Marrow => [(ResponseMarker.Marrow, facts.Criteria.MarrowOrLesion)],
        MeasurableBy.Lesion => [(ResponseMarker.Lesion, facts.Criteria.MarrowOrLesion)],
        MeasurableBy.None or MeasurableBy.Unknown => [],
    };

    private static (ImmutableArray<WithheldReason>, ImmutableArray<MissingInput>) OnLadder(DateFacts facts, ResponseLevel level)
    {
        var reasons = ImmutableArray.CreateBuilder<WithheldReason>();
        var missing = ImmutableArray.CreateBuilder<MissingInput>();
        foreach (var (marker, rungs) in Ladders(facts))
        {
            if (Assessment.ValueOf(facts.Frame, facts.Day, marker) is not { } now || facts.Frame.Baseline[marker] is not { } before)
            {
                reasons.Add(new(WithheldBy.MarkerMissing, marker));
                missing.Add(marker switch { ResponseMarker.SerumM => MissingInput.Serum, ResponseMarker.UrineM => MissingInput.Urine, _ => MissingInput.Lesion });
                continue;
            }

            if (rungs.FirstOrDefault(rung => rung.Level == level) is { } rung && !rung.Holds(new(before, now)).IsMet)
                reasons.Add(Short(marker, level, facts.Frame.Set, before, now));
        }

        if (level == ResponseLevel.VeryGoodPartial && facts.Frame.Set is MeasurableBy.Serum or MeasurableBy.Flc)
        {
            if (facts.UrineBelow100 is { IsMet: false } && facts.Day.Urine is { IsBlank: false })
                reasons.Add(new(WithheldBy.UrineLevel, ResponseMarker.UrineM, facts.Day.Urine!.Value, null, ResponseLadder.UrineVeryGoodPartial));
            else if (facts.MissingUrineBlocks || facts.Day.Urine is { IsBlank: true })
            {
                reasons.Add(new(WithheldBy.UrineMissing, ResponseMarker.UrineM));
                missing.Add(MissingInput.Urine);
            }
        }

        if (facts.PlasmacytomaHalved is not { IsMet: true } && facts.Frame.Set != MeasurableBy.Lesion)
        {
            reasons.Add(new(facts.PlasmacytomaHalved is null ? WithheldBy.LesionMissing : WithheldBy.LesionSize, ResponseMarker.Lesion, Limit: 50));
            if (facts.PlasmacytomaHalved is null)
                missing.Add(MissingInput.Lesion);
        }

        return (reasons.ToImmutable(), missing.ToImmutable());
    }

    private static WithheldReason Short(ResponseMarker marker, ResponseLevel level, MeasurableBy set, Cases.Sample before, Cases.Sample now)
    {
        var fall = before.Value.Value is { } baseline && baseline != 0 && now.Value.Value is { } current ? 100 * (baseline - current) / baseline : (decimal?)null;
        return (marker, level) switch
        {
            (ResponseMarker.UrineM, ResponseLevel.VeryGoodPartial) when set == MeasurableBy.SerumAndUrine || now.Value.FellBy(90, before.Value).IsMet =>
                new(WithheldBy.UrineLevel, marker, now.Value, fall, ResponseLadder.UrineVeryGoodPartial),
            (ResponseMarker.UrineM, ResponseLevel.Partial) => new(WithheldBy.UrineFallAndLevel, marker, now.Value, fall, 200),
            _ => new(WithheldBy.Fall, marker, now.Value, fall, (marker, level) switch
            {
                (_, ResponseLevel.VeryGoodPartial) => 90,
                (ResponseMarker.UrineM, ResponseLevel.Minimal) => 50,
                (_, ResponseLevel.Minimal) => 25,
                _ => 50,
            }),
        };
    }

    private static (ImmutableArray<WithheldReason>, ImmutableArray<MissingInput>) Complete(CompleteResponse complete)
    {
        var reasons = ImmutableArray.CreateBuilder<WithheldReason>();
        // What section b lets be the drug is no reason; it leaves CR open.
        if (complete.SerumFixationNegative is { IsMet: false })
            reasons.Add(new(complete.FixationMayBeDrug ? WithheldBy.DrugOrDisease : WithheldBy.SerumFixation, ResponseMarker.SerumM));
        else if (complete.SerumUndetected is { IsMet: false } && !complete.BandMayBeDrug && !complete.SerumIsBlank)
            reasons.Add(new(WithheldBy.SerumBand, ResponseMarker.SerumM));
        if (complete.UrineFixationNegative is { IsMet: false })
            reasons.Add(new(WithheldBy.UrineFixation, ResponseMarker.UrineM));
        else if (complete.UrineUndetected is { IsMet: false } && !complete.UrineIsBlank)
            reasons.Add(new(WithheldBy.UrineBand, ResponseMarker.UrineM));
        if ((complete.MarrowBelow5 ?? complete.MarrowPossiblyBelow5) is { IsMet: false })
            reasons.Add(new(WithheldBy.Marrow, ResponseMarker.Marrow, Limit: 5));
        if (complete.LesionsGone is { IsMet: false })
            reasons.Add(new(WithheldBy.Lesions, ResponseMarker.Lesion));
        if (complete.NeedsRatio && complete.RatioNormal is { IsMet: false })
            reasons.Add(new(WithheldBy.Ratio, ResponseMarker.Dflc));
        // Clonality is asked for by sCR alone, the ratio by CR only where the ruleset or light-chain disease says so.
        return (reasons.ToImmutable(),
            [.. complete.MissingFor(ResponseLevel.Complete).Where(input => input != MissingInput.Serum).Order()]);
    }

    private static (ImmutableArray<WithheldReason>, ImmutableArray<MissingInput>) Stringent(CompleteResponse complete)
    {
        var reasons = ImmutableArray.CreateBuilder<WithheldReason>();
        if (complete.RatioNormal is { IsMet: false })
            reasons.Add(new(WithheldBy.Ratio, ResponseMarker.Dflc));
        if (complete.ClonalCellsAbsent is { IsMet: false })
            reasons.Add(new(WithheldBy.Clonality, ResponseMarker.Marrow));
        return (reasons.ToImmutable(), [.. complete.MissingFor(ResponseLevel.StringentComplete).Where(input => input is MissingInput.FlcRatio or MissingInput.Clonality).Order()]);
    }

    private static RiseWithheld? RiseOf(Assessment date)
    {
        foreach (var rule in date.Facts.Criteria.Progression)
        {
            if (rule.Id is not ("R-PD-1" or "R-PD-3" or "R-PD-4") || !rule.Applies(date.Rises) || date.Rises.Of(rule.Marker) is not { } rise
                || rise.Amount.Value is not { } amount)
                continue;
            // A quarter above a low nadir is soon reached: said only where the rise is half of what the rule asks for, or more.
            var limit = rule.Id switch { "R-PD-1" => 0.5m, "R-PD-3" => 200, _ => 100 };
            if (2 * amount < limit)
                continue;
            var relative = rise.ByPercent(25);
            var absolute = rule.Id == "R-PD-4" ? rise.Amount.IsAbove(limit) : rise.Amount.IsAtLeast(limit);
            if (relative.IsMet != absolute.IsMet)
                return new(rule.Marker!.Value, amount, rise.Nadir.Value.Value is > 0 and var nadir ? 100 * amount / nadir : null, limit, relative.IsMet, rule.Id);
        }

        return null;
    }
}

/// <summary>A <see cref="Response.Withheld"/> that is worked out when somebody asks; it follows from the rest of its result, so it never makes two results differ.</summary>
internal sealed class Why(Assessment? date, Withheld? known) : IEquatable<Why>
{
    public static Why Nothing { get; } = new(null, null);

    public Withheld? Withheld => known ?? (date is null ? null : Withheld.Of(date));

    public bool Equals(Why? other) => other is not null;

    public override bool Equals(object? obj) => obj is Why;

    public override int GetHashCode() => 0;
}
