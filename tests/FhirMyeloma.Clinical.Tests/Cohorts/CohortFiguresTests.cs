using System.Globalization;
using FhirMyeloma.Clinical.Cohorts;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Evidence;
using FhirMyeloma.Clinical.Tests.Response;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Cohorts;

public sealed class CohortFiguresTests
{
    public static TheoryData<string, string, string, string, string> QuantileRows()
    {
        var rows = new TheoryData<string, string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Cohorts/quantiles.csv"))
            rows.Add(row["values"], row["share"], row["method"], row["quantile"], row["because"]);
        return rows;
    }

    public static TheoryData<int, int, string, string, string> ProportionRows()
    {
        var rows = new TheoryData<int, int, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Cohorts/proportions.csv"))
            rows.Add(int.Parse(row["count"], CultureInfo.InvariantCulture), int.Parse(row["total"], CultureInfo.InvariantCulture), row["method"], $"{row["low"]}-{row["high"]}", row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(QuantileRows))]
    public void A_quantile_is_that_of_the_table(string values, string share, string method, string expected, string because)
    {
        var parts = share.Split('/').Select(Number).ToList();
        var found = Quantiles.Quantile(values.Split(' ').Select(Number), parts[0] / parts[1], Method(method));
        Assert.True(found == Number(expected), $"{method} of {share} ({because}): {found}");
    }

    [Fact]
    public void A_description_is_ascending_and_names_its_method()
    {
        var washout = Quantiles.Describe([35, 42, 5, 35, 10]);
        Assert.Equal(new Distribution(5, 5, 10, 35, 35, 42, QuantileMethod.Type7), washout);
        Assert.Equal("type-7", washout!.Method.Code());
    }

