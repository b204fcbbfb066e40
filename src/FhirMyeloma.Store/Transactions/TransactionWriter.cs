using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Audit;
using FhirMyeloma.Store.Cases;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Search;

namespace FhirMyeloma.Store.Transactions;

/// <summary>Carries transactions out: each plan is made beside the writer, checked within its turn, made again where the state moved on, and written.</summary>
internal sealed class TransactionWriter(StoreEngine engine, TypeNumbers types, TimeProvider clock)
{
    /// <summary>How long a repeated request gets its first answer.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    public async Task<TransactionResult> ExecuteAsync(int centre, Transaction transaction)
    {
        try
        {
            var (before, entry, plan) = engine.Read<(ImmutableArray<Outcome> Before, AuditEntry? Entry, Plan? Plan)>(session =>
                Repetition(session, centre, transaction) is { } answer
                    ? (answer, Entry(session, centre, transaction, answer, []), null)
                    : ([], null, Plan.Make(session, types, centre, transaction, NewId)));
            // What was committed needs no turn to be told again, but that it was told is a fact of its own.
            var result = await (plan is not null ? engine.WriteAsync(session => Execute(session, centre, transaction, plan))
                : entry is null ? Task.FromResult(Repeated(before))
                : engine.WriteAsync(session => Repeat(session, before, entry))).ConfigureAwait(false);
            Count(result.IsRepetition ? "repeated" : "kept");
            if (!result.IsRepetition)
                StoreMeasures.Versions.Add(result.Outcomes.Count(static outcome => outcome.Effect is Effect.Created or Effect.Updated or Effect.Deleted));
            return result;
        }
        catch (RefusedException refused)
        {
            Count("refused");
            return new([], refused.Fault);
        }
    }

    private static void Count(string outcome) => StoreMeasures.Transactions.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Within the turn of the writer.</summary>
    private TransactionResult Execute(StoreSession session, int centre, Transaction transaction, Plan plan)
    {
        if (Repetition(session, centre, transaction) is { } before)
            return Repeat(session, before, Entry(session, centre, transaction, before, []));
        if (!plan.Holds(session, types))
        {
            StoreMeasures.PlannedAgain.Add(1);
            plan = Plan.Make(session, types, centre, transaction, NewId);
        }

        var instant = Next(session);
        (long First, long Last, int Count) written = (0, 0, 0);
        List<PlannedVersion> versions = [.. plan.Versions];
        foreach (var version in versions)
        {
            version.Stamp(instant);
            var at = Write(session, version);
            written = (written.Count == 0 ? at : written.First, at, written.Count + 1);
        }

        if (written.Count > 0)
            StaleCases.Mark(session, versions, written.Last);

        var outcomes = plan.Outcomes(session);
        // An answer of a transaction that wrote nothing says nothing that a repetition could not find anew.
        if (written.Count > 0 && Request(transaction) is { } request)
        {
            session.Forget(instant.Subtract(Remembered).ToUnixTimeMilliseconds());
            session.Keep(centre, request, new([.. transaction.Content], instant.ToUnixTimeMilliseconds(), written.First, written.Last, written.Count, Outcome.Write(outcomes)));
        }

        if (Entry(session, centre, transaction, outcomes, versions) is { } entry)
            AuditTable.Append(session, clock, entry);
        return new(outcomes, null);
    }

    private TransactionResult Repeat(StoreSession session, ImmutableArray<Outcome> before, AuditEntry? entry)
    {
        if (entry is not null)
            AuditTable.Append(session, clock, entry);
        return Repeated(before);
    }

    private static TransactionResult Repeated(ImmutableArray<Outcome> before) => new(before, null) { IsRepetition = true };

