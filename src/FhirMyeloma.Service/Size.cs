namespace FhirMyeloma.Service;

/// <summary>How much a body can unfold to, told without reading it.</summary>
internal static class Size
{
    // A body too short to hold many values need not be counted.
    private const int Small = 1_000_000;

    /// <summary>At least the number of values; commas, brackets and angles inside strings count too. 0 for a short body.</summary>
    public static int Values(ReadOnlySpan<byte> utf8, WireFormat format) => (utf8.Length < Small, format) switch
    {
        (true, _) => 0,
        (_, WireFormat.Json) => utf8.Count((byte)',') + utf8.Count((byte)'{') + utf8.Count((byte)'['),
        (_, WireFormat.Xml) => utf8.Count((byte)'<') + utf8.Count((byte)'='),
    };
}
