using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>The free light chains of one date: both chains for dFLC (R-BASE-2) and the ratio with its normal range.</summary>
internal sealed record LightChains
{
    // R-UNIT-9: the range that IMWG quotes; the laboratory's own replaces it.
    private const decimal DefaultLow = 0.26m;
    private const decimal DefaultHigh = 1.65m;

    public required ClinicalDate Date { get; init; }

    public Sample? Kappa { get; init; }

    public Sample? Lambda { get; init; }

    /// <summary>kappa/lambda of the same day, else the ratio as sent.</summary>
    public Reading? Ratio { get; init; }

    public ImmutableArray<SourceId> RatioSources { get; init; } = [];

    public Tri RatioNormal { get; init; }

    /// <summary>The ratio was measured and is not known.</summary>
    public bool RatioIsBlank { get; init; }

    /// <summary>Either chain was measured and is not known.</summary>
    public bool IsBlank => Kappa is { IsBlank: true } || Lambda is { IsBlank: true };

    /// <summary>Met: kappa in excess; NotMet: lambda; Unknown while the ratio is normal or undecided.</summary>
    public Tri KappaExcess { get; init; }

    /// <summary>Both chains with a unit, so that a difference can be formed.</summary>
    public bool HasBoth => Kappa is not null && Lambda is not null;

    /// <summary>Joins the results of one date; null when nothing is usable.</summary>
    public static LightChains? Of(
        ClinicalDate date, IReadOnlyList<Measurement> kappas, IReadOnlyList<Measurement> lambdas, IReadOnlyList<Measurement> ratios, Diagnosis diagnosis)
    {
        if (kappas.Count == 0 && lambdas.Count == 0 && ratios.Count == 0)
            return null;
        var kappa = Sample.Of(kappas, diagnosis);
        var lambda = Sample.Of(lambdas, diagnosis);
        var sent = Sample.Of(ratios, diagnosis);
        var (ratio, sources) = RatioOf(kappa, lambda, kappas, lambdas, sent);
        if (kappa is null && lambda is null && ratio is null)
            return null;

        var low = (ratios.Count == 0 ? null : ratios.FirstOrDefault(result => result.ReferenceLow is not null)?.ReferenceLow) ?? DefaultLow;
        var high = (ratios.Count == 0 ? null : ratios.FirstOrDefault(result => result.ReferenceHigh is not null)?.ReferenceHigh) ?? DefaultHigh;
        return new()
        {
            Date = date,
            Kappa = kappa,
            Lambda = lambda,
            Ratio = ratio,
            RatioSources = sources,
            RatioIsBlank = ratio is not null && (kappa is not null && lambda is not null ? kappa.IsBlank || lambda.IsBlank : sent is { IsBlank: true }),
            RatioNormal = ratio is { } r ? r.IsAtLeast(low) & r.IsAtMost(high) : Tri.Unknown,
            KappaExcess = ratio is not { } q ? Tri.Unknown : q.IsAbove(high).IsMet ? Tri.Met : q.IsBelow(low).IsMet ? Tri.NotMet : Tri.Unknown,
        };
    }

    /// <summary>Involved minus uninvolved chain, mg/L; null unless both were measured that day. It can be negative.</summary>
    public Sample? Difference(LightChain involved)
    {
        if (Kappa is null || Lambda is null || involved == LightChain.Unknown)
            return null;
        var (own, other) = involved == LightChain.Kappa ? (Kappa, Lambda) : (Lambda, Kappa);
        return new()
        {
            Date = Date,
            Value = own.Value - other.Value,
            IsBlank = own.IsBlank || other.IsBlank,
            Sources = Merged(own.Sources, other.Sources),
            Censored = own.Censored || other.Censored,
            Contradictory = own.Contradictory || other.Contradictory,
            Preliminary = own.Preliminary || other.Preliminary,
            Spurious = own.Spurious || other.Spurious,
            Method = own.Method ?? other.Method,
        };
    }

    private static ImmutableArray<SourceId> Merged(ImmutableArray<SourceId> a, ImmutableArray<SourceId> b) =>
        (a, b) is ([var one], [var two]) ? one == two ? a : one < two ? [one, two] : [two, one] : [.. a.Concat(b).Distinct().Order()];

    private static (Reading? Ratio, ImmutableArray<SourceId> Sources) RatioOf(
        Sample? kappa, Sample? lambda, IReadOnlyList<Measurement> kappas, IReadOnlyList<Measurement> lambdas, Sample? sent)
    {
        if (kappa is not null && lambda is not null && Reading.Quotient(kappa.Value, lambda.Value) is { } quotient)
            return (quotient, Merged(kappa.Sources, lambda.Sources));

        // R-UNIT-3: without unit only both chains of one report, sent alike.
        foreach (var k in kappas.Where(result => !result.HasUnit && result.Report is not null).OrderBy(result => result.Source))
        {
            var partner = lambdas.Where(l => !l.HasUnit && l.Report == k.Report && l.UnitAsSent == k.UnitAsSent).MinBy(l => l.Source);
            if (partner is not null && Reading.Quotient(k.Value, partner.Value) is { } bare)
                return (bare, [.. new[] { k.Source, partner.Source }.Distinct().Order()]);
        }

        return sent is null ? (null, []) : (sent.Value, sent.Sources);
    }
}
