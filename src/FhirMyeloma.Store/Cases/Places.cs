using System.Collections.Immutable;

namespace FhirMyeloma.Store.Cases;

/// <summary>Places in the history of the store in few bytes: ascending, each as its distance from the one before.</summary>
internal static class Places
{
    public static byte[] Write(IEnumerable<long> places)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var before = 0L;
        foreach (var place in places.Distinct().Order())
        {
            writer.Write7BitEncodedInt64(place - before);
            before = place;
        }

        return bytes.ToArray();
    }

    public static ImmutableArray<long> Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var places = ImmutableArray.CreateBuilder<long>();
        for (var place = 0L; reader.BaseStream.Position < bytes.Length;)
            places.Add(place += reader.Read7BitEncodedInt64());
        return places.ToImmutable();
    }
}
