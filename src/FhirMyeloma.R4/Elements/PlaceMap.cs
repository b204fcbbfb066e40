namespace FhirMyeloma.R4.Elements;

/// <summary>
/// Where the parts of a document stood in the text that it was made from: for XML, which is read as the equal JSON. Each
/// mark holds from its offset in the JSON up to the next.
/// </summary>
internal sealed class PlaceMap
{
    /// <summary>Marks come in blocks, none of them so large that it would burden the collector.</summary>
    private const int BlockSize = 2048;

    private readonly List<Mark[]> blocks = [];
    private int count;

    private readonly record struct Mark(int Offset, SourcePlace Place);

    /// <summary>From this offset on; offsets never fall.</summary>
    public void Add(int offset, SourcePlace place)
    {
        if (count % BlockSize == 0)
            blocks.Add(new Mark[BlockSize]);
        blocks[^1][count++ % BlockSize] = new(offset, place);
    }

    /// <summary>The place of the last mark at or before the offset.</summary>
    public SourcePlace Find(int offset)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Offset <= offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? new(1, 1) : At(low - 1).Place;
    }

    private Mark At(int index) => blocks[index / BlockSize][index % BlockSize];
}
