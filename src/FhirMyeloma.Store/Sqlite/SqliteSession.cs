using System.Data.Common;
using System.Globalization;
using FhirMyeloma.Store.Engines;
using Microsoft.Data.Sqlite;

namespace FhirMyeloma.Store.Sqlite;

/// <summary>A connection to a file: a question costs next to nothing, and each row is written as it comes.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : StoreSession
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement> _changes = new(StringComparer.Ordinal);

    /// <summary>The statements that were prepared so far.</summary>
    public IEnumerable<string> Prepared => _prepared.Keys.Concat(_changes.Keys);

    public override void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        foreach (var change in _changes.Values)
            change.Dispose();
        connection.Dispose();
    }

    public override void BeginReading() => Run("begin");

    public override void BeginTurn() => Run("begin immediate");

    public override ResourceRow? Find(int centre, int type, string id) => One(Rows(
        "select pk, patient, at, version, deleted from resource where type = $0 and id = $1 and centre = $2",
        reader => new ResourceRow(reader.GetInt64(0), centre, type, id, reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetInt64(4) != 0), type, id, centre));

    public override ResourceRow? Row(long pk) => One(Rows(
        "select centre, type, id, patient, at, version, deleted from resource where pk = $0",
        reader => new ResourceRow(pk, reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt32(5), reader.GetInt64(6) != 0), pk));

    public override List<(ResourceRow Row, VersionRow Newest)> RecordOf(long patient) => Rows(
        """
        select r.pk, r.centre, r.type, r.id, r.at, r.version, v.at, v.resource, v.number, v.instant, v.change, v.content, v.body
        from resource r join version v on v.at = r.at where r.patient = $0 and r.patient <> 0 and r.deleted = 0 order by r.pk
        """,
        reader => (new ResourceRow(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), patient, reader.GetInt64(4), reader.GetInt32(5), false), Version(reader, 6)),
        patient);

    public override List<string> Ids(int centre, int type, string from, int most) => Rows(
        "select id from resource where type = $0 and id >= $1 and centre = $2 and deleted = 0 order by id limit $3", static reader => reader.GetString(0), type, from, centre, most);

    public override ResourceRow InsertResource(int centre, int type, string id, long patient)
    {
        Execute("insert into resource (centre, type, id, patient, at, version, deleted) values ($0, $1, $2, $3, 0, 0, 0)", centre, type, id, patient);
        return new(LastRowId(), centre, type, id, patient, 0, 0, false);
    }

    public override long InsertVersion(ResourceRow row, int number, long instant, ChangeKind change, byte[] content, ReadOnlyMemory<byte> body)
    {
        Execute("insert into version (resource, number, instant, change, content, body) values ($0, $1, $2, $3, $4, $5)",
            row.Pk, number, instant, (int)change, content, body.IsEmpty ? DBNull.Value : Bytes(body));
        return LastRowId();
    }

    public override void PointTo(ResourceRow row, long patient, long at, int version, bool deleted) =>
        Execute("update resource set patient = $1, at = $2, version = $3, deleted = $4 where pk = $0", row.Pk, patient, at, version, deleted ? 1 : 0);

    public override void Remove(ResourceRow row)
    {
        Execute("delete from version where resource = $0", row.Pk);
        Execute("delete from resource where pk = $0", row.Pk);
    }

    /// <summary>The next row gets the number after the largest, so that the largest has to stay taken: by a version of no resource.</summary>
    public override void KeepPlace(long at, long instant) =>
        Execute("insert into version (at, resource, number, instant, change, content) select $0, 0, $0, $1, 2, x'' where not exists (select 1 from version where at >= $0)", at, instant);

    public override void Post(long key, ResourceRow row) => Execute("insert into posting (key, resource) values ($0, $1) on conflict do nothing", key, row.Pk);

    public override void Unpost(long key, ResourceRow row) => Execute("delete from posting where key = $0 and resource = $1", key, row.Pk);

    public override void PostMoment(long scope, long low, long high, ResourceRow row) =>
        Execute("insert into moment (scope, low, resource, high) values ($0, $1, $2, $3) on conflict do nothing", scope, low, row.Pk, high);

    public override void UnpostMoment(long scope, long low, long high, ResourceRow row) =>
        Execute("delete from moment where scope = $0 and low = $1 and resource = $2 and high = $3", scope, low, row.Pk, high);

    public override void Execute(string sql, params ReadOnlySpan<object> values)
    {
        if (!_changes.TryGetValue(sql, out var change))
            _changes.Add(sql, change = new(connection.Handle!, sql));
        change.Run(values);
    }

    public override List<T> Rows<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<object> values)
    {
        using var reader = Bound(sql, values).ExecuteReader();
        List<T> found = [];
        while (reader.Read())
            found.Add(read(reader));
        return found;
    }

    private SqliteCommand Bound(string sql, params ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            command.Prepare();
            _prepared.Add(sql, command);
        }

        for (var i = command.Parameters.Count; i < values.Length; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i.ToString(CultureInfo.InvariantCulture) });
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }

    private long LastRowId() => SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);
}
