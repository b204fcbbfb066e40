using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Staging;

public sealed class StagesTests
{
    public static TheoryData<string, string, string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string, string, string>();
        foreach (var (system, file) in new[] { ("Iss", "iss"), ("RIss", "riss"), ("R2Iss", "r2iss") })
        {
            foreach (var row in Table.Read($"tests/FhirMyeloma.Clinical.Tests/Staging/{file}.csv"))
                rows.Add(row["rule"], system, row["facts"], row["dose"], $"{row["stage"]} | {row["bounds"]} | {row["missing"]} | {row["flags"]}", row["because"]);
        }
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_stage_is_that_of_the_table(string rule, string system, string facts, string dose, string expected, string because)
    {
        var found = Describe(Derive(Facts.Case(facts), dose)[Index(system)]);
        Assert.True(found == expected, $"{rule}: {system} of {facts} ({because}): expected {expected}, was {found}");
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_order_of_the_facts_does_not_matter(string rule, string system, string facts, string dose, string expected, string because)
    {
        _ = (rule, expected, because);
        var forward = Derive(Facts.Case(facts), dose)[Index(system)];
        var backward = Derive(Facts.Case([.. Facts.Split(facts).Reverse()]), dose)[Index(system)];
        Assert.Equal(Full(forward), Full(backward));
    }

    [Theory, MemberData(nameof(Rows))]
    public void Blanking_a_fact_never_narrows_the_bounds(string rule, string system, string facts, string dose, string expected, string because)
    {
        _ = (rule, expected, because);
        // A report of the whole result makes of "not named" a negative finding, two results of one marker or abnormality make a choice: there, less is not merely less known.
        var known = Facts.Split(facts);
        if (known.Contains("FISH", StringComparer.Ordinal) || known.Where(fact => fact[0] is >= 'A' and <= 'Z').GroupBy(fact => fact.Split(' ')[0], StringComparer.Ordinal).Any(same => same.Count() > 1)
            || known.Where(fact => fact[0] is '+' or '-' or '?').GroupBy(fact => fact[1..], StringComparer.Ordinal).Any(same => same.Count() > 1)
            || known.Count(fact => fact.StartsWith("says", StringComparison.Ordinal)) > 1)
            return;
        var before = Derive(Facts.Case(known), dose)[Index(system)];
        foreach (var fact in known.Where(fact => !fact.StartsWith("diagnosis", StringComparison.Ordinal)))
        {
            var after = Derive(Facts.Case(known.Remove(fact, StringComparer.Ordinal)), dose)[Index(system)];
            Assert.True(after.BoundBest <= before.BoundBest && after.BoundWorst >= before.BoundWorst, $"{system} of {facts} without {fact}");
        }
    }

    [Fact]
    public void Every_combination_of_exact_inputs_has_one_stage_within_the_bounds_of_any_part_of_it()
    {
        string[][] inputs =
        [
            ["B2M 3.4", "B2M 3.5", "B2M 5.5"], ["ALB 3.4", "ALB 3.5"], ["LDH 240 of 240", "LDH 241 of 240"],
            ["-del(17p)", "+del(17p)"], ["-t(4;14)", "+t(4;14)"], ["-t(14;16)", "+t(14;16)"], ["-1q", "+1q"],
        ];
        IEnumerable<ImmutableArray<string>> all = [[]];
        foreach (var input in inputs)
            all = [.. all.SelectMany(some => input.Select(some.Add))];
        foreach (var facts in all)
        {
            var whole = Derive(Facts.Case(facts), "");
            Assert.All(whole, result => Assert.NotNull(result.Stage));
            foreach (var fact in facts)
            {
                foreach (var (part, full) in Derive(Facts.Case(facts.Remove(fact, StringComparer.Ordinal)), "").Zip(whole))
                {
                    Assert.InRange(full.Stage!.Value, part.BoundBest!.Value, part.BoundWorst!.Value);
                    Assert.True(part.Stage is null || part.Stage == full.Stage, $"{full.System} of {string.Join(" / ", facts)} without {fact}");
                    Assert.Equal(part.Stage is null, part.Missing.Length > 0);
                }
            }
        }
    }

    [Fact]
    public void The_reported_stage_is_carried_beside_the_computed_one()
    {
        var found = Derive(Facts.Case("B2M 3 / ALB 4 / says ISS II / says R-ISS III"), "");
        Assert.Equal([(1, 2), (null, 3), (null, null)], found.Select(result => (result.Stage, result.Reported)));
    }

    [Theory]
    [InlineData("says ISS II / says ISS III", 3, "of two stages without date the higher")]
    [InlineData("says ISS III @2024-01-01 / says ISS II @2024-01-09", 2, "the one nearest to diagnosis")]
    [InlineData("says ISS II @2024-01-11 / says ISS III", 3, "one without date is that of the diagnosis")]
    [InlineData("says ISS II / says R-ISS III / says R2-ISS IV", 2, "other systems say nothing of ISS")]
    [InlineData("says ISS I @2030-01-01", 1, "a late statement is reported all the same")]
    [InlineData("says ISS III @2024-01-12 / says ISS I @2023-12-01 / diagnosis none", 3, "without diagnosis none is nearer: the higher")]
    public void The_reported_stage_is_the_nearest_to_diagnosis(string facts, int expected, string because) =>
        Assert.Equal((expected, because), (Derive(Facts.Case(facts), "")[0].Reported, because));

    [Theory]
    [InlineData("B2M 6 @2024-01-05 / LDH 300 of 240 @2024-01-08", "2024-01-05", "2024-01-08", "the latest input that bears on the stage")]
    [InlineData("says ISS II @2024-01-03", "2024-01-03", "2024-01-03", "else that of the stated stage, which serves R-ISS as an input")]
    [InlineData("says ISS II @2024-01-11 / says ISS II @2024-01-09", "2024-01-09", "2024-01-09", "of two equally near ones the first by source")]
    [InlineData("says R-ISS II @2024-01-03", "2024-01-10", "2024-01-03", "each system its own")]
    [InlineData("", "2024-01-10", "2024-01-10", "else the diagnosis")]
    public void The_date_is_that_of_the_inputs(string facts, string iss, string rIss, string because)
    {
        var found = Derive(Facts.Case(facts), "");
        Assert.Equal((iss, rIss, because), (found[0].Date?.Text, found[1].Date?.Text, because));
    }

    [Theory]
    [InlineData("B2M 6 / ALB 3", "B2M 6", "B2M 6", "B2M 6", "III needs no albumin")]
    [InlineData("B2M 4 / ALB 3", "B2M 4", "B2M 4", "B2M 4", "nor does II above 3.5")]
    [InlineData("B2M 3 / ALB 3", "ALB 3, B2M 3", "ALB 3, B2M 3", "ALB 3, B2M 3", "below 3.5 both decide")]
    [InlineData("B2M 3 / ALB 4 / LDH 300 of 240 / +t(4;14)", "ALB 4, B2M 3", "+t(4;14), ALB 4, B2M 3, LDH 300 of 240", "+t(4;14), ALB 4, B2M 3, LDH 300 of 240", "each of two that raise it")]
    [InlineData("B2M 3 / ALB 3 / LDH 300 of 240", "ALB 3, B2M 3", "ALB 3, B2M 3", "ALB 3, B2M 3, LDH 300 of 240", "ISS II is R-ISS II whatever the LDH")]
    [InlineData("B2M 6 / says ISS III", "B2M 6", "B2M 6", "B2M 6", "a stated ISS serves only where measurement leaves it open")]
    [InlineData("says ISS III / says ISS III @2024-01-12 / +t(4;14)", "", "+t(4;14), says ISS III", "+t(4;14), says ISS III", "of two alike the one nearest to diagnosis")]
    [InlineData("says ISS III @2024-01-11 / says ISS III @2024-01-09 / +t(4;14)", "", "+t(4;14), says ISS III @2024-01-09", "+t(4;14), says ISS III @2024-01-09", "of two equally near ones the first by source")]
    [InlineData("ALB 4 / says ISS III / +t(4;14)", "ALB 4", "+t(4;14), says ISS III", "+t(4;14), says ISS III", "albumin does not bear on a stated III")]
    [InlineData("B2M 6 / LDH 200 of 240 / FISH", "B2M 6", "B2M 6, FISH, LDH 200 of 240", "B2M 6, FISH, LDH 200 of 240", "what excludes III is cited as well")]
    [InlineData("B2M 6 / +1q / +t(14;16)", "B2M 6", "+t(14;16), B2M 6", "+1q, B2M 6", "each system what it counts")]
    [InlineData("B2M 4 / B2M 5 / ALB 4", "B2M 4, B2M 5", "B2M 4, B2M 5", "B2M 4, B2M 5", "both values of a day")]
    [InlineData("ALB 4 / LDH 300 of 240", "ALB 4", "ALB 4, LDH 300 of 240", "ALB 4, LDH 300 of 240", "what narrows an open stage")]
    public void What_bears_on_the_stage_is_cited(string facts, string iss, string rIss, string r2Iss, string because) =>
        Assert.Equal($"{iss} | {rIss} | {r2Iss} ({because})", $"{string.Join(" | ", Derive(Facts.Case(facts), "").Select(Sources))} ({because})");

    [Fact]
    public void Each_system_names_its_rule() => Assert.Equal("ISS R-ISS R2-ISS", string.Join(' ', Derive(Facts.Case(""), "").Select(result => result.Rule)));

    [Fact]
    public void Only_what_bears_on_the_stage_is_cited()
    {
        var found = Derive(Facts.Case("B2M 4 / ALB 3.9 / LDH 300 of 240 / +del(17p) / -t(14;16) / +1q"), "");
        Assert.Equal("B2M 4", Sources(found[0]));
        Assert.Equal("B2M 4", Sources(found[1]));
        Assert.Equal("+1q, +del(17p), B2M 4, LDH 300 of 240", Sources(found[2]));
    }

    [Fact]
    public void Two_inputs_that_say_the_same_are_both_cited() =>
        Assert.Equal("+del(17p), B2M 6, LDH 300 of 240", Sources(Derive(Facts.Case("B2M 6 / LDH 300 of 240 / +del(17p)"), "")[1]));

    [Fact]
    public void A_stated_ISS_is_cited_where_it_served()
    {
        var found = Derive(Facts.Case("says ISS III / +t(4;14) @2024-01-12 / FISH"), "");
        Assert.Equal("", Sources(found[0]));
        Assert.Equal("+t(4;14) @2024-01-12, FISH, says ISS III", Sources(found[1]));
        Assert.Equal("2024-01-12", found[1].Date?.Text);
    }

    private static string Sources(StageResult result) => string.Join(", ", result.Sources);

    private static ImmutableArray<StageResult> Derive(MyelomaCase patient, string dose) =>
        Stages.Derive(patient, dose.Length > 0 ? ClinicalDate.Parse(dose) : null);

    private static int Index(string system) => (int)Enum.Parse<StagingSystem>(system);

    private static string Describe(StageResult result) =>
        $"{Facts.Roman(result.Stage)} | {Facts.Roman(result.BoundBest)}..{Facts.Roman(result.BoundWorst)} | {string.Join(' ', result.Missing)} | {string.Join(' ', result.Flags.Select(flag => flag.Code()))}";

    private static string Full(StageResult result) => $"{Describe(result)} | {result.Reported} | {result.Date} | {Sources(result)}";
}
