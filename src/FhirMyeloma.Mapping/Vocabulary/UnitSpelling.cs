using System.Collections.Frozen;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>Units as people write them, to their UCUM code.</summary>
internal static class UnitSpelling
{
    private static readonly FrozenDictionary<string, string> ByText = VocabularyTable.Read("unit-aliases.csv")
        .ToFrozenDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

    /// <summary>The UCUM code for a unit text, small letters and blanks set aside; null when it is not in the table.</summary>
    public static string? Find(string text)
    {
        var folded = Wording.Fold(text);
        return ByText.GetValueOrDefault(folded) ?? ByText.GetValueOrDefault(folded.Replace(" ", "", StringComparison.Ordinal).TrimEnd('.'));
    }
}