    /// <summary>The row of the audit: what was touched, and whom it concerns; null where nobody is to be told.</summary>
    private AuditEntry? Entry(StoreSession session, int centre, Transaction transaction, ImmutableArray<Outcome> outcomes, List<PlannedVersion> written)
    {
        if (transaction.Audit is not { } entry)
            return null;
        var touched = outcomes.Where(static outcome => outcome.Version > 0).ToList();
        var patients = written.Where(static version => version.PatientId is not null).ToDictionary(static version => (version.Type, version.Id), static version => version.PatientId!);
        var untold = touched.Where(outcome => !patients.ContainsKey((types[outcome.Type], outcome.Id))).Select(outcome => (centre, types[outcome.Type], outcome.Id)).ToList();
        session.Foresee([], untold);
        var others = untold.Select(one => session.Find(one.centre, one.Item2, one.Id)?.Patient ?? 0).Where(static patient => patient != 0).Distinct()
            .SelectMany(patient => session.Rows("select id from resource where patient = $0 and patient <> 0 and type = $1", static reader => reader.GetString(0), patient, types["Patient"]));
        return entry with
        {
            Entities = [.. touched.Select(static outcome => string.Create(CultureInfo.InvariantCulture, $"{outcome.Type}/{outcome.Id}/_history/{outcome.Version}"))],
            Patients = [.. patients.Values.Concat(others).Distinct(StringComparer.Ordinal)],
        };
    }

    private static long Write(StoreSession session, PlannedVersion version)
    {
        var row = version.Row ?? session.InsertResource(version.Centre, version.Type, version.Id, version.Patient);
        var at = session.InsertVersion(row, version.Number, version.Instant.ToUnixTimeMilliseconds(), version.Change, version.Content, version.Body);
        session.PointTo(row, version.Patient, at, version.Number, version.Change == ChangeKind.Deleted);
        version.Rows.Replace(version.Row is { Deleted: false } before ? RowsOf(session, before) : IndexRows.None, session, row);
        return at;
    }

    /// <summary>What the index holds of a resource: made again from its body, so that it need not be kept twice.</summary>
    private static IndexRows RowsOf(StoreSession session, ResourceRow row) =>
        IndexRows.Of(row.Centre, row.Type, IndexEntries.Of(FhirJsonReader.Read(session.Newest(row).Body, PlannedVersion.Trusting).Document!.Root));

    /// <summary>
    /// The answer that the same request got before, while all that it wrote still holds. The same key with other content is refused, whatever became of it since.
    /// </summary>
    private ImmutableArray<Outcome>? Repetition(StoreSession session, int centre, Transaction transaction)
    {
        if (Request(transaction) is not { } request || session.Answer(centre, request) is not { } answer
            || answer.Instant < clock.GetUtcNow().Subtract(Remembered).ToUnixTimeMilliseconds())
            return null;
        if (!answer.Content.AsSpan().SequenceEqual(transaction.Content.AsSpan()))
        {
            throw new RefusedException(FaultKind.Unprocessable, Issue.Error(StoreIssues.KeyReused, IssueType.Conflict,
                "This Idempotency-Key came with another body before. Give every request a key of its own, and repeat a key only with the same body.", "http.Idempotency-Key"));
        }

        return session.CountCurrent(answer.First, answer.Last) == answer.Written && Outcome.Read(answer.Outcome) is var outcomes && !MayMeanMore(transaction, outcomes) ? outcomes : null;
    }

    /// <summary>
    /// What the first time found as it should be is not among what was written, and may have changed since. The same bytes then put it back; to carry them out again does nothing else,
    /// unless they create without a condition.
    /// </summary>
    private static bool MayMeanMore(Transaction transaction, ImmutableArray<Outcome> outcomes) => transaction.Key is null
        && transaction.Changes.All(static change => change is not { Interaction: Interaction.Create, Condition: null })
        && transaction.Changes.Zip(outcomes).Any(static one => one.First.Interaction != Interaction.Create && one.Second.Effect is Effect.Unchanged or Effect.Absent);

    /// <summary>What a request is remembered by: its key, else its content; null when it is not.</summary>
    private static byte[]? Request(Transaction transaction) =>
        transaction.Key is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes("key|" + key)) : transaction.Content.IsEmpty ? null : SHA256.HashData([.. "content|"u8, .. transaction.Content]);

    /// <summary>Now, but never before the newest version.</summary>
    private DateTimeOffset Next(StoreSession session) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(session.NewestInstant(), clock.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Ids rise with time, so that rows of one time lie together.</summary>
    private string NewId() => Guid.CreateVersion7(clock.GetUtcNow()).ToString();
}
