using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Tests.Inbound;

/// <summary>Small Bundles in a few words.</summary>
internal static class Hospital
{
    public const string Patient = """{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:nhc","value":"1"}],"birthDate":"1960-05-02","gender":"female"}""";

    /// <summary>Maps a Bundle of one patient and these resources; each without id gets one, each without subject the patient.</summary>
    public static MappedBundle Map(params ReadOnlySpan<string> resources) => MapBundle(Bundle([Patient, .. resources]));

    /// <summary>The case of the only patient.</summary>
    public static MyelomaCase Case(params ReadOnlySpan<string> resources) => Assert.Single(Map(resources).Patients).Case;

    public static MappedBundle MapBundle(string json) => BundleToCase.Map(Read(json));

    public static Bundle Read(string json)
    {
        var read = FhirJsonReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.DoesNotContain(read.Issues, issue => issue.IsError);
        return R4.Elements.Bundle.From(read.Document)!;
    }

    public static string Bundle(params ReadOnlySpan<string> resources)
    {
        var entries = new JsonArray();
        foreach (var text in resources)
        {
            var resource = JsonNode.Parse(text)!.AsObject();
            var type = resource["resourceType"]!.GetValue<string>();
            resource["id"] ??= $"r{entries.Count}";
            if (type is not ("Patient" or "Medication" or "Organization" or "Specimen"))
                resource["subject"] ??= new JsonObject { ["reference"] = "Patient/p" };
            if (resource["subject"] is JsonValue)
                resource.Remove("subject");
            entries.Add(new JsonObject { ["resource"] = resource });
        }
        return new JsonObject { ["resourceType"] = "Bundle", ["type"] = "collection", ["entry"] = entries }.ToJsonString();
    }

    /// <summary>An Observation of a LOINC code on 2024-03-05 with the given value member.</summary>
    public static string Lab(string loinc, string value, string more = "") =>
        $$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{loinc}}"}]},"effectiveDateTime":"2024-03-05"{{Join(value)}}{{Join(more)}}}""";

    /// <summary>An Observation that only its text names.</summary>
    public static string Named(string text, string value, string more = "") =>
        $$"""{"resourceType":"Observation","status":"final","code":{"text":"{{text}}"},"effectiveDateTime":"2024-03-05"{{Join(value)}}{{Join(more)}}}""";

    /// <summary>An Observation with one of the codes that every centre may use.</summary>
    public static string Own(string code, string value, string more = "") =>
        $$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input","code":"{{code}}"}]},"effectiveDateTime":"2024-03-05"{{Join(value)}}{{Join(more)}}}""";

    public static string Quantity(string value, string unit) =>
        $$"""  "valueQuantity":{"value":{{value}},"unit":"{{unit}}","system":"http://unitsofmeasure.org","code":"{{unit}}"}""";

    public static string Dose(string drug, string more = "", string status = "completed", string date = "2024-03-05") =>
        $$"""{"resourceType":"MedicationAdministration","status":"{{status}}","medicationCodeableConcept":{"text":"{{drug}}"},"effectiveDateTime":"{{date}}"{{Join(more)}}}""";

    /// <summary>The codes of all issues.</summary>
    public static HashSet<string> Codes(MappedBundle mapped) => mapped.Issues.Select(issue => issue.Code).ToHashSet(StringComparer.Ordinal);

    private static string Join(string member) => member.Length == 0 ? "" : "," + member;
}
