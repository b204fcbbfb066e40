using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace FhirMyeloma.Store.Search;

/// <summary>
/// The numbers under which the index keeps what a parameter says. Two texts may share one, of two centres too: the index finds candidates, the resource and its centre decide. Texts that differ in their last
/// three characters only, as the numbers of one laboratory do, lie side by side, so that a Bundle touches few pages.
/// </summary>
internal static class IndexKey
{
    private const int Tail = 3;

    // A Bundle says the same few texts over and over: codes, units, the patient. Of texts that share a slot the last stays.
    private const int Slots = 4096;

    [ThreadStatic]
    private static (string Text, ulong Hash)[]? _recent;

    // There are only as many as parameters of types in centres, and every resource has the same dozen.
    private static readonly ConcurrentDictionary<(int Centre, int Type, string Parameter), ulong> _scopes = new();
    private static readonly ulong _nothing = Hash("");

    /// <summary>The key of a text of a parameter of one type in one centre.</summary>
    public static long Of(int centre, int type, string parameter, string text)
    {
        var scope = _scopes.GetOrAdd((centre, type, parameter), static one => Hash($"{one.Centre}|{one.Type}|{one.Parameter}") & 0xFFFF_0000_0000_0000);
        var near = (text.Length > Tail ? Hash(text[..^Tail]) : _nothing) >> 16 & 0x0000_FFFF_FF00_0000;
        return unchecked((long)(scope | near | (Hash(text) & 0x0000_0000_00FF_FFFF)));
    }

    /// <summary>The key under which every resource of a type is found.</summary>
    public static long OfType(int centre, int type) => Of(centre, type, "", "");

    /// <summary>Where the times of a parameter of one type in one centre lie.</summary>
    public static long OfMoments(int centre, int type, string parameter) => unchecked((long)Hash($"{centre}|{type}|{parameter}|moments"));

    /// <summary>The patient in whose compartment resources of a centre lie.</summary>
    public static long OfPatient(int centre, string id) => unchecked((long)(Hash($"{centre}|Patient/{id}") | 1));

    /// <summary>With which rows those of a resource lie that is in no patient's compartment.</summary>
    public static long OfHome(int centre, int type, string id) => unchecked((long)(Hash($"{centre}|{type}|home|{id}") | 1));

    private static ulong Hash(string text)
    {
        var recent = _recent ??= new (string, ulong)[Slots];
        ref var slot = ref recent[text.GetHashCode(StringComparison.Ordinal) & (Slots - 1)];
        if (slot.Text != text)
            slot = (text, Digest(text));
        return slot.Hash;
    }

    private static ulong Digest(string text)
    {
        Span<byte> utf8 = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(text, utf8, out var length))
        {
            utf8 = Encoding.UTF8.GetBytes(text);
            length = utf8.Length;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..length], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
