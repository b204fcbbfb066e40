using System.Collections.Immutable;
using System.Data.Common;
using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Audit;

/// <summary>
/// The audit: rows that are added and never changed or removed, chained by hashes. The row of a change is written by the transaction that makes the change; all others are handed
/// in here.
/// </summary>
public sealed class AuditTable
{
    private const int Step = 1_000;

    private readonly StoreEngine _engine;
    private readonly TimeProvider _clock;

    internal AuditTable(StoreEngine engine, TimeProvider clock) => (_engine, _clock) = (engine, clock);

    /// <summary>Adds rows; when the task ends they are on disk.</summary>
    /// <exception cref="StoreBusyException">Too much waits; none was written.</exception>
    public Task AppendAsync(IReadOnlyList<AuditEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return _engine.WriteAsync(session =>
        {
            Append(session, _clock, entries);
            return true;
        });
    }

    /// <summary>Rows, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only rows with a smaller number; null for the newest.</param>
    /// <param name="most">How many at most.</param>
    public ImmutableArray<AuditRow> Page(AuditFilter filter, long? before, int most)
    {
        ArgumentNullException.ThrowIfNull(filter);
        const string Conditions = """
            a.number < $0 and a.instant >= $1 and a.instant < $2 and ($3 = '' or a.agent = $3) and ($4 = '' or a.action = $4) and ($5 < 0 or a.outcome = $5) and ($6 = '' or a.centre = $6)
            order by a.number desc limit $7
            """;
        var sql = filter.Patient is null
            ? $"select a.content from audit a where {Conditions}"
            : $"select a.content from audit_patient p join audit a on a.number = p.number where p.patient = $8 and p.number < $0 and {Conditions}";
        List<object> values =
        [
            before ?? long.MaxValue, filter.From?.ToUnixTimeMilliseconds() ?? 0, filter.To?.ToUnixTimeMilliseconds() ?? long.MaxValue, filter.Agent ?? "", filter.Action?.ToString() ?? "",
            (long)(filter.Outcome ?? -1), filter.Centre ?? "", (long)most,
        ];
        if (filter.Patient is { } patient)
            values.Add(patient);
        return _engine.Read<ImmutableArray<AuditRow>>(session => [.. session.Rows(sql, Read, [.. values])]);
    }

    /// <summary>The newest row.</summary>
    public AuditHead Head() => _engine.Read(static session => Newest(session) is var (number, hash) ? new AuditHead(number, Convert.ToHexStringLower(hash)) : default);

    /// <summary>Follows the chain from its first row.</summary>
    /// <param name="known">A head that was written down before: the row of its number must have its hash. Null when none was; then rows cut off at the end are not missed.</param>
    public AuditVerdict Verify(AuditHead? known = null) => _engine.Read(session =>
    {
        var (number, hash) = (0L, AuditChain.Beginning);
        while (true)
        {
            var rows = session.Rows("select number, instant, centre, agent, action, outcome, content, hash from audit where number > $0 order by number limit $1", ReadKept, number, (long)Step);
            var newest = rows.Count == 0 ? number : rows[^1].Number;
            var patients = session.Rows("select number, patient from audit_patient where number > $0 and number <= $1",
                static reader => (Number: reader.GetInt64(0), Patient: reader.GetString(1)), number, newest).ToLookup(static one => one.Number, static one => one.Patient);
            foreach (var row in rows)
            {
                if (row.Number != number + 1 || !row.Follows(hash, patients[row.Number]) || (known is { } head && head.Number == row.Number && head.Hash != Convert.ToHexStringLower(row.Hash)))
                    return new AuditVerdict(Head(number, hash), number + 1);
                (number, hash) = (row.Number, row.Hash);
            }

            if (rows.Count < Step)
                break;
        }

        var stray = session.Scalar("select min(number) from audit_patient where number > $0", number) is not null || known is { } last && last.Number > number;
        return new AuditVerdict(Head(number, hash), stray ? number + 1 : null);
    });

    /// <summary>Adds rows within the turn of the writer.</summary>
    internal static void Append(StoreSession session, TimeProvider clock, params IReadOnlyList<AuditEntry> entries)
    {
        var (number, hash) = Newest(session) is var (last, at) ? (last, at) : (0, AuditChain.Beginning);
        var instant = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var entry in entries)
        {
            var content = entry.Write(++number, instant);
            hash = AuditChain.Next(hash, content);
            session.Execute("insert into audit (number, instant, centre, agent, action, outcome, content, hash) values ($0, $1, $2, $3, $4, $5, $6, $7)",
                number, instant, entry.Centre, entry.Agent, entry.Action.ToString(), (long)entry.Outcome, content, hash);
            foreach (var patient in entry.Patients.Distinct(StringComparer.Ordinal))
                session.Execute("insert into audit_patient (patient, number) values ($0, $1)", patient, number);
        }
    }

    private static AuditHead Head(long number, byte[] hash) => new(number, Convert.ToHexStringLower(hash));

    private static (long Number, byte[] Hash)? Newest(StoreSession session) =>
        session.Rows<(long, byte[])?>("select number, hash from audit order by number desc limit 1", static reader => (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1))).FirstOrDefault();

    private static AuditRow Read(DbDataReader reader)
    {
        var (number, instant, entry) = AuditEntry.Read(reader.GetFieldValue<byte[]>(0));
        return new(number, DateTimeOffset.FromUnixTimeMilliseconds(instant), entry);
    }

    private static Kept ReadKept(DbDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt32(5), reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<byte[]>(7));

    private sealed record Kept(long Number, long Instant, string Centre, string Agent, string Action, int Outcome, byte[] Content, byte[] Hash)
    {
        /// <summary>True when the hash is that of the content after a row, and the columns to find it by say what the content says.</summary>
        public bool Follows(byte[] before, IEnumerable<string> patients)
        {
            if (!AuditChain.Next(before, Content).AsSpan().SequenceEqual(Hash))
                return false;
            var (number, instant, entry) = AuditEntry.Read(Content);
            return number == Number && instant == Instant && entry.Centre == Centre && entry.Agent == Agent && entry.Action.ToString() == Action && entry.Outcome == Outcome
                && entry.Patients.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).SequenceEqual(patients.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }
    }
}
