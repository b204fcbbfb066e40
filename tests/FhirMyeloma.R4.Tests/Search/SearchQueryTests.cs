using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Search;

namespace FhirMyeloma.R4.Tests.Search;

public sealed class SearchQueryTests
{
    public static IEnumerable<object[]> Queries => Cases.Read("Search/queries.csv");

    public static IEnumerable<object[]> Refused => Cases.Read("Search/refused.csv");

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_resource_matches_or_not(string resource, string query, string matches)
    {
        var parsed = SearchCases.Parse(resource.Split('/')[0], query);
        Assert.True(parsed.Query is not null, string.Join(' ', parsed.Issues.Select(static issue => issue.Text)));
        Assert.Equal(matches == "yes", parsed.Query.Matches(SearchCases.Resources[resource], SearchCases.Resolver));
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public void The_index_never_loses_a_match(string resource, string query, string matches)
    {
        var entries = IndexEntries.Of(SearchCases.Resources[resource]);
        foreach (var candidates in SearchCases.Parse(resource.Split('/')[0], query).Query!.Criteria.Select(static criterion => criterion.Candidates).OfType<IndexCandidates>())
        {
            if (matches == "yes")
                Assert.True(IndexLookup.Finds(candidates, SearchCases.Resources[resource], entries));
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_meant_is_refused(string type, string query, string code)
    {
        var parsed = SearchCases.Parse(type, query);
        Assert.Null(parsed.Query);
        Assert.Contains(parsed.Issues, issue => issue.Code == code && issue.Severity == IssueSeverity.Error);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_lenient_query_leaves_out_only_what_the_type_does_not_have(string type, string query, string code)
    {
        var parsed = SearchCases.Parse(type, "_count=5&" + query, lenient: true);
        Assert.Equal(code == "search-parameter-unknown", parsed.Query is not null);
        if (parsed.Query is not null)
        {
            Assert.Equal("_count=5", string.Join('&', parsed.Query.SelfParameters.Select(static pair => $"{pair.Key}={pair.Value}")));
            Assert.Contains(parsed.Issues, static issue => issue.Severity == IssueSeverity.Warning);
        }
    }

    [Fact]
    public void An_unknown_parameter_is_answered_with_the_one_that_was_meant_and_all_others()
    {
        var issue = Assert.Single(SearchCases.Parse("Patient", "nmae=x").Issues);
        Assert.StartsWith("A Patient has no search parameter 'nmae'; did you mean 'name'? It has: _id, _lastUpdated,", issue.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("birthdate=Muster-1950")]
    [InlineData("identifier=a|Muster|1950")]
    [InlineData("_count=Muster")]
    [InlineData("_summary=Muster")]
    [InlineData("organization=Muster/Muster")]
    public void No_issue_repeats_a_value(string query) =>
        Assert.DoesNotContain("Muster", string.Concat(SearchCases.Parse("Patient", query).Issues.Select(static issue => issue.Text)), StringComparison.Ordinal);

    [Fact]
    public void What_shapes_the_result_is_read()
    {
        var query = SearchCases.Parse("Observation", "_count=20&_sort=-date,code&_include=Observation:subject:Patient&_include:iterate=*&_revinclude=Provenance:target&_summary=text&_elements=code,value&_total=none").Query!;
        Assert.Equal(20, query.Count);
        Assert.Equal("date True code False", string.Join(' ', query.Sort.Select(static order => $"{order.Parameter} {order.Descending}")));
        Assert.Equal("Observation subject Patient False,    True", string.Join(", ", query.Includes.Select(static include => $"{include.SourceType} {include.Parameter} {include.TargetType} {include.Iterate}")));
        Assert.Equal("target", Assert.Single(query.RevIncludes).Parameter?.Code);
        Assert.Equal((SummaryMode.Text, TotalMode.None), (query.Summary, query.Total));
        Assert.Equal("code value", string.Join(' ', query.Elements));
    }

    [Fact]
    public void A_count_beyond_the_most_is_cut_and_the_self_link_says_so()
    {
        var query = SearchCases.Parse("Patient", "_count=5000").Query!;
        Assert.Equal(SearchQuery.MaxCount, query.Count);
        Assert.Equal("1000", Assert.Single(query.SelfParameters).Value);
    }

    [Theory]
    [InlineData("Observation/flc", "patient=Patient/ana", true)]
    [InlineData("Observation/flc", "patient=ana", true)]
    [InlineData("Observation/flc", "patient=https://fhir.example.org/r4/Patient/ana", true)]
    [InlineData("Observation/mspike", "patient=https://fhir.example.org/r4/Patient/ana", true)]
    [InlineData("Observation/mspike", "patient=https://other.example.org/r4/Patient/ana", false)]
    [InlineData("Observation/flc", "patient.gender=female", true)]
    public void This_server_is_known_by_its_own_url(string resource, string text, bool matches)
    {
        var query = SearchQuery.Parse("Observation", SearchCases.Parameters(text), lenient: false, "https://fhir.example.org/r4/").Query!;
        Assert.Equal(matches, query.Matches(SearchCases.Resources[resource], SearchCases.Resolver));
        if (matches && query.Criteria[0].Candidates is { } candidates)
            Assert.True(IndexLookup.Finds(candidates, SearchCases.Resources[resource], IndexEntries.Of(SearchCases.Resources[resource])));
    }

    [Fact]
    public void A_resource_of_another_type_never_matches() => Assert.False(SearchCases.Parse("Patient", "_id=org").Query!.Matches(SearchCases.Resources["Organization/org"]));

    [Theory]
    [InlineData("patient=ana", "patient=Patient/ana")]
    [InlineData("subject=Patient/ana", "patient=Patient/ana")]
    [InlineData("subject=ana", "subject=Device/ana subject=Group/ana subject=Location/ana patient=Patient/ana")]
    [InlineData("code=http://loinc.org|1,2", "code=1 code=2")]
    [InlineData("combo-code=1", "code=1 component-code=1")]
    [InlineData("code-value-quantity=1$2", "code=1")]
    [InlineData("_id=1", "_id=1")]
    public void The_index_is_asked_for(string query, string rows) =>
        Assert.Equal(rows, string.Join(' ', SearchCases.Parse("Observation", query).Query!.Criteria[0].Candidates!.Postings.Select(static posting => $"{posting.Parameter}={posting.Key}")));

    [Theory]
    [InlineData("status=final")]
    [InlineData("code:not=1")]
    [InlineData("code:text=x")]
    [InlineData("code=http://loinc.org|")]
    [InlineData("date=ne2024")]
    [InlineData("date:missing=true")]
    [InlineData("focus=1")]
    public void The_index_cannot_help_with(string query) => Assert.Null(SearchCases.Parse("Observation", query).Query!.Criteria[0].Candidates);
}
