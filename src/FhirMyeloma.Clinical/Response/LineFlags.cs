using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Caveats that concern a line's values as a series (a.9).</summary>
internal static class LineFlags
{
    public static IEnumerable<Flag> Of(LineFrame frame)
    {
        if (IgaBetaRegion(frame))
            yield return Flag.IgaBetaRegion;
        if (HasDuplicate(frame))
            yield return Flag.DuplicateValue;
        if (MethodChanged(frame))
            yield return Flag.MethodChanged;
    }

    /// <summary>An IgA clone, which may hide in the beta region, followed by electrophoresis without quantitative IgA (R-UNIT-12).</summary>
    public static bool IgaBetaRegion(LineFrame frame) =>
        frame.Timeline.Patient.Diagnosis.HeavyChain == HeavyChain.IgA && frame.Set.IsFollowedBySerum()
        && !frame.Timeline.QuantitativeIgA.Any(sample => IsWithin(frame, sample.Date));

    /// <summary>The same marker with the identical value on different dates, baseline included: perhaps copied.</summary>
    private static bool HasDuplicate(LineFrame frame) =>
        Repeats(Series(frame, frame.Baseline.Serum, day => day.Serum))
        || Repeats(Series(frame, frame.Baseline.Urine, day => day.Urine))
        || Repeats(Series(frame, frame.Baseline.LightChains?.Kappa, day => day.LightChains?.Kappa))
        || Repeats(Series(frame, frame.Baseline.LightChains?.Lambda, day => day.LightChains?.Lambda));

    /// <summary>Laboratory or method of a followed marker changes inside the line (R-UNIT-9).</summary>
    private static bool MethodChanged(LineFrame frame)
    {
        ResponseMarker[] followed = frame.Set switch
        {
            MeasurableBy.Serum => [ResponseMarker.SerumM],
            MeasurableBy.Urine => [ResponseMarker.UrineM],
            MeasurableBy.SerumAndUrine => [ResponseMarker.SerumM, ResponseMarker.UrineM],
            MeasurableBy.Flc => [ResponseMarker.Dflc],
            MeasurableBy.Marrow or MeasurableBy.Lesion or MeasurableBy.None or MeasurableBy.Unknown => [],
        };
        return followed.Any(marker => Series(frame, frame.Baseline[marker], day => Assessment.ValueOf(frame, day, marker))
            .Select(sample => sample.Method).OfType<string>().Distinct(StringComparer.Ordinal).Skip(1).Any());
    }

    /// <summary>The values that raise these flags: those that repeat, those before and after a change of method, the IgA that answers the beta region.</summary>
    public static IEnumerable<SourceId> Sources(LineFrame frame)
    {
        var sources = Enumerable.Empty<SourceId>();
        if (HasDuplicate(frame))
        {
            var series = new[]
            {
                Series(frame, frame.Baseline.Serum, day => day.Serum), Series(frame, frame.Baseline.Urine, day => day.Urine),
                Series(frame, frame.Baseline.LightChains?.Kappa, day => day.LightChains?.Kappa), Series(frame, frame.Baseline.LightChains?.Lambda, day => day.LightChains?.Lambda),
            };
            sources = series.SelectMany(values => values.Where(sample => sample.Copyable).GroupBy(sample => sample.Value.Low))
                .Where(same => same.Skip(1).Any()).SelectMany(same => same.Take(2)).SelectMany(sample => sample.Sources);
        }

        if (MethodChanged(frame))
            sources = sources.Concat(frame.Days.Where(frame.IsFollowed).SelectMany(frame.Values));
        return frame.Timeline.Patient.Diagnosis.HeavyChain != HeavyChain.IgA ? sources
            : sources.Concat(frame.Timeline.QuantitativeIgA.Where(sample => IsWithin(frame, sample.Date)).Take(1).SelectMany(sample => sample.Sources));
    }

    private static IEnumerable<Sample> Series(LineFrame frame, Sample? baseline, Func<SampleDay, Sample?> value) =>
        frame.Days.Select(value).Prepend(baseline).OfType<Sample>();

    private static bool Repeats(IEnumerable<Sample> series)
    {
        var seen = new HashSet<decimal>();
        return series.Any(sample => sample.Copyable && !seen.Add(sample.Value.Low));
    }

    public static bool IsWithin(LineFrame frame, ClinicalDate date) =>
        (frame.Line.PreviousLineStart is not { } from || from.IsOnOrBefore(date).IsMet)
        && (frame.Line.NewTherapy is not { } to || date.IsOnOrBefore(to).IsMet);
}
