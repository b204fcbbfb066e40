using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Washout;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Outbound;

public sealed class ObservationTests
{
    [Fact]
    public void Every_row_is_written_as_the_reviewed_table_says()
    {
        var expected = Table.Read("tests/FhirMyeloma.Mapping.Tests/Outbound/rows.csv")
            .Select(row => $"{row["result"]}  {row["element"]}  {row["said"]}");
        var written = Example.Bundle(Example.Results1).Resources()
            .Where(resource => resource.TypeName == "Observation")
            .SelectMany(Describe);
        Listed.Same(expected, written);
    }

    [Fact]
    public void A_result_of_a_line_has_the_line_as_focus_and_others_have_none()
    {
        var resources = Example.Bundle(Example.Results1).Resources().Where(resource => resource.TypeName == "Observation").ToList();
        var line = "urn:uuid:" + resources.Single(resource => Code(resource) == "line-of-therapy")["id"].Text;
        Listed.Same(
            ["imwg-response", "imwg-response-at", "drug-refractoriness", "reported-response-check", "time-to-event", "time-to-event"],
            resources.Where(resource => resource["focus"]["reference"].Text == line).Select(Code));
        Listed.Same(
            ["line-of-therapy", "anti-cd38-washout", "class-refractoriness", "mrd-status", "iss-stage", "r-iss-stage", "r2-iss-stage", "cytogenetic-risk", "cytogenetic-risk", "time-to-event"],
            resources.Where(resource => !resource["focus"].Exists).Select(Code));
    }

    [Fact]
    public void A_washout_between_partial_dates_is_a_range()
    {
        var observation = Washout(Example.Switch with { LastDose = Example.Date("2024-01"), FirstDose = Example.Date("2024-02-14"), Days = new(14, 44) });
        Assert.Equal("14 d .. 44 d", observation.Said());
        Assert.Equal("2024-01", observation["effectivePeriod"]["start"].Text);
    }

    [Theory]
    [InlineData(NoWashoutReason.NoIsatuximab, "no-isatuximab")]
    [InlineData(NoWashoutReason.NoDaratumumab, "no-daratumumab")]
    [InlineData(NoWashoutReason.Neither, "neither")]
    public void Without_a_switch_one_washout_says_why_and_nothing_else(NoWashoutReason reason, string code)
    {
        var observation = Washout(new() { Reason = reason });
        Assert.Equal("absent data-absent-reason|not-applicable", observation.Said());
        Listed.Same(["reason"], observation.Children("component").ToArray().Select(Code));
        Assert.Equal($"reason|{code}", observation.Components("reason")[0].Said());
        Assert.False(observation.Choice("effective").Exists);
    }

    [Fact]
    public void A_washout_on_orders_has_no_value_but_an_estimate()
    {
        var observation = Washout(Example.Switch with
        {
            Days = null,
            Estimated = new(30, 35),
            Reason = NoWashoutReason.OrdersOnly,
            EvidenceLevel = ExposureEvidence.Order,
            Category = WashoutCategory.Indeterminate,
        });
        Assert.Equal("absent data-absent-reason|unknown", observation.Said());
        Assert.Equal("reason|orders-only", observation.Components("reason")[0].Said());
        Assert.Equal("30 d .. 35 d", observation.Components("estimated")[0].Said());
        Assert.Equal("evidence-level|order", observation.Components("evidence-level")[0].Said());
        Assert.Equal("washout-category|indeterminate", observation.Components("washout-category")[0].Said());
    }

    [Fact]
    public void An_unknown_last_dose_is_an_unknown_washout_with_a_period_that_lacks_its_start()
    {
        var observation = Washout(Example.Switch with { Days = null, LastDose = null, Reason = NoWashoutReason.EndUnknown, RefractoryAtLast = Tri.Unknown });
        Assert.Equal("absent data-absent-reason|unknown", observation.Said());
        Assert.False(observation["effectivePeriod"]["start"].Exists);
        Assert.Equal("2023-06-14", observation["effectivePeriod"]["end"].Text);
        Assert.Equal("absent data-absent-reason|unknown", observation.Components("refractory-at-last")[0].Said());
    }

    [Fact]
    public void A_period_never_ends_before_it_starts()
    {
        var observation = Washout(Example.Switch with { LastDose = Example.Date("2023-07-01"), FirstDose = Example.Date("2023-06-14"), Days = new(0, 12) });
        Assert.Equal("2023-07-01", observation["effectivePeriod"]["start"].Text);
        Assert.False(observation["effectivePeriod"]["end"].Exists);
    }

    [Theory]
    [InlineData("below", "<0.1 g/dL")]
    [InlineData("at-most", "<=0.1 g/dL")]
    [InlineData("above", ">0.1 g/dL")]
    [InlineData("at-least", ">=0.1 g/dL")]
    [InlineData("range", "0.1 g/dL .. 0.3 g/dL")]
    [InlineData("exact", "0.1 g/dL")]
    public void A_censored_value_keeps_its_comparator_and_a_contradictory_one_its_range(string kind, string said)
    {
        var reading = kind switch
        {
            "below" => Reading.LessThan(0.1m),
            "at-most" => Reading.AtMost(0.10m),
            "above" => Reading.MoreThan(0.1m),
            "at-least" => Reading.AtLeast(0.1m),
            "range" => Reading.Exact(0.3m).Union(Reading.Exact(0.1m)),
            _ => Reading.Exact(0.100m),
        };
        var bundle = Example.Bundle(Example.Results1 with { Results = Example.With(Example.Response with { Nadir = new(reading, Example.Date("2023-05-12")) }) });
        Assert.Equal(said, bundle.Observation("imwg-response").Components("nadir")[0].Said());
    }

