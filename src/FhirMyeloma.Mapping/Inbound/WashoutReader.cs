using System.Collections.Frozen;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>A washout that the hospital states, in days, weeks, months or years: held against the doses, never used in their place.</summary>
internal static class WashoutReader
{
    // A whole life; more is no washout, and no sum of days overflows.
    private const decimal LongestDays = 36_525;

    private static readonly FrozenDictionary<string, decimal> DaysOf = new Dictionary<string, decimal>(StringComparer.Ordinal)
    {
        ["d"] = 1,
        ["day"] = 1,
        ["days"] = 1,
        ["dia"] = 1,
        ["dias"] = 1,
        ["wk"] = 7,
        ["w"] = 7,
        ["week"] = 7,
        ["weeks"] = 7,
        ["sem"] = 7,
        ["semana"] = 7,
        ["semanas"] = 7,
        ["mo"] = 30.4375m,
        ["month"] = 30.4375m,
        ["months"] = 30.4375m,
        ["mes"] = 30.4375m,
        ["meses"] = 30.4375m,
        ["a"] = 365.25m,
        ["year"] = 365.25m,
        ["years"] = 365.25m,
        ["ano"] = 365.25m,
        ["anos"] = 365.25m,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void Read(ObservationFacts facts, Element holder)
    {
        var value = holder.Choice("value");
        if (NumberReadings.Sent(facts.Intake, value, out var isWords) is not { } sent)
        {
            if (isWords || !value.Exists)
                NotUnderstood(facts, value, holder);
            return;
        }
        if ((Unit(sent.Code) ?? Unit(sent.Unit) ?? (sent is { Code: null, Unit: null } ? Unit(holder["code"]) : null)) is not { } days || Span(sent.Value, days) is not { } span)
            NotUnderstood(facts, value, holder);
        else
            facts.Draft.Washouts.Add(new(span, facts.Date, facts.Source));
    }

    /// <summary>
    /// The days that a statement can mean. Days mean themselves. A number of weeks, months or years was rounded up or down: less than one of its last digit
    /// either way.
    /// </summary>
    private static DaySpan? Span(Reading stated, decimal days)
    {
        if (stated.Low * days > LongestDays || stated.High * days > LongestDays)
            return null;
        var slack = days > 1 && stated.Value is { } number ? days * LastDigit(number) : 0;
        var low = stated.Low * days;
        var least = slack > 0 ? decimal.Floor(low - slack) + 1 : stated.LowIncluded ? decimal.Ceiling(low) : decimal.Floor(low) + 1;
        var most = stated.High is not { } end ? int.MaxValue
            : slack > 0 ? decimal.Ceiling(end * days + slack) - 1
            : stated.HighIncluded ? decimal.Floor(end * days) : decimal.Ceiling(end * days) - 1;
        return least > most ? null : new((int)Math.Max(0, least), (int)most);
    }

    // 5 is 1, 1.5 is 0.1; trailing zeros are not a precision that anybody meant.
    private static decimal LastDigit(decimal number)
    {
        var digit = 1m;
        while (number != decimal.Truncate(number))
        {
            number *= 10;
            digit /= 10;
        }
        return digit;
    }

    private static decimal? Unit(string? unit) =>
        unit is not null && DaysOf.TryGetValue(Wording.Fold(unit).TrimEnd('.'), out var days) ? days : null;

    /// <summary>"Days since the last dose" names the unit that its number lacks.</summary>
    private static decimal? Unit(Element code)
    {
        foreach (var text in ConceptReading.Texts(code))
        {
            foreach (var word in Wording.Words(Wording.Fold(text)))
            {
                if (word.Length > 2 && DaysOf.TryGetValue(word, out var days))
                    return days;
            }
        }
        return null;
    }

    private static void NotUnderstood(ObservationFacts facts, Element value, Element holder) =>
        facts.Intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, "The stated washout is not understood; send a Quantity in d, wk, mo or a.", value.Exists ? value : holder);
}
