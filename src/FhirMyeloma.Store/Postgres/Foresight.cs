using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Postgres;

/// <summary>What was fetched ahead of being asked for, while it holds: within one state that is read, or one change until it changes it itself.</summary>
internal sealed class Foresight
{
    private readonly Dictionary<long, List<long>> _posted = [];
    private readonly Dictionary<(int Centre, int Type, string Id), long?> _met = [];
    private readonly Dictionary<long, (ResourceRow Row, VersionRow Newest)> _rows = [];

    /// <summary>How many resources are in memory.</summary>
    public int Count => _rows.Count;

    /// <summary>The resources under a key; null when they are not known.</summary>
    public List<long>? Posted(long key) => _posted.GetValueOrDefault(key);

    /// <summary>True when it is known which resource an identity means, if any.</summary>
    public bool Knows((int Centre, int Type, string Id) identity) => _met.ContainsKey(identity);

    /// <summary>The resource that a known identity means; null for none.</summary>
    public long? Met((int Centre, int Type, string Id) identity) => _met[identity];

    public ResourceRow? Row(long pk) => _rows.TryGetValue(pk, out var known) ? known.Row : null;

    public VersionRow? Newest(ResourceRow row) => _rows.TryGetValue(row.Pk, out var known) && known.Newest.At == row.At ? known.Newest : null;

    /// <summary>All that lies under keys, in the order of the resources.</summary>
    public void Post(IEnumerable<long> keys, IEnumerable<(long Key, long Resource)> postings)
    {
        foreach (var key in keys)
            _posted[key] = [];
        foreach (var (key, resource) in postings)
            _posted[key].Add(resource);
    }

    /// <summary>Of identities, those that mean a resource.</summary>
    public void Meet(IEnumerable<(int Centre, int Type, string Id)> asked, IEnumerable<((int Centre, int Type, string Id) Identity, long Pk)> met)
    {
        foreach (var identity in asked)
            _met[identity] = null;
        foreach (var (identity, pk) in met)
            _met[identity] = pk;
    }

    public void Add(IEnumerable<(ResourceRow Row, VersionRow Newest)> rows)
    {
        foreach (var row in rows)
            _rows[row.Row.Pk] = row;
    }

    public void Forget(long key) => _posted.Remove(key);

    public void Forget((int Centre, int Type, string Id) identity) => _met.Remove(identity);

    public void ForgetRow(ResourceRow row) => _rows.Remove(row.Pk);

    public void ForgetRows() => _rows.Clear();

    public void Forget()
    {
        _posted.Clear();
        _met.Clear();
        _rows.Clear();
    }
}
