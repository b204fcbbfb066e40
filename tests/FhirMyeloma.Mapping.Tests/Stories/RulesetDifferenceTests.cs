using FhirMyeloma.Clinical;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Mapping.Tests.Outbound;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>Two rulesets asked for together: what they say differently is listed, line by line and date by date.</summary>
public sealed class RulesetDifferenceTests
{
    private const string Story = "case-2-four-cycles-then-transplant";

    [Fact]
    public void What_a_ruleset_without_MR_says_otherwise_is_listed() => Assert.Equal(
        [
            "Line 1 on 2023-09-12: MR by imwg-2016, SD by imwg-2026-provisional.",
            "Line 1: best response MR by imwg-2016, SD by imwg-2026-provisional.",
        ],
        Differences(Language.English, ResponseRuleset.Imwg2016, ResponseRuleset.Imwg2026Provisional));

    [Fact]
    public void So_it_is_in_Spanish() =>
        Assert.All(Differences(Language.Spanish, ResponseRuleset.Imwg2016, ResponseRuleset.Imwg2006), text => Assert.Contains("SD según imwg-2006", text, StringComparison.Ordinal));

    [Fact]
    public void Rulesets_that_agree_list_nothing() =>
        Assert.Empty(Differences(Language.English, ResponseRuleset.Imwg2006, ResponseRuleset.Imwg2026Provisional));

    private static string[] Differences(Language language, params ResponseRuleset[] rulesets) =>
    [
        .. Stories.Story.Of(Stories.Story.Input(Story), language, DerivationPolicy.Default with { Rulesets = [.. rulesets] }).Root.Resources()[^1].Children("issue").ToArray()
            .Where(issue => issue["details"]["coding"]["code"].Text == "ruleset-difference")
            .Select(issue => issue["details"]["text"].Text!)
            .Order(StringComparer.Ordinal),
    ];
}
