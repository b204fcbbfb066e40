using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Validation;

/// <summary>Four constraints of R4 are kept by rules of our own that say more than they; each finds what the constraint finds.</summary>
public class KeptElsewhereTests
{
    private static string ExpressionOf(string type, string key) =>
        SchemaCatalog.R4.Find(type)!.Structure.Constraints.Single(constraint => constraint.Key == key).Expression;

    private static (FhirDocument Document, HashSet<string> Broken) Judge(string json, params string[] codes)
    {
        var read = FhirJsonReader.Read(Encoding.UTF8.GetBytes(json));
        return (read.Document!, [.. Validator.R4.Validate(read).Where(issue => codes.Contains(issue.Code, StringComparer.Ordinal)).Select(issue => issue.Expressions[^1])]);
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"#p"}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"#q"},"encounter":{"reference":"#p"}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"contained":[{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"#o"},"link":[{"other":{"reference":"#p"},"type":"seealso"}]}],"subject":{"reference":"#p"}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"#"},"performer":[{"reference":"Practitioner/1"},{"display":"x"}]}""")]
    public void Ref_1_is_the_dangling_contained_reference(string json)
    {
        var (document, dangling) = Judge(json, IssueCodes.ReferenceDangling);
        var expression = FhirPathExpression.Compile(ExpressionOf("Reference", "ref-1"));
        Assert.Equal(document.References.Where(reference => expression.IsTrue(reference) == false).Select(reference => reference.Path).Order(StringComparer.Ordinal), dangling.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("collection", "urn:uuid:1", null, "urn:uuid:1", null)]
    [InlineData("collection", "urn:uuid:1", null, "urn:uuid:2", null)]
    [InlineData("collection", "urn:uuid:1", "1", "urn:uuid:1", "2")]
    [InlineData("collection", "urn:uuid:1", "1", "urn:uuid:1", "1")]
    [InlineData("collection", "urn:uuid:1", "1", "urn:uuid:1", null)]
    [InlineData("history", "urn:uuid:1", "1", "urn:uuid:1", "1")]
    public void Bdl_7_is_the_repeated_fullUrl(string type, string first, string? firstVersion, string second, string? secondVersion)
    {
        static string Entry(string url, string? version) =>
            "{\"fullUrl\":\"" + url + "\",\"resource\":{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"}" + (version is null ? "" : ",\"meta\":{\"versionId\":\"" + version + "\"}") + "}}";

        var (document, repeated) = Judge($$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{Entry(first, firstVersion)}},{{Entry("urn:uuid:9", null)}},{{Entry(second, secondVersion)}}]}""", IssueCodes.FullUrlRepeated);
        Assert.Equal(FhirPathExpression.Compile(ExpressionOf("Bundle", "bdl-7")).IsTrue(document.Root) == false, repeated.Count > 0);
    }

    [Fact]
    public void Dom_2_is_found_while_reading()
    {
        var (document, found) = Judge("""{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","contained":[{"resourceType":"Patient","id":"b"}]}],"link":[{"other":{"reference":"#a"},"type":"refer"}]}""", IssueCodes.ContainedInContained);
        Assert.False(FhirPathExpression.Compile(ExpressionOf("DomainResource", "dom-2")).IsTrue(document.Root));
        Assert.Single(found);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","name":[{"id":"a"}]}""", "Patient.name[0]")]
    [InlineData("""{"resourceType":"Patient","_birthDate":{"id":"a"}}""", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","birthDate":"1950","_birthDate":{"id":"a"}}""", "")]
    [InlineData("""{"resourceType":"Patient","id":"a"}""", "")]
    [InlineData("""{"resourceType":"Patient","contact":[{"id":"a","name":{"text":"x"}}]}""", "")]
    public void Ele_1_is_an_id_and_nothing_else(string json, string expected)
    {
        var (document, found) = Judge(json, IssueCodes.Invariant);
        Assert.Equal(expected, string.Join(' ', found));
        var expression = FhirPathExpression.Compile(SchemaCatalog.R4.Find("Element")!.Structure.Constraints.Single().Expression);
        Assert.Equal(expected, string.Join(' ', Below(document.Root).Where(element => expression.IsTrue(element) == false).Select(element => element.Path)));
    }

    private static IEnumerable<Element> Below(Element element) => element.Children().ToArray().SelectMany(child => Below(child).Prepend(child));

    [CorporaFact]
    public void They_agree_over_the_official_examples()
    {
        var ele1 = FhirPathExpression.Compile(SchemaCatalog.R4.Find("Element")!.Structure.Constraints.Single().Expression);
        var ref1 = FhirPathExpression.Compile(ExpressionOf("Reference", "ref-1"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repo.Corpora!, "r4-examples", "json"), "*.json").Where(file => Path.GetFileName(file) != "MANIFEST.json"))
        {
            var read = FhirJsonReader.Read(File.ReadAllBytes(file));
            var said = Validator.R4.Validate(read);
            var document = read.Document!;
            Assert.Equal(document.References.Any(reference => ref1.IsTrue(reference) == false), said.Any(issue => issue.Code == IssueCodes.ReferenceDangling && issue.IsError));
            Assert.Equal(Below(document.Root).Any(element => !element.IsResource && ele1.IsTrue(element) == false), said.Any(issue => issue.Diagnostics?.StartsWith("ele-1", StringComparison.Ordinal) == true));
        }
    }
}
