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
    /// imaging negativity, each again at least a calendar year later, with neither a positive result nor progression between.
    /// </summary>
    public static ImmutableArray<MrdStatus> Derive(MyelomaCase patient, ImmutableArray<LineResponse> responses, DerivationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(policy);
        if (patient.Mrd.IsEmpty)
            return [];
        var record = new Record(Used(patient.Mrd), [.. responses.SelectMany(response => response.Assessments)], policy);
        return [.. record.Results.Select(result => Judge(result, record))];
    }

    /// <summary>The first date of a line on which minimal residual disease is negative, by marrow; null when there is none (for relapse from it, a.5).</summary>
    internal static ClinicalDate? FirstNegative(LineFrame frame, ImmutableArray<ResponseAt> assessments)
    {
        var record = new Record(Used(frame.Timeline.Patient.Mrd), assessments, frame.Policy);
        return record.Results.FirstOrDefault(result => frame.Line.First.IsBefore(result.Date).IsMet && IsNegative(result, record))?.Date;
    }

    // R-UNIT-8: a preliminary result only where its date and method have no final one.
    private static ImmutableArray<MrdResult> Used(ImmutableArray<MrdResult> results) =>
    [
        .. results.Where(result => result.Status == ResultStatus.Final
                || !results.Any(other => other.Status == ResultStatus.Final && other.Date == result.Date && other.Method == result.Method))
            .OrderBy(result => result.Date).ThenBy(result => result.Source),
    ];

    private static MrdStatus Judge(MrdResult result, Record record)
    {
        if (result.Negative.IsNotMet)
            return Status(result, MrdStatusCode.Positive, CriterionOf(result.Method), record, () => []);
        // Both on one day by one method: positive, as with an immunofixation (a.10, same day).
        if (record.Contradicts(result) is { } positive)
            return Status(result, MrdStatusCode.Positive, CriterionOf(result.Method), record, () => [positive.Source]);
        if (result.Method == MrdMethod.Imaging)
        {
            return result.Negative.IsMet && MarrowNear(result, record) is { } marrow
                ? Status(result, MrdStatusCode.Negative, CriterionOf(MrdMethod.Imaging), record, () => [marrow.Source, .. InComplete(marrow, record)!.Sources])
                : Status(result, MrdStatusCode.NotEvaluable, CriterionOf(MrdMethod.Imaging), record, () => []);
        }

        if (!IsNegative(result, record))
            return Status(result, MrdStatusCode.NotEvaluable, CriterionOf(result.Method), record, () => []);
        var response = InComplete(result, record)!;
        return Sustained(result, record) is { } year
            ? Status(result, MrdStatusCode.SustainedNegative, "IMWG-2016/MRD-SUSTAINED", record, () => [.. year, .. response.Sources])
            : Status(result, MrdStatusCode.Negative, CriterionOf(result.Method), record, () => response.Sources);
    }

    private static MrdStatus Status(MrdResult result, MrdStatusCode code, string criterion, Record record, Func<IEnumerable<SourceId>> others)
    {
        var flags = new FlagSet();
        if (result.Status == ResultStatus.Preliminary)
            flags.Add(Flag.PreliminaryUsed);
        if (record.Results.Any(other => other.Date == result.Date && other.Method == result.Method && other.Negative == !result.Negative && !result.Negative.IsUnknown))
            flags.Add(Flag.ContradictoryValues);
        return new(result.Date, code, result.Method, result.Sensitivity, criterion, flags.ToImmutable(), [])
        {
            Cited = Cited.When(() => [.. others().Append(result.Source).Distinct().Order()]),
        };
    }

    private static string CriterionOf(MrdMethod method) => method switch
    {
        MrdMethod.Flow => "IMWG-2016/MRD-FLOW",
        MrdMethod.Sequencing => "IMWG-2016/MRD-SEQUENCING",
        MrdMethod.Imaging => "IMWG-2016/MRD-IMAGING",
        MrdMethod.Unknown => "IMWG-2016/MRD",
    };

    private static bool IsNegative(MrdResult result, Record record) =>
        result is { Negative.IsMet: true, Method: MrdMethod.Flow or MrdMethod.Sequencing, Sensitivity: > 0 and <= Sensitivity }
        && record.Contradicts(result) is null && InComplete(result, record) is not null;

    private static ResponseAt? InComplete(MrdResult result, Record record) =>
        record.Assessments.Where(at => at.Level >= ResponseLevel.Complete && record.IsNear(at.Date, result.Date))
            .MinBy(at => (Math.Abs(DaySpan.Between(at.Date, result.Date).Min), at.Date));

    private static MrdResult? MarrowNear(MrdResult imaging, Record record) =>
        record.Results.FirstOrDefault(result => IsNegative(result, record) && record.IsNear(result.Date, imaging.Date));

    /// <summary>The earlier marrow with its imaging, and this one's imaging a year after that; null when not sustained.</summary>
    private static ImmutableArray<SourceId>? Sustained(MrdResult now, Record record)
    {
        foreach (var earlier in record.Results)
        {
            if (!IsYearApart(earlier, now) || !IsNegative(earlier, record) || record.IsLostBetween(earlier.Date, now.Date))
                continue;
            foreach (var before in record.ImagingNear(earlier))
            {
                if (record.ImagingNear(now).FirstOrDefault(imaging => IsYearApart(before, imaging)) is { } after)
                    return [earlier.Source, before.Source, after.Source];
            }
        }

        return null;
    }

    /// <summary>Years are compared first, because none follows the last one of the calendar.</summary>
    private static bool IsYearApart(MrdResult earlier, MrdResult later) =>
        earlier.Date.Last.Year < later.Date.First.Year && earlier.Date.Last.AddYears(1) <= later.Date.First;

    private sealed record Record(ImmutableArray<MrdResult> Results, ImmutableArray<ResponseAt> Assessments, DerivationPolicy Policy)
    {
        public MrdResult? Contradicts(MrdResult negative) =>
            Results.FirstOrDefault(other => other.Negative.IsNotMet && other.Date == negative.Date && other.Method == negative.Method);

        public IEnumerable<MrdResult> ImagingNear(MrdResult marrow) => Results.Where(result =>
            result is { Method: MrdMethod.Imaging, Negative.IsMet: true } && Contradicts(result) is null && IsNear(result.Date, marrow.Date));

        public bool IsLostBetween(ClinicalDate from, ClinicalDate to) =>
            Results.Any(result => result.Negative.IsNotMet && result.Date >= from && result.Date <= to)
            || Assessments.Any(at => at.Level == ResponseLevel.Progressive && at.Date >= from && at.Date <= to);

        public bool IsNear(ClinicalDate a, ClinicalDate b)
        {
            var span = DaySpan.Between(a, b);
            return Math.Max(Math.Abs(span.Min), Math.Abs(span.Max)) <= Policy.MarrowCarryDays;
        }
    }
}
