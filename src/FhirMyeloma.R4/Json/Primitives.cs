using System.Buffers;
using System.Buffers.Text;
using System.Text;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Json;

/// <summary>
/// The formats of the 20 primitive types (datatypes page of R4), written out by hand: one pass over the bytes, no
/// backtracking. White space means the four ASCII characters: U+00A0 counts as text, where the published regular
/// expressions, read as .NET reads them, would refuse it.
/// </summary>
internal static class Primitives
{
    /// <summary>The limit that R4 sets on a string, in characters.</summary>
    public const int LongestString = 1_048_576;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);
    private static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(value => value is not ('\t' or '\r' or '\n')).Select(value => (byte)value)]);

    /// <summary>True when the bytes, already without JSON escapes, are a value of the type. Not asked of xhtml, nor for empty values.</summary>
    public static bool IsValid(PrimitiveKind kind, ReadOnlySpan<byte> value) => kind switch
    {
        PrimitiveKind.String or PrimitiveKind.Markdown => value.IndexOfAny(Forbidden) < 0,
        PrimitiveKind.Code => IsCode(value),
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical => value.IndexOfAny(WhiteSpace) < 0 && value.IndexOfAny(Forbidden) < 0,
        PrimitiveKind.DateTime => IsDateTime(value),
        PrimitiveKind.Id => value.Length is > 0 and <= 64 && value.IndexOfAnyExcept(IdBytes) < 0,
        PrimitiveKind.Date => DateLength(value) == value.Length,
        PrimitiveKind.Instant => IsInstant(value),
        PrimitiveKind.Decimal => IsDecimal(value),
        PrimitiveKind.Integer => IsInteger(value, int.MinValue),
        PrimitiveKind.UnsignedInt => IsInteger(value, 0),
        PrimitiveKind.PositiveInt => IsInteger(value, 1),
        PrimitiveKind.Boolean => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8),
        PrimitiveKind.Time => TimeLength(value) == value.Length,
        PrimitiveKind.Base64Binary => IsBase64(value),
        PrimitiveKind.Oid => IsOid(value),
        PrimitiveKind.Uuid => IsUuid(value),
        PrimitiveKind.Xhtml or PrimitiveKind.None => true,
    };

    /// <summary>What a right value looks like, for the text of an issue.</summary>
    public static string Expectation(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.String or PrimitiveKind.Markdown => "text without control characters other than tab, carriage return and line feed",
        PrimitiveKind.Code => "a code without leading, trailing or double white space",
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical => "a URI without white space",
        PrimitiveKind.DateTime => "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a time zone (Z or +hh:mm)",
        PrimitiveKind.Id => "1 to 64 letters, digits, '-' or '.'",
        PrimitiveKind.Date => "a calendar date YYYY, YYYY-MM or YYYY-MM-DD",
        PrimitiveKind.Instant => "YYYY-MM-DDThh:mm:ss with a time zone (Z or +hh:mm)",
        PrimitiveKind.Decimal => "a number",
        PrimitiveKind.Integer => "a whole number from -2147483648 to 2147483647",
        PrimitiveKind.UnsignedInt => "a whole number from 0 to 2147483647",
        PrimitiveKind.PositiveInt => "a whole number from 1 to 2147483647",
        PrimitiveKind.Boolean => "true or false",
        PrimitiveKind.Time => "hh:mm:ss without a time zone",
        PrimitiveKind.Base64Binary => "base64: groups of four characters, '=' only at the end",
        PrimitiveKind.Oid => "urn:oid: followed by an OID",
        PrimitiveKind.Uuid => "urn:uuid: followed by a UUID in lower case",
        PrimitiveKind.Xhtml => "a div of XHTML",
        PrimitiveKind.None => "an object",
    };

    private static bool IsCode(ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAny(Forbidden) >= 0)
            return false;
        var space = value.IndexOfAny(WhiteSpace);
        if (space < 0)
            return value.Length > 0;
        if (space == 0 || WhiteSpace.Contains(value[^1]))
            return false;
        for (var at = space + 1; at < value.Length; at++)
        {
            if (WhiteSpace.Contains(value[at]) && WhiteSpace.Contains(value[at - 1]))
                return false;
        }
        return true;
    }

    private static bool IsDateTime(ReadOnlySpan<byte> value)
    {
        var date = DateLength(value);
        return date == value.Length && date > 0 || date == 10 && IsTimeWithZone(value[10..]);
    }

    private static bool IsInstant(ReadOnlySpan<byte> value) => DateLength(value) == 10 && IsTimeWithZone(value[10..]);

    /// <summary>Length of the date at the start (4, 7 or 10), 0 when there is none; days are checked against the calendar.</summary>
    private static int DateLength(ReadOnlySpan<byte> value)
    {
        if (value.Length < 4 || !Number(value[..4], out var year) || year == 0)
            return 0;
        if (value.Length < 7 || value[4] != '-')
            return 4;
        if (!Number(value[5..7], out var month) || month is < 1 or > 12)
            return 0;
        if (value.Length < 10 || value[7] != '-')
            return 7;
        return Number(value[8..10], out var day) && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? 10 : 0;
    }

    /// <summary>Length of <c>hh:mm:ss[.fff]</c> at the start, else 0. A leap second is allowed.</summary>
    private static int TimeLength(ReadOnlySpan<byte> value)
    {
        if (value.Length < 8 || value[2] != ':' || value[5] != ':'
            || !Number(value[..2], out var hour) || hour > 23
            || !Number(value[3..5], out var minute) || minute > 59
            || !Number(value[6..8], out var second) || second > 60)
        {
            return 0;
        }
        if (value.Length == 8 || value[8] != '.')
            return 8;
        var digits = value[9..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? value.Length - 9 : digits;
        return digits == 0 ? 0 : 9 + digits;
    }

    private static bool IsTimeWithZone(ReadOnlySpan<byte> value)
    {
        if (value.Length < 10 || value[0] != 'T')
            return false;
        var time = TimeLength(value[1..]);
        if (time == 0)
            return false;
        var zone = value[(1 + time)..];
        if (zone is [(byte)'Z'])
            return true;
        return zone.Length == 6 && zone[0] is (byte)'+' or (byte)'-' && zone[3] == ':'
            && Number(zone[1..3], out var hours) && Number(zone[4..6], out var minutes)
            && (hours <= 13 && minutes <= 59 || hours == 14 && minutes == 0);
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            value = value * 10 + (digit - '0');
        }
        return true;
    }

    private static bool IsInteger(ReadOnlySpan<byte> value, int least) =>
        Utf8Parser.TryParse(value, out int number, out var consumed) && consumed == value.Length && number >= least
        && value[0] != '+' && HasNoLeadingZero(value);

    private static bool HasNoLeadingZero(ReadOnlySpan<byte> value)
    {
        var digits = value[0] == '-' ? value[1..] : value;
        return digits.Length == 1 || digits[0] != '0';
    }

    private static bool IsDecimal(ReadOnlySpan<byte> value)
    {
        var at = value.Length > 0 && value[0] == '-' ? 1 : 0;
        var whole = Digits(value, at);
        if (whole == 0 || whole > 1 && value[at] == '0')
            return false;
        at += whole;
        if (at < value.Length && value[at] == '.')
        {
            var fraction = Digits(value, at + 1);
            if (fraction == 0)
                return false;
            at += 1 + fraction;
        }
        if (at < value.Length && value[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < value.Length && value[at] is (byte)'+' or (byte)'-')
                at++;
            var exponent = Digits(value, at);
            if (exponent == 0)
                return false;
            at += exponent;
        }
        return at == value.Length;
    }

    private static int Digits(ReadOnlySpan<byte> value, int from)
    {
        if (from >= value.Length)
            return 0;
        var end = value[from..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? value.Length - from : end;
    }

    private static bool IsBase64(ReadOnlySpan<byte> value)
    {
        var symbols = 0;
        var padding = 0;
        foreach (var symbol in value)
        {
            if (WhiteSpace.Contains(symbol))
                continue;
            if (symbol == '=')
                padding++;
            else if (padding > 0 || !(char.IsAsciiLetterOrDigit((char)symbol) || symbol is (byte)'+' or (byte)'/'))
                return false;
            symbols++;
        }
        return symbols > 0 && symbols % 4 == 0 && padding <= 2;
    }

    private static bool IsOid(ReadOnlySpan<byte> value)
    {
        if (!value.StartsWith("urn:oid:"u8) || value.Length < 11 || value[8] is < (byte)'0' or > (byte)'2' || value[9] != '.')
            return false;
        for (var at = 10; ; at++)
        {
            var digits = Digits(value, at);
            if (digits == 0 || digits > 1 && value[at] == '0')
                return false;
            at += digits;
            if (at == value.Length)
                return true;
            if (value[at] != '.')
                return false;
        }
    }

    private static bool IsUuid(ReadOnlySpan<byte> value)
    {
        if (value.Length != 45 || !value.StartsWith("urn:uuid:"u8))
            return false;
        for (var at = 9; at < value.Length; at++)
        {
            var dash = (at - 9) is 8 or 13 or 18 or 23;
            if (dash ? value[at] != '-' : !LowerHex.Contains(value[at]))
                return false;
        }
        return true;
    }

    /// <summary>True when the narrative's root is a <c>div</c> in the XHTML namespace (narrative page of R4).</summary>
    public static bool IsXhtmlDiv(ReadOnlySpan<byte> value)
    {
        var text = value.TrimStart(" \t\r\n"u8);
        if (text.StartsWith("<?xml"u8))
        {
            var end = text.IndexOf("?>"u8);
            text = end < 0 ? text : text[(end + 2)..].TrimStart(" \t\r\n"u8);
        }
        while (text.StartsWith("<!--"u8) && text.IndexOf("-->"u8) is >= 0 and var comment)
            text = text[(comment + 3)..].TrimStart(" \t\r\n"u8);
        var close = text.IndexOf((byte)'>');
        if (close < 0 || text[0] != '<')
            return false;
        var tag = Encoding.UTF8.GetString(text[1..close]);
        var name = tag.Split([' ', '\t', '\r', '\n', '/'], 2)[0];
        var prefix = name.EndsWith(":div", StringComparison.Ordinal) ? ":" + name[..^4] : name == "div" ? "" : null;
        return prefix is not null
            && (HasAttribute(tag, $"xmlns{prefix}=\"http://www.w3.org/1999/xhtml\"") || HasAttribute(tag, $"xmlns{prefix}='http://www.w3.org/1999/xhtml'"));
    }

    private static bool HasAttribute(string tag, string attribute) =>
        tag.IndexOf(attribute, StringComparison.Ordinal) is > 0 and var at && tag[at - 1] is ' ' or '\t' or '\r' or '\n';
}
