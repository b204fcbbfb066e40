using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Judges each result of minimal residual disease by a.5. MRD needs no second confirmation.</summary>
public static class MinimalResidualDisease
{
    // At least one cell in 10^5: a coarser "negative" is not IMWG MRD-negative.
    private const decimal Sensitivity = 0.00001m;

    /// <summary>
    /// One status per result, by date and source. Negative asks for CR or sCR at an assessment within <see cref="DerivationPolicy.MarrowCarryDays"/> days, flow
    /// or sequencing, and a sensitivity of at least 1 in 100,000; a "negative" that lacks one of these is not evaluable. Sustained negative asks for marrow and
    /// imaging negativity, both again at least a year later.
    /// </summary>
    public static ImmutableArray<MrdStatus> Derive(MyelomaCase patient, ImmutableArray<LineResponse> responses, DerivationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(policy);
        ImmutableArray<MrdResult> results = [.. patient.Mrd.OrderBy(result => result.Date).ThenBy(result => result.Source)];
        ImmutableArray<ResponseAt> complete = [.. responses.SelectMany(response => response.Assessments).Where(at => at.Level >= ResponseLevel.Complete)];
        return [.. results.Select(result => Judge(result, results, complete, policy))];
    }

    private static MrdStatus Judge(MrdResult result, ImmutableArray<MrdResult> results, ImmutableArray<ResponseAt> complete, DerivationPolicy policy)
    {
        if (result.Negative.IsNotMet)
            return Status(result, MrdStatusCode.Positive, CriterionOf(result.Method), []);
        if (result.Method == MrdMethod.Imaging)
        {
            return result.Negative.IsMet && MarrowNear(result, results, complete, policy) is { } marrow
                ? Status(result, MrdStatusCode.Negative, CriterionOf(MrdMethod.Imaging), [marrow.Source, .. InComplete(marrow, complete, policy)!.Sources])
                : Status(result, MrdStatusCode.NotEvaluable, CriterionOf(MrdMethod.Imaging), []);
        }

        if (!IsNegative(result, complete, policy))
            return Status(result, MrdStatusCode.NotEvaluable, CriterionOf(result.Method), []);
        var response = InComplete(result, complete, policy)!;
        return Sustained(result, results, complete, policy) is { } year
            ? Status(result, MrdStatusCode.SustainedNegative, "IMWG-2016/MRD-SUSTAINED", [.. year, .. response.Sources])
            : Status(result, MrdStatusCode.Negative, CriterionOf(result.Method), response.Sources);
    }

    private static MrdStatus Status(MrdResult result, MrdStatusCode code, string criterion, IEnumerable<SourceId> others) =>
        new(result.Date, code, result.Method, result.Sensitivity, criterion, [], [.. others.Append(result.Source).Distinct().Order()]);

    private static string CriterionOf(MrdMethod method) => method switch
    {
        MrdMethod.Flow => "IMWG-2016/MRD-FLOW",
        MrdMethod.Sequencing => "IMWG-2016/MRD-SEQUENCING",
        MrdMethod.Imaging => "IMWG-2016/MRD-IMAGING",
        MrdMethod.Unknown => "IMWG-2016/MRD",
    };

    private static bool IsNegative(MrdResult result, ImmutableArray<ResponseAt> complete, DerivationPolicy policy) =>
        result is { Negative.IsMet: true, Method: MrdMethod.Flow or MrdMethod.Sequencing, Sensitivity: > 0 and <= Sensitivity }
        && InComplete(result, complete, policy) is not null;

    private static ResponseAt? InComplete(MrdResult result, ImmutableArray<ResponseAt> complete, DerivationPolicy policy) =>
        complete.Where(at => IsNear(at.Date, result.Date, policy)).MinBy(at => (Math.Abs(DaySpan.Between(at.Date, result.Date).Min), at.Date));

    private static MrdResult? MarrowNear(MrdResult imaging, ImmutableArray<MrdResult> results, ImmutableArray<ResponseAt> complete, DerivationPolicy policy) =>
        results.FirstOrDefault(result => IsNegative(result, complete, policy) && IsNear(result.Date, imaging.Date, policy));

    /// <summary>The earlier marrow with its imaging and this one's imaging, at least a year apart and nothing positive between; null when not sustained.</summary>
    private static ImmutableArray<SourceId>? Sustained(MrdResult now, ImmutableArray<MrdResult> results, ImmutableArray<ResponseAt> complete, DerivationPolicy policy)
    {
        if (ImagingNear(now, results, policy) is not { } imaging)
            return null;
        foreach (var earlier in results)
        {
            if (!IsNegative(earlier, complete, policy) || !IsYearBefore(earlier.Date.Last, now.Date.First) || ImagingNear(earlier, results, policy) is not { } before
                || results.Any(result => result.Negative.IsNotMet && result.Date >= earlier.Date && result.Date <= now.Date))
                continue;
            return [earlier.Source, before.Source, imaging.Source];
        }

        return null;
    }

    /// <summary>Years are compared first, because none follows the last one of the calendar.</summary>
    private static bool IsYearBefore(DateOnly earlier, DateOnly now) => earlier.Year < now.Year && earlier.AddYears(1) <= now;

    private static MrdResult? ImagingNear(MrdResult marrow, ImmutableArray<MrdResult> results, DerivationPolicy policy) =>
        results.FirstOrDefault(result => result is { Method: MrdMethod.Imaging, Negative.IsMet: true } && IsNear(result.Date, marrow.Date, policy));

    private static bool IsNear(ClinicalDate a, ClinicalDate b, DerivationPolicy policy)
    {
        var span = DaySpan.Between(a, b);
        return Math.Max(Math.Abs(span.Min), Math.Abs(span.Max)) <= policy.MarrowCarryDays;
    }
}
