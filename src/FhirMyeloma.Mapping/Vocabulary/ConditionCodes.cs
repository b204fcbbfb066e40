using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>What a Condition states.</summary>
internal enum ConditionKind
{
    Myeloma,
    PlasmaCellLeukaemia,
    /// <summary>Extramedullary disease beside the marrow.</summary>
    Plasmacytoma,
    /// <summary>Solitary plasmacytoma: no multiple myeloma.</summary>
    Solitary,
    /// <summary>MGUS and smouldering myeloma: no myeloma yet.</summary>
    Precursor,
    /// <summary>AL amyloidosis.</summary>
    Amyloidosis,
    /// <summary>A status such as "transplanted", which is no event (R-CODE-13).</summary>
    Status,
}

/// <summary>Diagnoses by code and by text.</summary>
internal static class ConditionCodes
{
    private static readonly FrozenDictionary<(string System, string Code), ConditionKind> ByCode = VocabularyTable.Read("condition-codes.csv")
        .ToFrozenDictionary(row => (row[0], Plain(row[0], row[1])), row => VocabularyTable.Word<ConditionKind>(row[2]));

    private static readonly ImmutableArray<string> Doubt =
    [
        "sospecha", "descarta", "excluye", "exclusion de", "posible", "probable", "antecedentes familiares", "antecedente familiar", "historia familiar", "riesgo de", "cribado", "no mieloma", "sin mieloma",
        "rule out", "verdacht", "ausschluss", "familienanamnese", "ruled out", "excluded", "suspected", "suspicion", "possible", "family history", "screening", "no myeloma", "without myeloma", "risk of", "not myeloma",
    ];

    /// <summary>The kind of a code; null when it is in no table.</summary>
    public static ConditionKind? Find(string systemKey, string code) =>
        ByCode.TryGetValue((systemKey, Plain(systemKey, code)), out var kind) ? kind : null;

    // Coding offices write ICD-10 with the dot and without.
    private static string Plain(string systemKey, string code) =>
        systemKey is CodeSystems.Icd10 ? code.Trim().ToUpperInvariant().Replace(".", "", StringComparison.Ordinal) : code.Trim();

    /// <summary>The kind that a text states; null when it states none, or only suspects.</summary>
    public static ConditionKind? FindByText(string text)
    {
        var folded = Wording.Fold(text);
        if (Doubt.Any(doubt => folded.Contains(doubt, StringComparison.Ordinal)))
            return null;
        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (folded.Contains(word, StringComparison.Ordinal))
                    return true;
            }
            return false;
        }
        if (Says("mgus", "gmsi", "gammapatia monoclonal", "monoclonal gammopathy"))
            return ConditionKind.Precursor;
        if (Says("mieloma", "myelom"))
            return Says("quiescente", "indolente", "asintomatico", "smoldering", "smouldering", "latente", "schwelend") ? ConditionKind.Precursor : ConditionKind.Myeloma;
        if (Says("leucemia de celulas plasmaticas", "plasma cell leuk"))
            return ConditionKind.PlasmaCellLeukaemia;
        if (Says("plasmocitoma", "plasmacitoma", "plasmacytoma"))
            return Says("solitari", "solitary") ? ConditionKind.Solitary : ConditionKind.Plasmacytoma;
        return Says("amiloidosis al", "al amyloidosis", "amiloidosis de cadenas ligeras", "light chain amyloidosis") ? ConditionKind.Amyloidosis : null;
    }
}
