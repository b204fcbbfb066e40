using System.Collections.Frozen;
using System.Text;

namespace FhirMyeloma.R4.Ucum;

/// <summary>
/// What a code that is not UCUM was probably meant to be: units as people write them (<c>mcg</c>, <c>gm/dl</c>, <c>IU/L</c>, <c>mg/24h</c>), wrong case,
/// signs outside ASCII. A repair is offered only when the result is UCUM; it is a suggestion for a person, never applied to a value.
/// </summary>
internal static class UcumSpelling
{
    // What people write, in small letters, and the UCUM symbol. Words that could be several units are left out.
    private static readonly FrozenDictionary<string, string> Words = Table(
        "g: gm gms gr grs gram grams gramme grammes gramo gramos",
        "mg: mgs mgr milligram milligrams miligramo miligramos",
        "ug: mcg mcgs microgram micrograms microgramo microgramos",
        "ng: nanogram nanograms",
        "pg: picogram picograms",
        "kg: kgs kilo kilos kilogram kilograms kilogramo kilogramos",
        "L: lt ltr lts liter liters litre litres litro litros",
        "dL: deciliter deciliters decilitre decilitres decilitro decilitros",
        "mL: cc ccm mls milliliter milliliters millilitre millilitres mililitro mililitros",
        "uL: microliter microliters microlitre microlitres microlitro microlitros",
        "m: meter meters metre metres metro metros",
        "cm: centimeter centimeters centimetre centimetres centimetro centimetros",
        "mm: millimeter millimeters millimetre millimetres milimetro milimetros",
        "mol: mole moles",
        "mmol: millimole millimoles mmole mmoles",
        "eq: equiv",
        "osm: osmol osmole osmoles",
        "s: sec secs second seconds seg segundo segundos",
        "min: mins minute minutes minuto minutos",
        "h: hr hrs hs hour hours hora horas",
        "d: day days dia dias día días",
        "wk: wks week weeks semana semanas",
        "mo: mon mos mth month months mes meses",
        "a: yr yrs year years ano anos año años",
        "[iU]: iu ui",
        "Cel: degc °c ºc celsius centigrade",
        "[degF]: degf °f ºf fahrenheit",
        "[lb_av]: lb lbs pound pounds",
        "[oz_av]: oz ounce ounces",
        "[in_i]: in inch inches",
        "[ft_i]: ft foot feet",
        "mm[Hg]: mmhg torr",
        "cm[H2O]: cmh2o",
        "%: percent pct porcentaje",
        "deg: degree degrees °",
        "[HPF]: hpf",
        "[LPF]: lpf",
        "[pH]: ph",
        "/min: bpm",
        "10*3: k thou",
        "g%: gm% gr%",
        "ug%: mcg%",
        "{cells}: cell cells celulas células",
        "{copies}: copy copies copias",
        "{beats}: beat beats",
        "{breaths}: breath breaths",
        "[drp]: drop drops gtt gtts gota gotas",
        "[tsp_us]: tsp teaspoon teaspoons",
        "[tbs_us]: tbsp tablespoon tablespoons",
        "{tbl}: tab tabs tablet tablets comprimido comprimidos",
        "{capsule}: capsule capsules capsula capsulas",
        "{puff}: puff puffs",
        "{each}: ea each",
        "{ratio}: ratio",
        "{titer}: titer titre",
        "{1.73_m2}: 1.73m2 1.73_m2 1.73sqm");

    // Prefixes in the order in which laboratories use them: of "MG" the milligram is meant before the megagram.
    private static readonly string[] UsualPrefixes = ["m", "u", "d", "k", "n", "c", "p", "f", "M", "G", "T", "h"];

    /// <summary>The repaired code; null when none is sure to be UCUM.</summary>
    public static string? Repair(string code)
    {
        if (code.Length is 0 or > 64)
            return null;
        var plain = Plain(code);
        if (Words.TryGetValue(plain.ToLowerInvariant(), out var whole))
            return whole;
        // Written in capitals altogether, even a symbol that is UCUM was hardly meant: of G/DL the gauss.
        if (!plain.Any(char.IsAsciiLetterLower) && Translate(plain, symbol => Words.GetValueOrDefault(symbol.ToLowerInvariant()) ?? (IsNumber(symbol) ? symbol : Symbol(symbol))) is { } capitals)
            return capitals;
        return Translate(plain, Known) is { } repaired && repaired != code ? repaired : null;
    }

    // Every symbol by the repair, everything between them as it is; null unless the result is UCUM.
    private static string? Translate(string plain, Func<string, string?> repair)
    {
        var repaired = new StringBuilder();
        for (var at = 0; at < plain.Length;)
        {
            var length = SymbolLength(plain.AsSpan(at));
            if (length == 0)
            {
                if (plain[at] == '{')
                {
                    var end = plain.IndexOf('}', at);
                    length = end < 0 ? plain.Length - at : end - at + 1;
                    repaired.Append('{').Append(plain.AsSpan(at + 1, length - 1).TrimEnd('}')).Append('}');
                }
                else
                {
                    repaired.Append(plain[at]);
                    length = 1;
                }
            }
            else
            {
                var symbol = plain.Substring(at, length);
                if (repair(symbol) is { } meant)
                    repaired.Append(repaired is [.., '/'] ? meant.TrimStart('/') : meant);
                else
                    return null;
            }
            at += length;
        }
        var result = repaired.ToString();
        return IsUnit(result) ? result : null;
    }

