using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Search;

/// <summary>Rolled resources and queries: what the index and the matcher promise whatever they are.</summary>
public sealed class SearchPropertyTests
{
    private const int Rolls = 3000;

    [Fact]
    public void Candidates_never_lose_a_match()
    {
        var dice = new Dice(20260101);
        var matches = 0;
        for (var roll = 0; roll < Rolls; roll++)
        {
            var resource = Resource(dice);
            var entries = IndexEntries.Of(resource);
            var query = SearchCases.Parse("Observation", Query(dice)).Query!;
            if (!query.Matches(resource, SearchCases.Resolver))
                continue;
            matches++;
            Assert.All(query.Criteria, criterion => Assert.True(criterion.Candidates is not { } candidates || IndexLookup.Finds(candidates, resource, entries), $"{dice} roll {roll}: {criterion.Parameter}"));
        }
        Assert.InRange(matches, Rolls / 20, Rolls);
    }

    [Fact]
    public void A_token_matches_as_the_rule_says_in_fhirpath()
    {
        var dice = new Dice(20260102);
        for (var roll = 0; roll < Rolls; roll++)
        {
            var resource = Resource(dice);
            var (system, code) = (System(dice), Code(dice));
            var (query, rule) = dice.Roll(0, 3) switch
            {
                0 => ($"code={code}", $"code.coding.where(code = '{code}').exists()"),
                1 => ($"code={system}|{code}", $"code.coding.where(system = '{system}' and code = '{code}').exists()"),
                2 => ($"code=|{code}", $"code.coding.where(system.exists().not() and code = '{code}').exists()"),
                _ => ($"code:not={code}", $"code.coding.where(code = '{code}').exists().not()"),
            };
            Assert.True(Holds(rule, resource) == SearchCases.Parse("Observation", query).Query!.Matches(resource), $"{dice} roll {roll}: {query}");
        }
    }

    [Fact]
    public void A_date_matches_as_the_rule_says_in_fhirpath()
    {
        var dice = new Dice(20260103);
        for (var roll = 0; roll < Rolls; roll++)
        {
            var resource = Resource(dice, period: false);
            var day = Day(dice);
            var prefix = dice.Pick("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb");
            // Days and parts of days: what is stated more exactly than a day lies within it, what is stated less exactly around it.
            var within = $"effective.toString().startsWith('{day}')";
            var longer = $"'{day}'.startsWith(effective.toString()) and effective.toString() != '{day}'";
            var after = $"effective.toString() > '{day}' and ({within}).not()";
            var before = $"effective.toString() < '{day}' and ({longer}).not()";
            var rule = "effective.exists() and (" + prefix switch
            {
                "eq" => within,
                "ne" => $"({within}).not()",
                "gt" => $"({after}) or {LongerReaches(day, end: true)}",
                "lt" => $"({before}) or {LongerReaches(day, end: false)}",
                "ge" => $"({within}) or ({after}) or {LongerReaches(day, end: true)}",
                "le" => $"({within}) or ({before}) or {LongerReaches(day, end: false)}",
                "sa" => after,
                _ => before,
            } + ")";
            Assert.True(Holds(rule, resource) == SearchCases.Parse("Observation", $"date={prefix}{day}").Query!.Matches(resource), $"{dice} roll {roll}: {prefix}{day} {resource["effectiveDateTime"].Text}");
        }
    }

    [Fact]
    public void No_query_makes_the_reader_throw()
    {
        var dice = new Dice(20260104);
        string[] pieces = ["name", "date", "code", "subject", "patient", "_has", "Observation", "Patient", ":", ".", "|", "$", "\\", ",", "-", "ge", "2024", "1e9", "é", "\0", "😀", "%", "'", "_sort", "_count", "_include", "*", "value-quantity", "code-value-quantity", "not", "missing", " "];
        foreach (var type in new[] { null, "Patient", "Observation", "Basic", "NoSuchType" })
        {
            for (var roll = 0; roll < Rolls; roll++)
            {
                var (name, value) = (Text(), Text());
                var parsed = SearchQuery.Parse(type, [new(name, value), new(dice.Pick("name", "code", "date", "_count", "subject"), value)], lenient: dice.Chance(50));
                Assert.True(parsed.Query is not null || parsed.Issues.Any(static issue => issue.IsError), $"{dice} roll {roll}");
                parsed.Query?.Matches(SearchCases.Resources["Observation/mspike"], SearchCases.Resolver);
            }
        }

        string Text() => string.Concat(Enumerable.Range(0, dice.Roll(0, 6)).Select(_ => dice.Pick<string>(pieces)));
    }

