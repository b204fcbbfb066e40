using System.Collections.Immutable;
using System.Text;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.Mapping.Tests.Stories;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>The profiles of what hospitals send refuse nothing that the mapping takes, and warn where a fact would go unused.</summary>
public sealed class AcceptedResourcesTests
{
    private static readonly Validator Validator = new(PublishedCodes.Definitions);

    private static readonly Dictionary<string, string[]> Profiles = new(StringComparer.Ordinal)
    {
        ["Patient"] = ["input-patient"],
        ["Condition"] = ["input-condition"],
        ["Observation"] = ["input-m-protein", "input-light-chain"],
        ["MedicationAdministration"] = ["input-administration"],
        ["MedicationStatement"] = ["input-statement"],
        ["MedicationRequest"] = ["input-request"],
        ["Procedure"] = ["input-transplant"],
    };

    public static TheoryData<string> Names => [.. Story.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_of_a_story_is_refused(string name)
    {
        var input = FhirJsonReader.Read(Story.Input(name));
        Assert.DoesNotContain(Of(input, "input-bundle"), issue => issue.Severity <= IssueSeverity.Error);
        foreach (var resource in input.Document!.Root.Resources().Where(resource => Profiles.ContainsKey(resource.TypeName)))
        {
            var alone = FhirJsonReader.Read(FhirJsonWriter.WriteCanonical(resource));
            Assert.All(Profiles[resource.TypeName], profile => Assert.DoesNotContain(Of(alone, profile), issue => issue.Severity <= IssueSeverity.Error));
        }
    }

    [Theory]
    [InlineData("input-bundle", """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:6f1d6f0e-6c1c-4a52-9c0b-1d7d5b1f4a10","resource":{"resourceType":"Observation","status":"final","code":{"text":"x"}}}]}""", IssueSeverity.Error, "input-1")]
    [InlineData("input-patient", """{"resourceType":"Patient","identifier":[{"use":"temp","system":"urn:a","value":"1"}]}""", IssueSeverity.Warning, "patient-1")]
    [InlineData("input-m-protein", """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"33358-3"}]},"subject":{"reference":"Patient/1"},"valueString":"3,2 g/dL"}""", IssueSeverity.Warning, "dated-1")]
    [InlineData("input-light-chain", """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"36916-5"}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2024-02"}""", IssueSeverity.Warning, "value-1")]
    [InlineData("input-administration", """{"resourceType":"MedicationAdministration","status":"completed","medicationCodeableConcept":{},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2024-02"}""", IssueSeverity.Warning, "drug-1")]
    [InlineData("input-statement", """{"resourceType":"MedicationStatement","status":"active","medicationCodeableConcept":{"text":"Darzalex"},"subject":{"reference":"Patient/1"}}""", IssueSeverity.Warning, "dated-1")]
    [InlineData("input-request", """{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"Darzalex"},"subject":{"reference":"Patient/1"}}""", IssueSeverity.Warning, "dated-1")]
    [InlineData("input-transplant", """{"resourceType":"Procedure","status":"completed","code":{"text":"autotrasplante"},"subject":{"reference":"Patient/1"}}""", IssueSeverity.Warning, "dated-1")]
    [InlineData("input-condition", """{"resourceType":"Condition","subject":{"reference":"Patient/1"}}""", IssueSeverity.Warning, "coded-1")]
    public void What_would_go_unused_is_said(string profile, string resource, IssueSeverity severity, string rule) =>
        Assert.Contains(Of(FhirJsonReader.Read(Encoding.UTF8.GetBytes(resource)), profile), issue => issue.Severity == severity && $"{issue.Text} {issue.Diagnostics}".Contains(rule, StringComparison.Ordinal));

    private static ImmutableArray<Issue> Of(ReadResult read, string profile) =>
        Validator.Validate(read, new() { Profiles = [$"{PublishedFile.Canon}/StructureDefinition/{profile}"] });
}
