using System.Text;

namespace FhirMyeloma.R4.Search;

/// <summary>
/// Texts as a search by string compares them: without case, accents and needless white space (R4 search.html#string). Punctuation counts as
/// white space, an apostrophe as nothing, so that <c>o'brien</c>, <c>OBrien</c> and <c>Pérez-García</c>, <c>perez garcia</c> meet. Latin and Greek letters lose
/// their marks; the tables hold the plain letter of each, as the decompositions of Unicode have it.
/// </summary>
internal static class Folding
{
    /// <summary>U+00C0 to U+024F.</summary>
    private const string Latin =
        "aaaaaaæceeeeiiiidnooooo×ouuuuyþßaaaaaaæceeeeiiiidnooooo÷ouuuuyþyaaaaaaccccccccddddeeeeeeeeeegggg" +
        "gggghhhhiiiiiiiiiiĳĳjjkkkllllllllllnnnnnnnnnooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs" +
        "bbbbƅƅɔƈƈɖɗƌƌƍǝəɛƒƒɠɣƕɩɨƙƙƚƛɯɲƞɵooƣƣƥƥʀƨƨʃƪƫƭƭʈuuʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿǀǁǂǃǆǆǆǉǉǉǌǌǌaaiioouuuuuuuuuuǝaa" +
        "aaææǥǥggkkooooʒʒjǳǳǳggƕƿnnaaææooaaaaeeeeiiiioooorrrruuuussttȝȝhhƞȡȣȣȥȥaaeeooooooooyyȴȵȶȷȸȹⱥȼȼƚⱦȿ" +
        "ɀɂɂbʉʌɇɇɉɉɋɋɍɍɏɏ";

    /// <summary>U+1E00 to U+1EFF.</summary>
    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr" +
        "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyẚsẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee" +
        "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ";

    /// <summary>U+0386 to U+03CE.</summary>
    private const string Greek =
        "α·εηι΋ο΍υωιαβγδεζηθικλμνξοπρ΢στυφχψωιυαεηιυαβγδεζηθικλμνξοπρςστυφχψωιυουω";

    /// <summary>The folded text; empty when it has no letter or digit.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length + 4);
        foreach (var letter in text)
        {
            if (char.IsAsciiLetterOrDigit(letter))
                folded.Append(char.ToLowerInvariant(letter));
            else if (letter < 128)
                Separate(folded, letter);
            else
                Append(folded, letter);
        }
        while (folded.Length > 0 && folded[^1] == ' ')
            folded.Length--;
        return folded.ToString();
    }

    private static void Append(StringBuilder folded, char letter)
    {
        letter = letter switch
        {
            >= '\u00C0' and <= '\u024F' => Latin[letter - '\u00C0'],
            >= '\u1E00' and <= '\u1EFF' => LatinAdditional[letter - '\u1E00'],
            >= '\u0386' and <= '\u03CE' => Greek[letter - '\u0386'],
            _ => char.ToLowerInvariant(letter),
        };
        switch (letter)
        {
            case 'ß' or 'ẞ': folded.Append("ss"); break;
            case 'æ': folded.Append("ae"); break;
            case 'œ': folded.Append("oe"); break;
            case 'þ': folded.Append("th"); break;
            case >= '\u0300' and <= '\u036F': break;
            case 'ª' or 'º': folded.Append(letter == 'ª' ? 'a' : 'o'); break;
            default:
                if (char.IsLetterOrDigit(letter) || char.IsSurrogate(letter))
                    folded.Append(letter);
                else
                    Separate(folded, letter);
                break;
        }
    }

    private static void Separate(StringBuilder folded, char sign)
    {
        if (sign is '\'' or '’' or 'ʼ' || folded.Length == 0 || folded[^1] == ' ')
            return;
        folded.Append(' ');
    }
}
