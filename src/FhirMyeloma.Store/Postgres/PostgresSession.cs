using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Text.RegularExpressions;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Search;
using Npgsql;

namespace FhirMyeloma.Store.Postgres;

/// <summary>
/// A connection to PostgreSQL. What costs is the way there and back, so statements wait and go together with the next question or the commit, rows are gathered and written in
/// one statement a table, and what <see cref="Foresee"/> names is fetched at once.
/// </summary>
internal sealed partial class PostgresSession(NpgsqlConnection connection) : StoreSession
{
    private const string RowColumns = "r.pk, r.centre, r.type, r.id, r.patient, r.at, r.version, r.deleted, r.home";
    private const string VersionColumns = "v.at, v.resource, v.number, v.instant, v.change, v.content, v.body";

    /// <summary>Rows of the index that are fetched ahead; where there are more, each key is asked for by itself.</summary>
    private const int MostPostings = 20_000;

    /// <summary>Resources that are kept in memory beside what is asked for.</summary>
    private const int MostRows = 2_000;

    private static readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly List<NpgsqlBatchCommand> _waiting = [];
    private readonly GatheredRows _gathered = new();
    private readonly Foresight _foresight = new();
    private Turn _turn;
    private Turn _begun;
    private Turn _kept;
    private bool _hasBegun;
    private bool _hasStarted;

    /// <summary>True when nothing can be done with it any more.</summary>
    public bool IsLost => connection.FullState is not (ConnectionState.Open or (ConnectionState.Open | ConnectionState.Fetching) or (ConnectionState.Open | ConnectionState.Executing));

    public override void Dispose() => connection.Dispose();

    /// <summary>
    /// What the session is to be like, as far as the database knows the setting: a commit is on disk; nobody waits long for the turn, and one that forgets it loses it; plans are
    /// made for tables that grow, though they may be empty at first.
    /// </summary>
    public void Settle()
    {
        Rows(
            """
            select set_config(s.name, s.value, false) from (values ('lock_timeout', '10s'), ('idle_in_transaction_session_timeout', '30s'), ('jit', 'off'),
                ('enable_seqscan', 'off'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off')) as s (name, value) where s.name in (select name from pg_settings)
            """,
            static _ => 0);
        Rows("select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit', true) = 'off'", static _ => 0);
    }

    /// <summary>Begins to change the schema.</summary>
    public void Begin() => Begin("begin isolation level read committed");

    public override void BeginReading() => Begin("begin isolation level repeatable read read only");

