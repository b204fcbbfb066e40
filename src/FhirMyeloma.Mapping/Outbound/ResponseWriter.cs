using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Responses of lines and dates, and checks of reported ones, as derived Observations (contract section 3).</summary>
internal static class ResponseWriter
{
    public static IEnumerable<DerivedObservation> Lines(DerivedCase results, RulesetResults under, Words words)
    {
        foreach (var response in under.Responses)
        {
            yield return new()
            {
                Kind = ResultKind.Response,
                Rulesets = [under.Ruleset.Code(), results.Policy.LineRuleset.Code()],
                Policies = response.Policies,
                RowKey = Key.Of(response.Line),
                Line = response.Line,
                Preliminary = !response.IsFinal,
                Start = response.PeriodStart,
                End = response.PeriodEnd,
                Value = ResultValue.Of(response.Best),
                Components = new ComponentList()
                    .Add("best-confirmed", response.BestConfirmed)
                    .Add("strict", response.Strict)
                    .Add("relaxed", response.Relaxed)
                    .Add("bound-worst", response.BoundWorst)
                    .Add("bound-best", response.BoundBest)
                    .Add("measurable-by", ResultCodes.Kebab(response.MeasurableBy))
                    .Add("marker", Marker(response.Marker))
                    .Add("baseline", Measured(response.Baseline, response.Marker))
                    .Add("baseline-date", response.Baseline?.Date)
                    .Add("nadir", Measured(response.Nadir, response.Marker))
                    .Add("nadir-date", response.Nadir?.Date)
                    .Add("last", Measured(response.Last, response.Marker))
                    .Add("percent-change", Percent(response.PercentChange))
                    .Add("progression", response.Progression is null ? null : (ResponseLevel?)ResponseLevel.Progressive)
                    .Add("progression-date", response.Progression?.Date)
                    .Add("progression-criterion", response.Progression?.Criterion)
                    .Add("progression-confirmed", response.Progression?.Confirmed)
                    .Add("progression-confirmed-date", response.Progression?.ConfirmedDate)
                    .Add("relapse-from-cr-date", response.RelapseFromCr)
                    .Add("relapse-from-mrd-negative-date", response.RelapseFromMrdNegative)
                    .Add("clinical-relapse-date", response.ClinicalRelapse)
                    .Add("first-response-date", response.FirstResponse)
                    .Add("best-response-date", response.BestResponse)
                    .Add("response-if-drug-band", response.IfDrugBand)
                    .Add("response-if-drug-at-baseline", response.IfDrugAtBaseline?.Best)
                    .Add("interference-strength", response.Interference is { } strength ? ResultCodes.Kebab(strength) : null)
                    .Flags(response.Flags)
                    .Missing(response.Missing)
                    .Done(),
                Note = Words.Join(words.Response(response), words.Provisional(under.Ruleset)),
                Sources = response.Sources,
            };
        }
    }

    public static IEnumerable<DerivedObservation> Dates(DerivedCase results, RulesetResults under, Words words)
    {
        foreach (var at in under.Responses.SelectMany(response => response.Assessments))
        {
            yield return new()
            {
                Kind = ResultKind.ResponseAt,
                Rulesets = [under.Ruleset.Code(), results.Policy.LineRuleset.Code()],
                Policies = at.Policies,
                RowKey = $"{Key.Of(at.Line)}@{at.Date.Text}",
                Line = at.Line,
                Preliminary = !at.IsFinal,
                Date = at.Date,
                Value = ResultValue.Of(at.Level),
                Components = new ComponentList()
                    .Add("confirmed", at.Confirmed)
                    .Add("percent-change", Percent(at.PercentChange))
                    .Add("marker", Marker(at.Marker))
                    .Add("criterion", at.Criterion)
                    .Add("strict", at.Strict)
                    .Add("relaxed", at.Relaxed)
                    .Add("bound-worst", at.BoundWorst)
                    .Add("bound-best", at.BoundBest)
                    .Flags(at.Flags)
                    .Missing(at.Missing)
                    .Done(),
                Note = Words.Join(words.Response(at), words.Provisional(under.Ruleset)),
                Sources = at.Sources,
            };
        }
    }

    public static IEnumerable<DerivedObservation> ReportedChecks(DerivedCase results, RulesetResults under, Words words)
    {
        foreach (var check in under.ReportedChecks)
        {
            yield return new()
            {
                Kind = ResultKind.ReportedCheck,
                Rulesets = check.Line is null ? [under.Ruleset.Code()] : [under.Ruleset.Code(), results.Policy.LineRuleset.Code()],
                RowKey = $"{check.Date?.Text}#{Key.Of(check.Order)}",
                SortKey = check.Order.ToString("D9", System.Globalization.CultureInfo.InvariantCulture),
                Line = check.Line,
                Date = check.Date,
                Value = ResultValue.Of(Systems.Of(ResultKind.ReportedCheck.Code), ResultCodes.Kebab(check.Verdict)),
                Components = new ComponentList()
                    .Add("reported", (ResponseLevel?)check.Reported)
                    .Add("derived", check.Derived)
                    .Missing(check.Missing)
                    .Add("criterion", check.Criterion)
                    .Done(),
                Note = words.Reported(check, under.Responses.FirstOrDefault(response => response.Line == check.Line)),
                Sources = check.Sources,
            };
        }
    }

    private static string? Marker(ResponseMarker? marker) => marker is { } known ? ResultCodes.Kebab(known) : null;

    private static ResultValue? Measured(DatedReading? value, ResponseMarker? marker) =>
        value is { } reading && marker is { } known ? ResultValue.Of(reading.Value, reading.IsDiameter ? "mm" : known.Unit()) : null;

    private static ResultValue.Amount? Percent(decimal? change) =>
        change is { } percent ? new ResultValue.Amount(Decimals.Cents(percent), "%") : null;
}
