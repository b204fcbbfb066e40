using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FhirMyeloma.R4.Json;

/// <summary>
/// Writes JSON in the canonical form of the product: no white space, only the escapes that JSON requires (quote, backslash,
/// control characters), decimals without exponent and without trailing zeros. The order of members is the caller's.
/// </summary>
public sealed class CanonicalJson
{
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create([.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>Beyond so many digits a decimal keeps its exponent: nobody means them, and they could fill the memory.</summary>
    private const int LongestExpansion = 1000;

    private byte[] output;
    private int length;
    private bool needsComma;

    /// <summary>An empty text.</summary>
    public CanonicalJson(int capacity = 4096) => output = new byte[Math.Max(64, capacity)];

    /// <summary>Begins in a buffer that the caller takes back afterwards, or leaves it for a larger one.</summary>
    internal CanonicalJson(byte[] buffer) => output = buffer;

    /// <summary>What has been written so far; valid until more is written.</summary>
    public ReadOnlyMemory<byte> Written => output.AsMemory(0, length);

    /// <summary>Bytes written so far.</summary>
    internal int Length => length;

    /// <summary>A copy of what has been written.</summary>
    public byte[] ToArray() => output.AsSpan(0, length).ToArray();

    /// <summary>Opens an object, as an item or as the value of the name before it.</summary>
    public CanonicalJson StartObject() => Open((byte)'{');

    /// <summary>Closes the object.</summary>
    public CanonicalJson EndObject() => Close((byte)'}');

    /// <summary>Opens an array.</summary>
    public CanonicalJson StartArray() => Open((byte)'[');

    /// <summary>Closes the array.</summary>
    public CanonicalJson EndArray() => Close((byte)']');

    /// <summary>The name of the member whose value comes next.</summary>
    public CanonicalJson Name(string name)
    {
        String(name);
        Append((byte)':');
        needsComma = false;
        return this;
    }

    /// <summary>A name with its quotes and colon.</summary>
    internal void QuotedName(ReadOnlySpan<byte> quoted)
    {
        Separate();
        Append(quoted);
        needsComma = false;
    }

    /// <summary>A string.</summary>
    public CanonicalJson String(string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(most);
        String(buffer.AsSpan(0, Encoding.UTF8.GetBytes(value, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return this;
    }

    /// <summary>A string, given as UTF-8.</summary>
    public CanonicalJson String(ReadOnlySpan<byte> utf8)
    {
        Separate();
        Append((byte)'"');
        for (var at = utf8.IndexOfAny(MustEscape); at >= 0; at = utf8.IndexOfAny(MustEscape))
        {
            Append(utf8[..at]);
            Escape(utf8[at]);
            utf8 = utf8[(at + 1)..];
        }
        Append(utf8);
        Append((byte)'"');
        needsComma = true;
        return this;
    }

    /// <summary>A decimal without exponent and trailing zeros: 1.50 becomes 1.5, 2.00 becomes 2.</summary>
    public CanonicalJson Number(decimal value) => Raw(Encoding.ASCII.GetBytes(Decimal(value.ToString(CultureInfo.InvariantCulture))));

    /// <summary>A whole number.</summary>
    public CanonicalJson Number(long value) => Raw(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>true or false.</summary>
    public CanonicalJson Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>null.</summary>
    public CanonicalJson Null() => Raw("null"u8);

    /// <summary>JSON that is canonical already, for instance a resource from <see cref="FhirJsonWriter"/>.</summary>
    public CanonicalJson Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        Append(json);
        needsComma = true;
        return this;
    }

    /// <summary>A member with a string value; nothing when the value is null.</summary>
    public CanonicalJson Member(string name, string? value) => value is null ? this : Name(name).String(value);

    /// <summary>A member with a decimal value; nothing when the value is null.</summary>
    public CanonicalJson Member(string name, decimal? value) => value is null ? this : Name(name).Number(value.Value);

    /// <summary>A member with a boolean value; nothing when the value is null.</summary>
    public CanonicalJson Member(string name, bool? value) => value is null ? this : Name(name).Boolean(value.Value);

    /// <summary>The canonical spelling of a JSON number: no exponent, no trailing zeros, no negative zero.</summary>
    public static string Decimal(string lexical)
    {
        var negative = lexical.StartsWith('-');
        var exponentAt = lexical.AsSpan().IndexOfAny('e', 'E');
        var mantissa = lexical[(negative ? 1 : 0)..(exponentAt < 0 ? lexical.Length : exponentAt)];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        var scale = 0L;
        if (exponentAt >= 0 && !long.TryParse(lexical.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out scale))
            return lexical;
        if (Math.Abs(scale) > LongestExpansion)
            return lexical;
        var position = (int)scale + (point < 0 ? mantissa.Length : point);
        if (position <= 0)
            (digits, position) = (new string('0', 1 - position) + digits, 1);
        else if (position > digits.Length)
            digits = digits.PadRight(position, '0');
        var whole = digits[..position].TrimStart('0');
        var fraction = digits[position..].TrimEnd('0');
        var unsigned = (whole.Length == 0 ? "0" : whole) + (fraction.Length == 0 ? "" : "." + fraction);
        return negative && unsigned != "0" ? "-" + unsigned : unsigned;
    }

    /// <summary>A JSON number in its canonical spelling, given as it was written.</summary>
    internal void CanonicalNumber(ReadOnlySpan<byte> lexical)
    {
        var point = lexical.IndexOf((byte)'.');
        var isCanonical = lexical.IndexOfAny((byte)'e', (byte)'E') < 0 && (point < 0 || lexical[^1] != '0') && !(lexical[0] == '-' && lexical.IndexOfAnyInRange((byte)'1', (byte)'9') < 0);
        Raw(isCanonical ? lexical : Encoding.ASCII.GetBytes(Decimal(Encoding.ASCII.GetString(lexical))));
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (output.Length - length < bytes.Length)
            Grow(bytes.Length);
        bytes.CopyTo(output.AsSpan(length));
        length += bytes.Length;
    }

    private void Append(byte value)
    {
        if (output.Length == length)
            Grow(1);
        output[length++] = value;
    }

    private void Grow(int needed) => Array.Resize(ref output, (int)Math.Min(Array.MaxLength, Math.Max(output.Length * 2L, (long)length + needed)));

    private CanonicalJson Open(byte bracket)
    {
        Separate();
        Append(bracket);
        needsComma = false;
        return this;
    }

    private CanonicalJson Close(byte bracket)
    {
        Append(bracket);
        needsComma = true;
        return this;
    }

    private void Separate()
    {
        if (needsComma)
            Append((byte)',');
    }

    private void Escape(byte value)
    {
        switch (value)
        {
            case (byte)'"': Append("\\\""u8); break;
            case (byte)'\\': Append("\\\\"u8); break;
            case (byte)'\b': Append("\\b"u8); break;
            case (byte)'\f': Append("\\f"u8); break;
            case (byte)'\n': Append("\\n"u8); break;
            case (byte)'\r': Append("\\r"u8); break;
            case (byte)'\t': Append("\\t"u8); break;
            default:
                Span<byte> escape = [(byte)'\\', (byte)'u', (byte)'0', (byte)'0', 0, 0];
                Utf8Formatter.TryFormat(value, escape[4..], out _, new StandardFormat('x', 2));
                Append(escape);
                break;
        }
    }
}
