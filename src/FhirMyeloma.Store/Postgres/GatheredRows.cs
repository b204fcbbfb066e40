using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Postgres;

/// <summary>Rows that wait to be written: one statement a table, whatever their number.</summary>
internal sealed class GatheredRows
{
    private readonly Dictionary<long, ResourceRow> _begun = [];
    private readonly List<ResourceRow> _pointed = [];

    public List<(ResourceRow Row, VersionRow Version)> Versions { get; } = [];

    public List<(long Key, long Resource)> Postings { get; } = [];

    public List<(long Key, long Resource)> Unpostings { get; } = [];

    public List<(long Scope, long Low, long Resource, long High, long Home)> Moments { get; } = [];

    public List<(long Scope, long Low, long Resource, long High, long Home)> Unmoments { get; } = [];

    public bool IsEmpty => _begun.Count + _pointed.Count + Versions.Count + Postings.Count + Unpostings.Count + Moments.Count + Unmoments.Count == 0;

    public void Begin(ResourceRow row) => _begun.Add(row.Pk, row);

    /// <summary>What is to hold of a resource.</summary>
    public void Point(ResourceRow row)
    {
        if (_begun.ContainsKey(row.Pk))
            _begun[row.Pk] = row;
        else
            _pointed.Add(row);
    }

    public void Clear()
    {
        _begun.Clear();
        _pointed.Clear();
        Versions.Clear();
        Postings.Clear();
        Unpostings.Clear();
        Moments.Clear();
        Unmoments.Clear();
    }

    public IEnumerable<(string Sql, object[] Values)> Statements()
    {
        if (_begun.Count > 0)
        {
            ResourceRow[] rows = [.. _begun.Values];
            yield return (
                "insert into identity (id, type, centre, home, pk) select * from unnest($0, $1, $2, $3, $4)",
                [Of(rows, static row => row.Id), Of(rows, static row => row.Type), Of(rows, static row => row.Centre), Of(rows, static row => row.Home), Of(rows, static row => row.Pk)]);
            yield return (
                "insert into resource (home, pk, centre, type, id, patient, at, version, deleted) select * from unnest($0, $1, $2, $3, $4, $5, $6, $7, $8)",
                [
                    Of(rows, static row => row.Home), Of(rows, static row => row.Pk), Of(rows, static row => row.Centre), Of(rows, static row => row.Type), Of(rows, static row => row.Id),
                    Of(rows, static row => row.Patient), Of(rows, static row => row.At), Of(rows, static row => row.Version), Of(rows, static row => row.Deleted ? 1 : 0),
                ]);
        }

        if (_pointed.Count > 0)
        {
            yield return (
                """
                update resource set patient = n.patient, at = n.at, version = n.version, deleted = n.deleted
                from unnest($0, $1, $2, $3, $4, $5) as n (home, pk, patient, at, version, deleted) where resource.home = n.home and resource.pk = n.pk
                """,
                [
                    Of(_pointed, static row => row.Home), Of(_pointed, static row => row.Pk), Of(_pointed, static row => row.Patient), Of(_pointed, static row => row.At),
                    Of(_pointed, static row => row.Version), Of(_pointed, static row => row.Deleted ? 1 : 0),
                ]);
        }

        if (Versions.Count > 0)
        {
            yield return (
                "insert into version (home, resource, number, at, instant, change, content, body) select * from unnest($0, $1, $2, $3, $4, $5, $6, $7)",
                [
                    Of(Versions, static one => one.Row.Home), Of(Versions, static one => one.Row.Pk), Of(Versions, static one => one.Version.Number), Of(Versions, static one => one.Version.At),
                    Of(Versions, static one => one.Version.Instant), Of(Versions, static one => (int)one.Version.Change), Of(Versions, static one => one.Version.Content),
                    Of(Versions, static one => one.Version.Body!),
                ]);
        }

        if (Unpostings.Count > 0)
        {
            yield return (
                "delete from posting using unnest($0, $1) as n (key, resource) where posting.key = n.key and posting.resource = n.resource",
                [Of(Unpostings, static one => one.Key), Of(Unpostings, static one => one.Resource)]);
        }

        if (Postings.Count > 0)
        {
            // In the order of the index.
            Postings.Sort();
            yield return (
                "insert into posting (key, resource) select * from unnest($0, $1)",
                [Of(Postings, static one => one.Key), Of(Postings, static one => one.Resource)]);
        }

        if (Unmoments.Count > 0)
        {
            yield return (
                """
                delete from moment using unnest($0, $1, $2, $3, $4) as n (scope, low, resource, high, home)
                where moment.scope = n.scope and moment.low = n.low and moment.resource = n.resource and moment.high = n.high and moment.home = n.home
                """,
                Columns(Unmoments));
        }

        if (Moments.Count > 0)
            yield return ("insert into moment (scope, low, resource, high, home) select * from unnest($0, $1, $2, $3, $4)", Columns(Moments));
    }

    private static object[] Columns(List<(long Scope, long Low, long Resource, long High, long Home)> rows) =>
    [
        Of(rows, static row => row.Scope), Of(rows, static row => row.Low), Of(rows, static row => row.Resource), Of(rows, static row => row.High), Of(rows, static row => row.Home),
    ];

    private static TColumn[] Of<TRow, TColumn>(IReadOnlyCollection<TRow> rows, Func<TRow, TColumn> column)
    {
        var values = new TColumn[rows.Count];
        var next = 0;
        foreach (var row in rows)
            values[next++] = column(row);
        return values;
    }
}
