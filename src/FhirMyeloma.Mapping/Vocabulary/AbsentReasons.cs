using System.Collections.Frozen;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>Why a result has no value; the rows of absent-reasons.csv.</summary>
internal static class AbsentReasons
{
    private const string Words = "word";

    private static readonly FrozenDictionary<(string System, string Code), bool> Measured = VocabularyTable.Read("absent-reasons.csv")
        .ToFrozenDictionary(row => (row[0], row[1]), row => row[2] is "yes");

    /// <summary>Whether the reason of a known code leaves a value that is there and not known; null for a code of no map.</summary>
    public static bool? IsMeasured(string system, string code) => Measured.TryGetValue((system, code), out var measured) ? measured : null;

    /// <summary>Whether the words say that nothing was measured; null when they say nothing of the kind.</summary>
    public static bool? IsMeasuredByWords(string text) => Measured.TryGetValue((Words, Wording.Fold(text).Trim().TrimEnd('.')), out var measured) ? measured : null;
}
