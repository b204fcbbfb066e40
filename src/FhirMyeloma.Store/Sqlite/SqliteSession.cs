using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace FhirMyeloma.Store.Sqlite;

/// <summary>One connection with its prepared statements. Not for two threads at once.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public SqliteSession(SqliteConnection connection) => _connection = connection;

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _connection.Dispose();
    }

    /// <summary>Runs a statement without parameters, such as <c>begin</c>.</summary>
    public void Run(string sql) => Prepared(sql).ExecuteNonQuery();

    /// <summary>The number of a name (of a type, of a centre); null when nothing was ever kept under it.</summary>
    public int? Name(string text) => Scalar("select id from name where text = $0", text) is { } id ? (int)id : null;

    /// <summary>The number of a name, given to it now where it has none.</summary>
    public int Register(string text)
    {
        Execute("insert into name (text) values ($0) on conflict do nothing", text);
        return Name(text)!.Value;
    }

    public ResourceRow? Find(int centre, int type, string id)
    {
        var command = Prepared("select pk, patient, at, version, deleted from resource where type = $0 and id = $1 and centre = $2");
        Bind(command, type, id, centre);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new(reader.GetInt64(0), centre, type, id, reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetInt64(4) != 0) : null;
    }

    public ResourceRow? Row(long pk)
    {
        var command = Prepared("select centre, type, id, patient, at, version, deleted from resource where pk = $0");
        Bind(command, pk);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new(pk, reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt32(5), reader.GetInt64(6) != 0)
            : null;
    }

    /// <summary>The version at a place; null where there is none.</summary>
    public VersionRow? Version(long at) => Versions("select at, resource, number, instant, change, content, body from version where at = $0", at).FirstOrDefault();

    /// <summary>A version of a resource by its number.</summary>
    public VersionRow? Version(long resource, int number) =>
        Versions("select at, resource, number, instant, change, content, body from version where resource = $0 and number = $1", resource, number).FirstOrDefault();

    /// <summary>The versions of a resource, newest first.</summary>
    public IEnumerable<VersionRow> History(long resource) =>
        Versions("select at, resource, number, instant, change, content, body from version where resource = $0 order by number desc", resource);

    /// <summary>Hash of the content at a place, without its body.</summary>
    public byte[]? Content(long at)
    {
        var command = Prepared("select content from version where at = $0");
        Bind(command, at);
        return (byte[]?)command.ExecuteScalar();
    }

    /// <summary>Resources under a key, in the order in which they were first kept.</summary>
    public List<long> Posted(long key, long after = 0, int most = int.MaxValue) =>
        Longs("select resource from posting where key = $0 and resource > $1 order by resource limit $2", key, after, most);

    /// <summary>Resources with a time between two, in the order in which they were first kept.</summary>
    public List<long> Between(long scope, long low, long high, long after = 0, int most = int.MaxValue) =>
        Longs("select distinct resource from moment where scope = $0 and low <= $2 and high >= $1 and resource > $3 order by resource limit $4", scope, low, high, after, most);

    /// <summary>Resources of a type whose newest version was written between two moments, in milliseconds.</summary>
    public List<long> ChangedBetween(int centre, int type, long low, long high) => Longs(
        "select r.pk from version v join resource r on r.at = v.at and r.pk = v.resource where v.instant between $2 and $3 and r.centre = $0 and r.type = $1 and r.deleted = 0 order by r.pk",
        centre, type, low, high);

    /// <summary>Everything that lies in the compartment of a patient.</summary>
    public List<long> OfPatient(long patient) => Longs("select pk from resource where patient = $0 and deleted = 0 order by pk", patient);

    public long InsertResource(int centre, int type, string id, long patient)
    {
        Execute("insert into resource (centre, type, id, patient, at, version, deleted) values ($0, $1, $2, $3, 0, 0, 0)", centre, type, id, patient);
        return LastRowId();
    }

    public long InsertVersion(long resource, int number, long instant, ChangeKind change, byte[] content, ReadOnlyMemory<byte> body)
    {
        var command = Prepared("insert into version (resource, number, instant, change, content, body) values ($0, $1, $2, $3, $4, $5)");
        Bind(command, resource, number, instant, (int)change, content, body.IsEmpty ? DBNull.Value : Bytes(body));
        command.ExecuteNonQuery();
        return LastRowId();
    }

    public void PointTo(long resource, long patient, long at, int version, bool deleted) =>
        Execute("update resource set patient = $1, at = $2, version = $3, deleted = $4 where pk = $0", resource, patient, at, version, deleted ? 1 : 0);

    public void Post(long key, long resource) => Execute("insert into posting (key, resource) values ($0, $1) on conflict do nothing", key, resource);

    public void Unpost(long key, long resource) => Execute("delete from posting where key = $0 and resource = $1", key, resource);

    public void PostMoment(long scope, long low, long high, long resource) =>
        Execute("insert into moment (scope, low, resource, high) values ($0, $1, $2, $3) on conflict do nothing", scope, low, resource, high);

    public void UnpostMoment(long scope, long low, long high, long resource) =>
        Execute("delete from moment where scope = $0 and low = $1 and resource = $2 and high = $3", scope, low, resource, high);

    /// <summary>The answer to a request; null when there is none.</summary>
    public AnswerRow? Answer(int centre, byte[] request)
    {
        var command = Prepared("select content, instant, first, last, written, outcome from answer where centre = $0 and request = $1");
        Bind(command, centre, request);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetFieldValue<byte[]>(5))
            : null;
    }

    public void Keep(int centre, byte[] request, AnswerRow answer) => Execute(
        "insert or replace into answer (centre, request, content, instant, first, last, written, outcome) values ($0, $1, $2, $3, $4, $5, $6, $7)",
        centre, request, answer.Content, answer.Instant, answer.First, answer.Last, answer.Written, answer.Outcome);

    /// <summary>Forgets the answers that were given before a moment.</summary>
    public void Forget(long before) => Execute("delete from answer where instant < $0", before);

    /// <summary>How many of the versions between two places are still the newest of their resource.</summary>
    public int CountCurrent(long first, long last) =>
        (int)(Scalar("select count(*) from version v join resource r on r.pk = v.resource where v.at between $0 and $1 and r.at = v.at", first, last) ?? 0);

    /// <summary>When the newest version was written; 0 in an empty store.</summary>
    public long NewestInstant() => Scalar("select max(instant) from version") ?? 0;

    /// <summary>The first column of the first row.</summary>
    public long? Scalar(string sql, params ReadOnlySpan<object> values)
    {
        var command = Prepared(sql);
        Bind(command, values);
        return command.ExecuteScalar() is long value ? value : null;
    }

    /// <summary>Reads rows.</summary>
    public List<T> Rows<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<object> values)
    {
        var command = Prepared(sql);
        Bind(command, values);
        using var reader = command.ExecuteReader();
        List<T> found = [];
        while (reader.Read())
            found.Add(read(reader));
        return found;
    }

    private List<long> Longs(string sql, params ReadOnlySpan<object> values)
    {
        var command = Prepared(sql);
        Bind(command, values);
        using var reader = command.ExecuteReader();
        List<long> found = [];
        while (reader.Read())
            found.Add(reader.GetInt64(0));
        return found;
    }

    private List<VersionRow> Versions(string sql, params ReadOnlySpan<object> values)
    {
        var command = Prepared(sql);
        Bind(command, values);
        using var reader = command.ExecuteReader();
        List<VersionRow> found = [];
        while (reader.Read())
        {
            found.Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3), (ChangeKind)reader.GetInt32(4), reader.GetFieldValue<byte[]>(5),
                reader.IsDBNull(6) ? default : reader.GetFieldValue<byte[]>(6)));
        }

        return found;
    }

    /// <summary>Runs a statement.</summary>
    public void Execute(string sql, params ReadOnlySpan<object> values)
    {
        var command = Prepared(sql);
        Bind(command, values);
        command.ExecuteNonQuery();
    }

    private long LastRowId() => SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle);

    private SqliteCommand Prepared(string sql)
    {
        if (_prepared.TryGetValue(sql, out var known))
            return known;
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Prepare();
        _prepared.Add(sql, command);
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = command.Parameters.Count; i < values.Length; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i.ToString(CultureInfo.InvariantCulture) });
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> body) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var whole) && whole.Offset == 0 && whole.Count == whole.Array!.Length ? whole.Array : body.ToArray();
}

/// <summary>What holds of a resource.</summary>
internal readonly record struct ResourceRow(long Pk, int Centre, int Type, string Id, long Patient, long At, int Version, bool Deleted);

/// <summary>A version.</summary>
internal sealed record VersionRow(long At, long Resource, int Number, long Instant, ChangeKind Change, byte[] Content, byte[]? Body)
{
    public StoredVersion ToStored(string type, string id) => new()
    {
        Type = type,
        Id = id,
        Number = Number,
        Instant = DateTimeOffset.FromUnixTimeMilliseconds(Instant),
        Change = Change,
        Body = Body,
        At = At,
    };
}

/// <summary>What was answered to a transaction.</summary>
internal sealed record AnswerRow(byte[] Content, long Instant, long First, long Last, int Written, byte[] Outcome);
