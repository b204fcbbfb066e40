using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>What a result in words says.</summary>
internal enum ResultMeaning
{
    /// <summary>Nothing that is understood.</summary>
    None,
    Positive,
    Negative,
    /// <summary>There, but too little to measure (R-UNIT-7).</summary>
    NotQuantifiable,
    /// <summary>Reported without a clear result.</summary>
    Unclear,
}

/// <summary>Words and codes of results, English and Spanish.</summary>
internal static class ResultWords
{
    private static readonly ImmutableArray<(string[] Words, ResultMeaning Meaning)> Phrases = [.. VocabularyTable.Read("result-words.csv")
        .Select(row => (row[1].Split(' '), VocabularyTable.Word<ResultMeaning>(row[0])))
        .OrderByDescending(phrase => phrase.Item1.Length)];

    private static readonly FrozenDictionary<(string System, string Code), ResultMeaning> ByCode = VocabularyTable.Read("answer-codes.csv")
        .ToFrozenDictionary(row => (row[0], row[1]), row => VocabularyTable.Word<ResultMeaning>(row[2]));

    /// <summary>The meaning of a coded answer.</summary>
    public static ResultMeaning OfCode(string systemKey, string code) => ByCode.GetValueOrDefault((systemKey, code));

    /// <summary>
    /// The meaning of a result in words. Sentences are judged one by one: an unclear one makes the whole unclear, else a positive one beside a negative one is positive.
    /// </summary>
    public static ResultMeaning Of(string text)
    {
        var meaning = ResultMeaning.None;
        foreach (var sentence in Wording.Fold(text.Replace("\n", ". ", StringComparison.Ordinal)).Split([';', '.', '('], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            meaning = Stronger(meaning, OfSentence(sentence));
        return meaning;
    }

    /// <summary>Every phrase of the sentence from left to right, longest first; "no" before a positive word makes it negative.</summary>
    private static ResultMeaning OfSentence(string sentence)
    {
        var words = Wording.Words(sentence);
        var found = ResultMeaning.None;
        for (var at = 0; at < words.Count;)
        {
            var (meaning, length) = PhraseAt(words, at);
            if (meaning == ResultMeaning.None)
            {
                at++;
                continue;
            }
            if (meaning == ResultMeaning.Positive && at > 0 && words[at - 1] is "no" or "sin" or "not" or "without" or "ningun" or "ninguna" or "ni" && at > 0)
                meaning = ResultMeaning.Negative;
            // "No se detecta componente monoclonal": what follows a negation names what is not there; "pero" starts anew.
            found = found == ResultMeaning.Negative && meaning == ResultMeaning.Positive && !Contrast(words, at) ? found : Stronger(found, meaning);
            at += length;
        }
        return found;
    }

    private static bool Contrast(List<string> words, int before) =>
        words.Take(before).Any(word => word is "pero" or "salvo" or "excepto" or "but" or "except" or "aunque" or "although");

    private static (ResultMeaning Meaning, int Length) PhraseAt(List<string> words, int at)
    {
        foreach (var (phrase, meaning) in Phrases)
        {
            if (at + phrase.Length > words.Count)
                continue;
            var i = 0;
            while (i < phrase.Length && string.Equals(words[at + i], phrase[i], StringComparison.Ordinal))
                i++;
            if (i == phrase.Length)
                return (meaning, phrase.Length);
        }
        return default;
    }

    private static ResultMeaning Stronger(ResultMeaning a, ResultMeaning b) => Rank(a) >= Rank(b) ? a : b;

    private static int Rank(ResultMeaning meaning) => meaning switch
    {
        ResultMeaning.None => 0,
        ResultMeaning.Negative => 1,
        ResultMeaning.Positive => 2,
        ResultMeaning.NotQuantifiable => 3,
        ResultMeaning.Unclear => 4,
    };
}
