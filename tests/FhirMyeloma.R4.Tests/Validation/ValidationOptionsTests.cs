using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.R4.Tests.Validation;

public class ValidationOptionsTests
{
    private const string Bundle = """
        {"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"http://x.org/Patient/1","resource":{"resourceType":"Patient","id":"1"}},
        {"fullUrl":"http://x.org/Patient/2","resource":{"resourceType":"Patient","id":"2"}}]}
        """;

    private const string WithName = """
        {"resourceType":"StructureDefinition","url":"http://x.org/with-name","type":"Patient","derivation":"constraint",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[{"path":"Patient.name","min":1}]}}
        """;

    private static string Validate(string json, ValidationOptions options, string? definition = null)
    {
        var definitions = definition is null ? DefinitionSet.R4 : DefinitionSet.R4.With([FhirJsonReader.Read(Encoding.UTF8.GetBytes(definition)).Document!]);
        return string.Join(", ", new Validator(definitions).Validate(FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)), options).Where(issue => issue.IsError).Select(issue => $"{issue.Code} at {issue.Expressions[0]}"));
    }

    [Fact]
    public void A_profile_is_asked_of_one_entry() =>
        Assert.Equal("profile-cardinality at Bundle.entry[1].resource", Validate(Bundle, new() { EntryProfiles = [new("Patient", 1, "http://x.org/with-name")] }, WithName));

    [Fact]
    public void A_profile_is_asked_of_an_entry_that_is_not_there() =>
        Assert.Empty(Validate(Bundle, new() { EntryProfiles = [new("Patient", 2, "http://x.org/with-name")] }, WithName));

    [Theory]
    [InlineData("http://hospital.org/ext", false, true, false)]
    [InlineData("http://hospital.org/ext", true, true, true)]
    [InlineData("http://example.org/ext", true, true, false)]
    [InlineData("http://sub.example.com/ext", true, true, false)]
    [InlineData("http://notexample.org/ext", true, true, true)]
    [InlineData("http://allowed.org/ext", true, true, false)]
    public void Unknown_extensions_are_refused_on_demand(string url, bool mustBeKnown, bool examples, bool isRefused)
    {
        var json = $$"""{"resourceType":"Patient","extension":[{"url":"{{url}}","valueBoolean":true}]}""";
        var issues = Validate(json, new() { ExtensionsMustBeKnown = mustBeKnown, ExampleUrls = examples, ExtensionDomains = ["http://allowed.org/"] });
        Assert.Equal(isRefused ? "extension-unknown at Patient.extension[0]" : "", issues);
    }

    [Theory]
    [InlineData("http://example.org/photo", true)]
    [InlineData("https://fhir.example.net:8080/photo", true)]
    [InlineData("https://fhir.example/photo", true)]
    [InlineData("https://hospital.org/example.org/photo", false)]
    [InlineData("urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8", false)]
    public void URLs_of_example_domains_are_refused_on_demand(string url, bool isExample)
    {
        var json = $$"""{"resourceType":"Patient","photo":[{"url":"{{url}}"}]}""";
        Assert.Empty(Validate(json, new()));
        Assert.Equal(isExample ? "example-url at Patient.photo[0].url" : "", Validate(json, new() { ExampleUrls = false }));
    }

    [Theory]
    [InlineData("a <b>bold</b> word", true)]
    [InlineData("a <br/> break", true)]
    [InlineData("1 < 2 and 3<4", false)]
    [InlineData("see <http://x.org>", false)]
    [InlineData("escaped \\\\<b>", false)]
    [InlineData("in code `<b>`", false)]
    public void HTML_in_markdown_is_refused_on_demand(string text, bool isHtml)
    {
        var json = $$"""{"resourceType":"Patient","extension":[{"url":"http://example.org/note","valueMarkdown":"{{text}}"}]}""";
        Assert.Empty(Validate(json, new()));
        Assert.Equal(isHtml ? "html-in-markdown at Patient.extension[0].value" : "", Validate(json, new() { HtmlInMarkdown = false }));
    }
}