    [Theory]
    [InlineData(ResponseMarker.SerumM, "g/dL")]
    [InlineData(ResponseMarker.UrineM, "mg/(24.h)")]
    [InlineData(ResponseMarker.Dflc, "mg/L")]
    [InlineData(ResponseMarker.Marrow, "%")]
    public void Amounts_are_in_the_unit_of_their_marker(ResponseMarker marker, string unit)
    {
        var bundle = Example.Bundle(Example.Results1 with { Results = Example.With(Example.Response with { Marker = marker }) });
        Assert.Equal($"4.68 {unit}", bundle.Observation("imwg-response").Components("baseline")[0].Said());
    }

    [Theory]
    [InlineData("0.005", "0.01 %")]
    [InlineData("-0.005", "-0.01 %")]
    [InlineData("-50.000", "-50 %")]
    [InlineData("26.6545", "26.65 %")]
    [InlineData("-0.004", "0 %")]
    public void Percent_change_is_rounded_half_away_from_zero(string change, string said)
    {
        var percent = decimal.Parse(change, System.Globalization.CultureInfo.InvariantCulture);
        var bundle = Example.Bundle(Example.Results1 with { Results = Example.With(Example.Response with { PercentChange = percent }) });
        Assert.Equal(said, bundle.Observation("imwg-response").Components("percent-change")[0].Said());
    }

    [Theory]
    [InlineData(ResponseLevel.StringentComplete, "imwg-response|sCR")]
    [InlineData(ResponseLevel.Complete, "imwg-response|CR Thesaurus.owl|C4870")]
    [InlineData(ResponseLevel.VeryGoodPartial, "imwg-response|VGPR Thesaurus.owl|C123618")]
    [InlineData(ResponseLevel.Partial, "imwg-response|PR Thesaurus.owl|C18058")]
    [InlineData(ResponseLevel.Minimal, "imwg-response|MR")]
    [InlineData(ResponseLevel.Stable, "imwg-response|SD Thesaurus.owl|C18213")]
    [InlineData(ResponseLevel.Progressive, "imwg-response|PD Thesaurus.owl|C35571")]
    [InlineData(ResponseLevel.NotEvaluable, "imwg-response|NE Thesaurus.owl|C62222")]
    public void A_category_has_its_NCIt_code_where_one_is_known(ResponseLevel level, string said)
    {
        var bundle = Example.Bundle(Example.Results1 with { Results = Example.With(Example.Response with { Best = level, Assessments = [] }) });
        Assert.Equal(said, bundle.Observation("imwg-response").Said());
    }

    [Fact]
    public void A_line_without_baseline_is_not_evaluable_and_final()
    {
        var response = new LineResponse
        {
            Line = 1,
            Best = ResponseLevel.NotEvaluable,
            IsFinal = true,
            BestConfirmed = ResponseLevel.NotEvaluable,
            Strict = ResponseLevel.NotEvaluable,
            Relaxed = ResponseLevel.NotEvaluable,
            BoundWorst = ResponseLevel.Progressive,
            BoundBest = ResponseLevel.StringentComplete,
            MeasurableBy = MeasurableBy.Unknown,
            Missing = [MissingInput.Baseline],
            Flags = [Flag.BaselineMissing],
        };
        var observation = Example.Bundle(Example.Results1 with { Results = Example.With(response) }).Observation("imwg-response");
        Assert.Equal("final", observation["status"].Text);
        Assert.Equal("missing-input|BASELINE", observation.Components("missing-input")[0].Said());
        Assert.Equal("measurable-by|unknown", observation.Components("measurable-by")[0].Said());
        Assert.False(observation.Choice("effective").Exists);
        Assert.False(observation["derivedFrom"].Exists);
    }

    [Fact]
    public void A_reported_response_outside_every_line_has_neither_focus_nor_line_ruleset()
    {
        var check = Example.Check with { Line = null, Date = null, Derived = null };
        var observation = Example.Bundle(Example.Results1 with { Results = Example.Results with { ByRuleset = [Example.Results.ByRuleset[0] with { ReportedChecks = [check] }] } })
            .Observation("reported-response-check");
        Assert.False(observation["focus"].Exists);
        Assert.Single(observation["method"].Children("coding").ToArray());
        Assert.Empty(observation.Components("derived"));
    }

    private static Element Washout(AntibodySwitch change) =>
        Example.Bundle(Example.Results1 with { Results = Example.Results with { Switches = [change] } }).Observation("anti-cd38-washout");

    private static string? Code(Element holder) => holder["code"]["coding"]["code"].Text;

    private static IEnumerable<string> Describe(Element observation)
    {
        var code = Code(observation);
        var method = string.Join(' ', observation["method"].Children("coding").ToArray().Select(coding => $"{coding["system"].Text!.Split('/')[^1]}|{coding["code"].Text}"));
        var period = observation["effectivePeriod"];
        var effective = period.Exists ? $"{period["start"].Text} .. {period["end"].Text}" : observation["effectiveDateTime"].Text;
        return
        [
            $"{code}  status  {observation["status"].Text}",
            $"{code}  method  {method}",
            $"{code}  effective  {effective}",
            $"{code}  value  {observation.Said()}",
            .. observation.Children("component").ToArray().Select(component => $"{code}  {Code(component)}  {component.Said()}"),
        ];
    }
}