    [Fact]
    public void No_values_have_no_quantile()
    {
        Assert.Null(Quantiles.Describe([]));
        Assert.Null(Quantiles.Quantile([], 0.5m));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Quantile([1], 1.01m));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Quantile([1], -0.01m));
    }

    [Theory, MemberData(nameof(ProportionRows))]
    public void An_interval_is_that_of_the_table(int count, int total, string method, string expected, string because)
    {
        var found = Proportions.Of(count, total, method == "wilson" ? IntervalMethod.Wilson : IntervalMethod.ClopperPearson)!;
        var shown = string.Create(CultureInfo.InvariantCulture, $"{100 * found.Low:0.00}-{100 * found.High:0.00}");
        Assert.True(shown == expected, $"{count}/{total} {method} ({because}): {shown}");
        Assert.Equal(method, found.Method.Code());
    }

    [Theory]
    [InlineData(IntervalMethod.Wilson)]
    [InlineData(IntervalMethod.ClopperPearson)]
    public void Intervals_mirror_hold_the_share_and_rise_with_the_count(IntervalMethod method)
    {
        foreach (var total in (int[])[1, 2, 7, 40, 333])
        {
            Proportion? before = null;
            for (var count = 0; count <= total; count++)
            {
                var found = Proportions.Of(count, total, method)!;
                var mirror = Proportions.Of(total - count, total, method)!;
                Assert.InRange(found.Share, found.Low, found.High);
                Assert.Equal(1 - mirror.High, found.Low, 1e-9);
                Assert.True(before is null || (found.Low > before.Low && found.High > before.High), $"{count}/{total}");
                before = found;
            }
        }
    }

    /// <summary>The defining property, with the binomial probabilities summed one by one.</summary>
    [Theory]
    [InlineData(1, 9)]
    [InlineData(17, 60)]
    [InlineData(59, 60)]
    [InlineData(30, 200)]
    public void At_the_exact_ends_each_tail_has_two_and_a_half_per_cent(int count, int total)
    {
        var found = Proportions.Of(count, total, IntervalMethod.ClopperPearson)!;
        Assert.Equal(0.025, Enumerable.Range(count, total - count + 1).Sum(k => Probability(k, total, found.Low)), 1e-9);
        Assert.Equal(0.025, Enumerable.Range(0, count + 1).Sum(k => Probability(k, total, found.High)), 1e-9);
    }

    [Fact]
    public void A_proportion_of_nobody_is_none_and_more_than_all_is_a_fault()
    {
        Assert.Null(Proportions.Of(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportions.Of(6, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportions.Of(-1, 5));
    }

    public static TheoryData<string, string, string, string, string, string> RateRows()
    {
        var rows = new TheoryData<string, string, string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Cohorts/response-rates.csv"))
            rows.Add(row["patients"], row["rate"], row["view"], row["denominator"], row["expected"], $"{row["rule"]}: {row["because"]}");
        return rows;
    }

    [Theory, MemberData(nameof(RateRows))]
    public void A_response_rate_counts_whom_the_table_says(string patients, string rate, string view, string denominator, string expected, string because)
    {
        var lines = patients.Split(" | ").Select(samples => new TreatedLine(
            ClinicalDate.Of(LineStory.FirstDose),
            GivenLine.Derive(LineStory.Case("IgG-kappa", samples), LineStory.Line(), ResponseRuleset.Imwg2016, DerivationPolicy.Default)));
        var asked = Enum.GetValues<ResponseRate>().Single(one => one.Code() == rate);
        var figure = ResponseRates.Of(lines, asked, view is "confirmed", denominator is "all-treated" ? RateDenominator.AllTreated : RateDenominator.Evaluable);
        Assert.Equal((expected, because), (figure.Proportion is { } found ? $"{found.Count}/{found.Total}" : "none", because));
    }

    [Fact]
    public void A_rate_names_its_choices_and_carries_its_interval()
    {
        var line = new TreatedLine(
            ClinicalDate.Of(LineStory.FirstDose),
            GivenLine.Derive(LineStory.Case("", "d0 M=2.0 U=0; d28 M=1.0 U=0"), LineStory.Line(), ResponseRuleset.Imwg2016, DerivationPolicy.Default));
        var figure = ResponseRates.Of([line, line, line, line, line], ResponseRate.Overall, confirmed: false, RateDenominator.AllTreated, IntervalMethod.ClopperPearson);
        Assert.Equal((ResponseRate.Overall, false, RateDenominator.AllTreated), (figure.Rate, figure.Confirmed, figure.Denominator));
        Assert.Equal((5, 5, IntervalMethod.ClopperPearson), (figure.Proportion!.Count, figure.Proportion.Total, figure.Proportion.Method));
        Assert.Equal(0.4782, figure.Proportion.Low, 1e-4);
    }

    public static TheoryData<string, string, string, string> LandmarkRows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Cohorts/landmark.csv"))
            rows.Add(row["landmark"], row["times"], row["expected"], $"{row["rule"]}: {row["because"]}");
        return rows;
    }

    [Theory, MemberData(nameof(LandmarkRows))]
    public void A_landmark_divides_those_who_are_still_followed(string landmark, string times, string expected, string because)
    {
        var followed = times.Split(' ').Select(text => text.Split('/'))
            .Select(parts => new FollowedTime(parts[0] is "-" ? null : Number(parts[0]), Number(parts[1].TrimEnd('+')), parts[1].EndsWith('+')));
        var found = Landmark.Split(followed, Number(landmark)).Select(time => $"{(time.Responder ? 'R' : 'N')}{time.Days.ToString(CultureInfo.InvariantCulture)}{(time.IsEvent ? "+" : "")}");
        Assert.Equal((expected, because), (string.Join(' ', found), because));
    }

    [Fact]
    public void A_landmark_before_the_start_is_a_fault() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Landmark.Split([], -1));

    private static double Probability(int k, int n, double p)
    {
        var logarithm = k * Math.Log(p) + (n - k) * Math.Log(1 - p);
        for (var i = 1; i <= k; i++)
            logarithm += Math.Log(n - k + i) - Math.Log(i);
        return Math.Exp(logarithm);
    }

    private static QuantileMethod Method(string code) => Enum.GetValues<QuantileMethod>().Single(method => method.Code() == code);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