    // A decimal point inside a number belongs to it here: people write 1.73m2.
    private static int SymbolLength(ReadOnlySpan<char> code)
    {
        if (code.StartsWith("1.73"))
            return 4 + SymbolLength(code[4..]);
        var at = 0;
        var inBrackets = false;
        for (; at < code.Length; at++)
        {
            if (code[at] is '[' or ']')
                inBrackets = code[at] == '[';
            else if (!inBrackets && code[at] is '.' or '/' or '(' or ')' or '{' or '}')
                break;
        }
        return at;
    }

    // One component of the code without its operator.
    private static string? Symbol(string symbol)
    {
        if (Words.TryGetValue(symbol.ToLowerInvariant(), out var word))
            return word;
        // 24h, 100ml, 24 hours: a number of units in the denominator
        var digits = symbol.Length - symbol.AsSpan().TrimStart("0123456789").Length;
        if (digits > 0 && digits < symbol.Length && symbol[0] != '0')
            return PowerOfTen(symbol) ?? (Known(symbol[digits..]) is { } unit ? $"({symbol[..digits]}.{unit})" : null);
        // m^2, cm^3
        var exponent = symbol.Length - symbol.AsSpan().TrimEnd("0123456789+-").Length;
        if (exponent > 0 && exponent < symbol.Length)
        {
            var name = symbol[..^exponent].TrimEnd('^', '*');
            return Known(name) is { } known && !known.Contains('/', StringComparison.Ordinal) ? known + symbol[^exponent..] : null;
        }
        return OtherCase(symbol) ?? PrefixedWord(symbol);
    }

    private static bool IsNumber(string symbol) => !symbol.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static string? Known(string symbol) => IsUnit(symbol) ? symbol : Symbol(symbol);

    // 10E3, 10e9, 10+3, x10^3, 10^3 are ways to write 10*3
    private static string? PowerOfTen(string symbol) =>
        symbol.StartsWith("10", StringComparison.Ordinal) && symbol.Length > 3 && symbol[2] is 'e' or 'E' or '+' or '^' or '*' && symbol.AsSpan(3).TrimStart('+') is var power
            && !power.ContainsAnyExceptInRange('0', '9') ? $"10*{power}" : null;

    private static string? OtherCase(string symbol)
    {
        // UCUM has a variant in capitals, where G is the gram and GS the gauss, MG the milligram and MAG the megagram.
        var inCapitals = Spelled(symbol, atom => atom.InsensitiveCode);
        return inCapitals ?? Spelled(symbol, atom => atom.Code);
    }

    private static string? Spelled(string symbol, Func<UcumAtom, string> spelling)
    {
        if (Find(symbol, onlyMetric: false) is { } whole)
            return whole;
        foreach (var prefix in UsualPrefixes)
        {
            if (symbol.Length > prefix.Length && symbol.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && Find(symbol[prefix.Length..], onlyMetric: true) is { } atom)
                return prefix + atom;
        }
        return null;

        string? Find(string name, bool onlyMetric) =>
            // The litre has two codes; the capital is the one that is not mistaken for a digit.
            name is "L" or "l" ? "L"
            : UcumEssence.Instance.Atoms.Values.FirstOrDefault(atom => (atom.IsMetric || !onlyMetric) && spelling(atom).Equals(name, StringComparison.OrdinalIgnoreCase))?.Code;
    }

    // mIU, uIU, mEq, kgm: a prefix before a word
    private static string? PrefixedWord(string symbol)
    {
        foreach (var prefix in UsualPrefixes)
        {
            if (symbol.Length > prefix.Length && symbol.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && Words.TryGetValue(symbol[prefix.Length..].ToLowerInvariant(), out var word) && IsUnit(prefix + word))
                return prefix + word;
        }
        return null;
    }

    // Signs outside ASCII, blanks, multiplication and powers as people write them.
    private static string Plain(string code)
    {
        var plain = new StringBuilder(code.Trim())
            .Replace('µ', 'u').Replace('μ', 'u').Replace("²", "2").Replace("³", "3").Replace("⁻", "-").Replace("¹", "1").Replace('·', '.').Replace('⋅', '.')
            .Replace('×', 'x').Replace(" per ", "/").Replace(" por ", "/").Replace("\\", "/").Replace(" ", "");
        if (plain.Length > 2 && plain[0] is 'x' or 'X' && plain[1] == '1')
            plain.Remove(0, 1);
        return plain.ToString();
    }

    private static bool IsUnit(string code) => UcumParser.Parse(code, [], out _) is not null;

    private static FrozenDictionary<string, string> Table(params ReadOnlySpan<string> lines)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            foreach (var word in line[(colon + 2)..].Split(' '))
                words.Add(word, line[..colon]);
        }
        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
