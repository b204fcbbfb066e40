using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Search;

/// <summary>
/// Where a resource stands in a sorted result: <see cref="Order"/> compares it with the keys of the same sort. Of several values the least counts, or the greatest
/// where the order descends; a resource without a value comes last either way. R4 search.html#sort.
/// </summary>
public sealed class SortKey
{
    private readonly ImmutableArray<SortOrder> sort;
    private readonly IComparable?[] values;

    private SortKey(ImmutableArray<SortOrder> sort, IComparable?[] values)
    {
        this.sort = sort;
        this.values = values;
    }

    /// <summary>The order of the keys of one sort; equal ones are left to the caller.</summary>
    public static IComparer<SortKey> Order { get; } = Comparer<SortKey>.Create(static (left, right) => left.CompareTo(right));

    /// <summary>The key of a resource.</summary>
    public static SortKey Of(Element resource, ImmutableArray<SortOrder> sort)
    {
        var keys = new IComparable?[sort.Length];
        for (var i = 0; i < sort.Length; i++)
        {
            foreach (var value in SearchValues.Of(sort[i].Parameter, resource))
            {
                if (Comparable(value, sort[i].Descending) is { } candidate && (keys[i] is not { } best || Compare(candidate, best) < 0 != sort[i].Descending))
                    keys[i] = candidate;
            }
        }
        return new(sort, keys);
    }

    private int CompareTo(SortKey other)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var order = (values[i], other.values[i]) switch
            {
                (null, null) => 0,
                (null, _) => 1,
                (_, null) => -1,
                ({ } left, { } right) => sort[i].Descending ? Compare(right, left) : Compare(left, right),
            };
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static int Compare(IComparable left, IComparable right) =>
        left is string text ? string.CompareOrdinal(text, (string)right) : left.CompareTo(right);

    private static IComparable? Comparable(SearchValue value, bool descending) => value switch
    {
        DateValue date => descending ? date.Range.High : date.Range.Low,
        TokenValue token => token.Code,
        StringValue text => text.Folded,
        ReferenceValue reference => reference.Id is null ? reference.Literal : $"{reference.Type}/{reference.Id}",
        QuantityValue quantity => quantity.Low ?? quantity.High,
        UriValue uri => uri.Uri,
        _ => null,
    };
}
