using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Lines;

public sealed class LineTests
{
    private const string File = "tests/FhirMyeloma.Clinical.Tests/Lines/lines.csv";

    public static TheoryData<string, string, string, string, string, string> Rows() => Rows(File);

    private static TheoryData<string, string, string, string, string, string> Rows(string file)
    {
        var rows = new TheoryData<string, string, string, string, string, string>();
        foreach (var row in Table.Read(file))
            rows.Add(row["rule"], row["ruleset"], row["course"], row["responses"], row["expected"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_lines_are_those_of_the_table(string rule, string ruleset, string course, string responses, string expected, string because)
    {
        var found = Describe(LineBuilder.Build(CourseText.Read(course), CoursePolicy.Read(ruleset), CourseText.Responses(responses)));
        Assert.True(found == expected, $"{rule} ({because}):\nexpected {expected}\nfound    {found}");
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_order_of_the_input_does_not_matter(string rule, string ruleset, string course, string responses, string expected, string because)
    {
        _ = (expected, because);
        var patient = CourseText.Read(course);
        var forwards = LineBuilder.Build(patient, CoursePolicy.Read(ruleset), CourseText.Responses(responses));
        var backwards = LineBuilder.Build(CourseText.Reversed(patient), CoursePolicy.Read(ruleset), CourseText.Responses(responses));
        Assert.Equal((rule, Everything(forwards)), (rule, Everything(backwards)));
    }

    public static TheoryData<string, string, string, string, string, string> Choices()
    {
        var rows = new TheoryData<string, string, string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Lines/rulesets.csv"))
        {
            foreach (var ruleset in new[] { "rrs-2015", "rwd-28-90", "cibmtr" })
                rows.Add(row["rule"], ruleset, row["course"], row["responses"], row[ruleset], row["because"]);
        }
        return rows;
    }

    [Theory, MemberData(nameof(Choices))]
    public void Each_ruleset_counts_in_its_own_way(string rule, string ruleset, string course, string responses, string expected, string because)
    {
        var lines = LineBuilder.Build(CourseText.Read(course), CoursePolicy.Read(ruleset), CourseText.Responses(responses));
        var found = string.Join(" | ", lines.Select(line => $"{line.Number} {line.Regimen} {CourseText.Day(line.First)} {line.StartReason}"));
        Assert.True(found == expected, $"{rule} ({ruleset} {because}):\nexpected {expected}\nfound    {found}");
    }

    public static TheoryData<string, string, string, string, string, string> Reasons() => Rows("tests/FhirMyeloma.Clinical.Tests/Lines/reasons.csv");

    [Theory, MemberData(nameof(Reasons))]
    public void A_line_names_its_rules_doubts_new_drugs_and_sources(string rule, string ruleset, string course, string responses, string expected, string because)
    {
        var lines = LineBuilder.Build(CourseText.Read(course), CoursePolicy.Read(ruleset), CourseText.Responses(responses));
        var found = string.Join(" | ", lines.Select(Reason));
        Assert.True(found == expected, $"{rule} ({because}):\nexpected {expected}\nfound    {found}");
    }

    public static TheoryData<string, string, string> Doses()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Lines/drugs.csv"))
            rows.Add(row["course"], row["expected"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Doses))]
    public void A_line_lists_its_drugs_with_their_first_and_last_dose(string course, string expected, string because)
    {
        var lines = LineBuilder.Build(CourseText.Read(course), DerivationPolicy.Default, CourseText.Responses("1:PR 2:PR 3:PR"));
        var found = string.Join(" | ", lines.Select(line => string.Join(", ", line.Drugs.Select(drug =>
            $"{CourseText.Letter(drug.Drug)} {CourseText.Day(drug.First)}..{CourseText.Day(drug.Last)} {drug.Evidence} {string.Join('+', drug.Sources.Select(CourseText.Source))}"))));
        Assert.True(found == expected, $"{because}:\nexpected {expected}\nfound    {found}");
    }

    [Fact]
    public void Lymphodepletion_closes_the_line_before()
    {
        var lines = LineBuilder.Build(CourseText.Read("K@0/7x20 d@0/7x20 C@200,201,202 Flu@200,201,202 Cilta@205 end@400"), DerivationPolicy.Default, CourseText.Responses("1:PR"));
        Assert.Equal("200 -", string.Join(' ', lines.Select(line => line.NewTherapy is { } date ? CourseText.Day(date) : "-")));
    }

    [Fact]
    public void A_line_cites_first_and_last_doses_cycle_openers_transplants_and_documented_counts_only()
    {
        var lines = LineBuilder.Build(
            CourseText.Read("Isa@0,7,14,21,28,42,56,70 K@(0,1,7,8,14,15)/28x3 d@0/7x11 cycles:3@80 ASCT@120 M:iv@118"), DerivationPolicy.Default, CourseText.Responses(""));
        Assert.Equal(
            "ASCT@2024-04-30 Isa@2024-01-01 Isa@2024-03-11 K@2024-01-01 K@2024-01-29 K@2024-02-26 K@2024-03-12 M:iv@2024-04-28 cycles:3@2024-03-21 d@2024-01-01 d@2024-03-11",
            string.Join(' ', Assert.Single(lines).Sources));
        Assert.Equal(
            "Isa@2024-01-01 Isa@2024-03-11 K@2024-01-01 K@2024-01-29 K@2024-02-26 K@2024-03-12 M:iv@2024-04-28 d@2024-01-01 d@2024-03-11",
            string.Join(' ', Assert.Single(lines).Decreed.Sources));
    }

    [Fact]
    public void A_line_tells_when_new_therapy_began_and_how_old_a_baseline_may_be()
    {
        var lines = LineBuilder.Build(CourseText.Read("V@0/7x16 R@0..105 d@0/7x16 K@200/28x3 d@200/7x9 P@400..500"), DerivationPolicy.Default, CourseText.Responses(""));
        Assert.Equal("200 400 -", string.Join(' ', lines.Select(line => line.NewTherapy is { } date ? CourseText.Day(date) : "-")));
        Assert.Equal("- 0 200", string.Join(' ', lines.Select(line => line.PreviousLineStart is { } date ? CourseText.Day(date) : "-")));
    }

    [Fact]
    public void The_response_is_asked_for_as_it_stands_up_to_the_change()
    {
        List<string> asked = [];
        var respond = CourseText.Responses("");
        LineBuilder.Build(CourseText.Read("V@0/7x16 d@0/7x16 K@200/28x3 d@200/7x9"), DerivationPolicy.Default, line =>
        {
            asked.Add($"{line.Number} {(line.NewTherapy is { } date ? CourseText.Day(date) : "end")}");
            return respond(line);
        });
        Assert.Equal("1 200, 2 end", string.Join(", ", asked));
    }

    /// <summary>Number, regimen, first..last day, start reason, then transplants, phases and flags where there are any, end reason and confidence.</summary>
    private static string Describe(ImmutableArray<LineOfTherapy> lines) => string.Join(" | ", lines.Select(line => string.Join(' ',
        new[]
        {
            $"{line.Number} {line.Regimen} {CourseText.Day(line.First)}..{CourseText.Day(line.Last)} {line.StartReason}",
            line.Transplants.Length > 0 ? "tx:" + string.Join('+', line.Transplants.Select(CourseText.Day)) : "",
            string.Join('>', line.Phases.Select(phase => $"{phase.Phase}@{CourseText.Day(phase.Start)}")),
            string.Join('+', line.Flags.Select(flag => flag.Code()).Order(StringComparer.Ordinal)),
            line.EndReason.ToString(),
            line.Confidence.ToString(),
        }.Where(part => part.Length > 0))));

    /// <summary>Number, rules, then new drugs, doubts, flags and what is cited besides doses where there is any.</summary>
    private static string Reason(LineOfTherapy line) => string.Join(' ', new[]
    {
        $"{line.Number} {string.Join('+', line.Rules)}".TrimEnd(),
        line.NewDrugs.Length > 0 ? "new:" + string.Join('+', line.NewDrugs.Select(CourseText.Letter)) : "",
        line.Doubts.Length > 0 ? "doubts:" + string.Join('+', line.Doubts) : "",
        line.Flags.Length > 0 ? "flags:" + string.Join('+', line.Flags.Select(flag => flag.Code())) : "",
        line.Sources.Except(line.Decreed.Sources).ToArray() is { Length: > 0 } cited ? "cites:" + string.Join('+', cited.Select(CourseText.Source)) : "",
    }.Where(part => part.Length > 0));

    private static string Everything(ImmutableArray<LineOfTherapy> lines) => Describe(lines) + string.Join('|', lines.Select(line =>
        $"{string.Join(',', line.Drugs.Select(drug => $"{drug.Drug} {drug.First} {drug.Last} {string.Join('+', drug.Sources)}"))} {line.CyclesStarted}/{line.CyclesCompleted} {string.Join(',', line.Sources)} {string.Join(',', line.Rules)}"));
}
