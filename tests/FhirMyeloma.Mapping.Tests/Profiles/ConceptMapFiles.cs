using System.Text.Json.Nodes;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>The tables of the vocabulary as ConceptMaps, for who maps before sending and for who wants to check what a code becomes here.</summary>
internal static class ConceptMapFiles
{
    public static IEnumerable<PublishedFile> Files() => VocabularyMap.All.Select(Map);

    private static PublishedFile Map(VocabularyMap of)
    {
        var map = PublishedFile.Head(
            "ConceptMap", of.Id, $"FhirMyeloma{PublishedFile.NameOf(of.Id)}", of.Title,
            "What the mapping makes of a code. A code without target is known and deliberately not used; the comment says why. Other spellings of a system, names and texts are understood as well.");
        map["sourceCanonical"] = $"{PublishedFile.Canon}/ValueSet/{of.SourceSet}";
        if (of.TargetSet is { } target)
            map["targetCanonical"] = $"{PublishedFile.Canon}/ValueSet/{target}";
        map["group"] = new JsonArray([.. of.Rows.GroupBy(row => (row.System, TargetSystem: row.TargetSystem ?? of.TargetSet!)).Select(Group)]);
        return new(map);
    }

    private static JsonObject Group(IGrouping<(string System, string TargetSystem), MappedCode> rows) => new()
    {
        ["source"] = rows.Key.System,
        ["target"] = $"{PublishedFile.Canon}/CodeSystem/{rows.Key.TargetSystem}",
        ["element"] = new JsonArray([.. rows.Select(row => new JsonObject { ["code"] = row.Code, ["target"] = new JsonArray(Target(row)) })]),
    };

    private static JsonObject Target(MappedCode row)
    {
        var target = new JsonObject();
        if (row.Target is { } code)
            target["code"] = code;
        target["equivalence"] = row.Equivalence;
        target["comment"] = row.Because;
        return target;
    }
}
