using System.Numerics;
using System.Runtime.InteropServices;

namespace FhirMyeloma.R4.Profiles;

/// <summary>A frozen table keyed by UTF-8 bytes: property names, type names and codes are looked up without making a string.</summary>
internal sealed class Utf8Table<TValue> where TValue : class
{
    private readonly Entry[] entries;
    private readonly int mask;

    public Utf8Table(IReadOnlyCollection<KeyValuePair<byte[], TValue>> pairs)
    {
        entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, pairs.Count * 2))];
        mask = entries.Length - 1;
        foreach (var (key, value) in pairs)
        {
            var head = Head(key);
            var at = Slot(head, key);
            while (entries[at].Value is not null && !Matches(in entries[at], head, key))
                at = (at + 1) & mask;
            entries[at] = new Entry(head, key, value);
        }
    }

    public TValue? Find(ReadOnlySpan<byte> key)
    {
        var head = Head(key);
        for (var at = Slot(head, key); ; at = (at + 1) & mask)
        {
            ref readonly var entry = ref entries[at];
            if (entry.Value is null)
                return null;
            if (Matches(in entry, head, key))
                return entry.Value;
        }
    }

    private static bool Matches(in Entry entry, ulong head, ReadOnlySpan<byte> key) =>
        entry.Head == head && entry.Key.Length == key.Length && (key.Length <= 8 || key.SequenceEqual(entry.Key));

    private int Slot(ulong head, ReadOnlySpan<byte> key)
    {
        unchecked
        {
            var hash = (head ^ ((ulong)key.Length << 56)) * 0x9E3779B97F4A7C15UL;
            if (key.Length > 8)
                hash = (hash ^ MemoryMarshal.Read<ulong>(key[^8..])) * 0xC2B2AE3D27D4EB4FUL;
            return (int)(hash >> 40) & mask;
        }
    }

    /// <summary>Together with the length it determines every key of up to eight bytes.</summary>
    private static ulong Head(ReadOnlySpan<byte> key) => key.Length switch
    {
        >= 8 => MemoryMarshal.Read<ulong>(key),
        >= 4 => MemoryMarshal.Read<uint>(key) | ((ulong)MemoryMarshal.Read<uint>(key[^4..]) << 32),
        > 0 => key[0] | ((ulong)key[key.Length / 2] << 8) | ((ulong)key[^1] << 16),
        _ => 0,
    };

    private readonly record struct Entry(ulong Head, byte[] Key, TValue Value);
}
