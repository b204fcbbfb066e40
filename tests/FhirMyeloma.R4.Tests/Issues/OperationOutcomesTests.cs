using System.Reflection;
using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Tests.Issues;

public class OperationOutcomesTests
{
    private static Issue Warn(string code, string text, params string[] expressions) => Issue.Warning(code, IssueType.CodeInvalid, text, expressions);

    private static Element Outcome(byte[] json)
    {
        var result = FhirJsonReader.Read(json);
        Assert.Empty(result.Issues);
        return result.Document!.Root;
    }

    [Fact]
    public void An_issue_is_rendered_with_its_code_text_expression_and_place()
    {
        var json = OperationOutcomes.Render([Issue.Error("a-code", IssueType.Value, "wrong «é» \"x\"", "Patient.name[0]") with { Place = new(3, 7), Diagnostics = "d" }]);
        Assert.Equal(
            """{"resourceType":"OperationOutcome","issue":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line","valueInteger":3},{"url":"http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col","valueInteger":7}],"severity":"error","code":"value","details":{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/issue","code":"a-code"}],"text":"wrong «é» \"x\""},"diagnostics":"d","expression":["Patient.name[0]"]}]}""",
            Encoding.UTF8.GetString(json));
        Outcome(json);
    }

    [Fact]
    public void Nothing_to_say_is_all_OK() => Assert.Equal("All OK", Outcome(OperationOutcomes.Render([]))["issue"]["details"]["text"].Text);

    [Fact]
    public void Refused_input_keeps_every_issue_worst_first()
    {
        var outcome = Outcome(OperationOutcomes.Render([Warn("w", "t", "A.b"), Issue.Error("e", IssueType.Value, "t", "A.c"), Issue.Error("e", IssueType.Value, "t", "A.d")], id: "o1"));
        Assert.Equal("A.c A.d A.b", string.Join(' ', outcome.Children("issue").Select(issue => issue["expression"].Text)));
        Assert.Equal("o1", outcome["id"].Text);
    }

    [Fact]
    public void The_summary_groups_counts_and_sorts()
    {
        Issue[] issues =
        [
            .. Enumerable.Range(0, 12).Select(at => Warn("unknown-code", "x|y is not mapped", $"Bundle.entry[{at}].resource.code")),
            Warn("unknown-code", "x|a is not mapped", "Bundle.entry[40].resource.code"),
            Warn("another", "z"),
            Issue.Information("zz", IssueType.Informational, "i"),
        ];
        var outcome = Outcome(OperationOutcomes.RenderSummary(issues));
        var rendered = outcome.Children("issue").ToArray();
        Assert.Equal("z; x|a is not mapped; x|y is not mapped (×12); i", string.Join("; ", rendered.Select(issue => issue["details"]["text"].Text)));
        Assert.Equal(10, rendered[2].Children("expression").Count);
    }

    [Fact]
    public void The_summary_does_not_depend_on_the_order_of_finding_but_for_expressions()
    {
        Issue[] issues = [.. Enumerable.Range(0, 40).Select(at => Warn($"c{at % 7}", $"t{at % 3}", $"Bundle.entry[{at}]"))];
        static string WithoutExpressions(IEnumerable<Issue> issues) =>
            string.Join('|', Outcome(OperationOutcomes.RenderSummary(issues)).Children("issue").Select(issue =>
                string.Concat(issue.Children().Where(child => child.Name != "expression").Select(child => Encoding.UTF8.GetString(child.SourceBytes.Span)))));
        Assert.Equal(WithoutExpressions(issues), WithoutExpressions(issues.Reverse()));
    }

    [Fact]
    public void More_than_a_thousand_issues_end_with_one_that_counts_the_rest()
    {
        var outcome = Outcome(OperationOutcomes.RenderSummary(Enumerable.Range(0, 1500).Select(at => Warn("c", $"t{at}"))));
        var issues = outcome.Children("issue").ToArray();
        Assert.Equal(1001, issues.Length);
        Assert.StartsWith("500 more", issues[^1]["details"]["text"].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frequent_warning_does_not_push_out_what_is_said_once()
    {
        var outcome = Outcome(OperationOutcomes.RenderSummary([.. Enumerable.Range(0, 1500).Select(at => Warn("c", $"t{at}")), Issue.Information("zz", IssueType.Informational, "i")]));
        var issues = outcome.Children("issue").ToArray();
        Assert.Equal(1001, issues.Length);
        Assert.Equal("i", issues[^2]["details"]["text"].Text);
        Assert.StartsWith("501 more", issues[^1]["details"]["text"].Text, StringComparison.Ordinal);
        Assert.Equal("information", issues[^1]["severity"].Text);
    }

    [Fact]
    public void Issue_codes_are_kebab_case_and_unique()
    {
        var codes = typeof(IssueCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToArray();
        Assert.True(codes.Length > 20);
        Assert.Equal(codes.Length, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.All(codes, code => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", code));
    }

    [Fact]
    public void Issue_types_are_the_codes_of_the_value_set()
    {
        foreach (var type in Enum.GetValues<IssueType>())
            Outcome(OperationOutcomes.Render([Issue.Error("c", type, "t")]));
        Assert.Equal(31, Enum.GetValues<IssueType>().Length);
    }

    [Fact]
    public void What_is_written_is_JSON_whatever_the_text()
    {
        var nasty = new string([.. Enumerable.Range(0, 300).Select(value => (char)value)]) + "😀";
        using var parsed = JsonDocument.Parse(OperationOutcomes.Render([Warn("c", nasty)]));
        Assert.Equal(nasty, parsed.RootElement.GetProperty("issue")[0].GetProperty("details").GetProperty("text").GetString());
    }
}
