using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Response;

public class OtherRulesetsTests
{
    private const string Complete = "d0 M=3.0 U=0; d28 M=0 IFES=neg IFEU=neg BM=2 U=0";

    [Theory]
    [InlineData(Complete + " K=10 L=10 CLON=neg", ResponseRuleset.Imwg2026Provisional, ResponseLevel.Complete, "no sCR")]
    [InlineData(Complete + " K=30 L=10", ResponseRuleset.Imwg2026Provisional, ResponseLevel.VeryGoodPartial, "CR asks for a normal ratio in every line")]
    [InlineData(Complete, ResponseRuleset.Imwg2026Provisional, ResponseLevel.VeryGoodPartial, "the ratio was not measured")]
    [InlineData("d0 M=3.0 U=0; d28 M=2.0 U=0", ResponseRuleset.Imwg2026Provisional, ResponseLevel.Stable, "no MR")]
    [InlineData("d0 M=3.0 U=0; d28 M=2.0 U=0", ResponseRuleset.Imwg2006, ResponseLevel.Stable, "no MR")]
    [InlineData("d0 M=3.0 U=0; d28 M=1.5 U=0", ResponseRuleset.Imwg2006, ResponseLevel.Partial, "PR as in 2016")]
    [InlineData(Complete + " K=10 L=10 CLON=neg", ResponseRuleset.Imwg2006, ResponseLevel.StringentComplete, "sCR as in 2016")]
    [InlineData("d0 M=3.0 U=0; d28 M=1.5 U=0 Ca=11.6", ResponseRuleset.Imwg2006, ResponseLevel.Progressive, "R-PD-9")]
    [InlineData("d0 M=3.0 U=0; d28 M=1.5 U=0 Ca=11.5", ResponseRuleset.Imwg2006, ResponseLevel.Partial, "11.5 is not above 11.5")]
    [InlineData("d0 M=3.0 U=0; d28 M=1.5 U=0 Ca=11.6", ResponseRuleset.Imwg2016, ResponseLevel.Partial, "in 2016 clinical relapse only")]
    [InlineData("d0 M=0 U=0 K=5 L=5 BM=8; d28 BM=11", ResponseRuleset.Imwg2006, ResponseLevel.Progressive, "an absolute 10 % and a rise of 25 %")]
    [InlineData("d0 M=0 U=0 K=5 L=5 BM=8; d28 BM=11", ResponseRuleset.Imwg2016, ResponseLevel.NotEvaluable, "2016: 10 points")]
    public void Each_consensus_is_its_own_table(string samples, ResponseRuleset ruleset, ResponseLevel expected, string because)
    {
        var response = ResponseHistory.Derive(LineStory.Case("", samples), LineStory.Line(), ruleset, DerivationPolicy.Default);
        Assert.True(expected == response.Best, $"{because}: {response.Best}");
    }
}
