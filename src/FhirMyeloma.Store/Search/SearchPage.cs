using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Search;
using SortKey = FhirMyeloma.R4.Search.SortKey;

namespace FhirMyeloma.Store.Search;

/// <summary>One page of what a search finds.</summary>
/// <param name="Matches">The matches of the page, in their order.</param>
/// <param name="Included">What <c>_include</c> and <c>_revinclude</c> add; none of them is a match of the page.</param>
/// <param name="Total">How many matches there are on all pages; null where counting them was not asked for and would cost much.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record SearchPage(ImmutableArray<StoredVersion> Matches, ImmutableArray<StoredVersion> Included, int? Total, string? Next)
{
    /// <summary>What <see cref="Next"/> is called in a URL.</summary>
    public const string Parameter = "_page";

    /// <summary>Matches of a page where the query does not say.</summary>
    public const int DefaultCount = 100;

    /// <summary>Beyond so many candidates matches are counted only when <c>_total=accurate</c> asks for it.</summary>
    private const int CheaplyCounted = 2_000;

    /// <summary>Resources that may be included beside one page.</summary>
    private const int MostIncluded = 5_000;

    internal static SearchPage Of(Finder finder, SearchQuery query, string? from)
    {
        var count = query.Summary == SummaryMode.Count ? 0 : Math.Min(query.Count ?? DefaultCount, SearchQuery.MaxCount);
        if (count == 0)
            return new([], [], finder.Matches(query).Count(), null);
        var (page, next, total) = query.Sort.IsEmpty ? InOrder(finder, query, from, count) : Sorted(finder, query, from, count);
        return new([.. page.Select(static found => found.Version)], Include(finder, query, page), total, next);
    }

    /// <summary>In the order in which the resources were first kept: a page goes on after the last of the one before, whatever was added since.</summary>
    private static (List<Found> Page, string? Next, int? Total) InOrder(Finder finder, SearchQuery query, string? from, int count)
    {
        var after = from is null ? 0 : Cursor(from);
        var page = finder.Matches(query, after).Take(count + 1).ToList();
        var isMore = page.Count > count;
        if (isMore)
            page.RemoveAt(count);
        int? total = from is null && !isMore ? page.Count
            : query.Total == TotalMode.None || (query.Total != TotalMode.Accurate && finder.CountCandidates(query) > CheaplyCounted) ? null
            : finder.Matches(query).Count();
        return (page, isMore ? Write(page[^1]) : null, total);
    }

    private static (List<Found> Page, string? Next, int? Total) Sorted(Finder finder, SearchQuery query, string? from, int count)
    {
        var all = finder.Matches(query).Select(found => (Key: SortKey.Of(found.Resource, query.Sort), Found: found)).ToList();
        all.Sort(static (left, right) => SortKey.Order.Compare(left.Key, right.Key) is not 0 and var order ? order : left.Found.Pk.CompareTo(right.Found.Pk));
        var start = 0;
        // After the version that the page before ended with, whatever became of the resource since.
        if (from is not null && finder.AsOf(Version(from)) is { } before)
        {
            var (key, last) = (SortKey.Of(before, query.Sort), Cursor(from));
            start = all.FindIndex(one => SortKey.Order.Compare(one.Key, key) is var order && (order > 0 || (order == 0 && one.Found.Pk > last)));
            start = start < 0 ? all.Count : start;
        }

        var page = all.Skip(start).Take(count).Select(static one => one.Found).ToList();
        return (page, start + count < all.Count ? Write(page[^1]) : null, all.Count);
    }

    private static ImmutableArray<StoredVersion> Include(Finder finder, SearchQuery query, List<Found> page)
    {
        if (query.Includes.IsEmpty && query.RevIncludes.IsEmpty)
            return [];
        var seen = page.Select(static found => found.Pk).ToHashSet();
        var included = ImmutableArray.CreateBuilder<StoredVersion>();
        var from = page;
        for (var isFirst = true; from.Count > 0; isFirst = false)
        {
            List<Found> added = [];
            foreach (var found in from.SelectMany(found => Referred(finder, query, found, isFirst).Concat(Referring(finder, query, found, isFirst))))
            {
                if (included.Count < MostIncluded && seen.Add(found.Pk))
                {
                    included.Add(found.Version);
                    added.Add(found);
                }
            }

            from = added;
        }

        return included.ToImmutable();
    }

    private static IEnumerable<Found> Referred(Finder finder, SearchQuery query, Found found, bool isFirst) => query.Includes
        .Where(include => isFirst || include.Iterate)
        .SelectMany(include => include.Targets(found.Resource))
        .Select(finder.ByReference)
        .OfType<Found>();

    private static IEnumerable<Found> Referring(Finder finder, SearchQuery query, Found found, bool isFirst) => query.RevIncludes
        .Where(include => isFirst || include.Iterate)
        .SelectMany(include => include.Referring(found.Version.Type).SelectMany(code => finder.Referring(include.SourceType!, code, $"{found.Version.Type}/{found.Version.Id}")));

    private static string Write(Found last) => string.Create(CultureInfo.InvariantCulture, $"{last.Pk:x}.{last.Version.At:x}");

    private static long Cursor(string text) => Part(text, 0);

    private static long Version(string text) => Part(text, 1);

    private static long Part(string text, int index) =>
        text.Split('.') is { Length: 2 } parts && long.TryParse(parts[index], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var part) ? part : 0;
}
