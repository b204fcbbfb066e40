using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Search;

/// <summary>Finds the resources of a centre that a search means: the index gives candidates, each candidate itself says whether it matches.</summary>
internal sealed class Finder
{
    /// <summary>Targets of a chain that are looked up one by one.</summary>
    private const int MostTargets = 500;

    /// <summary>Candidates that are read together.</summary>
    private const int Ahead = 128;

    private readonly StoreSession _session;
    private readonly TypeNumbers _types;
    private readonly int _centre;
    private readonly SearchResolver _resolver;

    public Finder(StoreSession session, TypeNumbers types, int centre)
    {
        (_session, _types, _centre) = (session, types, centre);
        _resolver = new(Resolve, Referring);
    }

    /// <summary>The matches, in the order in which they were first kept.</summary>
    public IEnumerable<Found> Matches(SearchQuery query, long after = 0) => Candidates(query)
        .Where(pk => pk > after)
        .Chunk(Ahead)
        .SelectMany(Current)
        .Where(found => query.Matches(found.Resource, _resolver));

    /// <summary>Names what some queries will ask of the index, and what else will be looked up.</summary>
    public void Foresee(IEnumerable<SearchQuery> queries, IEnumerable<(string Type, string Id)> identities)
    {
        HashSet<long> keys = [];
        HashSet<(int Centre, int Type, string Id)> ids = [.. identities.Select(one => (_centre, _types[one.Type], one.Id))];
        foreach (var query in queries)
        {
            var type = _types[query.ResourceType!];
            foreach (var (parameter, key) in query.Criteria.SelectMany(static criterion => criterion.Candidates?.Postings ?? []))
            {
                if (parameter == "_id")
                    ids.Add((_centre, type, key));
                else
                    keys.Add(IndexKey.Of(_centre, type, parameter, key));
            }
        }

        _session.Foresee(keys, ids);
    }

    /// <summary>How many resources would have to be looked at.</summary>
    public int CountCandidates(SearchQuery query) => Candidates(query).Count;

    /// <summary>The newest version of a resource; null when it is deleted, or another centre's: the index may have both under one key.</summary>
    public Found? Current(long pk) => _session.Row(pk) is { Deleted: false } row && row.Centre == _centre ? At(row) : null;

    /// <summary>A resource of the centre as it was at a place in the history; null where there is none. Places come from outside, and whose they are is not to be read out of where a page begins.</summary>
    public Element? AsOf(long at) => _session.Version(at) is { Body: { } body } version && _session.Row(version.Resource)?.Centre == _centre ? FhirJsonReader.Read(body, PlannedVersion.Trusting).Document!.Root : null;

    /// <summary>What <c>Type/id</c> means in this centre; null when there is none.</summary>
    public Found? ByReference(string reference) =>
        RequestUrl.Parse(reference) is { Type: { } type, Id: { } id } && _session.Find(_centre, _types[type], id) is { Deleted: false } row ? At(row) : null;

    /// <summary>The resources of a type whose reference parameter leads to a resource.</summary>
    public IEnumerable<Found> Referring(string type, string parameter, string reference) =>
        SearchQuery.Parse(type, [new(parameter, reference)], lenient: false).Query is { } query ? Matches(query) : [];

    private IEnumerable<Found> Current(long[] resources)
    {
        _session.ForeseeRows(resources);
        return resources.Select(Current).OfType<Found>();
    }

    private Found At(ResourceRow row)
    {
        var version = _session.Newest(row);
        return new(row.Pk, version.ToStored(_types[row.Type], row.Id), FhirJsonReader.Read(version.Body, PlannedVersion.Trusting).Document!.Root);
    }

    private Element Resolve(string reference) => ByReference(reference)?.Resource ?? default;

    private IEnumerable<Element> Referring(string type, string parameter, Element target) =>
        Referring(type, parameter, $"{target.TypeName}/{target["id"].Text}").Select(static found => found.Resource);

    /// <summary>A superset of the matches, by the criterion that the index narrows most.</summary>
    private List<long> Candidates(SearchQuery query)
    {
        List<long>? fewest = null;
        foreach (var criterion in query.Criteria)
        {
            var found = criterion is ChainedCriterion chain ? RowsOf(query.ResourceType!, chain)
                : criterion.Candidates is { } candidates ? Rows(query.ResourceType!, candidates)
                : null;
            if (found is not null && (fewest is null || found.Count < fewest.Count))
                fewest = found;
        }

        return fewest ?? _session.Posted(IndexKey.OfType(_centre, _types[query.ResourceType!]));
    }

    /// <summary>What refers to the targets of a chain, which are found first; null where there are too many to look up each.</summary>
    private List<long>? RowsOf(string type, ChainedCriterion chain)
    {
        var targets = chain.Targets
            .SelectMany(target => Matches(new() { ResourceType = target.ResourceType, Criteria = [target.Criterion] }))
            .Select(static found => $"{found.Version.Type}/{found.Version.Id}")
            .Take(MostTargets + 1)
            .ToList();
        if (targets.Count > MostTargets)
            return null;
        if (targets.Count == 0)
            return [];
        var referring = SearchQuery.Parse(type, [new(chain.Parameter.Code, string.Join(',', targets))], lenient: false).Query;
        return referring is { Criteria: [{ Candidates: { } candidates }] } ? Rows(type, candidates) : null;
    }

    private List<long> Rows(string typeName, IndexCandidates candidates)
    {
        var type = _types[typeName];
        List<long> found = [];
        foreach (var (parameter, key) in candidates.Postings)
        {
            if (parameter != "_id")
                found.AddRange(_session.Posted(IndexKey.Of(_centre, type, parameter, key)));
            else if (_session.Find(_centre, type, key) is { } row)
                found.Add(row.Pk);
        }

        foreach (var (parameter, low, high) in candidates.Moments)
        {
            found.AddRange(parameter == "_lastUpdated"
                ? _session.ChangedBetween(_centre, type, ToMilliseconds(low), ToMilliseconds(high))
                : _session.Between(IndexKey.OfMoments(_centre, type, parameter), low, high));
        }

        found.Sort();
        var kept = 0;
        for (var i = 0; i < found.Count; i++)
        {
            if (i == 0 || found[i] != found[i - 1])
                found[kept++] = found[i];
        }

        found.RemoveRange(kept, found.Count - kept);
        return found;
    }

    private static long ToMilliseconds(long microseconds) => microseconds is long.MinValue or long.MaxValue ? microseconds : (long)Math.Floor(microseconds / 1000m);
}

/// <summary>A resource that was found.</summary>
internal sealed record Found(long Pk, StoredVersion Version, Element Resource);