    // A month or year around the day reaches beyond it unless the day is its last (first).
    private static string LongerReaches(string day, bool end)
    {
        var date = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var beyond = date.AddDays(end ? 1 : -1);
        var month = beyond.Month != date.Month ? "false" : $"effective.toString() = '{day[..7]}'";
        var year = beyond.Year != date.Year ? "false" : $"effective.toString() = '{day[..4]}'";
        return $"({month}) or ({year})";
    }

    private static bool Holds(string rule, Element resource) => FhirPathExpression.Compile(rule).IsTrue(resource) == true;

    private static string Query(Dice dice) => dice.Roll(0, 9) switch
    {
        0 => $"code={Code(dice)},{System(dice)}|{Code(dice)}",
        1 => $"combo-code={Code(dice)}",
        2 => $"subject={dice.Pick("Patient/a", "Group/a", "a", "b", "https://x.example/Patient/a", "urn:uuid:1")}",
        3 => $"patient={dice.Pick("Patient/a", "a", "b", "https://x.example/Patient/a", "urn:uuid:1")}",
        4 => $"patient:missing={dice.Pick("true", "false")}",
        5 => $"identifier={dice.Pick("1", "2", "s|1", "|2", "s|")}",
        6 => $"code-value-quantity={Code(dice)}${dice.Pick("gt", "lt", "", "ne")}{dice.Roll(1, 3)}",
        7 => $"code:not={Code(dice)}",
        _ => $"date={dice.Pick("", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")}{dice.Pick(Day(dice), Day(dice)[..7], Day(dice)[..4], Day(dice) + "T12:00Z")}",
    };

    private static Element Resource(Dice dice, bool period = true)
    {
        var json = new StringBuilder("""{"resourceType":"Observation","id":"o" """);
        if (dice.Chance(80))
            json.Append(CultureInfo.InvariantCulture, $$""","code":{{Concept(dice)}}""");
        if (dice.Chance(50))
            json.Append(CultureInfo.InvariantCulture, $$""","identifier":[{"value":"{{dice.Roll(1, 2)}}"{{(dice.Chance(50) ? ",\"system\":\"s\"" : "")}}}]""");
        if (dice.Chance(80))
            json.Append(CultureInfo.InvariantCulture, $$""","subject":{"reference":"{{dice.Pick("Patient/a", "Patient/b", "Group/a", "Patient/a/_history/2", "https://x.example/Patient/a", "urn:uuid:1", "#c")}}"{{(dice.Chance(30) ? ",\"type\":\"Patient\"" : "")}}}""");
        if (period && dice.Chance(30))
            json.Append(CultureInfo.InvariantCulture, $$""","effectivePeriod":{ {{(dice.Chance(70) ? $"\"start\":\"{Day(dice)}\"" : $"\"end\":\"{Day(dice)}\"")}}}""");
        else if (dice.Chance(80))
            json.Append(CultureInfo.InvariantCulture, $$""","effectiveDateTime":"{{dice.Pick(Day(dice), Day(dice)[..7], Day(dice)[..4], Day(dice) + "T09:30:00Z")}}" """);
        json.Append(CultureInfo.InvariantCulture, $$""","valueQuantity":{"value":{{dice.Roll(1, 3)}}},"component":[{"code":{{Concept(dice)}}}]}""");
        return FhirJsonReader.Read(Encoding.UTF8.GetBytes(json.ToString())).Document!.Root;
    }

    private static string Concept(Dice dice) =>
        $$"""{"coding":[{{string.Join(',', Enumerable.Range(0, dice.Roll(1, 2)).Select(_ => $$"""{"code":"{{Code(dice)}}"{{(dice.Chance(70) ? $",\"system\":\"{System(dice)}\"" : "")}}}"""))}}]}""";

    private static string Code(Dice dice) => dice.Pick("A", "B", "C", "a");

    private static string System(Dice dice) => dice.Pick("urn:s", "urn:t");

    private static string Day(Dice dice) => new DateOnly(2024, 2, 27).AddDays(dice.Roll(0, 4)).AddYears(dice.Roll(-1, 0)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
