using System.Data.Common;

namespace FhirMyeloma.Store.Engines;

/// <summary>
/// One connection, and what both engines ask of their tables. Parameters stand in a text as <c>$0</c>, <c>$1</c> …; a text that both engines understand is written once.
/// Not for two threads at once.
/// </summary>
internal abstract class StoreSession : IDisposable
{
    private const string VersionColumns = "select at, resource, number, instant, change, content, body from version";

    public abstract void Dispose();

    /// <summary>Begins to read one state.</summary>
    public abstract void BeginReading();

    /// <summary>Begins a group of changes: from here to its end nobody else changes anything.</summary>
    public abstract void BeginTurn();

    /// <summary>Ends what was begun; changes are on disk when this returns.</summary>
    public virtual void Commit() => Run("commit");

    /// <summary>Ends what was begun as if it had not been.</summary>
    public virtual void RollBack() => Run("rollback");

    /// <summary>Begins one change of the group.</summary>
    public virtual void StartOne() => Run("savepoint one");

    /// <summary>Ends a change that succeeded.</summary>
    public virtual void KeepOne() => Run("release one");

    /// <summary>Ends a change that was refused: nothing of it stays.</summary>
    public virtual void UndoOne()
    {
        Run("rollback to one");
        Run("release one");
    }

    /// <summary>Names what is about to be asked for, so that an engine that pays for every question can put them all at once.</summary>
    /// <param name="keys">Of <see cref="Posted"/>.</param>
    /// <param name="ids">Of <see cref="Find"/>.</param>
    public virtual void Foresee(IReadOnlyCollection<long> keys, IReadOnlyCollection<(int Centre, int Type, string Id)> ids)
    {
    }

    /// <summary>Names resources that are about to be read by their number, for the same reason.</summary>
    public virtual void ForeseeRows(IReadOnlyCollection<long> resources)
    {
    }

    /// <summary>The number of a name (of a type, of a centre); null when nothing was ever kept under it.</summary>
    public int? Name(string text) => Scalar("select id from name where text = $0", text) is { } id ? (int)id : null;

    /// <summary>The number of a name, given to it now where it has none.</summary>
    public int Register(string text)
    {
        if (Name(text) is { } known)
            return known;
        Execute("insert into name (text) values ($0) on conflict do nothing", text);
        return Name(text)!.Value;
    }

    public abstract ResourceRow? Find(int centre, int type, string id);

    public abstract ResourceRow? Row(long pk);

    /// <summary>The version at a place; null where there is none.</summary>
    public VersionRow? Version(long at) => Versions(VersionColumns + " where at = $0", at).FirstOrDefault();

    /// <summary>The newest version of a resource.</summary>
    public virtual VersionRow Newest(ResourceRow row) => Version(row.At)!;

    /// <summary>A version of a resource by its number.</summary>
    public virtual VersionRow? Version(ResourceRow row, int number) => Versions(VersionColumns + " where resource = $0 and number = $1", row.Pk, number).FirstOrDefault();

    /// <summary>The versions of a resource, newest first.</summary>
    public virtual IEnumerable<VersionRow> History(ResourceRow row) => Versions(VersionColumns + " where resource = $0 order by number desc", row.Pk);

    /// <summary>Hash of the content of the newest version, without its body.</summary>
    public virtual byte[] Content(ResourceRow row) => Rows("select content from version where at = $0", static reader => reader.GetFieldValue<byte[]>(0), row.At)[0];

    /// <summary>Resources under a key, in the order in which they were first kept.</summary>
    public virtual List<long> Posted(long key) => Longs("select resource from posting where key = $0 order by resource", key);

    /// <summary>Resources with a time between two, in the order in which they were first kept.</summary>
    public List<long> Between(long scope, long low, long high) =>
        Longs("select distinct resource from moment where scope = $0 and low <= $2 and high >= $1 order by resource", scope, low, high);

    /// <summary>Resources of a type whose newest version was written between two moments, in milliseconds.</summary>
    public virtual List<long> ChangedBetween(int centre, int type, long low, long high) => Longs(
        "select r.pk from version v join resource r on r.at = v.at and r.pk = v.resource where v.instant between $2 and $3 and r.centre = $0 and r.type = $1 and r.deleted = 0 order by r.pk",
        centre, type, low, high);

    /// <summary>Everything that lies in the compartment of a patient, with its newest versions.</summary>
    public abstract List<(ResourceRow Row, VersionRow Newest)> RecordOf(long patient);

    /// <summary>Ids of resources that are not deleted, from one on, in ordinal order.</summary>
    public abstract List<string> Ids(int centre, int type, string from, int most);

