using System.Collections.Immutable;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Search;

/// <summary>Whose history is asked for, and how much of it.</summary>
public sealed record HistoryQuery
{
    /// <summary>Only versions of resources of this type; null for all types.</summary>
    public string? Type { get; init; }

    /// <summary>Only versions of this resource of <see cref="Type"/>; null for all.</summary>
    public string? Id { get; init; }

    /// <summary>Only versions that were written at or after this instant.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Most versions of a page; above <see cref="SearchQuery.MaxCount"/> that many are given.</summary>
    public int Count { get; init; } = SearchPage.DefaultCount;

    /// <summary><see cref="HistoryPage.Next"/> of the page before; null for the first.</summary>
    public long? From { get; init; }
}

/// <summary>One page of a history, newest first. What is written while somebody turns pages moves none of them.</summary>
/// <param name="Versions">The versions of the page.</param>
/// <param name="Total">How many versions there are on all pages; null where only reading the history of the whole store would tell.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record HistoryPage(ImmutableArray<StoredVersion> Versions, int? Total, long? Next)
{
    private const string OfCentre = "from version v join resource r on r.pk = v.resource where r.centre = $0 and ($1 = 0 or r.type = $1) and v.at < $2 and v.at >= $3";

    internal static HistoryPage Empty { get; } = new([], 0, null);

    /// <summary>Of one resource.</summary>
    internal static HistoryPage Of(StoreSession session, ResourceRow row, HistoryQuery query)
    {
        var since = Milliseconds(query.Since);
        var all = session.History(row).Where(version => version.Instant >= since).ToList();
        var before = query.From ?? long.MaxValue;
        return Page([.. all.Where(version => version.At < before).Take(Wanted(query) + 1).Select(version => version.ToStored(query.Type!, row.Id))], query, all.Count);
    }

    /// <summary>Of a type, or of everything, in a centre.</summary>
    internal static HistoryPage Of(StoreSession session, TypeNumbers types, int centre, HistoryQuery query)
    {
        var type = query.Type is { } name ? types[name] : 0;
        // Times never decrease along the history, so the first place of that time is where it ends, and the page is read backwards along one index.
        var floor = query.Since is null ? 0 : session.Scalar("select at from version where instant >= $0 order by instant, at limit 1", Milliseconds(query.Since));
        if (floor is null)
            return Empty;
        if (Wanted(query) == 0)
            return new([], (int)(session.Scalar("select count(*) " + OfCentre, centre, type, long.MaxValue, floor.Value) ?? 0), null);
        var found = session.Rows(
            $"select v.at, v.resource, v.number, v.instant, v.change, v.content, v.body, r.type, r.id {OfCentre} order by v.at desc limit $4",
            reader => StoreSession.Version(reader, 0).ToStored(types[reader.GetInt32(7)], reader.GetString(8)),
            centre, type, query.From ?? long.MaxValue, floor.Value, (long)Wanted(query) + 1);
        return Page(found, query, null);
    }

    private static HistoryPage Page(List<StoredVersion> found, HistoryQuery query, int? total)
    {
        var wanted = Wanted(query);
        var isMore = found.Count > wanted;
        return new([.. found.Take(wanted)], total, isMore && wanted > 0 ? found[wanted - 1].At : null);
    }

    private static int Wanted(HistoryQuery query) => Math.Min(query.Count, SearchQuery.MaxCount);

    private static long Milliseconds(DateTimeOffset? since) => since?.ToUnixTimeMilliseconds() ?? 0;
}
