using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>Procedures of therapy by code and by text (R-CODE-13).</summary>
internal static class ProcedureCodes
{
    private static readonly FrozenDictionary<(string System, string Code), TherapyProcedureKind> ByCode = VocabularyTable.Read("procedure-codes.csv")
        .ToFrozenDictionary(row => (row[0], row[1]), row => Kind(row[2]));

    private static readonly ImmutableArray<(string[][] Words, TherapyProcedureKind Kind)> ByWords = [.. VocabularyTable.Read("procedure-names.csv")
        .Select(row => (row[1].Split(' ').Select(word => word.Split('|').SelectMany(choice => choice.Split('-')).ToArray()).ToArray(), Kind(row[0])))];

    /// <summary>The kind of a code; null when it is in no table.</summary>
    public static TherapyProcedureKind? Find(string systemKey, string code) => ByCode.TryGetValue((systemKey, code.Trim()), out var kind) ? kind : null;

    /// <summary>The kind that a text names; null for none.</summary>
    public static TherapyProcedureKind? FindByText(string text)
    {
        var words = Wording.Words(Wording.Fold(text)).ToHashSet(StringComparer.Ordinal);
        foreach (var (wanted, kind) in ByWords)
        {
            if (wanted.All(choices => choices.Any(words.Contains)))
                return kind;
        }
        return null;
    }

    private static TherapyProcedureKind Kind(string word) => VocabularyTable.Word<TherapyProcedureKind>(word);
}
