using System.Collections.Frozen;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>What a code of an Observation means. For a trap <paramref name="Reason"/> says what it really is.</summary>
internal sealed record LabMeaning(ObservationConcept Concept, string Rule, string Reason);

/// <summary>Observation codes and names, with the ones that look right and are not (R-CODE-1 to R-CODE-11).</summary>
internal static class LabCodes
{
    private static readonly FrozenDictionary<(string System, string Code), LabMeaning> ByCode = VocabularyTable.Read("lab-codes.csv")
        .ToFrozenDictionary(row => (row[0], row[1]), row => new LabMeaning(VocabularyTable.Word<ObservationConcept>(row[2]), row[3], row[4]));

    private static readonly LabNames Names = LabNames.Load();

    /// <summary>The meaning of a code; null when it is not in the tables.</summary>
    public static LabMeaning? Find(string systemKey, string code) => ByCode.GetValueOrDefault((systemKey, code));

    /// <summary>The meaning of a heading in English or Spanish; null when it is not in the tables.</summary>
    public static LabMeaning? FindByName(string text) => Names.Find(text);
}
