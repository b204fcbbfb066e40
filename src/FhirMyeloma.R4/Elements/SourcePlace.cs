namespace FhirMyeloma.R4.Elements;

/// <summary>Where something stands in the source text.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in characters (Unicode code points).</param>
public readonly record struct SourcePlace(int Line, int Column);

/// <summary>Turns byte offsets into lines and columns; remembers where it was, so that rising offsets cost one pass.</summary>
/// <param name="source">The JSON.</param>
/// <param name="origin">The places in the text that the JSON was made from; null when the JSON is what was sent.</param>
internal ref struct PlaceFinder(ReadOnlySpan<byte> source, PlaceMap? origin = null)
{
    private readonly ReadOnlySpan<byte> source = source;
    private int at;
    private int line = 1;
    private int column = 1;

    public SourcePlace Find(int offset)
    {
        if (origin is not null)
            return origin.Find(offset);
        if (offset < at)
            (at, line, column) = (0, 1, 1);
        var rest = source[at..Math.Min(offset, source.Length)];
        for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            line++;
            column = 1;
            rest = rest[(end + 1)..];
        }
        foreach (var value in rest)
        {
            if ((value & 0xC0) != 0x80)
                column++;
        }
        at = Math.Min(offset, source.Length);
        return new(line, column);
    }
}
