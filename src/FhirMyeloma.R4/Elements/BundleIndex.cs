using System.Buffers.Binary;

namespace FhirMyeloma.R4.Elements;

/// <summary>
/// The resources of a Bundle by fullUrl and by type and id. Keys stay where they lie in the source, so that an index of many
/// entries is two arrays and no string.
/// </summary>
internal sealed class BundleIndex
{
    private readonly FhirTape tape;
    private readonly int[] entries;
    private readonly int[] resources;
    private readonly int[] fullUrls;
    private readonly int[] buckets;
    private readonly List<byte[]> unescaped = [];
    private Key[] keys;
    private int count;

    /// <param name="tape">The document.</param>
    /// <param name="bundle">A Bundle of the document; -1 for none.</param>
    public BundleIndex(FhirTape tape, int bundle)
    {
        this.tape = tape;
        (entries, resources, fullUrls) = Entries(tape, bundle);
        buckets = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, entries.Length * 2))];
        keys = new Key[entries.Length * 2];
        // From the last to the first: a chain then lists its entries in their order.
        for (var entry = entries.Length - 1; entry >= 0; entry--)
        {
            if (resources[entry] > 0)
                Add(entry);
        }
    }

    public int Count => entries.Length;

    /// <summary>The node of an entry.</summary>
    public int Entry(int entry) => entries[entry];

    /// <summary>The node of its resource; 0 without.</summary>
    public int Resource(int entry) => resources[entry];

    /// <summary>The node of its fullUrl; 0 without.</summary>
    public int FullUrl(int entry) => fullUrls[entry];

    /// <summary>The entries with this fullUrl, in order: the first, then <see cref="Next"/>.</summary>
    public Match ByFullUrl(ReadOnlySpan<byte> fullUrl) => Find(Hash(fullUrl, -1), fullUrl, -1, int.MaxValue);

    /// <summary>The entries whose resource, or whose fullUrl, says this type and id.</summary>
    public Match ByTypeAndId(int type, ReadOnlySpan<byte> id) => Find(Hash(id, type), id, type, int.MaxValue);

    /// <summary>The next entry of the same key.</summary>
    public Match Next(Match match)
    {
        ref readonly var key = ref keys[match.Key];
        return Find(key.Hash, Text(in key), key.Type, key.Next);
    }

    /// <summary>Something found.</summary>
    /// <param name="Entry">Its position; -1 for nothing.</param>
    /// <param name="Key">Where to go on.</param>
    public readonly record struct Match(int Entry, int Key)
    {
        public bool Exists => Entry >= 0;
    }

    private record struct Key(ulong Hash, int Start, int Length, int Type, int Entry, int Next);

    private Match Find(ulong hash, ReadOnlySpan<byte> text, int type, int from)
    {
        for (var at = from == int.MaxValue ? buckets[(int)(hash & (uint)(buckets.Length - 1))] - 1 : from; at >= 0; at = keys[at].Next)
        {
            ref readonly var key = ref keys[at];
            if (key.Hash == hash && key.Type == type && Text(in key).SequenceEqual(text))
                return new(key.Entry, at);
        }
        return new(-1, -1);
    }

    private ReadOnlySpan<byte> Text(ref readonly Key key) => key.Start < 0 ? unescaped[~key.Start].AsSpan(0, key.Length) : tape.Source.Span.Slice(key.Start, key.Length);

    private void Add(int entry)
    {
        var resource = resources[entry];
        var id = tape.Child(resource, 0);
        if (id >= 0 && tape.Nodes[id].Kind != NodeKind.String)
            id = -1;
        if (id >= 0)
            Add(entry, id, tape.Nodes[resource].Link, 0, int.MaxValue);
        if (fullUrls[entry] is 0 or -1)
            return;
        var fullUrl = tape.Utf8(fullUrls[entry]);
        Add(entry, fullUrls[entry], -1, 0, int.MaxValue);
        if (LiteralReference.Split(fullUrl) is { Type: { } type, IdAt: > 0 } parts)
        {
            var own = fullUrl.Slice(parts.IdAt, parts.IdLength);
            if (id < 0 || type.Id != tape.Nodes[resource].Link || !own.SequenceEqual(tape.Utf8(id)))
                Add(entry, fullUrls[entry], type.Id, parts.IdAt, parts.IdLength);
        }
    }

    private void Add(int entry, int node, int type, int from, int length)
    {
        var start = tape.Nodes[node].Start + from;
        length = Math.Min(length, tape.Nodes[node].Length - from);
        if (tape.Nodes[node].Is(NodeFlags.Escaped))
        {
            var text = tape.Utf8(node)[from..].ToArray();
            unescaped.Add(text);
            (start, length) = (~(unescaped.Count - 1), Math.Min(length, text.Length));
        }
        if (count == keys.Length)
            Array.Resize(ref keys, count * 2);
        ref var key = ref keys[count];
        key = new(0, start, length, type, entry, -1);
        key.Hash = Hash(Text(in key), type);
        ref var bucket = ref buckets[(int)(key.Hash & (uint)(buckets.Length - 1))];
        key.Next = bucket - 1;
        bucket = ++count;
    }

    private static (int[] Entries, int[] Resources, int[] FullUrls) Entries(FhirTape tape, int bundle)
    {
        if (bundle < 0)
            return ([], [], []);
        var nodes = tape.Nodes;
        var found = 0;
        for (var at = bundle + 1; at < nodes[bundle].End; at = nodes[at].End)
            found += IsEntry(in nodes[at]) ? 1 : 0;
        var (entries, resources, fullUrls) = (new int[found], new int[found], new int[found]);
        found = 0;
        for (var at = bundle + 1; at < nodes[bundle].End; at = nodes[at].End)
        {
            if (!IsEntry(in nodes[at]))
                continue;
            entries[found] = at;
            for (var child = at + 1; child < nodes[at].End; child = nodes[child].End)
            {
                if (nodes[child].Is(NodeFlags.Resource) && resources[found] == 0)
                    resources[found] = child;
                else if (nodes[child].Property?.Name == "fullUrl" && nodes[child].Kind == NodeKind.String && nodes[child].Length > 0 && fullUrls[found] == 0)
                    fullUrls[found] = child;
            }
            found++;
        }
        return (entries, resources, fullUrls);
    }

    private static bool IsEntry(in Node node) => node.Property?.Name == "entry" && !node.Is(NodeFlags.Hidden);

    // Seeded by the process, so that nobody can prepare a Bundle whose keys all meet.
    private static readonly ulong Seed = unchecked((ulong)(uint)HashCode.Combine(0) << 32 | (uint)HashCode.Combine(1));

    private static ulong Hash(ReadOnlySpan<byte> text, int type)
    {
        unchecked
        {
            var hash = Seed ^ (uint)text.Length ^ (ulong)(uint)type << 32;
            while (text.Length >= 8)
            {
                hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
                text = text[8..];
            }
            ulong rest = 0;
            foreach (var value in text)
                rest = rest << 8 | value;
            return Mix(hash ^ rest);
        }
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ Seed, 0x9E3779B97F4A7C15UL, out var low);
        return high ^ low;
    }
}
