using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>What progression is measured from (R-NADIR-1 to -3, R-PD-8): one nadir per marker, the value of the date itself never counts.</summary>
internal sealed record Nadirs(Span? Serum, Span? Urine, Span? Dflc, Span? Marrow, Span? Spd)
{
    /// <summary>
    /// Markers of the frozen set: the baseline and every value whose own category is SD or better and not deeper than what two consecutive assessments before
    /// this date have confirmed. All others: every value before this date.
    /// </summary>
    public static Nadirs Confirmed(OracleLine line, List<(Verdict Verdict, ChartDay Day)> dates, ChartDay at)
    {
        List<(Verdict Verdict, ChartDay Day)> earlier = dates.FindAll(date => date.Day.Date < at.Date);
        List<Verdict> speaking = [.. earlier.Select(date => date.Verdict).Where(verdict => verdict.Level != ResponseLevel.NotEvaluable || verdict.Progressions.Count > 0)];
        var confirmed = speaking.Zip(speaking.Skip(1))
            .Where(pair => pair.First.Progressions.Count == 0 && pair.Second.Progressions.Count == 0)
            .Select(pair => pair.First.Level < pair.Second.Level ? pair.First.Level : pair.Second.Level)
            .DefaultIfEmpty(ResponseLevel.NotEvaluable)
            .Max();
        List<ChartDay> trusted = [.. earlier.Where(date => date.Verdict.Level >= ResponseLevel.Stable && date.Verdict.Level <= confirmed).Select(date => date.Day)];
        var any = Before(line, at);
        return new(
            Of(line.Serum, line.IsFollowedBySerum ? trusted : any, day => day.Serum),
            Of(line.Urine, line.IsFollowedByUrine ? trusted : any, day => day.Urine),
            line.Dflc is null ? null : Of(line.Dflc, line.Set == MeasurableBy.Flc ? trusted : any, day => day.Difference(line.Involved)),
            line.Marrow is null ? null : Of(line.Marrow, any, day => day.Marrow),
            Imaged(line, any));
    }

    /// <summary>The lowest single values.</summary>
    public static Nadirs Lowest(OracleLine line, ChartDay at)
    {
        var any = Before(line, at);
        return new(
            Of(line.Serum, any, day => day.Serum),
            Of(line.Urine, any, day => day.Urine),
            line.Dflc is null ? null : Of(line.Dflc, any, day => day.Difference(line.Involved)),
            line.Marrow is null ? null : Of(line.Marrow, any, day => day.Marrow),
            Imaged(line, any));
    }

    private static List<ChartDay> Before(OracleLine line, ChartDay at) => line.Visits.FindAll(day => day.Date < at.Date);

    private static Span? Of(Result? baseline, List<ChartDay> days, Func<ChartDay, Result?> marker)
    {
        List<Span> spans = [.. days.Select(marker).Prepend(baseline).Where(result => result is { Spurious: false }).Select(result => result!.Span)];
        return spans.Count == 0 ? null : spans.Aggregate(Span.Lower);
    }

    private static Span? Imaged(OracleLine line, List<ChartDay> days)
    {
        List<Span> spans = [.. days.Select(day => day.Spd).Prepend(line.Spd).OfType<Span>()];
        return spans.Count == 0 ? null : spans.Aggregate(Span.Lower);
    }
}
