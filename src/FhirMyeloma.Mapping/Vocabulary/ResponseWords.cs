using System.Collections.Frozen;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>Categories of response as hospitals state them: our codes, NCIt, short forms and words in English and Spanish (R-CODE-11).</summary>
internal static class ResponseWords
{
    private static readonly FrozenDictionary<string, ResponseLevel> ByShortForm =
        Enum.GetValues<ResponseLevel>().ToFrozenDictionary(level => level.Code(), level => level, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<(string System, string Code), ResponseLevel> ByCode = VocabularyTable.Read("response-words.csv")
        .Where(row => row[0] is not "text")
        .ToFrozenDictionary(row => (row[0], row[1]), row => ByShortForm[row[2]]);

    private static readonly FrozenDictionary<string, ResponseLevel> ByText = VocabularyTable.Read("response-words.csv")
        .Where(row => row[0] is "text")
        .ToFrozenDictionary(row => Wording.Fold(row[1]), row => ByShortForm[row[2]], StringComparer.Ordinal);

    /// <summary>The category of a code; null when it is none.</summary>
    public static ResponseLevel? OfCode(string systemKey, string code) =>
        systemKey is "response" ? ByShortForm.TryGetValue(code, out var own) ? own : null
        : ByCode.TryGetValue((systemKey, code), out var level) ? level : null;

    /// <summary>The category of a text that says nothing else, or that gives words and short form together: "VGPR (very good partial response)".</summary>
    public static ResponseLevel? OfText(string text)
    {
        var folded = Wording.Fold(text).TrimEnd('.', ' ');
        if (ByText.TryGetValue(folded, out var level))
            return level;
        ResponseLevel? agreed = null;
        foreach (var part in folded.Split(['(', ')', '/', ':', '-', '='], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!ByText.TryGetValue(part, out level))
            {
                if (part is "respuesta" or "response" or "imwg" or "mejor respuesta" or "best response")
                    continue;
                return null;
            }
            if (agreed is { } other && other != level)
                return null;
            agreed = level;
        }
        return agreed;
    }
}
