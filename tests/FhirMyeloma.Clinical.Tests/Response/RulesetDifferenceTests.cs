using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Response;

public sealed class RulesetDifferenceTests
{
    [Fact]
    public void A_date_on_which_one_ruleset_knows_a_category_and_the_other_does_not() => Assert.Equal(
        [new(1, LineStory.DateOf("d28"), ResponseRuleset.Imwg2016, ResponseLevel.Minimal, ResponseRuleset.Imwg2006, ResponseLevel.Stable)],
        Differences("d0 M=3.0 U=0; d28 M=2.0 U=0; d56 M=1.0 U=0", ResponseRuleset.Imwg2016, ResponseRuleset.Imwg2006));

    [Fact]
    public void The_line_stands_before_its_dates_and_the_dates_in_order() => Assert.Equal(
        [
            new(1, null, ResponseRuleset.Imwg2016, ResponseLevel.Minimal, ResponseRuleset.Imwg2006, ResponseLevel.Stable),
            new(1, LineStory.DateOf("d28"), ResponseRuleset.Imwg2016, ResponseLevel.Minimal, ResponseRuleset.Imwg2006, ResponseLevel.Stable),
            new(1, LineStory.DateOf("d56"), ResponseRuleset.Imwg2016, ResponseLevel.Minimal, ResponseRuleset.Imwg2006, ResponseLevel.Stable),
        ],
        Differences("d0 M=3.0 U=0; d28 M=2.0 U=0; d56 M=1.9 U=0", ResponseRuleset.Imwg2016, ResponseRuleset.Imwg2006));

    [Fact]
    public void A_date_that_only_the_second_ruleset_assesses_has_no_category_by_the_first() => Assert.Equal(
        [
            new(1, LineStory.DateOf("d40"), ResponseRuleset.Imwg2016, null, ResponseRuleset.Imwg2006, ResponseLevel.Progressive),
        ],
        Differences("d0 M=3.0 U=0; d28 M=1.0 U=0; d40 Ca=12; d56 M=1.0 U=0", ResponseRuleset.Imwg2016, ResponseRuleset.Imwg2006));

    [Fact]
    public void So_it_is_the_other_way_round() => Assert.Equal(
        [
            new(1, LineStory.DateOf("d40"), ResponseRuleset.Imwg2006, ResponseLevel.Progressive, ResponseRuleset.Imwg2016, null),
        ],
        Differences("d0 M=3.0 U=0; d28 M=1.0 U=0; d40 Ca=12; d56 M=1.0 U=0", ResponseRuleset.Imwg2006, ResponseRuleset.Imwg2016));

    [Fact]
    public void Every_further_ruleset_is_compared_with_the_first() => Assert.Equal(
        [(ResponseRuleset.Imwg2006, ResponseLevel.Stable), (ResponseRuleset.Imwg2026Provisional, ResponseLevel.Stable)],
        Differences("d0 M=3.0 U=0; d28 M=2.0 U=0; d56 M=1.0 U=0", ResponseRuleset.Imwg2016, ResponseRuleset.Imwg2006, ResponseRuleset.Imwg2026Provisional)
            .Select(difference => (difference.Other, difference.OfOther!.Value)));

    [Fact]
    public void What_all_say_alike_is_no_difference() =>
        Assert.Empty(Differences("d0 M=3.0 U=0; d28 M=1.0 U=0; d56 M=1.0 U=0", ResponseRuleset.Imwg2016, ResponseRuleset.Imwg2006));

    // One line of daratumumab from day 0, so that its days are those of the story.
    private static RulesetDifference[] Differences(string samples, params ResponseRuleset[] rulesets) =>
        [.. RulesetDifference.In(Derivation.Derive(LineStory.Case("", samples, "d0 d28 d56"), DerivationPolicy.Default with { Rulesets = [.. rulesets] }))];
}
