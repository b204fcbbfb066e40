using System.Collections.Immutable;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Two consecutive assessments make a category certain (a.6 with the readings of a.10).</summary>
internal static class Confirmation
{
    /// <summary>Settles every date of a line; <paramref name="after"/> holds the dates under new therapy, which can confirm a PD only.</summary>
    public static void Settle(ImmutableArray<Assessment> dates, Func<IEnumerable<Assessment>> after, LineFrame frame)
    {
        for (var i = 0; i < dates.Length; i++)
        {
            if (dates[i].Judged == ResponseLevel.NotEvaluable || !dates[i].IsAssessment)
                continue;
            dates[i].Settled = !dates[i].NeedsConfirmation ? new(true, false, dates[i].Date, null)
                : dates[i].Judged == ResponseLevel.Progressive ? OfProgression(dates, i, after, frame)
                : OfResponse(dates, i);
        }
    }

    /// <summary>The next assessment that is evaluable; a PD, even a refuted one, stands in the way of the pair (R-CONF-2, R-CONF-3, R-CONF-7).</summary>
    public static Assessment? Partner(ImmutableArray<Assessment> dates, int i)
    {
        for (var j = i + 1; j < dates.Length; j++)
        {
            if (dates[j].IsAssessment && dates[j].Judged != ResponseLevel.NotEvaluable)
                return dates[j].Judged == ResponseLevel.Progressive ? null : dates[j];
        }

        return null;
    }

    private static Settlement OfResponse(ImmutableArray<Assessment> dates, int i) =>
        Partner(dates, i) is { } next && next.Judged >= dates[i].Judged
            ? new(true, false, next.Date, next)
            : default;

    /// <summary>
    /// R-CONF-3, R-CONF-7: the next sample that meets PD, or holds the marker that met it. PD by any biochemical rule confirms, under new therapy too; PD by imaging
    /// or marrow alone stands at its own date and leaves this one open; the absence of PD refutes, in the line only. A range that merely allows PD does not meet
    /// it (R-UNIT-6), so it refutes. Death due to myeloma confirms what no sample has refuted (R-CONF-4).
    /// </summary>
    private static Settlement OfProgression(ImmutableArray<Assessment> dates, int i, Func<IEnumerable<Assessment>> after, LineFrame frame)
    {
        var met = dates[i].Progression.Met;
        var isPassedOver = dates[i].HasBlanks;
        for (var j = i + 1; j < dates.Length; j++)
        {
            if (dates[j].Progression.IsMet)
                return By(dates[j]);
            isPassedOver |= LineFrame.MayHideProgression(dates[j].Day);
            if (Holds(dates[j]))
                return new(false, true, dates[j].Date, dates[j]) { PassesOverBlank = isPassedOver };
        }

        foreach (var later in after())
        {
            if (later.Progression.IsMet)
                return By(later);
            if (Holds(later))
                return default;
        }

        return frame.Timeline.Patient is { DeathDueToMyeloma: true, Death: { } death } && dates[i].Date.IsOnOrBefore(death).IsMet
            ? new(true, false, death, null)
            : default;

        bool Holds(Assessment date) => met.Any(rule => (date.ValueOf(rule.Marker) ?? rule.Reads(date.Day)) is { IsBlank: false });
    }

    private static Settlement By(Assessment next) =>
        next.Progression.Met.Any(static rule => rule.NeedsConfirmation) ? new(true, false, next.Date, next) : default;
}
