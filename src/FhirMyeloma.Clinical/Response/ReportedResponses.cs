using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Holds the categories that a hospital stated against the derived ones.</summary>
public static class ReportedResponses
{
    /// <summary>
    /// One check per stated category, by date, order and source. A date belongs to the line after whose first day it lies, up to and including the first day of
    /// new therapy, as a sample of that day would; an undated statement speaks of the last line. <paramref name="responses"/> are those of
    /// <paramref name="lines"/> under <paramref name="ruleset"/>.
    /// </summary>
    public static ImmutableArray<ReportedResponseCheck> Check(
        MyelomaCase patient, ImmutableArray<LineOfTherapy> lines, ImmutableArray<LineResponse> responses, ResponseRuleset ruleset)
    {
        ArgumentNullException.ThrowIfNull(patient);
        var criteria = ResponseCriteria.Of(ruleset, DerivationPolicy.Default);
        return
        [
            .. patient.StatedResponses.OrderBy(stated => stated.Date).ThenBy(stated => stated.Order).ThenBy(stated => stated.Source)
                .Select(stated => Check(stated, LineOf(stated, lines), responses, criteria)),
        ];
    }

    private static ReportedResponseCheck Check(StatedResponse stated, int? line, ImmutableArray<LineResponse> responses, ResponseCriteria criteria)
    {
        var reported = criteria.Cap(stated.Level);
        if (responses.FirstOrDefault(response => response.Line == line) is not { } derived)
            return new(line, stated.Date, stated.Order, stated.Level, null, ReportedVerdict.NotDerivable, [MissingInput.Baseline], criteria.Id(reported), [stated.Source]);

        // A stated PD speaks of the progression, which a line with a response reports beside its best category.
        var best = reported == ResponseLevel.Progressive && derived.Progression is { } pd && (stated.Date is not { } on || !on.IsBefore(pd.Date).IsMet)
            ? ResponseLevel.Progressive
            : derived.Best;
        // NE claims no category, so no bound can contradict it.
        var verdict = reported == best ? ReportedVerdict.Agrees
            : reported != ResponseLevel.NotEvaluable && (reported < derived.BoundWorst || reported > derived.BoundBest) ? ReportedVerdict.Contradicted
            : ReportedVerdict.NotDerivable;
        var criterion = verdict != ReportedVerdict.Agrees ? criteria.Id(reported)
            : reported == ResponseLevel.Progressive && derived.Progression is { } found ? found.Criterion
            : derived.Criterion ?? criteria.Id(reported);
        return new(
            line, stated.Date, stated.Order, stated.Level, best, verdict,
            verdict == ReportedVerdict.NotDerivable ? derived.Missing : [],
            criterion,
            [.. derived.Sources.Append(stated.Source).Distinct().Order()]);
    }

    private static int? LineOf(StatedResponse stated, ImmutableArray<LineOfTherapy> lines)
    {
        if (lines.IsEmpty)
            return null;
        if (stated.Date is not { } date)
            return lines[^1].Number;
        return lines.LastOrDefault(line => line.First.IsBefore(date).IsMet && (line.NewTherapy is not { } next || date.IsOnOrBefore(next).IsMet))?.Number;
    }
}
