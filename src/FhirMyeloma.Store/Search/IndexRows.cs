using System.Collections.Immutable;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Search;

/// <summary>What the index keeps of one resource.</summary>
/// <param name="Keys">Its postings.</param>
/// <param name="Moments">Its times.</param>
internal sealed record IndexRows(ImmutableArray<long> Keys, ImmutableArray<(long Scope, long Low, long High)> Moments)
{
    public static IndexRows None { get; } = new([], []);

    public static IndexRows Of(int centre, int type, IndexEntries entries) => new(
        [.. entries.Postings.Select(posting => IndexKey.Of(centre, type, posting.Parameter, posting.Key)).Append(IndexKey.OfType(centre, type)).Distinct()],
        [.. entries.Moments.Select(moment => (IndexKey.OfMoments(centre, type, moment.Parameter), moment.Low, moment.High)).Distinct()]);

    /// <summary>Writes what is new and removes what no longer holds.</summary>
    public void Replace(IndexRows before, StoreSession session, ResourceRow row)
    {
        foreach (var key in before.Keys.Except(Keys))
            session.Unpost(key, row);
        foreach (var (scope, low, high) in before.Moments.Except(Moments))
            session.UnpostMoment(scope, low, high, row);
        foreach (var key in before.Keys.IsEmpty ? Keys : Keys.Except(before.Keys))
            session.Post(key, row);
        foreach (var (scope, low, high) in before.Moments.IsEmpty ? Moments : Moments.Except(before.Moments))
            session.PostMoment(scope, low, high, row);
    }
}
