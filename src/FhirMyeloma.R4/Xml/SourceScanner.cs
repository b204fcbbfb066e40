namespace FhirMyeloma.R4.Xml;

/// <summary>
/// Turns the lines and columns of an XML reader (UTF-16 units; lines end as XML says: LF, CR LF or CR) into offsets of the
/// UTF-8 source. It only goes forward, so that all questions together cost one pass.
/// </summary>
internal struct SourceScanner(ReadOnlyMemory<byte> source)
{
    private int line = 1;
    private int column = 1;
    private int at;

    /// <summary>How many characters before the last place, in its line, take two units.</summary>
    public int Pairs { get; private set; }

    /// <summary>Offset of the place; -1 when it lies behind an earlier one or after the end.</summary>
    public int Offset(int atLine, int atColumn)
    {
        var span = source.Span;
        while (line < atLine)
        {
            var end = span[at..].IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
                return -1;
            at += end + (span[at + end] == '\r' && at + end + 1 < span.Length && span[at + end + 1] == '\n' ? 2 : 1);
            line++;
            column = 1;
            Pairs = 0;
        }
        if (line > atLine || column > atColumn)
            return -1;
        for (; column < atColumn && at < span.Length; at++)
        {
            if ((span[at] & 0xC0) == 0x80)
                continue;
            var isPair = span[at] >= 0xF0;
            column += isPair ? 2 : 1;
            Pairs += isPair ? 1 : 0;
        }
        while (at < span.Length && (span[at] & 0xC0) == 0x80)
            at++;
        return column == atColumn ? at : -1;
    }
}
