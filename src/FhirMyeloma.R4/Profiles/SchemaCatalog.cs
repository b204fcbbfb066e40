using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;

namespace FhirMyeloma.R4.Profiles;

/// <summary>All types of R4, from the embedded definitions; structures and value sets compile on first use and stay.</summary>
internal sealed class SchemaCatalog
{
    private static readonly Lazy<SchemaCatalog> Instance = new(() => new SchemaCatalog(Unpack()));

    private readonly byte[] text;
    private readonly Lock gate = new();
    private readonly Utf8Table<TypeEntry> byUtf8;
    private readonly FrozenDictionary<string, TypeEntry> byName;
    private readonly FrozenDictionary<string, int> valueSetOffsets;
    private readonly Dictionary<string, ValueSet> valueSets = new(StringComparer.Ordinal);

    private SchemaCatalog(byte[] text)
    {
        this.text = text;
        var types = new Dictionary<string, TypeEntry>(StringComparer.Ordinal);
        var sets = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var offset = 0; offset < text.Length; offset = SchemaCompiler.NextLine(text, offset))
        {
            if (text[offset] == 'T')
            {
                var fields = SchemaCompiler.Fields(text, offset);
                types.Add(fields[1], new TypeEntry(this, types.Count, fields[1], fields[2] == "resource", SchemaCompiler.Field(fields, 4).Length > 0, SchemaCompiler.Field(fields, 3), SchemaCompiler.Field(fields, 5), offset)
                {
                    ExtensibleValueSet = SchemaCompiler.Field(fields, 6),
                    MaxValueSet = SchemaCompiler.Field(fields, 7),
                });
            }
            else if (text[offset] == 'V')
            {
                sets.Add(SchemaCompiler.Fields(text, offset)[1], offset);
            }
        }
        byName = types.ToFrozenDictionary(StringComparer.Ordinal);
        ById = [.. types.Values];
        byUtf8 = new([.. types.Values.Select(type => KeyValuePair.Create(Encoding.UTF8.GetBytes(type.Name), type))]);
        valueSetOffsets = sets.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The catalogue of R4 4.0.1.</summary>
    public static SchemaCatalog R4 => Instance.Value;

    /// <summary>Every type, at the position of its id.</summary>
    public TypeEntry[] ById { get; }

    public TypeEntry? Find(ReadOnlySpan<byte> name) => byUtf8.Find(name);

    public TypeEntry? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>True for a type name that a literal reference may carry.</summary>
    public bool IsConcreteResource(string name) => byName.TryGetValue(name, out var type) && type is { IsResource: true, IsAbstract: false };

    /// <summary>The value set of a required, extensible or maximum binding; null when it cannot be enumerated.</summary>
    public ValueSet? FindValueSet(string url)
    {
        lock (gate)
        {
            if (valueSets.TryGetValue(url, out var known))
                return known;
            if (!valueSetOffsets.TryGetValue(url, out var offset))
                return null;
            var compiled = SchemaCompiler.CompileValueSet(text, offset, url);
            valueSets.Add(url, compiled);
            return compiled;
        }
    }

    /// <summary>Compiles one type; harmless when two threads do it at once, since the result is the same.</summary>
    public StructSchema Compile(TypeEntry type) => new SchemaCompiler(this, text).Compile(type);

    private static byte[] Unpack()
    {
        using var packed = typeof(SchemaCatalog).Assembly.GetManifestResourceStream("r4-definitions.txt.br")
            ?? throw new InvalidOperationException("The R4 definitions are not embedded in this build.");
        using var stream = new BrotliStream(packed, CompressionMode.Decompress);
        using var unpacked = new MemoryStream(capacity: 400_000);
        stream.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
