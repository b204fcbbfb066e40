using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Tests.Issues;

public sealed class SuggestionTests
{
    public static IEnumerable<object[]> ClosestCases => Cases.Read("Issues/suggestions.csv");

    [Theory]
    [MemberData(nameof(ClosestCases))]
    public void The_word_that_was_probably_meant_is_named(string word, string known, string closest) =>
        Assert.Equal(closest.Length == 0 ? null : closest, Suggestion.Closest(word, known.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void A_thousand_long_words_against_a_thousand_codes_end_soon()
    {
        var codes = Enumerable.Range(0, 1000).Select(number => new string('a', 50) + number).ToArray();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var word = 0; word < 1000; word++)
            Suggestion.Closest(new string('b', 30) + new string('a', 20) + word, codes);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }
}
