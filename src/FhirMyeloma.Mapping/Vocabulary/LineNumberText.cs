using System.Globalization;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>The number of a line of therapy in a text, English or Spanish: "line of therapy 2", "2nd line", "segunda línea", "2ª línea", "L2".</summary>
internal static class LineNumberText
{
    /// <summary>Nobody counts further.</summary>
    private const int MostLines = 30;

    private static readonly string[][] Ordinals =
    [
        ["first", "primera", "1st", "1a", "1ª"], ["second", "segunda", "2nd", "2a", "2ª"], ["third", "tercera", "3rd", "3a", "3ª"],
        ["fourth", "cuarta", "4th", "4a", "4ª"], ["fifth", "quinta", "5th", "5a", "5ª"], ["sixth", "sexta", "6th", "6a", "6ª"],
        ["seventh", "septima", "7th", "7a", "7ª"], ["eighth", "octava", "8th", "8a", "8ª"], ["ninth", "novena", "9th", "9a", "9ª"],
    ];

    /// <summary>The number that the text gives; null when it gives none.</summary>
    public static int? Find(string text)
    {
        var words = Wording.Words(Wording.Fold(text));
        for (var i = 0; i < words.Count; i++)
        {
            if (IsLine(words[i]) && (After(words, i) ?? (i > 0 ? Ordinal(words[i - 1]) : null)) is { } number)
                return number;
            if (words[i] is ['l', .. var digits] && Whole(digits) is { } behind)
                return behind;
            if (words[i] is [.. var front, 'l'] && Whole(front) is { } before)
                return before;
        }
        return words is [var only] ? Whole(only) : null;
    }

    /// <summary>True for a text that begins with "line 2" or "line of therapy 2": the name of a line rather than a remark about one.</summary>
    public static bool NamesLine(string text)
    {
        var words = Wording.Words(Wording.Fold(text));
        return words.Count > 1 && IsLine(words[0]) && After(words, 0) is not null;
    }

    /// <summary>True for "line of therapy", "línea de tratamiento": what such a number is about.</summary>
    public static bool IsLineOfTherapy(string text)
    {
        var words = Wording.Words(Wording.Fold(text));
        return words.Exists(IsLine) && words.Exists(word => word is "therapy" or "treatment" or "tratamiento" or "terapia" or "stated" or "indicada");
    }

    private static bool IsLine(string word) => word is "line" or "linea";

    private static int? After(List<string> words, int line)
    {
        var i = line + 1;
        while (i < words.Count && (words[i] is "of" or "de" or "therapy" or "treatment" or "tratamiento" or "terapia" or "no" or "n" or "nº" or "number" or "numero"))
            i++;
        return i < words.Count ? Whole(words[i]) : null;
    }

    private static int? Ordinal(string word) =>
        Array.FindIndex(Ordinals, spellings => spellings.Contains(word, StringComparer.Ordinal)) is >= 0 and var at ? at + 1 : Whole(word);

    private static int? Whole(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostLines ? number : null;
}
