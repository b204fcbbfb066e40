using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Response;

public class MinimalResidualDiseaseTests
{
    private const string InComplete = "d0 M=3.0 U=0; d28 M=0 U=0 IFES=neg IFEU=neg BM=2; d60 M=0 U=0 IFES=neg IFEU=neg BM=2; d400 M=0 U=0 IFES=neg IFEU=neg BM=2";

    [Theory]
    [InlineData(InComplete, MrdMethod.Flow, "0.00001", MrdStatusCode.Negative)]
    [InlineData(InComplete, MrdMethod.Sequencing, "0.000001", MrdStatusCode.Negative)]
    [InlineData(InComplete, MrdMethod.Flow, "0.0001", MrdStatusCode.NotEvaluable)]
    [InlineData(InComplete, MrdMethod.Flow, null, MrdStatusCode.NotEvaluable)]
    [InlineData(InComplete, MrdMethod.Unknown, "0.00001", MrdStatusCode.NotEvaluable)]
    [InlineData("d0 M=3.0 U=0; d28 M=0.2 U=0", MrdMethod.Flow, "0.00001", MrdStatusCode.NotEvaluable)]
    public void Negative_needs_complete_response_method_and_sensitivity(string samples, MrdMethod method, string? sensitivity, MrdStatusCode expected) =>
        Assert.Equal(expected, Assert.Single(Judge(samples, Result(30, method, Tri.Met, sensitivity))).Status);

    [Fact]
    public void Positive_needs_nothing_else() =>
        Assert.Equal(MrdStatusCode.Positive, Assert.Single(Judge("d0 M=3.0", Result(100, MrdMethod.Unknown, Tri.NotMet, null))).Status);

    [Fact]
    public void Sustained_is_marrow_and_imaging_a_year_apart()
    {
        MrdResult[] results =
        [
            Result(31, MrdMethod.Flow, Tri.Met, "0.00001"), Result(31, MrdMethod.Imaging, Tri.Met, null),
            Result(396, MrdMethod.Sequencing, Tri.Met, "0.00001"), Result(397, MrdMethod.Imaging, Tri.Met, null),
        ];
        Assert.Equal(
            [MrdStatusCode.Negative, MrdStatusCode.Negative, MrdStatusCode.SustainedNegative, MrdStatusCode.Negative],
            Judge(InComplete, results).Select(status => status.Status));
    }

    [Fact]
    public void A_day_short_of_a_year_is_not_sustained()
    {
        MrdResult[] results =
        [
            Result(32, MrdMethod.Flow, Tri.Met, "0.00001"), Result(31, MrdMethod.Imaging, Tri.Met, null),
            Result(396, MrdMethod.Sequencing, Tri.Met, "0.00001"), Result(397, MrdMethod.Imaging, Tri.Met, null),
        ];
        Assert.DoesNotContain(Judge(InComplete, results), status => status.Status == MrdStatusCode.SustainedNegative);
    }

    // Day 31 is 3 March 2024 and day 396 is 3 March 2025: a year by the calendar.
    private static MrdResult Result(int day, MrdMethod method, Tri negative, string? sensitivity) => new(
        negative, method, sensitivity is null ? null : decimal.Parse(sensitivity, System.Globalization.CultureInfo.InvariantCulture),
        LineStory.DateOf($"d{day}"), new($"mrd/{day}/{method}"));

    private static System.Collections.Immutable.ImmutableArray<MrdStatus> Judge(string samples, params MrdResult[] results)
    {
        var patient = LineStory.Case("", samples) with { Mrd = [.. results] };
        var response = ResponseHistory.Derive(patient, LineStory.Line(), ResponseRuleset.Imwg2016, DerivationPolicy.Default);
        return MinimalResidualDisease.Derive(patient, [response], DerivationPolicy.Default);
    }
}
