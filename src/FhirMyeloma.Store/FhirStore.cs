using System.Collections.Concurrent;
using System.Collections.Immutable;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Audit;
using FhirMyeloma.Store.Cases;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Erasure;
using FhirMyeloma.Store.Jobs;
using FhirMyeloma.Store.Keys;
using FhirMyeloma.Store.Postgres;
using FhirMyeloma.Store.Search;
using FhirMyeloma.Store.Sqlite;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store;

/// <summary>
/// Keeps FHIR resources by centre: every version, in transactions, with an index to search them. What it acknowledges is on disk. Free to use from many threads at once.
/// </summary>
public sealed class FhirStore : IDisposable
{
    private readonly StoreEngine _engine;
    private readonly TypeNumbers _types;
    private readonly TransactionWriter _writer;
    private readonly PatientPurge _purge;
    private readonly ConcurrentDictionary<string, int> _centres = new(StringComparer.Ordinal);

    private FhirStore(StoreEngine engine, TypeNumbers types, TimeProvider clock)
    {
        _engine = engine;
        _types = types;
        _writer = new(engine, types, clock);
        Cases = new(engine, types, clock);
        CaseRules = new(engine);
        Jobs = new(engine, clock);
        Keys = new(engine, clock);
        Audit = new(engine, clock);
        _purge = new(engine, types, clock);
    }

    /// <summary>What was derived about the patients.</summary>
    public CaseTable Cases { get; }

    /// <summary>Deriving everything again.</summary>
    public CaseRules CaseRules { get; }

    /// <summary>Work that outlives its request.</summary>
    public JobTable Jobs { get; }

    /// <summary>Keys by which systems are known.</summary>
    public KeyTable Keys { get; }

    /// <summary>Who did what.</summary>
    public AuditTable Audit { get; }

    /// <summary>Opens a store in a file, makes it where there is none, and brings its schema up to date.</summary>
    /// <param name="file">The database file; <c>-wal</c> and <c>-shm</c> lie beside it while it is open.</param>
    /// <param name="clock">Gives the time of changes and ids.</param>
    /// <exception cref="StoreException">The file has a newer schema.</exception>
    public static FhirStore OpenSqlite(string file, TimeProvider clock) => Open(SqliteEngine.Open(file), clock);

    /// <summary>Opens a store in a database of PostgreSQL 15 or later and brings its schema up to date. Several processes may have it open.</summary>
    /// <param name="connection">A connection string as Npgsql reads it.</param>
    /// <param name="clock">Gives the time of changes and ids.</param>
    /// <exception cref="StoreException">The database cannot be reached, or has a newer schema.</exception>
    public static FhirStore OpenPostgres(string connection, TimeProvider clock) => Open(PostgresEngine.Open(connection), clock);

    /// <summary>Carries out a transaction, whole or not at all. When the task ends it is on disk.</summary>
    /// <param name="centre">The centre that writes; its resources are apart from those of every other.</param>
    /// <param name="transaction">What to do.</param>
    /// <exception cref="StoreBusyException">Too much waits; nothing was done.</exception>
    public async Task<TransactionResult> ExecuteAsync(string centre, Transaction transaction) => await _writer.ExecuteAsync(await RegisterAsync(centre).ConfigureAwait(false), transaction).ConfigureAwait(false);

    /// <summary>The newest version of a resource, also when that deletes it; null when there never was one.</summary>
    public StoredVersion? Read(string centre, string type, string id) =>
        _engine.Read(session => Row(session, centre, type, id) is { } row ? session.Newest(row).ToStored(type, id) : null);

    /// <summary>One version of a resource; null when there is none.</summary>
    public StoredVersion? Read(string centre, string type, string id, int version) =>
        _engine.Read(session => Row(session, centre, type, id) is { } row && session.Version(row, version) is { } found ? found.ToStored(type, id) : null);

    /// <summary>Every version of a resource, newest first; empty when there never was one.</summary>
    public ImmutableArray<StoredVersion> History(string centre, string type, string id) =>
        _engine.Read<ImmutableArray<StoredVersion>>(session => Row(session, centre, type, id) is { } row ? [.. session.History(row).Select(version => version.ToStored(type, id))] : []);

    /// <summary>A page of the history of a resource, of a type or of everything in a centre; null when it is that of a resource that there never was.</summary>
    public HistoryPage? History(string centre, HistoryQuery query) => _engine.Read(session =>
        query is { Type: { } type, Id: { } id } ? Row(session, centre, type, id) is { } row ? HistoryPage.Of(session, row, query) : null
        : Centre(session, centre) is { } number ? HistoryPage.Of(session, _types, number, query) : HistoryPage.Empty);

