using System.Buffers;

namespace FhirMyeloma.R4.Xml;

/// <summary>UTF-8 that grows, and what XML asks of text in it.</summary>
internal sealed class XmlOutput(int capacity)
{
    // 0xEF begins U+FFFE and U+FFFF, which XML excludes, and some letters that it does not.
    private static readonly SearchValues<byte> MayNotStand = SearchValues.Create([.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'<', (byte)'>', (byte)'&', (byte)'"', 0xEF]);

    private byte[] output = new byte[Math.Max(256, capacity)];
    private int length;

    public byte[] ToArray() => output.AsSpan(0, length).ToArray();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (output.Length - length < bytes.Length)
            Array.Resize(ref output, (int)Math.Min(Array.MaxLength, Math.Max(output.Length * 2L, (long)length + bytes.Length)));
        bytes.CopyTo(output.AsSpan(length));
        length += bytes.Length;
    }

    /// <summary>
    /// Text or the value of an attribute. White space other than blanks is written by number, or an attribute would lose it;
    /// characters that XML cannot have (U+0000, say) become U+FFFD.
    /// </summary>
    public void AppendEscaped(ReadOnlySpan<byte> utf8)
    {
        for (var at = utf8.IndexOfAny(MayNotStand); at >= 0; at = utf8.IndexOfAny(MayNotStand))
        {
            Append(utf8[..at]);
            var isNoCharacter = utf8[at..] is [0xEF, 0xBF, 0xBE or 0xBF, ..];
            Append(utf8[at] switch
            {
                (byte)'<' => "&lt;"u8,
                (byte)'>' => "&gt;"u8,
                (byte)'&' => "&amp;"u8,
                (byte)'"' => "&quot;"u8,
                (byte)'\t' => "&#9;"u8,
                (byte)'\n' => "&#10;"u8,
                (byte)'\r' => "&#13;"u8,
                0xEF when !isNoCharacter => [0xEF],
                _ => "\uFFFD"u8,
            });
            utf8 = utf8[(at + (isNoCharacter ? 3 : 1))..];
        }
        Append(utf8);
    }
}