    /// <summary>Locks the row of the turn, so that of all processes one writes at a time. Read committed, since what is read then must be what the one before has written.</summary>
    public override void BeginTurn()
    {
        Begin("begin isolation level read committed");
        _turn = Rows("select pk, at, instant from turn where one = 1 for update", static reader => new Turn(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)))[0];
        _begun = _turn;
    }

    public override void Commit()
    {
        if (!_hasBegun && _waiting.Count == 1 && _gathered.IsEmpty)
        {
            // It has not even begun: nothing was asked.
            Drop();
            return;
        }

        if (_turn != _begun)
            Execute("update turn set pk = $0, at = $1, instant = $2 where one = 1", _turn.Pk, _turn.At, _turn.Instant);
        Execute("commit");
        Send();
        _begun = _turn;
        _foresight.Forget();
    }

    public override void RollBack()
    {
        Drop();
        if (!_hasBegun)
            return;
        Execute("rollback");
        Send();
    }

    public override void StartOne()
    {
        _hasStarted = false;
        _kept = _turn;
        base.StartOne();
    }

    public override void KeepOne()
    {
        base.KeepOne();
        Send();
        _foresight.Forget();
    }

    public override void UndoOne()
    {
        _turn = _kept;
        Drop();
        if (!_hasStarted)
            return;
        base.UndoOne();
        Send();
    }

    public override void Execute(string sql, params ReadOnlySpan<object> values)
    {
        Gather();
        _waiting.Add(Command(sql, values));
    }

    public override List<T> Rows<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<object> values)
    {
        Execute(sql, values);
        using var batch = Batch();
        using var reader = batch.ExecuteReader();
        List<T> found = [];
        while (reader.Read())
            found.Add(read(reader));
        return found;
    }

    public override void Foresee(IReadOnlyCollection<long> keys, IReadOnlyCollection<(int Centre, int Type, string Id)> ids)
    {
        HashSet<long> resources = [];
        long[] unknown = [.. keys.Where(key => _foresight.Posted(key) is null).Distinct()];
        if (unknown.Length > 0)
        {
            var postings = Rows("select key, resource from posting where key = any($0) order by key, resource limit $1",
                static reader => (Key: reader.GetInt64(0), Resource: reader.GetInt64(1)), (object)unknown, (long)MostPostings);
            if (postings.Count < MostPostings)
            {
                _foresight.Post(unknown, postings);
                resources.UnionWith(postings.Select(static posting => posting.Resource));
            }
        }

        (int Centre, int Type, string Id)[] unmet = [.. ids.Where(id => !_foresight.Knows(id)).Distinct()];
        if (unmet.Length > 0)
        {
            var met = Rows("select centre, type, id, pk from identity where id = any($0)",
                static reader => (Identity: (reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2)), Pk: reader.GetInt64(3)), (object)unmet.Select(static one => one.Id).ToArray());
            _foresight.Meet(unmet, met);
            resources.UnionWith(met.Select(static one => one.Pk));
        }

        ForeseeRows(resources);
    }

    public override void ForeseeRows(IReadOnlyCollection<long> resources)
    {
        long[] unknown = [.. resources.Where(pk => _foresight.Row(pk) is null)];
        if (unknown.Length is 0 or > MostRows)
            return;
        if (_foresight.Count > MostRows)
            _foresight.ForgetRows();
        _foresight.Add(Rows(
            $"select {RowColumns}, {VersionColumns} from resource r join version v on v.home = r.home and v.resource = r.pk and v.number = r.version where r.pk = any($0)",
            static reader => (Resource(reader), Version(reader, 9)), (object)unknown));
    }

    public override ResourceRow? Find(int centre, int type, string id)
    {
        if (_foresight.Knows((centre, type, id)))
        {
            if (_foresight.Met((centre, type, id)) is not { } pk)
                return null;
            if (_foresight.Row(pk) is { } row)
                return row;
        }

        return One(Rows(
            $"select {RowColumns} from resource r where (r.home, r.pk) in (select home, pk from identity where id = $0 and type = $1 and centre = $2)", Resource, id, type, centre));
    }

    public override ResourceRow? Row(long pk) => _foresight.Row(pk) ?? One(Rows($"select {RowColumns} from resource r where r.pk = $0", Resource, pk));

    public override VersionRow Newest(ResourceRow row) => _foresight.Newest(row) ?? Version(row, row.Version)!;

    public override VersionRow? Version(ResourceRow row, int number) => Rows(
        $"select {VersionColumns} from version v where v.home = $0 and v.resource = $1 and v.number = $2", static reader => Version(reader, 0), row.Home, row.Pk, number).FirstOrDefault();

    public override IEnumerable<VersionRow> History(ResourceRow row) => Rows(
        $"select {VersionColumns} from version v where v.home = $0 and v.resource = $1 order by v.number desc", static reader => Version(reader, 0), row.Home, row.Pk);

    public override byte[] Content(ResourceRow row) => Newest(row).Content;

    public override List<long> Posted(long key) => _foresight.Posted(key) ?? base.Posted(key);

    public override List<long> ChangedBetween(int centre, int type, long low, long high) => Longs(
        """
        select r.pk from version v join resource r on r.home = v.home and r.pk = v.resource and r.at = v.at
        where v.instant between $2 and $3 and r.centre = $0 and r.type = $1 and r.deleted = 0 order by r.pk
        """,
        centre, type, low, high);

    public override List<(ResourceRow Row, VersionRow Newest)> RecordOf(long patient) => Rows(
        $"""
        select {RowColumns}, {VersionColumns} from resource r join version v on v.home = r.home and v.resource = r.pk and v.number = r.version
        where r.patient = $0 and r.patient <> 0 and r.deleted = 0 order by r.pk
        """,
        static reader => (Resource(reader), Version(reader, 9)), patient);

    public override List<string> Ids(int centre, int type, string from, int most) => Rows(
        """
        select i.id from identity i join resource r on r.home = i.home and r.pk = i.pk
        where i.type = $0 and i.id >= $1 and i.centre = $2 and r.deleted = 0 order by i.id limit $3
        """,
        static reader => reader.GetString(0), type, from, centre, (long)most);

    public override int CountCurrent(long first, long last) => (int)(Scalar(
        "select count(*) from version v join resource r on r.home = v.home and r.pk = v.resource and r.at = v.at where v.at between $0 and $1", first, last) ?? 0);

    public override long NewestInstant() => _turn.Instant;

    public override ResourceRow InsertResource(int centre, int type, string id, long patient)
    {
        _turn = _turn with { Pk = _turn.Pk + 1 };
        var row = new ResourceRow(_turn.Pk, centre, type, id, patient, 0, 0, false, patient == 0 ? IndexKey.OfHome(centre, type, id) : patient);
        _gathered.Begin(row);
        _foresight.Forget((centre, type, id));
        return row;
    }

    public override long InsertVersion(ResourceRow row, int number, long instant, ChangeKind change, byte[] content, ReadOnlyMemory<byte> body)
    {
        _turn = _turn with { At = _turn.At + 1, Instant = instant };
        _gathered.Versions.Add((row, new(_turn.At, row.Pk, number, instant, change, content, body.IsEmpty ? null : Bytes(body))));
        return _turn.At;
    }

    public override void PointTo(ResourceRow row, long patient, long at, int version, bool deleted)
    {
        _gathered.Point(row with { Patient = patient, At = at, Version = version, Deleted = deleted });
        _foresight.ForgetRow(row);
    }

    public override void Remove(ResourceRow row)
    {
        Execute("delete from version where home = $0 and resource = $1", row.Home, row.Pk);
        Execute("delete from resource where home = $0 and pk = $1", row.Home, row.Pk);
        Execute("delete from identity where id = $0 and type = $1 and centre = $2", row.Id, row.Type, row.Centre);
        _foresight.ForgetRow(row);
        _foresight.Forget((row.Centre, row.Type, row.Id));
    }

    /// <summary>Places are counted on by the turn.</summary>
    public override void KeepPlace(long at, long instant)
    {
    }

    public override void Post(long key, ResourceRow row)
    {
        _gathered.Postings.Add((key, row.Pk));
        _foresight.Forget(key);
    }

    public override void Unpost(long key, ResourceRow row)
    {
        _gathered.Unpostings.Add((key, row.Pk));
        _foresight.Forget(key);
    }

    public override void PostMoment(long scope, long low, long high, ResourceRow row) => _gathered.Moments.Add((scope, low, row.Pk, high, row.Home));

    public override void UnpostMoment(long scope, long low, long high, ResourceRow row) => _gathered.Unmoments.Add((scope, low, row.Pk, high, row.Home));

    private static ResourceRow Resource(DbDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt32(6), reader.GetInt32(7) != 0, reader.GetInt64(8));

    private static NpgsqlBatchCommand Command(string sql, ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(_texts.GetOrAdd(sql, static text => Numbers().Replace(text, static match => "$" + (int.Parse(match.ValueSpan[1..], System.Globalization.CultureInfo.InvariantCulture) + 1))));
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private void Begin(string sql)
    {
        Drop();
        _hasBegun = _hasStarted = false;
        Execute(sql);
    }

    /// <summary>What was gathered becomes statements, ahead of those that follow.</summary>
    private void Gather()
    {
        if (_gathered.IsEmpty)
            return;
        foreach (var (sql, values) in _gathered.Statements())
            _waiting.Add(Command(sql, values));
        _gathered.Clear();
    }

    private NpgsqlBatch Batch()
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var command in _waiting)
            batch.BatchCommands.Add(command);
        _waiting.Clear();
        _hasBegun = _hasStarted = true;
        return batch;
    }

    private void Send()
    {
        Gather();
        if (_waiting.Count == 0)
            return;
        using var batch = Batch();
        batch.ExecuteNonQuery();
    }

    private void Drop()
    {
        _waiting.Clear();
        _gathered.Clear();
        _foresight.Forget();
    }

    [GeneratedRegex(@"\$[0-9]+", RegexOptions.None, 1_000)]
    private static partial Regex Numbers();

    private readonly record struct Turn(long Pk, long At, long Instant);
}