    /// <summary>Begins a resource, whose first version is to follow.</summary>
    public abstract ResourceRow InsertResource(int centre, int type, string id, long patient);

    /// <summary>Appends a version.</summary>
    /// <returns>Its place in the history of the store.</returns>
    public abstract long InsertVersion(ResourceRow row, int number, long instant, ChangeKind change, byte[] content, ReadOnlyMemory<byte> body);

    public abstract void PointTo(ResourceRow row, long patient, long at, int version, bool deleted);

    /// <summary>Removes a resource with all its versions; not what the index holds of it.</summary>
    public abstract void Remove(ResourceRow row);

    /// <summary>Sees to it that no later version is given a place that removed ones had.</summary>
    /// <param name="at">The newest of those places.</param>
    /// <param name="instant">Its time.</param>
    public abstract void KeepPlace(long at, long instant);

    public abstract void Post(long key, ResourceRow row);

    public abstract void Unpost(long key, ResourceRow row);

    public abstract void PostMoment(long scope, long low, long high, ResourceRow row);

    public abstract void UnpostMoment(long scope, long low, long high, ResourceRow row);

    /// <summary>The answer to a request; null when there is none.</summary>
    public AnswerRow? Answer(int centre, byte[] request) => Rows(
        "select content, instant, first, last, written, outcome from answer where centre = $0 and request = $1",
        static reader => new AnswerRow(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetFieldValue<byte[]>(5)),
        centre, request).FirstOrDefault();

    public virtual void Keep(int centre, byte[] request, AnswerRow answer) => Execute(
        """
        insert into answer (centre, request, content, instant, first, last, written, outcome) values ($0, $1, $2, $3, $4, $5, $6, $7) on conflict (centre, request)
        do update set content = excluded.content, instant = excluded.instant, first = excluded.first, last = excluded.last, written = excluded.written, outcome = excluded.outcome
        """,
        centre, request, answer.Content, answer.Instant, answer.First, answer.Last, answer.Written, answer.Outcome);

    /// <summary>Forgets the answers that were given before a moment.</summary>
    public virtual void Forget(long before) => Execute("delete from answer where instant < $0", before);

    /// <summary>How many of the versions between two places are still the newest of their resource.</summary>
    public virtual int CountCurrent(long first, long last) =>
        (int)(Scalar("select count(*) from version v join resource r on r.pk = v.resource where v.at between $0 and $1 and r.at = v.at", first, last) ?? 0);

    /// <summary>When the newest version was written; 0 in an empty store.</summary>
    public virtual long NewestInstant() => Scalar("select max(instant) from version") ?? 0;

    /// <summary>Runs a statement without parameters.</summary>
    public void Run(string sql) => Execute(sql);

    /// <summary>Runs a statement; an engine may do so only when its effect can be seen.</summary>
    public abstract void Execute(string sql, params ReadOnlySpan<object> values);

    /// <summary>The first column of the first row; null when there is no row, or nothing in it.</summary>
    public long? Scalar(string sql, params ReadOnlySpan<object> values) => Rows(sql, Number, values).FirstOrDefault();

    /// <summary>The first column of every row.</summary>
    public List<long> Longs(string sql, params ReadOnlySpan<object> values) => Rows(sql, static reader => reader.GetInt64(0), values);

    /// <summary>What is read of every row.</summary>
    public abstract List<T> Rows<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<object> values);

    /// <summary>A version as a row has it, from a column on.</summary>
    internal static VersionRow Version(DbDataReader reader, int from) => new(
        reader.GetInt64(from), reader.GetInt64(from + 1), reader.GetInt32(from + 2), reader.GetInt64(from + 3), (ChangeKind)reader.GetInt32(from + 4),
        reader.GetFieldValue<byte[]>(from + 5), reader.IsDBNull(from + 6) ? default : reader.GetFieldValue<byte[]>(from + 6));

    protected static ResourceRow? One(List<ResourceRow> found) => found.Count == 0 ? null : found[0];

    protected static byte[] Bytes(ReadOnlyMemory<byte> body) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var whole) && whole.Offset == 0 && whole.Count == whole.Array!.Length ? whole.Array : body.ToArray();

    private List<VersionRow> Versions(string sql, params ReadOnlySpan<object> values) => Rows(sql, static reader => Version(reader, 0), values);

    private static long? Number(DbDataReader reader) => reader.GetValue(0) switch
    {
        long value => value,
        int value => value,
        bool value => value ? 1 : 0,
        _ => null,
    };
}
