using System.Diagnostics.CodeAnalysis;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>An ordered collection. None and one item, by far the most frequent, need no array. The array of several is never changed.</summary>
internal readonly struct Collection
{
    private readonly Item single;
    private readonly Item[]? several;
    private readonly int start;

    public Collection(Item item)
    {
        single = item;
        Count = item.IsNone ? 0 : 1;
    }

    private Collection(Item[] items, int start, int count)
    {
        several = items;
        this.start = start;
        Count = count;
    }

    public static Collection Empty => default;
    public static Collection True { get; } = new(Item.Of(true));
    public static Collection False { get; } = new(Item.Of(false));

    public int Count { get; }
    public bool IsEmpty => Count == 0;

    [UnscopedRef]
    public ReadOnlySpan<Item> Items => several is null ? new ReadOnlySpan<Item>(in single)[..Count] : several.AsSpan(start, Count);

    public Item this[int index] => several is null ? single : several[start + index];

    public static Collection Of(bool value) => value ? True : False;

    /// <summary>Three-valued: null is the empty collection.</summary>
    public static Collection Of(bool? value) => value switch { true => True, false => False, null => Empty };

    public static Collection Of(int value) => new(Item.Of(value));

    public static Collection Of(decimal? value) => value is { } given ? new(Item.Of(given)) : Empty;

    public static Collection Of(string? value) => value is null ? Empty : new(Item.Of(value));

    public static Collection Of(Item[] items, int count) => count switch
    {
        0 => Empty,
        1 => new(items[0]),
        _ => new(items, 0, count),
    };

    public Collection Slice(int from, int count) => count switch
    {
        <= 0 => Empty,
        1 => new(this[from]),
        _ when several is not null => new(several, start + from, count),
        _ => this,
    };
}

/// <summary>Collects the items of a new collection; the array is made for the second.</summary>
internal struct CollectionBuilder
{
    private Item first;
    private Item[]? items;

    public int Count { get; private set; }

    [UnscopedRef]
    public ReadOnlySpan<Item> Items => items is null ? new ReadOnlySpan<Item>(in first)[..Count] : items.AsSpan(0, Count);

    /// <summary>Nothing is no item.</summary>
    public void Add(in Item item)
    {
        if (item.IsNone)
            return;
        if (Count == 0)
        {
            first = item;
            Count = 1;
            return;
        }
        if (items is null)
        {
            items = new Item[4];
            items[0] = first;
        }
        else if (Count == items.Length)
        {
            Array.Resize(ref items, Count * 2);
        }
        items[Count++] = item;
    }

    public void Add(in Collection collection)
    {
        foreach (ref readonly var item in collection.Items)
            Add(item);
    }

    public readonly Collection Build() => items is null ? new(first) : Collection.Of(items, Count);
}
