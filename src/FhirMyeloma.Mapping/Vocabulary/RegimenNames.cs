using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>
/// Names of regimens written where a drug is expected (section e): the whole text must be the name, but for a cycle or a day. Names of two letters, and those that
/// two centres use for different drugs (IRd, BVd, BRd), are in no row: there the drugs are asked for.
/// </summary>
internal static class RegimenNames
{
    private static readonly FrozenDictionary<string, ImmutableArray<Drug>> ByName = VocabularyTable.Read("regimen-names.csv")
        .SelectMany(row => row[0].Split(';').Select(name => (Name: string.Concat(Wording.Words(Wording.Fold(name))), Drugs: row[1].Split(' '))))
        .DistinctBy(entry => entry.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(entry => entry.Name, entry => entry.Drugs.Select(VocabularyTable.Word<Drug>).ToImmutableArray(), StringComparer.Ordinal);

    /// <summary>The drugs of the regimen that a text names; empty when it is none.</summary>
    public static ImmutableArray<Drug> Find(string text)
    {
        if (text.Length > 60)
            return [];
        var words = Wording.Words(Wording.Fold(text));
        while (words.Count > 1 && IsCycle(words[^1]))
            words.RemoveAt(words.Count - 1);
        return ByName.GetValueOrDefault(string.Concat(words), []);
    }

    // "VRd cycle 3", "VRd C3D1", "VRd ciclo 3 dia 1", "VRd Zyklus 3"
    private static bool IsCycle(string word) =>
        word is "cycle" or "ciclo" or "zyklus" or "c" or "day" or "dia" or "tag" or "d" or "n"
        || (char.IsAsciiDigit(word[^1]) && word.TrimStart('c', 'd').All(letter => char.IsAsciiDigit(letter) || letter is 'd'));
}
