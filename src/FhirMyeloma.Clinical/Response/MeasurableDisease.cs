using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Which marker a line is followed by, decided once from its baseline and frozen (a.1, R-MEAS-7).</summary>
internal static class MeasurableDisease
{
    /// <summary>A marker that was never measured counts as not measurable; a range must lie wholly above the limit (a.10).</summary>
    public static MeasurableBy Of(Baseline baseline, Diagnosis diagnosis, DerivationPolicy policy)
    {
        var serum = baseline.Serum is { } m && m.Value.IsAtLeast(SerumLimit(diagnosis, policy)).IsMet;
        var urine = baseline.Urine is { } u && u.Value.IsAtLeast(200).IsMet;
        if (serum || urine)
            return serum && urine ? MeasurableBy.SerumAndUrine : serum ? MeasurableBy.Serum : MeasurableBy.Urine;
        if (LightChainsAreMeasurable(baseline))
            return MeasurableBy.Flc;
        if (baseline.Marrow is { } marrow && marrow.Value.IsAtLeast(30).IsMet)
            return MeasurableBy.Marrow;
        if (baseline.Serum is null && baseline.Urine is null && baseline.LightChains is null && baseline.Marrow is null)
            return MeasurableBy.Unknown;
        return HasMeasurableLesion(baseline) ? MeasurableBy.Lesion : MeasurableBy.None;
    }

    /// <summary>R-BASE-3: the chain of the patient's clone; untyped, the chain whose excess makes the baseline ratio abnormal; else none.</summary>
    public static LightChain InvolvedChain(Diagnosis diagnosis, LightChains? baseline) =>
        diagnosis.LightChain != LightChain.Unknown ? diagnosis.LightChain
        : baseline is null || baseline.KappaExcess.IsUnknown ? LightChain.Unknown
        : baseline.KappaExcess.IsMet ? LightChain.Kappa : LightChain.Lambda;

    public static bool IsFollowedBySerum(this MeasurableBy set) => set is MeasurableBy.Serum or MeasurableBy.SerumAndUrine;

    public static bool IsFollowedByUrine(this MeasurableBy set) => set is MeasurableBy.Urine or MeasurableBy.SerumAndUrine;

    // R-MEAS-1, R-MEAS-6.
    private static decimal SerumLimit(Diagnosis diagnosis, DerivationPolicy policy) => policy.MeasurableSerum switch
    {
        MeasurableSerum.Standard => 1,
        MeasurableSerum.HalfGramNonIgG => diagnosis.HeavyChain is HeavyChain.IgA or HeavyChain.IgD or HeavyChain.IgE or HeavyChain.IgM ? 0.5m : 1,
        MeasurableSerum.HalfGram => 0.5m,
    };

    // R-MEAS-3. The limit is 10 mg/dL in the papers: 100 mg/L.
    private static bool LightChainsAreMeasurable(Baseline baseline)
    {
        if (baseline.LightChains is not { HasBoth: true } chains || baseline.Involved == LightChain.Unknown)
            return false;
        var involved = baseline.Involved == LightChain.Kappa ? chains.Kappa! : chains.Lambda!;
        return (involved.Value.IsAtLeast(100) & !chains.RatioNormal).IsMet;
    }

    // R-MEAS-5: longest diameter above 1 cm; where only the sum of products was sent, that sum itself shows a measured lesion.
    private static bool HasMeasurableLesion(Baseline baseline) =>
        (baseline.Lesions.LongestDiameter is { } diameter && diameter.Value.IsAbove(10).IsMet)
        || (baseline.Lesions.LongestDiameter is null && baseline.Lesions.Spd is { } spd && spd.Value.IsAbove(0).IsMet);
}