    /// <summary>A page of what a search finds in a centre.</summary>
    /// <param name="centre">Whose resources.</param>
    /// <param name="query">The search; it names a type.</param>
    /// <param name="from"><see cref="SearchPage.Next"/> of the page before; null for the first.</param>
    public SearchPage Search(string centre, SearchQuery query, string? from = null) => _engine.Read(session =>
        Centre(session, centre) is { } number ? SearchPage.Of(new(session, _types, number), query, from) : new([], [], 0, null));

    /// <summary>
    /// What there is about a patient, as it now stands: the Patient, what lies in its compartment, in the order in which it was first kept, and what these refer to (a Medication,
    /// an Organization). Empty when there is no such Patient.
    /// </summary>
    public ImmutableArray<StoredVersion> Everything(string centre, string patient) => _engine.Read(session =>
        Row(session, centre, "Patient", patient) is { Deleted: false } row ? Compartment.Record(session, _types, row).Versions : []);

    /// <summary>Ids of the Patients of a centre that are not deleted, in ordinal order.</summary>
    /// <param name="centre">Whose.</param>
    /// <param name="from">The least id.</param>
    /// <param name="most">How many at most.</param>
    public ImmutableArray<string> Patients(string centre, string from, int most) => _engine.Read<ImmutableArray<string>>(session =>
        Centre(session, centre) is { } number ? [.. session.Ids(number, _types["Patient"], from, most)] : []);

    /// <summary>What a centre keeps at this moment. What a place holds never changes; only what is purged is gone from it.</summary>
    /// <param name="centre">Whose resources.</param>
    /// <param name="types">Which types.</param>
    /// <param name="ofPatients">Only what lies in the compartment of a patient.</param>
    /// <param name="since">Only versions that were written at or after this instant; null for all.</param>
    public Snapshot Snapshot(string centre, IEnumerable<string> types, bool ofPatients, DateTimeOffset? since) => _engine.Read(session =>
    {
        var found = ImmutableArray.CreateBuilder<(string, ImmutableArray<long>)>();
        if (Centre(session, centre) is { } number)
        {
            foreach (var type in types)
            {
                var places = session.Rows(
                    "select v.at from posting p join resource r on r.pk = p.resource join version v on v.at = r.at where p.key = $0 and r.centre = $3 and r.type = $4 and r.deleted = 0 and v.instant >= $1 and ($2 = 0 or r.patient <> 0) order by r.pk",
                    static reader => reader.GetInt64(0), IndexKey.OfType(number, _types[type]), since?.ToUnixTimeMilliseconds() ?? 0, ofPatients ? 1L : 0L, number, _types[type]);
                if (places.Count > 0)
                    found.Add((type, [.. places]));
            }
        }

        return new Snapshot(DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(session.NewestInstant(), 0)), found.ToImmutable());
    });

    /// <summary>The versions at places, in their order; those that are another centre's, or purged, are left out.</summary>
    public ImmutableArray<StoredVersion> At(string centre, IEnumerable<long> places) => _engine.Read<ImmutableArray<StoredVersion>>(session =>
    [
        .. places.Select(session.Version).OfType<VersionRow>().Select(version => (version, row: session.Row(version.Resource)))
            .Where(pair => pair.row is { } row && row.Centre == Centre(session, centre)).Select(pair => pair.version.ToStored(_types[pair.row!.Value.Type], pair.row.Value.Id)),
    ]);

    /// <summary>
    /// Removes a patient: all versions of the Patient and of what lies or lay in its compartment, the index of these, the case, answers to requests that wrote them, and what finished
    /// jobs of the centre were sent and answered. What the record only refers to stays, and so do references to it. Nothing of it can be had again.
    /// </summary>
    /// <param name="centre">Whose patient.</param>
    /// <param name="patient">Logical id.</param>
    /// <param name="audit">The row of the audit that is written with it.</param>
    /// <returns>How many resources went; null when the centre never had such a Patient.</returns>
    public Task<int?> PurgeAsync(string centre, string patient, AuditEntry audit) => _purge.PurgeAsync(centre, patient, audit);

    /// <summary>True when the store answers.</summary>
    public bool IsAlive() => _engine.IsAlive();

    /// <summary>Finishes what was accepted, then closes.</summary>
    public void Dispose() => _engine.Dispose();

    internal static FhirStore Open(StoreEngine engine, TimeProvider clock) => new(engine, engine.WriteAsync(TypeNumbers.Register).GetAwaiter().GetResult(), clock);

    private ResourceRow? Row(StoreSession session, string centre, string type, string id) =>
        Centre(session, centre) is { } number ? session.Find(number, _types[type], id) : null;

    private int? Centre(StoreSession session, string centre) => _centres.TryGetValue(centre, out var known) ? known : session.Name("centre:" + centre);

    private async ValueTask<int> RegisterAsync(string centre)
    {
        if (_centres.TryGetValue(centre, out var known))
            return known;
        var number = await _engine.WriteAsync(session => session.Register("centre:" + centre)).ConfigureAwait(false);
        return _centres.GetOrAdd(centre, number);
    }
}
