using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
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

        // NE claims no category, so no bound can contradict it.
        var verdict = reported == derived.Best ? ReportedVerdict.Agrees
            : reported != ResponseLevel.NotEvaluable && (reported < derived.BoundWorst || reported > derived.BoundBest) ? ReportedVerdict.Contradicted
            : ReportedVerdict.NotDerivable;
        var criterion = verdict == ReportedVerdict.Agrees && derived.Criterion is { } decided ? decided : criteria.Id(reported);
        return new(
            line, stated.Date, stated.Order, stated.Level, derived.Best, verdict,
            verdict == ReportedVerdict.NotDerivable ? derived.Missing : [],
            criterion,
            [])
        {
            Cited = Cited.When(() => [.. derived.Sources.Append(stated.Source).Distinct().Order()]),
        };
    }

    /// <summary>
    /// The category stated is PD and the line, whose best was a response, has a derived progression on or before that date: the check compares with the best,
    /// yet the record tells no untruth.
    /// </summary>
    public static bool SpeaksOfProgression(ReportedResponseCheck check, LineResponse? response)
    {
        ArgumentNullException.ThrowIfNull(check);
        return check.Reported == ResponseLevel.Progressive && response?.Progression is { } found && (check.Date is not { } on || !on.IsBefore(found.Date).IsMet);
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
