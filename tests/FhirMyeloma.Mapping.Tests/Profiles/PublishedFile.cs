using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>A generated file of <c>profiles/</c>.</summary>
/// <param name="Resource">What it says.</param>
internal sealed record PublishedFile(JsonObject Resource)
{
    public const string Canon = "https://fhirmyeloma.org/fhir";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Relative to the repository.</summary>
    public string Path => $"profiles/{Resource["resourceType"]}-{Resource["id"]}.json";

    /// <summary>One member a line; of the lists of objects one object a line, so that a change shows as the element or code that it touches.</summary>
    public string Text => Lines(Resource, 0).Append('\n').ToString();

    /// <summary>The head that every definition has.</summary>
    public static JsonObject Head(string type, string id, string name, string title, string description) => new()
    {
        ["resourceType"] = type,
        ["id"] = id,
        ["url"] = $"{Canon}/{type}/{id}",
        ["version"] = "0.1.0",
        ["name"] = name,
        ["title"] = title,
        ["status"] = "active",
        ["experimental"] = false,
        ["date"] = "2026-11-22",
        ["publisher"] = "FhirMyeloma",
        ["description"] = $"{description} Research and data quality only, not for patient care.",
    };

    /// <summary>The computer name of an id: <c>r2-iss-stage</c> is <c>R2IssStage</c>.</summary>
    public static string NameOf(string id) => string.Concat(id.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static StringBuilder Lines(JsonNode node, int depth)
    {
        var text = new StringBuilder();
        var (open, close, inner) = node is JsonArray ? ("[", "]", Items((JsonArray)node, depth)) : ("{", "}", Members((JsonObject)node, depth));
        text.Append(open).AppendJoin(',', inner.Select(line => $"\n{new string(' ', (depth + 1) * 2)}{line}"));
        return text.Append('\n').Append(' ', depth * 2).Append(close);
    }

    private static IEnumerable<string> Members(JsonObject of, int depth) =>
        of.Select(member => $"\"{member.Key}\": {(IsList(member.Value) || (depth == 0 && member.Value is JsonObject) ? Lines(member.Value!, depth + 1).ToString() : OneLine(member.Value))}");

    private static IEnumerable<string> Items(JsonArray of, int depth) =>
        of.Select(item => item is JsonObject group && group.Any(member => IsList(member.Value)) && depth < 3 && group.ContainsKey("element")
            ? Lines(group, depth + 1).ToString()
            : OneLine(item));

    private static bool IsList(JsonNode? value) => value is JsonArray { Count: > 0 } list && list[0] is JsonObject;

    private static string OneLine(JsonNode? node) => node switch
    {
        JsonObject all => $"{{{string.Join(", ", all.Select(member => $"\"{member.Key}\": {OneLine(member.Value)}"))}}}",
        JsonArray all => $"[{string.Join(", ", all.Select(OneLine))}]",
        _ => node!.ToJsonString(Readable),
    };
}
