using System.Text;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>Spelling made comparable: small letters without accents, Greek letters as words. English and Spanish only.</summary>
internal static class Wording
{
    /// <summary>Longest text that is looked at; longer ones are notes, not names.</summary>
    public const int MaxLength = 2_000;

    /// <summary>
    /// Milliseconds for one regular expression. No text that is matched needs a thousandth of it; a shorter limit would turn a pause of the machine into a fault.
    /// </summary>
    public const int MatchTimeout = 30_000;

    /// <summary>Small letters, no accents, Greek as words, one blank between words; punctuation stays.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(Math.Min(text.Length, MaxLength) + 8);
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            switch (c)
            {
                case >= '\u0300' and <= '\u036F' or '\u00AD':
                    break;
                case 'κ' or 'Κ':
                    folded.Append(" kappa ");
                    break;
                case 'λ' or 'Λ':
                    folded.Append(" lambda ");
                    break;
                case 'β' or 'Β':
                    folded.Append("beta");
                    break;
                case 'µ' or 'μ':
                    folded.Append('u');
                    break;
                case '‐' or '‑' or '‒' or '–' or '—' or '−':
                    folded.Append('-');
                    break;
                case '≤':
                    folded.Append("<=");
                    break;
                case '≥':
                    folded.Append(">=");
                    break;
                case '²':
                    folded.Append('2');
                    break;
                case '³':
                    folded.Append('3');
                    break;
                case var _ when char.IsWhiteSpace(c):
                    folded.Append(' ');
                    break;
                default:
                    folded.Append(Plain(char.ToLowerInvariant(c)));
                    break;
            }
        }
        return Squeeze(folded);
    }

    /// <summary>The words of a folded text: runs of letters and digits.</summary>
    public static List<string> Words(string folded)
    {
        List<string> words = [];
        var start = -1;
        for (var i = 0; i <= folded.Length; i++)
        {
            var inside = i < folded.Length && char.IsLetterOrDigit(folded[i]);
            if (inside && start < 0)
                start = i;
            else if (!inside && start >= 0)
            {
                words.Add(folded[start..i]);
                start = -1;
            }
        }
        return words;
    }

    private static char Plain(char c) => c switch
    {
        'á' or 'à' or 'ä' or 'â' or 'ã' or 'å' => 'a',
        'é' or 'è' or 'ë' or 'ê' => 'e',
        'í' or 'ì' or 'ï' or 'î' => 'i',
        'ó' or 'ò' or 'ö' or 'ô' or 'õ' or 'ø' => 'o',
        'ú' or 'ù' or 'ü' or 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        _ => c,
    };

    private static string Squeeze(StringBuilder text)
    {
        var at = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ' && (at == 0 || text[at - 1] == ' '))
                continue;
            text[at++] = text[i];
        }
        if (at > 0 && text[at - 1] == ' ')
            at--;
        return text.ToString(0, at);
    }
}
