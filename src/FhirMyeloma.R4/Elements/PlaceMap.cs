namespace FhirMyeloma.R4.Elements;

/// <summary>
/// Where the parts of a document stood in the text that it was made from: for XML, which is read as the equal JSON. Each
/// mark holds from its offset in the JSON up to the next.
/// </summary>
internal sealed class PlaceMap(int capacity)
{
    private int[] offsets = new int[Math.Max(16, capacity)];
    private SourcePlace[] places = new SourcePlace[Math.Max(16, capacity)];
    private int count;

    /// <summary>From this offset on; offsets never fall.</summary>
    public void Mark(int offset, SourcePlace place)
    {
        if (count == offsets.Length)
        {
            Array.Resize(ref offsets, count * 2);
            Array.Resize(ref places, count * 2);
        }
        (offsets[count], places[count]) = (offset, place);
        count++;
    }

    public SourcePlace Find(int offset)
    {
        var at = Array.BinarySearch(offsets, 0, count, offset);
        at = at < 0 ? ~at - 1 : at;
        // Of several marks at one offset the last one is meant.
        while (at + 1 < count && offsets[at + 1] == offset)
            at++;
        return at < 0 ? new(1, 1) : places[at];
    }
}
