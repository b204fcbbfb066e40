using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>What a drug code or name stands for.</summary>
/// <param name="Drug">The ingredient; null for a known drug that no rule reads, and for a trap.</param>
/// <param name="IsTrap">A code that looks right and is not.</param>
/// <param name="Rule">Rule that says so.</param>
/// <param name="Reason">What it is.</param>
internal sealed record DrugMeaning(Drug? Drug, bool IsTrap, string Rule, string Reason);

/// <summary>Drugs by code and by name (R-CODE-8 to R-CODE-10, R-CODE-14).</summary>
internal static class DrugCodes
{
    private static readonly FrozenDictionary<(string System, string Code), DrugMeaning> ByCode = VocabularyTable.Read("drug-codes.csv")
        .ToFrozenDictionary(row => (row[0], row[1]), row => new DrugMeaning(DrugOf(row[2]), row[2] is "trap", row[3], row[4]));

    private static readonly FrozenDictionary<string, Drug> OwnCodes = Enum.GetValues<Drug>().ToFrozenDictionary(drug => drug.ToString(), drug => drug, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, DrugMeaning> ByName = VocabularyTable.Read("drug-names.csv")
        .SelectMany(row => row[1].Split(';').Select(name => (Name: Phrase(name), Meaning: new DrugMeaning(DrugOf(row[0]), false, "R-CODE-14", row[2]))))
        .DistinctBy(entry => entry.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(entry => entry.Name, entry => entry.Meaning, StringComparer.Ordinal);

    // A pharmacy writes the same few texts again and again; bounded because they come from outside.
    private const int MaxSeen = 1_000;
    private static readonly ConcurrentDictionary<string, ImmutableArray<DrugMeaning>> Seen = new(StringComparer.Ordinal);

    private static readonly int LongestName = ByName.Keys.Max(name => name.Count(c => c == ' ') + 1);

    /// <summary>ATC groups whose members could treat myeloma; other groups are only not used.</summary>
    private static readonly ImmutableArray<string> RelevantAtcGroups = ["L01", "L03", "L04", "H02AB"];

    /// <summary>The meaning of a code; null when it is in no table.</summary>
    public static DrugMeaning? Find(string systemKey, string code)
    {
        var key = systemKey is CodeSystems.Atc or "hcpcs" ? code.Trim().ToUpperInvariant() : code.Trim();
        if (ByCode.TryGetValue((systemKey, key), out var meaning))
            return meaning;
        if (systemKey is "drug" && OwnCodes.TryGetValue(code.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), out var own))
            return new(own, false, "R-WO-6", "own code");
        if (systemKey is "name" && FindAll(code) is [var named, ..])
            return named;
        // A group code (L01FC) or a code of a group without anti-myeloma drugs names something else.
        return systemKey is CodeSystems.Atc && key.Length >= 3 && !RelevantAtcGroups.Any(group => key.StartsWith(group, StringComparison.Ordinal) || group.StartsWith(key, StringComparison.Ordinal))
            ? new(null, false, "R-CODE-9", "a group without anti-myeloma drugs") : null;
    }

    /// <summary>Every drug that a text names, each once, longest names first matched; several for a combination. Placebo makes it none.</summary>
    public static ImmutableArray<DrugMeaning> FindAll(string text)
    {
        if (Seen.TryGetValue(text, out var known))
            return known;
        var found = Scan(text);
        if (Seen.Count < MaxSeen && text.Length <= 100)
            Seen.TryAdd(text, found);
        return found;
    }

    private static ImmutableArray<DrugMeaning> Scan(string text)
    {
        var words = Wording.Words(Wording.Fold(text));
        if (words.Contains("placebo", StringComparer.Ordinal))
            return [ByName["placebo"]];
        var found = ImmutableArray.CreateBuilder<DrugMeaning>();
        for (var at = 0; at < words.Count && at < 200;)
        {
            var length = Math.Min(LongestName, words.Count - at);
            while (length > 0 && !ByName.ContainsKey(string.Join(' ', words.GetRange(at, length))))
                length--;
            if (length > 0 && ByName[string.Join(' ', words.GetRange(at, length))] is var meaning
                && !found.Any(other => other.Drug == meaning.Drug))
                found.Add(meaning);
            at += Math.Max(length, 1);
        }
        return found.ToImmutable();
    }

    private static Drug? DrugOf(string word) => word is "other" or "trap" ? null : VocabularyTable.Word<Drug>(word);

    private static string Phrase(string name) => string.Join(' ', Wording.Words(Wording.Fold(name)));
}
