using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.R4.Tests.Validation;

public class ValidatorTests
{
    public static IEnumerable<object[]> Table => Cases.Read("Validation/validation.csv");

    private static ImmutableArray<Issue> Validate(string json, ValidationOptions? options = null) => Validator.R4.Validate(FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)), options);

    private static string Shown(IEnumerable<Issue> issues) => string.Join('|', issues.Select(issue => $"{issue.Severity.ToString().ToLowerInvariant()} {issue.Code} {issue.Expressions[0]}"));

    [Theory]
    [MemberData(nameof(Table))]
    public void A_rule_finds_what_it_is_for_and_nothing_else(string rule, string resource, string expected) =>
        Assert.Equal((rule, expected), (rule, Shown(Validate(resource))));

    [Theory]
    [MemberData(nameof(Table))]
    public void Looking_for_errors_only_finds_the_same_errors(string rule, string resource, string expected)
    {
        var errors = expected.Split('|').Where(issue => issue.StartsWith("error", StringComparison.Ordinal));
        Assert.Equal((rule, string.Join('|', errors)), (rule, Shown(Validate(resource, new() { Warnings = false }))));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_issue_has_a_place_and_never_a_value_of_the_patient(string rule, string resource, string expected)
    {
        Assert.All(Validate(resource), issue => Assert.True(issue.Place is not null && issue.Text.Length > 20 && issue.Text[^1] is '.' or '?' or ')', $"{rule}: {issue.Text}"));
        _ = expected;
    }

    [Fact]
    public void Issues_come_in_the_order_of_the_source_with_those_of_reading()
    {
        var issues = Validate("""{"resourceType":"Patient","contact":[{"gender":"male"}],"birthDate":"1950-13-01","telecom":[{"value":"1"}]}""");
        Assert.Equal("error invariant Patient.contact[0]|error primitive-format Patient.birthDate|error invariant Patient.telecom[0]", Shown(issues));
        Assert.Equal(issues.OrderBy(issue => issue.Place!.Value.Line).ThenBy(issue => issue.Place!.Value.Column), issues);
    }

    [Fact]
    public void A_broken_invariant_names_its_key_and_expression_for_technicians()
    {
        var issue = Assert.Single(Validate("""{"resourceType":"Patient","telecom":[{"value":"1"}]}"""));
        Assert.Equal(IssueType.Invariant, issue.Type);
        Assert.Equal("cpt-2: value.empty() or system.exists()", issue.Diagnostics);
    }

    [Fact]
    public void Best_practice_is_reported_when_asked_for()
    {
        const string json = """{"resourceType":"Patient","active":true}""";
        Assert.Empty(Validate(json));
        Assert.StartsWith("dom-6", Assert.Single(Validate(json, new() { BestPractice = true })).Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void A_urn_without_target_is_an_error_where_nothing_else_is_at_hand()
    {
        const string json = """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","managingOrganization":{"reference":"urn:uuid:2"}}}]}""";
        Assert.Equal(IssueSeverity.Warning, Assert.Single(Validate(json)).Severity);
        Assert.Equal(IssueSeverity.Error, Assert.Single(Validate(json, new() { ReferencesMustResolve = true })).Severity);
    }

    [Fact]
    public void An_unknown_modifier_is_an_error_where_the_content_will_be_used()
    {
        const string json = """{"resourceType":"Patient","modifierExtension":[{"url":"http://example.org/not","valueBoolean":true}]}""";
        Assert.Equal(IssueSeverity.Error, Assert.Single(Validate(json, new() { Warnings = false, ModifiersMustBeKnown = true })).Severity);
    }

    [Fact]
    public void Unreadable_input_says_so_and_nothing_more() => Assert.Equal(IssueCodes.JsonSyntax, Assert.Single(Validate("{")).Code);

    [Fact]
    public void Many_faults_are_counted_and_a_thousand_remarks_hide_no_error()
    {
        var names = string.Join(',', Enumerable.Repeat("""{"url":"http://example.org/a","valueString":"x"}""", 5_000));
        var issues = Validate($$"""{"resourceType":"Patient","extension":[{{names}}],"telecom":[{"value":"1"}]}""");
        Assert.Equal(1001, issues.Length);
        Assert.Contains(issues, issue => issue is { Code: IssueCodes.Invariant, IsError: true });
        Assert.Equal((IssueCodes.IssuesLeftOut, IssueSeverity.Information), (issues[^1].Code, issues[^1].Severity));
        Assert.StartsWith("4001 more", issues[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_reading_count_toward_the_same_limit()
    {
        var names = string.Join(',', Enumerable.Repeat("""{"family":5,"period":{"start":"2024","end":"2023"}}""", 2_000));
        var issues = Validate($$"""{"resourceType":"Patient","name":[{{names}}]}""");
        Assert.Equal(1001, issues.Length);
        Assert.StartsWith("3000 more", issues[^1].Text, StringComparison.Ordinal);
        Assert.True(issues[^1].IsError);
    }

    public static TheoryData<string, string, string, string> Wide => new()
    {
        { "entries without anything", """{"resourceType":"Bundle","type":"collection","entry":[""", """{"resource":{"resourceType":"Patient"}}""", "]}" },
        { "one fullUrl on all", """{"resourceType":"Bundle","type":"collection","entry":[""", """{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Basic","code":{"text":"x"}}}""", "]}" },
        { "dangling references", """{"resourceType":"Bundle","type":"collection","entry":[""", """{"resource":{"resourceType":"Patient","managingOrganization":{"reference":"urn:uuid:1"}}}""", "]}" },
        { "references that leave", """{"resourceType":"Bundle","type":"collection","entry":[""", """{"resource":{"resourceType":"Patient","managingOrganization":{"reference":"Organization/1"}}}""", "]}" },
        { "one id on all, referred to", """{"resourceType":"Bundle","type":"collection","entry":[""", """{"resource":{"resourceType":"Patient","id":"1","link":[{"other":{"reference":"Patient/1"},"type":"refer"}]}}""", "]}" },
        { "a document of one piece", """{"resourceType":"Bundle","type":"document","entry":[""", """{"resource":{"resourceType":"Composition","id":"1","section":[{"entry":[{"reference":"Composition/1"}]}]}}""", "]}" },
        { "transactions without request", """{"resourceType":"Bundle","type":"transaction","entry":[""", """{"resource":{"resourceType":"Patient"}}""", "]}" },
        { "contained resources", """{"resourceType":"Patient","contained":[""", """{"resourceType":"Patient","id":"1"}""", "]}" },
        { "items of a questionnaire", """{"resourceType":"Questionnaire","status":"draft","item":[""", """{"linkId":"1","type":"group"}""", "]}" },
        { "unknown extensions", """{"resourceType":"Patient","extension":[""", """{"url":"http://example.org/a","valueString":"x"}""", "]}" },
        { "units that are none", """{"resourceType":"Patient","extension":[""", """{"url":"http://example.org/a","valueQuantity":{"system":"http://unitsofmeasure.org","code":"nonsense"}}""", "]}" },
    };

    [Fact]
    public void Components_of_many_codes_are_compared_with_many_codes_in_linear_time()
    {
        static string Wide(int count) => $$"""
            {"resourceType":"Observation","status":"final","valueString":"x","code":{"coding":[{{string.Join(',', Enumerable.Range(0, count).Select(static i => $$"""{"code":"{{i}}"}"""))}}]},
             "component":[{{string.Join(',', Enumerable.Range(0, count).Select(static i => $$$"""{"valueString":"x","code":{"coding":[{"code":"y{{{i}}}"}]}}"""))}}]}
            """;
        var watch = Stopwatch.StartNew();
        Assert.Empty(Validate(Wide(500)));
        var small = Math.Max(20, watch.ElapsedMilliseconds);
        watch.Restart();
        Assert.Empty(Validate(Wide(25_000)));
        Assert.True(watch.ElapsedMilliseconds < small * 100, $"{small} ms and {watch.ElapsedMilliseconds} ms");
        Assert.Contains(Validate(Wide(500).Replace("\"y499\"", "\"499\"", StringComparison.Ordinal)), static issue => issue.Diagnostics?.StartsWith("obs-7", StringComparison.Ordinal) == true);
    }

    [Theory]
    [MemberData(nameof(Wide))]
    public void A_wide_document_is_validated_in_linear_time(string what, string head, string item, string tail)
    {
        var watch = Stopwatch.StartNew();
        Validate(head + string.Join(',', Enumerable.Repeat(item, 2_000)) + tail);
        var small = Math.Max(20, watch.ElapsedMilliseconds);
        watch.Restart();
        Validate(head + string.Join(',', Enumerable.Repeat(item, 100_000)) + tail);
        // Fifty times the work; a path that grew with the square would take 2,500 times as long.
        Assert.True(watch.ElapsedMilliseconds < small * 400, $"{what}: {small} ms and {watch.ElapsedMilliseconds} ms");
    }
}
