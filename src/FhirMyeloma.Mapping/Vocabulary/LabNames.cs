using System.Collections.Frozen;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>
/// Headings of laboratory reports. A pattern is a set of words: <c>a|b</c> either, <c>[a]</c> may be missing; the whole heading must be used up, in any order.
/// A pattern that begins with <c>~</c> only has to be contained. Words that say nothing ("en", "of") do not count.
/// </summary>
internal sealed class LabNames
{
    private const int MaxWords = 14;

    private static readonly FrozenSet<string> SilentWords = new[]
    {
        "en", "de", "del", "la", "las", "el", "los", "al", "y", "o", "por", "para", "con", "se", "su",
        "in", "of", "the", "by", "for", "with", "and", "or", "to", "mass", "volume", "concentration", "cd138", "suma", "mm",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> SameWords = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["suero"] = "serum",
        ["serico"] = "serum",
        ["serica"] = "serum",
        ["sericas"] = "serum",
        ["sericos"] = "serum",
        ["s"] = "serum",
        ["orina"] = "urine",
        ["urinaria"] = "urine",
        ["urinario"] = "urine",
        ["urinarias"] = "urine",
        ["urinary"] = "urine",
        ["24hs"] = "24h",
        ["24hr"] = "24h",
        ["24hrs"] = "24h",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, LabMeaning> _whole;
    private readonly (HashSet<string>[] Words, LabMeaning Meaning)[] _contained;

    private LabNames(FrozenDictionary<string, LabMeaning> whole, (HashSet<string>[] Words, LabMeaning Meaning)[] contained)
    {
        _whole = whole;
        _contained = contained;
    }

    public static LabNames Load()
    {
        var whole = new Dictionary<string, LabMeaning>(StringComparer.Ordinal);
        List<(HashSet<string>[] Words, LabMeaning Meaning)> contained = [];
        foreach (var row in VocabularyTable.Read("lab-names.csv"))
        {
            var meaning = new LabMeaning(VocabularyTable.Word<ObservationConcept>(row[0]), "R-CODE-1", row[2]);
            var isContained = row[1].StartsWith('~');
            var slots = row[1].TrimStart('~').Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (isContained)
            {
                contained.Add(([.. slots.Select(slot => slot.Split('|').ToHashSet(StringComparer.Ordinal))], meaning));
                continue;
            }
            foreach (var words in Expand(slots, 0))
                whole.TryAdd(Key(words), meaning);
        }
        return new(whole.ToFrozenDictionary(StringComparer.Ordinal), [.. contained]);
    }

    public LabMeaning? Find(string text)
    {
        if (text.Length > 300)
            return null;
        var words = Normalise(text);
        if (words.Count is 0 or > 60)
            return null;
        if (words.Count <= MaxWords && _whole.TryGetValue(Key(words), out var meaning))
            return meaning;
        foreach (var (slots, contained) in _contained)
        {
            if (Array.TrueForAll(slots, slot => slot.Overlaps(words)))
                return contained;
        }
        return null;
    }

    private static List<string> Normalise(string text)
    {
        var words = Wording.Words(Wording.Fold(text));
        for (var i = words.Count - 1; i >= 0; i--)
        {
            if (words[i] is "h" or "hs" or "hr" or "hrs" or "horas" or "hora" or "hours" or "hour" && i > 0 && words[i - 1] is "24")
            {
                words[i - 1] = "24h";
                words.RemoveAt(i);
            }
            else if (SilentWords.Contains(words[i]))
                words.RemoveAt(i);
            else
                words[i] = SameWords.GetValueOrDefault(words[i], words[i]);
        }
        // Plasma stands for serum, unless it is the plasma of "plasma cells".
        if (words.IndexOf("plasma") is >= 0 and var plasma && !words.Contains("cells", StringComparer.Ordinal) && !words.Contains("cell", StringComparer.Ordinal))
            words[plasma] = "serum";
        return words;
    }

    private static IEnumerable<IEnumerable<string>> Expand(string[] slots, int at)
    {
        if (at == slots.Length)
            return [[]];
        var optional = slots[at].StartsWith('[');
        var choices = slots[at].Trim('[', ']').Split('|');
        var rest = Expand(slots, at + 1).Select(words => words.ToArray()).ToArray();
        var with = choices.SelectMany(choice => rest.Select(words => words.Prepend(choice)));
        return optional ? with.Concat(rest) : with;
    }

    private static string Key(IEnumerable<string> words) => string.Join(' ', words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
