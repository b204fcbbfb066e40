using System.Buffers;
using System.Collections.Frozen;

namespace FhirMyeloma.R4.Profiles;

/// <summary>
/// Language tags of BCP 47, judged by the grammar of RFC 5646 section 2.1 and its rule against repeated variants and extensions (2.2.5, 2.2.6).
/// Whether a subtag is registered is not judged. Case has no meaning.
/// </summary>
internal static class LanguageTags
{
    public const string System = "urn:ietf:bcp:47";

    private const int MaxLength = 100;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // RFC 5646 2.1, productions irregular and regular: tags of old that do not fit the grammar, or fit it by chance.
    private static readonly FrozenSet<string> Grandfathered = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "en-GB-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu",
        "sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE", "art-lojban", "cel-gaulish", "no-bok", "no-nyn", "zh-guoyu", "zh-hakka", "zh-min", "zh-min-nan", "zh-xiang");

    public static bool IsWellFormed(string tag)
    {
        if (tag.Length is 0 or > MaxLength || tag.AsSpan().ContainsAnyExcept(Allowed))
            return false;
        if (Grandfathered.Contains(tag))
            return true;
        var subtags = tag.Split('-');
        if (subtags.Any(subtag => subtag.Length is 0 or > 8))
            return false;
        return IsSingleton(subtags[0], 'x') ? subtags.Length > 1 : IsLanguageTag(subtags);
    }

    /// <summary>The same tag as usually written: language small, script with a capital, region in capitals (RFC 5646 2.1.1).</summary>
    public static string Usual(string tag)
    {
        var subtags = tag.Split('-');
        for (var at = 0; at < subtags.Length; at++)
        {
            var subtag = subtags[at].ToLowerInvariant();
            if (at > 0 && subtags[at - 1].Length == 1)
                return string.Join('-', [.. subtags[..at], .. subtags[at..].Select(rest => rest.ToLowerInvariant())]);
            subtags[at] = at == 0 ? subtag
                : subtag.Length == 2 ? subtag.ToUpperInvariant()
                : subtag.Length == 4 && !char.IsAsciiDigit(subtag[0]) ? char.ToUpperInvariant(subtag[0]) + subtag[1..]
                : subtag;
        }
        return string.Join('-', subtags);
    }

    // language [-extlang] [-script] [-region] *(-variant) *(-extension) [-privateuse]
    private static bool IsLanguageTag(string[] subtags)
    {
        var language = subtags[0];
        if (language.Length < 2 || !IsAlphabetic(language))
            return false;
        var at = 1;
        if (language.Length <= 3)
        {
            for (var extended = 0; extended < 3 && at < subtags.Length && subtags[at].Length == 3 && IsAlphabetic(subtags[at]); extended++)
                at++;
        }
        if (at < subtags.Length && subtags[at].Length == 4 && IsAlphabetic(subtags[at]))
            at++;
        if (at < subtags.Length && (subtags[at].Length == 2 ? IsAlphabetic(subtags[at]) : subtags[at].Length == 3 && IsNumeric(subtags[at])))
            at++;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (at < subtags.Length && (subtags[at].Length >= 5 || (subtags[at].Length == 4 && char.IsAsciiDigit(subtags[at][0]))))
        {
            if (!seen.Add(subtags[at++]))
                return false;
        }
        while (at < subtags.Length && subtags[at].Length == 1 && !IsSingleton(subtags[at], 'x'))
        {
            if (!seen.Add(subtags[at++]))
                return false;
            var first = at;
            while (at < subtags.Length && subtags[at].Length >= 2)
                at++;
            if (at == first)
                return false;
        }
        return at == subtags.Length || (IsSingleton(subtags[at], 'x') && at + 1 < subtags.Length);
    }

    private static bool IsSingleton(string subtag, char letter) => subtag.Length == 1 && char.ToLowerInvariant(subtag[0]) == letter;

    private static bool IsAlphabetic(string subtag) => subtag.All(char.IsAsciiLetter);

    private static bool IsNumeric(string subtag) => subtag.All(char.IsAsciiDigit);
}
