using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Profiles;

/// <summary>The profiles and extension definitions of the R4 core package, from the embedded lines; each is read when it is first asked for.</summary>
internal sealed class CoreDefinitions
{
    /// <summary>The version that every one of them has.</summary>
    public const string Version = "4.0.1";

    private static readonly Lazy<CoreDefinitions> Instance = new(() => new CoreDefinitions(Unpack()));
    private static readonly ReadLimits Trusting = new(Check: false);

    private readonly byte[] text;
    private readonly Dictionary<string, (int Offset, int Length)> lines = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FhirDocument> read = new(StringComparer.Ordinal);

    private CoreDefinitions(byte[] text)
    {
        this.text = text;
        for (int offset = 0, length; offset < text.Length; offset += length + 1)
        {
            var rest = text.AsSpan(offset);
            length = rest.IndexOf((byte)'\n') is >= 0 and var end ? end : rest.Length;
            // The condense script writes the url right behind the type.
            var url = rest[(rest.IndexOf("\"url\":\""u8) + 7)..];
            lines.Add(Encoding.UTF8.GetString(url[..url.IndexOf((byte)'"')]), (offset, length));
        }
    }

    /// <summary>Those of R4 4.0.1; unpacked on first use.</summary>
    public static CoreDefinitions R4 => Instance.Value;

    public IEnumerable<string> Urls => lines.Keys;

    /// <summary>The definition of that url (without version); the element that does not exist when the core package has none.</summary>
    public Element Find(string url) =>
        lines.TryGetValue(url, out var line)
            ? read.GetOrAdd(url, static (_, state) => FhirJsonReader.Read(state.Text.AsMemory(state.Line.Offset, state.Line.Length), Trusting).Document!, (Text: text, Line: line)).Root
            : default;

    private static byte[] Unpack()
    {
        using var packed = typeof(CoreDefinitions).Assembly.GetManifestResourceStream("r4-profiles.ndjson.br")
            ?? throw new InvalidOperationException("The R4 profiles are not embedded in this build.");
        using var stream = new BrotliStream(packed, CompressionMode.Decompress);
        using var unpacked = new MemoryStream(capacity: 450_000);
        stream.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
