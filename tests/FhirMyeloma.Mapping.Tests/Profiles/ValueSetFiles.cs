using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>The value sets: one over each code system of ours, the subsets of value-sets.csv, and the codes that the vocabulary understands.</summary>
internal static class ValueSetFiles
{
    public static ImmutableArray<IReadOnlyDictionary<string, string>> Subsets { get; } = [.. Table.Read("tests/FhirMyeloma.Mapping.Tests/Profiles/value-sets.csv")];

    public static IEnumerable<PublishedFile> Files() =>
    [
        .. PublishedCodes.Systems.Values.Select(system => ValueSet(
            system["id"].Text!,
            system["title"].Text!,
            $"All codes of the code system {system["id"].Text}.",
            new JsonObject { ["system"] = system["url"].Text })),
        .. Subsets.Select(row => ValueSet(row["id"], row["title"], $"{row["title"]}.", Include(row["system"], row["codes"].Split(' ')))),
        .. VocabularyMap.All.Select(map => ValueSet(
            map.SourceSet,
            map.SourceTitle,
            $"{map.SourceTitle}: the standard and own codes that the mapping understands. Names, national codes and texts are understood as well.",
            [.. map.Understood.GroupBy(row => row.System, StringComparer.Ordinal).Select(rows => Include(rows.Key, rows.Select(row => row.Code)))])),
    ];

    private static PublishedFile ValueSet(string id, string title, string description, params JsonObject[] include)
    {
        var set = PublishedFile.Head("ValueSet", id, $"FhirMyeloma{PublishedFile.NameOf(id)}Codes", title, description);
        set["compose"] = new JsonObject { ["include"] = new JsonArray([.. include]) };
        return new(set);
    }

    private static JsonObject Include(string system, IEnumerable<string> codes) => new()
    {
        ["system"] = system,
        ["concept"] = new JsonArray([.. codes.Distinct(StringComparer.Ordinal).Select(code => new JsonObject { ["code"] = code })]),
    };
}
