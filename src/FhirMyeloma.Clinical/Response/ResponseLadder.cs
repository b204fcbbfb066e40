using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>One marker at its baseline and at the date assessed.</summary>
internal readonly record struct Comparison(Sample Baseline, Sample Current)
{
    public Tri FellBy(decimal percent) => Current.Value.FellBy(percent, Baseline.Value);

    public Tri IsBelow(decimal limit) => Current.Value.IsBelow(limit);

    /// <summary>Positive only by immunofixation: electrophoresis 0, or the text of R-UNIT-7; immunofixation itself need not have been done (a.10).</summary>
    public Tri NotOnElectrophoresis => Current.TooSmallToQuantify ? Tri.Met : Current.Value.IsAtMost(0);
}

/// <summary>A level and what a marker must show to reach it.</summary>
/// <param name="Level">The level.</param>
/// <param name="Holds">The published condition.</param>
internal sealed record Rung(ResponseLevel Level, Func<Comparison, Tri> Holds);

/// <summary>What a range of values allows: the level at its worse and at its better end.</summary>
internal readonly record struct LevelRange(ResponseLevel Worst, ResponseLevel Best)
{
    public static LevelRange Of(ResponseLevel level) => new(level, level);
}

/// <summary>IMWG-2016 marker by marker, best rung first (a.3, a.10). CR, which rests on other findings, is in <see cref="CompleteResponse"/>.</summary>
internal static class ResponseLadder
{
    /// <summary>Below this a urine M-protein (mg per 24 h) does not block VGPR.</summary>
    public const decimal UrineVeryGoodPartial = 100;

    /// <summary>Per cent of fall that decide a level, by marker: where a result is called borderline (a.9).</summary>
    public static ImmutableArray<decimal> Thresholds(ResponseMarker marker, bool flcMinimalResponse) => marker switch
    {
        ResponseMarker.SerumM => [25, 50, 90],
        ResponseMarker.UrineM => [50, 90],
        ResponseMarker.Dflc => flcMinimalResponse ? [25, 50, 90] : [50, 90],
        ResponseMarker.Marrow => [50],
        ResponseMarker.Lesion => [50],
    };

    public static ImmutableArray<Rung> Serum { get; } =
    [
        new(ResponseLevel.VeryGoodPartial, c => c.NotOnElectrophoresis | c.FellBy(90)),
        new(ResponseLevel.Partial, c => c.FellBy(50)),
        new(ResponseLevel.Minimal, c => c.FellBy(25)),
    ];

    /// <summary>Urine beside a measurable serum M-protein.</summary>
    public static ImmutableArray<Rung> UrineWithSerum { get; } =
    [
        new(ResponseLevel.VeryGoodPartial, c => c.IsBelow(UrineVeryGoodPartial)),
        new(ResponseLevel.Partial, c => c.FellBy(90) | c.IsBelow(200)),
        new(ResponseLevel.Minimal, c => c.FellBy(50)),
    ];

    /// <summary>Urine alone: VGPR asks for both (a.10).</summary>
    public static ImmutableArray<Rung> UrineOnly { get; } =
    [
        new(ResponseLevel.VeryGoodPartial, c => c.FellBy(90) & c.IsBelow(UrineVeryGoodPartial)),
        new(ResponseLevel.Partial, c => c.FellBy(90) | c.IsBelow(200)),
        new(ResponseLevel.Minimal, c => c.FellBy(50)),
    ];

    /// <summary>Light chains: IMWG defines no MR.</summary>
    public static ImmutableArray<Rung> LightChains { get; } =
    [
        new(ResponseLevel.VeryGoodPartial, c => c.FellBy(90)),
        new(ResponseLevel.Partial, c => c.FellBy(50)),
    ];

    /// <summary>Light chains where a centre extends MR to them (policy <see cref="DerivationPolicy.FlcMinimalResponse"/>).</summary>
    public static ImmutableArray<Rung> LightChainsWithMinimal { get; } = [.. LightChains, new(ResponseLevel.Minimal, c => c.FellBy(25))];

    /// <summary>Marrow alone, or lesions alone (sum of products).</summary>
    public static ImmutableArray<Rung> Half { get; } = [new(ResponseLevel.Partial, c => c.FellBy(50))];

    /// <summary>The first rung that holds for every value, and the first that holds for some.</summary>
    public static LevelRange Climb(ImmutableArray<Rung> rungs, Comparison comparison)
    {
        var best = ResponseLevel.Stable;
        foreach (var rung in rungs)
        {
            var holds = rung.Holds(comparison);
            if (best == ResponseLevel.Stable && !holds.IsNotMet)
                best = rung.Level;
            if (holds.IsMet)
                return new(rung.Level, best);
        }

        return new(ResponseLevel.Stable, best);
    }

    /// <summary>One level down, not below SD; what is no response stays.</summary>
    public static ResponseLevel OneDown(this ResponseLevel level) => level > ResponseLevel.Stable ? level - 1 : level;

    public static ResponseLevel Lower(ResponseLevel a, ResponseLevel b) => a < b ? a : b;

    public static ResponseLevel Deeper(ResponseLevel a, ResponseLevel b) => a > b ? a : b;
}
