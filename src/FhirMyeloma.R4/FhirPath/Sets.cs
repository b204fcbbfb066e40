using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>Collections as sets by equality. Small ones are compared pair by pair, large ones hashed.</summary>
internal static class Sets
{
    public static bool Contains(ReadOnlySpan<Item> items, in Item item, Evaluator evaluator)
    {
        foreach (ref readonly var candidate in items)
        {
            if (Operators.AreEqual(candidate, item, evaluator) == true)
                return true;
        }
        return false;
    }

    /// <summary>Each item once, where it first occurred.</summary>
    public static Collection Distinct(in Collection items, Evaluator evaluator)
    {
        if (items.Count < 2)
            return items;
        var seen = new Seen(evaluator);
        foreach (ref readonly var item in items.Items)
            seen.Add(item);
        return seen.Build();
    }

    public static bool IsDistinct(in Collection items, Evaluator evaluator)
    {
        if (items.Count < 2)
            return true;
        var seen = new Seen(evaluator);
        foreach (ref readonly var item in items.Items)
        {
            if (!seen.Add(item))
                return false;
        }
        return true;
    }

    public static Collection Union(in Collection left, in Collection right, Evaluator evaluator, Syntax at)
    {
        if (right.IsEmpty)
            return Distinct(left, evaluator);
        if (left.IsEmpty)
            return Distinct(right, evaluator);
        var seen = new Seen(evaluator);
        foreach (ref readonly var item in left.Items)
            seen.Add(item);
        foreach (ref readonly var item in right.Items)
            seen.Add(item);
        evaluator.CheckSize(seen.Count, at);
        return seen.Build();
    }

    /// <summary>The items of one that occur in the other (or that do not); with or without repetition.</summary>
    public static Collection Filter(in Collection items, in Collection others, bool wanted, bool distinct, Evaluator evaluator)
    {
        var lookup = new Seen(evaluator);
        foreach (ref readonly var other in others.Items)
            lookup.Add(other);
        var kept = new CollectionBuilder();
        foreach (ref readonly var item in items.Items)
        {
            if (lookup.Contains(item) == wanted)
                kept.Add(item);
        }
        return distinct ? Distinct(kept.Build(), evaluator) : kept.Build();
    }

    public static bool IsSubset(in Collection items, in Collection of, Evaluator evaluator)
    {
        var lookup = new Seen(evaluator);
        foreach (ref readonly var other in of.Items)
            lookup.Add(other);
        foreach (ref readonly var item in items.Items)
        {
            if (!lookup.Contains(item))
                return false;
        }
        return true;
    }
}

/// <summary>The items met so far, without repetition; beyond a few it keeps buckets by hash.</summary>
internal struct Seen(Evaluator evaluator)
{
    private const int Small = 8;

    private CollectionBuilder items;
    private Dictionary<int, List<int>>? buckets;

    public readonly int Count => items.Count;

    /// <summary>False when it has been met before.</summary>
    public bool Add(in Item item)
    {
        if (Contains(item))
            return false;
        items.Add(item);
        if (buckets is null && items.Count <= Small)
            return true;
        if (buckets is null)
        {
            buckets = [];
            for (var i = 0; i < items.Count; i++)
                Remember(items.Items[i], i);
        }
        else
        {
            Remember(item, items.Count - 1);
        }
        return true;
    }

    public readonly bool Contains(in Item item)
    {
        if (buckets is null)
            return Sets.Contains(items.Items, item, evaluator);
        evaluator.Charge(1);
        if (!buckets.TryGetValue(Hash(item), out var bucket))
            return false;
        foreach (var at in bucket)
        {
            if (Operators.AreEqual(items.Items[at], item, evaluator) == true)
                return true;
        }
        return false;
    }

    public readonly Collection Build() => items.Build();

    private readonly void Remember(in Item item, int at)
    {
        var hash = Hash(item);
        if (!buckets!.TryGetValue(hash, out var bucket))
            buckets.Add(hash, bucket = []);
        bucket.Add(at);
    }

    /// <summary>Equal items have equal hashes: strings and booleans among themselves; whatever may equal a number or a quantity, and what has children, shares one.</summary>
    private static int Hash(in Item item) => item.Value switch
    {
        { Kind: ItemKind.String } text => text.String.GetHashCode(StringComparison.Ordinal),
        { Kind: ItemKind.Boolean } truth => truth.Boolean ? 1 : 2,
        { IsTemporal: true } => 3,
        { IsNumber: true } number => number.Decimal.GetHashCode(),
        { Kind: ItemKind.Quantity } => 4,
        _ => Structure(item),
    };

    /// <summary>Of a complex element its size and its plain texts in any order: what equal elements have in common, and what parts the others.</summary>
    private static int Structure(in Item item)
    {
        if (item.Kind != ItemKind.Element)
            return 6;
        var tape = item.Document.Tape;
        var end = tape.Nodes[item.Index].End;
        var hash = 5 + end - item.Index;
        for (var at = item.Index + 1; at < end; at++)
        {
            if (tape.Nodes[at] is { Kind: NodeKind.String, Property.Primitive: PrimitiveKind.Code or PrimitiveKind.String or PrimitiveKind.Id or PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical or PrimitiveKind.Oid or PrimitiveKind.Uuid or PrimitiveKind.Markdown })
                hash = unchecked(hash + tape.Text(at)!.GetHashCode(StringComparison.Ordinal));
        }
        return hash;
    }
}
