using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>What all results of one marker on one date say together: identical values collapse, different ones are a range (a.10, same day).</summary>
internal sealed record Sample
{
    public required ClinicalDate Date { get; init; }

    public required Reading Value { get; init; }

    public required ImmutableArray<SourceId> Sources { get; init; }

    /// <summary>It was measured and its value is not known: its date stands, and it may be anything (R-UNIT-6).</summary>
    public bool IsBlank { get; init; }

    /// <summary>Some result was sent with a comparator (R-UNIT-6).</summary>
    public bool Censored { get; init; }

    /// <summary>Final results differ.</summary>
    public bool Contradictory { get; init; }

    /// <summary>Only preliminary results exist (R-UNIT-8).</summary>
    public bool Preliminary { get; init; }

    /// <summary>Measured and 0, or sent as below a limit: what CR asks of an M-protein that was measured (a.10).</summary>
    public bool Undetected { get; init; }

    /// <summary>A band is there that electrophoresis cannot quantify (R-UNIT-7), and no number contradicts it.</summary>
    public bool TooSmallToQuantify { get; init; }

    /// <summary>Some result is the text of R-UNIT-7, which implies a positive immunofixation.</summary>
    public bool BandByText { get; init; }

    /// <summary>A plain number other than 0: it can have been copied (a.9, DUPLICATE_VALUE).</summary>
    public bool Copyable { get; init; }

    /// <summary>The hospital marked it spurious (R-NADIR-2).</summary>
    public bool Spurious { get; init; }

    public string? Method { get; init; }

    /// <summary>An assay of R-INT-7 has decided what the band is: no suspicion is left to flag.</summary>
    public bool BandResolved { get; init; }

    /// <summary>Isotype of the only band, when stated.</summary>
    public HeavyChain BandHeavyChain { get; init; }

    /// <summary>Light chain of the only band, when stated.</summary>
    public LightChain BandLightChain { get; init; }

    /// <summary>A longest diameter, mm.</summary>
    public bool IsDiameter { get; init; }

    public DatedReading Dated => new(Value, Date, IsDiameter);

    /// <summary>Joins the results of one marker and date; null when none is usable.</summary>
    public static Sample? Of(IReadOnlyList<Measurement> results, Diagnosis diagnosis)
    {
        if (results.Count == 1)
            return results[0].HasUnit ? Alone(results[0]) : null;
        List<Measurement> used = [.. results.Where(result => result.HasUnit)];
        if (used.Count == 0)
            return null;
        if (used.Count == 1)
            return Alone(used[0]);
        var preliminary = used.TrueForAll(result => result.Status == ResultStatus.Preliminary);
        if (!preliminary)
            used.RemoveAll(result => result.Status == ResultStatus.Preliminary);
        if (used.Count > 1)
            used.Sort((a, b) => a.Source.CompareTo(b.Source));
        if (used.Exists(result => result.Band is not null))
            used = OwnBands(used, diagnosis);
        DropBlanksBesideValues(used);

        var value = Total(used);
        var texts = used.Count(result => result.PresentNotQuantifiable);
        var distinct = DistinctResults(used);
        var contradictory = used.GroupBy(result => result.Band).Any(band => band.DistinctBy(result => result.Value).Skip(1).Any())
            || (used.Exists(result => result.Band is null) && used.Exists(result => result.Band is not null) && !value.IsExact);
        var first = used[0];
        return new()
        {
            Date = first.Date,
            Value = value,
            IsBlank = value.IsAny,
            Sources = [.. distinct.SelectMany(result => SourcesOf(result).AsEnumerable()).Distinct().Order()],
            Censored = !contradictory && used.Exists(result => !result.Value.IsExact),
            Contradictory = contradictory,
            Preliminary = preliminary,
            Undetected = texts == 0 && used.TrueForAll(result => result.Value.Value == 0 || result.Value.IsBelowLimit),
            TooSmallToQuantify = texts > 0 && value.Value == 0,
            BandByText = texts > 0,
            Copyable = value.IsExact && value.Low != 0 && !used.Exists(result => result.FromText || !result.Value.IsExact),
            Spurious = used.TrueForAll(result => result.Spurious),
            Method = used.Find(result => result.Method is not null)?.Method,
            BandHeavyChain = used.Find(result => result.BandHeavyChain != HeavyChain.Unknown)?.BandHeavyChain ?? HeavyChain.Unknown,
            BandLightChain = used.Find(result => result.BandLightChain != LightChain.Unknown)?.BandLightChain ?? LightChain.Unknown,
        };
    }

