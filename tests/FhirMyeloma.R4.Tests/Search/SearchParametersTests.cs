using FhirMyeloma.R4.Search;

namespace FhirMyeloma.R4.Tests.Search;

public sealed class SearchParametersTests
{
    private const string Common = "_id _lastUpdated _profile _security _source _tag";

    [Fact]
    public void Every_type_has_what_each_resource_has() => Assert.All(
        ["Observation", "Basic", "Binary", "NoSuchType"],
        static type => Assert.All(Common.Split(' '), code => Assert.NotNull(SearchParameters.Find(type, code))));

    [Fact]
    public void A_type_that_is_not_searched_by_content_has_only_these() => Assert.Equal(Common, string.Join(' ', SearchParameters.For("Basic")));

    [Fact]
    public void A_code_means_what_the_type_means_by_it()
    {
        Assert.Equal(SearchType.Date, SearchParameters.Find("Patient", "birthdate")?.Type);
        Assert.Equal("http://hl7.org/fhir/SearchParameter/clinical-code", SearchParameters.Find("Observation", "code")?.Url);
        Assert.Null(SearchParameters.Find("Patient", "code"));
    }

    [Theory]
    [InlineData("Patient", "part-agree")]
    [InlineData("Patient", "phonetic")]
    [InlineData("Patient", "mothersMaidenName")]
    [InlineData("Observation", "dna-variant")]
    [InlineData("DiagnosticReport", "assessed-condition")]
    public void Examples_and_what_reads_extensions_are_left_out(string type, string code) => Assert.Null(SearchParameters.Find(type, code));

    [Fact]
    public void Only_what_is_computed_needs_fhirpath() => Assert.Equal(
        "deceased",
        string.Join(' ', SearchParameters.For("Patient").Concat(SearchParameters.For("Observation")).Concat(SearchParameters.For("ConceptMap")).Where(static parameter => parameter.Path.IsComputed)));

    [Fact]
    public void A_composite_names_the_types_of_its_parts() => Assert.Equal(
        [SearchType.Token, SearchType.Quantity],
        SearchParameters.Find("Observation", "code-value-quantity")!.Components.Select(static part => part.Type));

    [Fact]
    public void Subject_has_patient_as_its_narrower() => Assert.Equal("patient", SearchParameters.Find("Observation", "subject")?.Narrower?.Code);
}
