using System.Collections.Immutable;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>One code that the vocabulary knows.</summary>
/// <param name="System">Its system.</param>
/// <param name="Code">The code.</param>
/// <param name="TargetSystem">Id of our code system; null when the code is known and means nothing that a rule reads.</param>
/// <param name="Target">Our code.</param>
/// <param name="Equivalence">How the target relates to the code.</param>
/// <param name="Because">The reason of its row.</param>
internal sealed record MappedCode(string System, string Code, string? TargetSystem, string? Target, string Equivalence, string Because);

/// <summary>A table of the vocabulary seen as a map of codes; names and patterns in texts are no codes and stand in the tables only.</summary>
/// <param name="Id">Id of the ConceptMap.</param>
/// <param name="Title">Its title.</param>
/// <param name="SourceSet">Id of the ValueSet over the codes that it understands.</param>
/// <param name="SourceTitle">Title of that.</param>
/// <param name="TargetSet">Id of the ValueSet that it leads to; null when it leads to several.</param>
/// <param name="Rows">The codes.</param>
internal sealed record VocabularyMap(string Id, string Title, string SourceSet, string SourceTitle, string? TargetSet, ImmutableArray<MappedCode> Rows)
{
    private const string Folder = "src/FhirMyeloma.Mapping/Vocabulary";

    /// <summary>Rows that say what a code is not.</summary>
    private static readonly string[] Nothing = ["trap", "known-unused", "other", "status"];

    /// <summary>Prednisolone, lenograstim and pegfilgrastim: substances of their own that the rules do not tell apart from prednisone and filgrastim.</summary>
    private static readonly string[] OtherSubstances = ["H02AB06", "L03AA10", "L03AA13"];

    private static readonly string[] Roman = ["", "I", "II", "III"];

    /// <summary>The URI of a system's key: the first of its spellings.</summary>
    private static readonly Dictionary<string, string> Uris =
        Table.Read($"{Folder}/code-systems.csv").DistinctBy(row => row["key"], StringComparer.Ordinal).ToDictionary(row => row["key"], row => row["uri"], StringComparer.Ordinal);

    public static ImmutableArray<VocabularyMap> All { get; } =
    [
        Of("drug-codes", "Codes of drugs to drugs of myeloma therapy", "myeloma-drug-code", "Codes of myeloma drugs", "drug-codes.csv", "drug", "myeloma-drug",
            row => row["because"] == "ingredient" || (row["system"] == "atc" && !OtherSubstances.Contains(row["code"], StringComparer.Ordinal)) ? "equivalent" : "wider"),
        Of("observation-codes", "Codes of observations to what rules read", "myeloma-observation-code", "Codes of observations about myeloma", "lab-codes.csv", "concept", "myeloma-observation", _ => "wider"),
        Of("diagnosis-codes", "Codes of diagnoses to plasma-cell disorders", "plasma-cell-disorder-code", "Codes of plasma-cell disorders", "condition-codes.csv", "kind", "plasma-cell-disorder", _ => "wider"),
        Of("procedure-codes", "Codes of procedures to procedures of myeloma therapy", "myeloma-procedure-code", "Codes of procedures of myeloma therapy", "procedure-codes.csv", "kind", "myeloma-procedure", _ => "wider"),
        Responses(),
        Stages(),
    ];

    /// <summary>The rows that lead somewhere.</summary>
    public IEnumerable<MappedCode> Understood => Rows.Where(row => row.Target is not null);

    private static VocabularyMap Of(
        string id, string title, string sourceSet, string sourceTitle, string table, string column, string target, Func<IReadOnlyDictionary<string, string>, string> equivalence) => new(
        id, title, sourceSet, sourceTitle, target,
        [
            .. Table.Read($"{Folder}/{table}").Select(row => Nothing.Contains(row[column], StringComparer.Ordinal)
                ? new MappedCode(Uris[row["system"]], row["code"], null, null, "unmatched", row["because"])
                : new MappedCode(Uris[row["system"]], row["code"], target, row[column], equivalence(row), row["because"])),
        ]);

    private static VocabularyMap Responses() => new(
        "response-codes", "Codes of response categories to IMWG categories", "stated-response-code", "Codes of response categories", "imwg-response",
        [
            .. Table.Read($"{Folder}/response-words.csv").Where(row => Uris.ContainsKey(row["system"]))
                .Select(row => new MappedCode(Uris[row["system"]], row["code"], "imwg-response", row["level"], "equivalent", row["because"])),
        ]);

    private static VocabularyMap Stages() => new(
        "stage-codes", "Codes of stages to ISS and R-ISS stages", "stated-stage-code", "Codes of stages", null,
        [
            .. Table.Read($"{Folder}/stage-codes.csv").Where(row => row["stage"].Length > 0)
                .Select(row => new MappedCode(Uris[row["system"]], row["code"], $"{row["staging"]}-stage", Roman[row["stage"][0] - '0'], "equivalent", row["because"])),
        ]);
}