    private static ImmutableArray<SourceId> SourcesOf(Measurement result) => result.VolumeSource is not { } volume ? [result.Source]
        : volume < result.Source ? [volume, result.Source] : [result.Source, volume];

    // Nearly every sample: one result, nothing to join.
    private static Sample Alone(Measurement result) => new()
    {
        Date = result.Date,
        Value = result.Value,
        IsBlank = result.Value.IsAny,
        Sources = SourcesOf(result),
        Censored = !result.Value.IsExact,
        Preliminary = result.Status == ResultStatus.Preliminary,
        Undetected = !result.PresentNotQuantifiable && (result.Value.Value == 0 || result.Value.IsBelowLimit),
        TooSmallToQuantify = result.PresentNotQuantifiable && result.Value.Value == 0,
        BandByText = result.PresentNotQuantifiable,
        Copyable = result.Value.IsExact && result.Value.Low != 0 && !result.FromText,
        Spurious = result.Spurious,
        Method = result.Method,
        BandHeavyChain = result.BandHeavyChain,
        BandLightChain = result.BandLightChain,
    };

    // Of one day and band a value stands, whatever beside it has none.
    private static void DropBlanksBesideValues(List<Measurement> results)
    {
        if (results.Exists(result => result.Value.IsAny) && results.Exists(result => !result.Value.IsAny))
            results.RemoveAll(result => result.Value.IsAny && results.Exists(other => !other.Value.IsAny && (other.Band == result.Band || other.Band is null)));
    }

    /// <summary>
    /// R-UNIT-11: of several bands only those that can belong to the clone are summed. Were none left, all stay: whether a lone foreign band is the drug is for
    /// section b to say, and its category is kept.
    /// </summary>
    private static List<Measurement> OwnBands(List<Measurement> results, Diagnosis diagnosis)
    {
        List<Measurement> own = [.. results.Where(result => result.Band is null || !IsForeign(result.BandHeavyChain, result.BandLightChain, diagnosis))];
        return own.Count == 0 ? results : own;
    }

    /// <summary>A band whose stated isotype the patient's clone cannot make.</summary>
    public static bool IsForeign(HeavyChain heavy, LightChain light, Diagnosis diagnosis) =>
        (heavy is HeavyChain.IgG or HeavyChain.IgA or HeavyChain.IgM or HeavyChain.IgD or HeavyChain.IgE
            && diagnosis.HeavyChain is not HeavyChain.Unknown && heavy != diagnosis.HeavyChain)
        || (light != LightChain.Unknown && diagnosis.LightChain != LightChain.Unknown && light != diagnosis.LightChain);

    private static Reading Total(List<Measurement> results)
    {
        Reading? total = null;
        Reading? bands = null;
        foreach (var band in results.GroupBy(result => result.Band))
        {
            var value = band.Select(result => result.Value).Aggregate((a, b) => a.Union(b));
            if (band.Key is null)
                total = value;
            else
                bands = bands is { } sum ? sum + value : value;
        }

        return (total, bands) switch
        {
            ({ } a, { } b) => a.Union(b),
            ({ } a, null) => a,
            (null, { } b) => b,
            (null, null) => throw new InvalidOperationException("No result."),
        };
    }

    // Of equivalent sources the ordinally smallest; results are sorted by source.
    private static IEnumerable<Measurement> DistinctResults(List<Measurement> results) =>
        results.Count == 1 ? results : results.DistinctBy(result => (result.Band, result.Value, result.PresentNotQuantifiable));
}
