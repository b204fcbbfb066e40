using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Response;

public class ReportedResponsesTests
{
    private const string SeedTable = "tests/FhirMyeloma.Clinical.Tests/Response/seed-lines.csv";

    [Theory]
    [InlineData("1-isa", ResponseLevel.VeryGoodPartial, ReportedVerdict.Agrees)]
    [InlineData("2-isa", ResponseLevel.VeryGoodPartial, ReportedVerdict.Agrees)]
    [InlineData("3-isa", ResponseLevel.VeryGoodPartial, ReportedVerdict.Agrees)]
    [InlineData("4-isa", ResponseLevel.StringentComplete, ReportedVerdict.NotDerivable)]
    [InlineData("5-isa", ResponseLevel.StringentComplete, ReportedVerdict.Contradicted)]
    public void Reported_response_of_the_paper_is_judged(string row, ResponseLevel reported, ReportedVerdict verdict)
    {
        var seed = Table.Read(SeedTable).Single(candidate => candidate["id"] == row);
        var check = Check(LineStory.Case(seed["clone"], seed["samples"], seed["antibody"]), new(reported, null, new("stated")));
        Assert.Equal(verdict, check.Verdict);
        Assert.Equal(ResponseLevel.VeryGoodPartial, check.Derived);
        Assert.Equal(verdict == ReportedVerdict.NotDerivable ? 5 : 0, check.Missing.Length);
        Assert.Contains(new SourceId("stated"), check.Sources);
    }

    [Theory]
    [InlineData("d112", true)]
    [InlineData("d50", false)]
    public void Stated_progression_is_compared_with_the_best_and_known_as_the_progression_once_it_shows(string date, bool isDerived)
    {
        var check = Check(Relapse, new(ResponseLevel.Progressive, LineStory.DateOf(date), new("stated")));
        Assert.Equal(ReportedVerdict.Contradicted, check.Verdict);
        Assert.True(check.Derived > ResponseLevel.Progressive);
        Assert.Equal(isDerived, ReportedResponses.SpeaksOfProgression(check, ResponseOf(Relapse)));
    }

    [Fact]
    public void Statement_of_the_first_day_belongs_to_no_line_of_its_own()
    {
        var check = Check(Relapse, new(ResponseLevel.Partial, LineStory.DateOf("d0"), new("stated")));
        Assert.Null(check.Line);
        Assert.Equal(ReportedVerdict.NotDerivable, check.Verdict);
    }

    [Fact]
    public void Statement_of_the_first_day_of_new_therapy_closes_the_line_before()
    {
        var (patient, first, second) = (Relapse, LineStory.Line("d84"), LineStory.Line() with { Number = 2, First = LineStory.DateOf("d84") });
        var stated = patient with { StatedResponses = [new(ResponseLevel.Partial, LineStory.DateOf("d84"), new("a")), new(ResponseLevel.Partial, LineStory.DateOf("d85"), new("b"))] };
        Assert.Equal([1, 2], ReportedResponses.Check(stated, [first, second], [], ResponseRuleset.Imwg2016).Select(check => check.Line!.Value));
    }

    [Theory]
    [InlineData(ResponseLevel.Progressive, ReportedVerdict.Contradicted)]
    [InlineData(ResponseLevel.Minimal, ReportedVerdict.Contradicted)]
    [InlineData(ResponseLevel.Partial, ReportedVerdict.NotDerivable)]
    [InlineData(ResponseLevel.VeryGoodPartial, ReportedVerdict.Agrees)]
    [InlineData(ResponseLevel.Complete, ReportedVerdict.Contradicted)]
    [InlineData(ResponseLevel.NotEvaluable, ReportedVerdict.NotDerivable)]
    public void Bounds_themselves_are_not_contradicted(ResponseLevel reported, ReportedVerdict verdict)
    {
        // VGPR by an assumed urine: PR at worst.
        var check = Check(LineStory.Case("", "d0 M=3.0; d28 M=0.2"), new(reported, null, new("stated")));
        Assert.Equal(verdict, check.Verdict);
        Assert.Equal(verdict == ReportedVerdict.NotDerivable, check.Missing is [MissingInput.Urine]);
    }

    [Theory]
    [InlineData(ResponseLevel.Progressive, "R-PD-1")]
    [InlineData(ResponseLevel.Stable, "IMWG-2016/SD")]
    public void Rule_is_the_one_that_derived_what_agrees_else_that_of_the_category_stated(ResponseLevel reported, string criterion) =>
        Assert.Equal(criterion, Check(LineStory.Case("", "d0 M=2.0 U=0; d28 M=2.6 U=0; d56 M=2.7 U=0"), new(reported, null, new("stated"))).Criterion);

    [Fact]
    public void Statements_are_judged_by_date_then_order_then_source()
    {
        StatedResponse Stated(string day, int order, string source) => new(ResponseLevel.Partial, LineStory.DateOf(day), new(source), order);
        var patient = Relapse with { StatedResponses = [Stated("d56", 0, "e"), Stated("d28", 2, "c"), Stated("d28", 1, "b"), Stated("d28", 1, "a"), Stated("d28", 2, "d")] };
        var checks = ReportedResponses.Check(patient, [LineStory.Line()], [ResponseOf(patient)], ResponseRuleset.Imwg2016);
        Assert.Equal("abcde", string.Concat(checks.Select(check => check.Sources.Single(source => source.Value.Length == 1).Value)));
        Assert.All(checks, check => Assert.Equal(check.Sources.Order().Distinct(), check.Sources));
    }

    private static MyelomaCase Relapse =>
        LineStory.Case("", "d0 M=3.0 U=0; d28 M=0.2 U=0; d56 M=0.2 U=0; d84 M=0.9 U=0; d112 M=1.5 U=0");

    private static ReportedResponseCheck Check(MyelomaCase patient, StatedResponse stated) =>
        Assert.Single(ReportedResponses.Check(patient with { StatedResponses = [stated] }, [LineStory.Line()], [ResponseOf(patient)], ResponseRuleset.Imwg2016));

    private static LineResponse ResponseOf(MyelomaCase patient) => ResponseHistory.Derive(patient, LineStory.Line(), ResponseRuleset.Imwg2016, DerivationPolicy.Default);
}
