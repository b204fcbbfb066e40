using System.Buffers;

namespace FhirMyeloma.R4.Profiles;

/// <summary>
/// Media types as RFC 6838 section 4.2 names them and RFC 2045 section 5.1 adds parameters: <c>type/subtype; name=value</c>.
/// Whether a type is registered is not judged: FHIR itself uses types that are not.
/// </summary>
internal static class MediaTypes
{
    public const string System = "urn:ietf:bcp:13";

    private const int MaxName = 127;

    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$&-^_.+");

    private static readonly SearchValues<char> TokenLetters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&'*+-.^_`{|}~");

    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(';');
        var essence = (end < 0 ? text : text[..end]).TrimEnd(' ');
        var slash = essence.IndexOf('/');
        return slash > 0 && IsName(essence[..slash]) && IsName(essence[(slash + 1)..]) && (end < 0 || AreParameters(text[end..]));
    }

    private static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxName && char.IsAsciiLetterOrDigit(name[0]) && !name.ContainsAnyExcept(NameLetters);

    // *( ";" token "=" ( token / quoted-string ) ), with blanks around the semicolons
    private static bool AreParameters(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] != ';')
                return false;
            text = text[1..].TrimStart(' ');
            var equals = text.IndexOf('=');
            if (equals < 1 || text[..equals].ContainsAnyExcept(TokenLetters))
                return false;
            text = text[(equals + 1)..];
            var length = text.StartsWith("\"") ? QuotedLength(text) : text.IndexOfAnyExcept(TokenLetters) is var other and >= 0 ? other : text.Length;
            if (length == 0)
                return false;
            text = text[length..].TrimStart(' ');
        }
        return true;
    }

    // 0 when the quote does not end.
    private static int QuotedLength(ReadOnlySpan<char> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '"')
                return at + 1;
        }
        return 0;
    }
}
