using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.TimeToEvent;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Times to event as derived Observations: one per line and endpoint, and overall survival from diagnosis.</summary>
internal static class TimeToEventWriter
{
    public static IEnumerable<DerivedObservation> Times(DerivedCase results, RulesetResults under, Words words)
    {
        EndpointResult? progressionFree = null;
        foreach (var result in under.TimesToEvent)
        {
            if (result.Endpoint == Endpoint.ProgressionFreeSurvival)
                progressionFree = result;
            if (Repeats(result, progressionFree))
                continue;
            var endpoint = ResultCodes.Kebab(result.Endpoint);
            yield return new()
            {
                Kind = ResultKind.TimeToEvent,
                Rulesets = result.Line is null ? [under.Ruleset.Code()] : [under.Ruleset.Code(), results.Policy.LineRuleset.Code()],
                Policies = result.Policies,
                RowKey = $"{(result.Line is { } line ? Key.Of(line) : "diagnosis")}@{endpoint}",
                SortKey = endpoint,
                Line = result.Line,
                Preliminary = !result.IsFinal,
                Start = result.Start,
                End = result.End,
                Value = result.Days is { } days ? ResultValue.Of(days) : ResultValue.Unknown,
                Components = new ComponentList()
                    .Add("endpoint", endpoint)
                    .Add("event", (bool?)result.IsEvent)
                    .Add("event-name", result.Event is { } what ? ResultCodes.Kebab(what) : null)
                    .Add("censoring-rule", result.Censoring is { } rule ? ResultCodes.Kebab(rule) : null)
                    .Add("progression-confirmed", result.ProgressionConfirmed)
                    .Add("months", result.Days is { } span ? Months(span) : null)
                    .Add("analysis-days", result.AnalysisDays is { } analysis ? new ResultValue.Amount(analysis, "d") : null)
                    .Add("reason", result.Reason is { } reason ? ResultCodes.Kebab(reason) : null)
                    .Flags(result.Flags)
                    .Done(),
                Note = words.Time(result),
                Sources = result.Sources,
            };
        }
    }

    /// <summary>Time to progression is said only where it is not the same as PFS, that is after a death.</summary>
    private static bool Repeats(EndpointResult result, EndpointResult? progressionFree) =>
        result.Endpoint == Endpoint.TimeToProgression && progressionFree is { } free && free.Line == result.Line
        && result.End == free.End && result.Event == free.Event && result.Censoring == free.Censoring;

    private static ResultValue Months(DaySpan span) => span.Days is { } days
        ? new ResultValue.Amount(Hundredths(days), "mo")
        : new ResultValue.Between(Hundredths(span.Min), Hundredths(span.Max), "mo");

    private static decimal Hundredths(int days) => Decimals.Cents(EndpointResult.Months(days));
}
