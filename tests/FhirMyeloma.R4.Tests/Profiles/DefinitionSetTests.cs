using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Tests.Profiles;

public class DefinitionSetTests
{
    private static FhirDocument Definition(string json) => FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!;

    private static FhirDocument ValueSet(string url, string version, string title) =>
        Definition($$"""{"resourceType":"ValueSet","url":"{{url}}","version":"{{version}}","status":"active","title":"{{title}}"}""");

    [Fact]
    public void The_core_package_has_44_profiles_and_394_extensions()
    {
        var types = CoreDefinitions.R4.Urls.Select(url => CoreDefinitions.R4.Find(url)["type"].Text).ToList();
        Assert.Equal(44, types.Count(type => type != "Extension"));
        Assert.Equal(394, types.Count(type => type == "Extension"));
    }

    [Fact]
    public void Every_core_definition_is_clean_R4_and_compiles() =>
        Assert.All(CoreDefinitions.R4.Urls, url =>
        {
            var read = FhirJsonReader.Read(CoreDefinitions.R4.Find(url).SourceBytes);
            // The embedded definitions leave out what no rule reads.
            Assert.DoesNotContain(read.Issues, issue => issue.IsError && issue.Code != "element-missing");
            Assert.NotNull(DefinitionSet.R4.FindProfile(url));
        });

    [Theory]
    [InlineData("http://hl7.org/fhir/StructureDefinition/bp", true)]
    [InlineData("http://hl7.org/fhir/StructureDefinition/bp|4.0.1", true)]
    [InlineData("http://hl7.org/fhir/StructureDefinition/bp|4.0", true)]
    [InlineData("http://hl7.org/fhir/StructureDefinition/bp|4", true)]
    [InlineData("http://hl7.org/fhir/StructureDefinition/bp|4.0.11", false)]
    [InlineData("http://hl7.org/fhir/StructureDefinition/bp|5.0.0", false)]
    [InlineData("http://hl7.org/fhir/StructureDefinition/Observation", false)]
    [InlineData("http://example.org/bp", false)]
    public void A_canonical_finds_a_definition_in_its_version(string canonical, bool isKnown) =>
        Assert.Equal(isKnown, DefinitionSet.R4.FindProfile(canonical) is not null);

    [Fact]
    public void Of_the_same_version_the_later_wins_and_versions_stand_side_by_side()
    {
        var set = DefinitionSet.R4.With([ValueSet("http://x.org/vs", "1.0", "first"), ValueSet("http://x.org/vs", "1.0", "second")]).With([ValueSet("http://x.org/vs", "2.0", "third")]);
        Assert.Equal("second", set.FindValueSet("http://x.org/vs|1.0")["title"].Text);
        Assert.Equal("third", set.FindValueSet("http://x.org/vs")["title"].Text);
        Assert.False(set.FindValueSet("http://x.org/vs|3.0").Exists);
        Assert.False(DefinitionSet.R4.FindValueSet("http://x.org/vs").Exists);
    }

    [Fact]
    public void Definitions_in_a_Bundle_are_taken_too_and_other_resources_passed_over()
    {
        var set = DefinitionSet.R4.With([Definition("""
            {"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"CodeSystem","url":"http://x.org/cs","status":"active","content":"complete"}},
            {"resource":{"resourceType":"Patient"}},{"request":{"method":"GET","url":"Patient"}}]}
            """)]);
        Assert.True(set.FindCodeSystem("http://x.org/cs").Exists);
        Assert.Equal("http://x.org/cs", Assert.Single(set.Given("CodeSystem")));
    }

    [Fact]
    public void A_given_definition_stands_before_the_core_one()
    {
        var set = DefinitionSet.R4.With([Definition("""{"resourceType":"StructureDefinition","url":"http://hl7.org/fhir/StructureDefinition/bp","version":"9","type":"Observation"}""")]);
        Assert.Equal("9", set.FindProfile("http://hl7.org/fhir/StructureDefinition/bp")!.Version);
        Assert.Equal("4.0.1", set.FindProfile("http://hl7.org/fhir/StructureDefinition/bp|4.0.1")!.Version);
    }

    [Fact]
    public void A_base_type_is_no_profile()
    {
        Assert.Equal("Observation", DefinitionSet.BaseType("http://hl7.org/fhir/StructureDefinition/Observation|4.0.1")!.Name);
        Assert.Null(DefinitionSet.BaseType("http://hl7.org/fhir/StructureDefinition/bp"));
    }
}
