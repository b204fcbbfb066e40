namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>Check digits of LOINC (mod 10) and SNOMED CT (Verhoeff), R-CODE-1.</summary>
internal static class CheckDigits
{
    private static readonly byte[,] Product =
    {
        { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 1, 2, 3, 4, 0, 6, 7, 8, 9, 5 }, { 2, 3, 4, 0, 1, 7, 8, 9, 5, 6 }, { 3, 4, 0, 1, 2, 8, 9, 5, 6, 7 },
        { 4, 0, 1, 2, 3, 9, 5, 6, 7, 8 }, { 5, 9, 8, 7, 6, 0, 4, 3, 2, 1 }, { 6, 5, 9, 8, 7, 1, 0, 4, 3, 2 }, { 7, 6, 5, 9, 8, 2, 1, 0, 4, 3 },
        { 8, 7, 6, 5, 9, 3, 2, 1, 0, 4 }, { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 },
    };

    private static readonly byte[,] Permutation =
    {
        { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 1, 5, 7, 6, 2, 8, 3, 0, 9, 4 }, { 5, 8, 0, 3, 7, 9, 6, 1, 4, 2 }, { 8, 9, 1, 6, 0, 4, 3, 5, 2, 7 },
        { 9, 4, 5, 3, 1, 2, 6, 8, 7, 0 }, { 4, 2, 8, 6, 5, 7, 3, 9, 0, 1 }, { 2, 7, 9, 3, 8, 0, 6, 4, 1, 5 }, { 7, 0, 4, 6, 9, 1, 3, 2, 5, 8 },
    };

    /// <summary>True for a LOINC code whose last digit is right. Of parts and answers (LA, LP, …) only the shape is judged: their digit follows another rule.</summary>
    public static bool IsLoinc(ReadOnlySpan<char> code)
    {
        var isCode = !(code.Length > 2 && code[0] == 'L' && char.IsAsciiLetterUpper(code[1]));
        var digits = isCode ? code : code[2..];
        var hyphen = digits.IndexOf('-');
        if (hyphen is < 1 or > 8 || hyphen != digits.Length - 2 || !char.IsAsciiDigit(digits[^1]) || digits[..hyphen].ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!isCode)
            return true;
        var sum = 0;
        var twice = true;
        for (var i = hyphen - 1; i >= 0; i--, twice = !twice)
        {
            var digit = digits[i] - '0';
            sum += twice ? (digit * 2 / 10) + (digit * 2 % 10) : digit;
        }
        return (10 - (sum % 10)) % 10 == digits[^1] - '0';
    }

    /// <summary>True for a SNOMED CT identifier of 6 to 18 digits whose last digit is right.</summary>
    public static bool IsSnomed(ReadOnlySpan<char> code)
    {
        if (code.Length is < 6 or > 18 || code[0] == '0' || code.ContainsAnyExceptInRange('0', '9'))
            return false;
        byte check = 0;
        for (var i = 0; i < code.Length; i++)
            check = Product[check, Permutation[i % 8, code[^(i + 1)] - '0']];
        return check == 0;
    }

    /// <summary>False when the system has check digits and the code's is wrong; a post-coordinated expression is left alone.</summary>
    public static bool Holds(string system, string code) => system switch
    {
        CodeSystems.Loinc => IsLoinc(code),
        CodeSystems.Snomed => code.AsSpan().ContainsAny(":+|= ") || IsSnomed(code),
        _ => true,
    };
}
