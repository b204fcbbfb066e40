using System.Text.Json.Nodes;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>
/// On the wire: a Bundle of the Patient and the resources that one derived Observation cites gives that Observation again, with the same id, value, status,
/// components and note (contract sections 2 and 3). The note of a response may name fewer reasons for what was not reached.
/// </summary>
public sealed class CitedInputsTests
{
    private static readonly string[] Compared = ["status", "valueQuantity", "valueRange", "valueInteger", "valueCodeableConcept", "dataAbsentReason", "component", "note"];

    public static TheoryData<string> Stories() => [.. Story.Names];

    [Theory]
    [MemberData(nameof(Stories))]
    public void What_a_result_cites_gives_it_again(string story)
    {
        var input = JsonNode.Parse(Story.Input(story))!;
        var derived = Entries(JsonNode.Parse(Story.Of(story).Output)!);
        var citedBy = derived.Where(entry => Type(entry) == "Provenance")
            .ToDictionary(entry => Text(entry["resource"]!["target"]![0]!["reference"])!, Cited, StringComparer.Ordinal);
        List<string> wrong = [];
        foreach (var result in derived.Where(entry => Type(entry) == "Observation"))
        {
            var cited = citedBy[Text(result["fullUrl"])!];
            var again = Entries(JsonNode.Parse(Story.Of(Bytes(Only(input, cited))).Output)!)
                .FirstOrDefault(entry => Text(entry["fullUrl"]) == Text(result["fullUrl"]));
            var code = Text(result["resource"]!["code"]!["coding"]![0]!["code"]);
            if (again is null)
                wrong.Add($"{code} {Text(result["resource"]!["id"])} is gone");
            else if (Compared.FirstOrDefault(name => !(name == "note" && code!.StartsWith("imwg-response", StringComparison.Ordinal)) && !JsonNode.DeepEquals(result["resource"]![name], again["resource"]![name])) is { } differs)
                wrong.Add($"{code} {Text(result["resource"]!["id"])}: {differs} was {result["resource"]![differs]?.ToJsonString()}, now {again["resource"]![differs]?.ToJsonString()}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static HashSet<string> Cited(JsonNode provenance) =>
        [.. (provenance["resource"]!["entity"]?.AsArray() ?? []).Select(entity => Text(entity!["what"]!["reference"])!)];

    /// <summary>The Bundle with Patients, what is cited, and what that refers to for its words: medications and organizations.</summary>
    private static JsonNode Only(JsonNode bundle, HashSet<string> cited)
    {
        var kept = bundle.DeepClone();
        foreach (var entry in Entries(kept).Where(entry => !IsFrame(Type(entry)) && !Names(entry).Any(cited.Contains)).ToList())
            kept["entry"]!.AsArray().Remove(entry);
        return kept;
    }

    private static bool IsFrame(string? type) => type is "Patient" or "Medication" or "Organization" or "Practitioner" or "PractitionerRole" or "MessageHeader";

    private static IEnumerable<string> Names(JsonNode entry)
    {
        if (Text(entry["fullUrl"]) is { } url)
            yield return url;
        if (entry["resource"] is { } resource && Text(resource["id"]) is { } id)
        {
            yield return $"{Type(entry)}/{id}";
            if (Text(resource["meta"]?["versionId"]) is { } version)
                yield return $"{Type(entry)}/{id}/_history/{version}";
        }
    }

    private static List<JsonNode> Entries(JsonNode bundle) => [.. bundle["entry"]!.AsArray().OfType<JsonNode>()];

    private static string? Type(JsonNode entry) => Text(entry["resource"]?["resourceType"]);

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    private static byte[] Bytes(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());
}
