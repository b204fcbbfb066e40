using System.Collections.Immutable;
using System.Data.Common;
using System.IO.Compression;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Search;

namespace FhirMyeloma.Store.Cases;

/// <summary>
/// The cases of the patients. Every change of a record marks its case stale in the same transaction; whoever derives takes a <see cref="CaseInput"/> and hands back a
/// <see cref="CaseOutput"/>, which is kept only while it is still the newest state of the record. What is derived, and how, is not this table's business.
/// </summary>
public sealed class CaseTable
{
    private const string From = "from patient_case c left join stale s on s.patient = c.patient";
    private const string Short = "select c.centre, c.id, c.as_of, c.instant, c.rules, c.refused, c.summary, s.at";
    private readonly StoreEngine _engine;
    private readonly TypeNumbers _types;
    private readonly TimeProvider _clock;

    internal CaseTable(StoreEngine engine, TypeNumbers types, TimeProvider clock) => (_engine, _types, _clock) = (engine, types, clock);

    /// <summary>What a case of a patient is to be derived from; null when the centre never had such a Patient.</summary>
    public CaseInput? Input(string centre, string patient) => _engine.Read(session =>
        session.Name("centre:" + centre) is { } number && session.Find(number, _types["Patient"], patient) is { } row ? Input(session, centre, row) : null);

    /// <summary>Patients whose cases are stale, half of them those that wait longest and half the latest: a large import keeps nobody waiting, and is not kept waiting for ever.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="rules">Rules of the caller: what failed by these is left out.</param>
    /// <param name="centre">Only those of a centre; null for all.</param>
    public ImmutableArray<(string Centre, string Patient)> Stale(int most, string rules, string? centre = null) => _engine.Read<ImmutableArray<(string, string)>>(session =>
    {
        const string Marked = """
            select n.text, r.id, s.patient from stale s cross join resource r cross join name n
            where r.patient = s.patient and r.patient <> 0 and r.type = $0 and n.id = r.centre and (s.rules is null or s.rules <> $1) and ($2 = '' or n.text = $2) order by s.at
            """;
        var (type, name) = ((long)_types["Patient"], centre is null ? "" : "centre:" + centre);
        return
        [
            .. session.Rows(Marked + " desc limit $3", Read, type, rules, name, (long)(most - (most / 2)))
                .Concat(session.Rows(Marked + " limit $3", Read, type, rules, name, (long)(most / 2)))
                .DistinctBy(static row => row.Patient).Select(static row => (row.Centre, row.Id)),
        ];

        static (string Centre, string Id, long Patient) Read(DbDataReader reader) => (reader.GetString(0)["centre:".Length..], reader.GetString(1), reader.GetInt64(2));
    });

    /// <summary>How many cases are stale, those that could not be derived among them.</summary>
    /// <param name="centre">Only those of a centre; null for all.</param>
    public int CountStale(string? centre = null) => _engine.Read(session => (int)session.Scalar(
        "select count(*) from stale s cross join resource r cross join name n where r.patient = s.patient and r.patient <> 0 and r.type = $0 and n.id = r.centre and ($1 = '' or n.text = $1)",
        (long)_types["Patient"], centre is null ? "" : "centre:" + centre)!.Value);

    /// <summary>Keeps what was derived, unless the record has changed since the input was read.</summary>
    /// <param name="input">What it was derived from.</param>
    /// <param name="output">What was derived; null when there is no such Patient any more, whose case then ends.</param>
    /// <param name="compare">Says, as JSON, which conclusions differ from those of the case before; asked for only while a job derives everything by new rules. Null where none does.</param>
    /// <returns>False when it came too late: the case is still stale.</returns>
    public Task<bool> KeepAsync(CaseInput input, CaseOutput? output, Func<KeptCase, byte[]?>? compare = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        var compressed = output is null ? null : Compress(output.Bundle.Span);
        return _engine.WriteAsync(session =>
        {
            var mark = session.Rows("select at, job from stale where patient = $0", static reader => (At: reader.GetInt64(0), Job: reader.IsDBNull(1) ? 0 : reader.GetInt64(1)), input.Patient);
            // Another may have derived from a newer state, kept that and taken the mark away.
            var held = session.Scalar("select as_of from patient_case where patient = $0", input.Patient);
            if ((mark is [{ At: var at }, ..] && at > input.AsOf) || held > input.AsOf || NewestChange(session, input.Patient) > input.AsOf)
                return false;
            // Purged since the input was read.
            if (output is not null && session.Name("centre:" + input.Centre) is { } centre && session.Find(centre, _types["Patient"], input.Id) is null)
                return false;
            var before = mark is [{ Job: > 0 }] && compare is not null ? One(session, input) : null;
            if (mark is [{ Job: var job and > 0 }])
                CaseRules.Note(session, job, input.Patient, before is null || output is null ? null : compare!(before));
            session.Execute("delete from stale where patient = $0", input.Patient);
            session.Execute("delete from outside where patient = $0", input.Patient);
            session.Execute("delete from patient_case where patient = $0", input.Patient);
            if (output is null)
                return true;
            foreach (var target in input.Outside)
                session.Execute("insert into outside (target, patient) values ($0, $1)", target, input.Patient);
            session.Execute(
                "insert into patient_case (patient, centre, id, as_of, instant, rules, refused, summary, bundle, inputs) values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)",
                input.Patient, (long)session.Name("centre:" + input.Centre)!.Value, input.Id, input.AsOf, _clock.GetUtcNow().ToUnixTimeMilliseconds(), output.Rules, output.IsRefused ? 1L : 0L,
                output.Summary.ToArray(), compressed!, Places.Write(input.Versions.Select(static version => version.At)));
            return true;
        });
    }

    /// <summary>Notes that deriving failed, so that it is not tried again until the record or the rules change.</summary>
    public Task FailAsync(CaseInput input, string rules)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _engine.WriteAsync(session =>
        {
            session.Execute("update stale set rules = $1 where patient = $0 and at <= $2", input.Patient, rules, input.AsOf);
            return true;
        });
    }

    /// <summary>The case of a patient; null when none was derived yet.</summary>
    public KeptCase? Find(string centre, string patient) => _engine.Read(session => One(session, centre, patient));

    /// <summary>Cases of centres in the order of centre and Patient id, without their Bundles and inputs, which <see cref="Find"/> has.</summary>
    /// <param name="centres">Which centres.</param>
    /// <param name="after">The last of the page before; null for the first page.</param>
    /// <param name="most">How many at most.</param>
    public ImmutableArray<KeptCase> Page(IEnumerable<string> centres, (string Centre, string Patient)? after, int most)
    {
        return _engine.Read<ImmutableArray<KeptCase>>(session =>
        {
            var found = ImmutableArray.CreateBuilder<KeptCase>();
            foreach (var centre in centres.Order(StringComparer.Ordinal))
            {
                if (found.Count == most || (after is { } last && string.CompareOrdinal(centre, last.Centre) < 0) || session.Name("centre:" + centre) is not { } number)
                    continue;
                var from = after is { } place && place.Centre == centre ? place.Patient : "";
                found.AddRange(session.Rows($"{Short} {From} where c.centre = $0 and c.id > $1 order by c.id limit $2", reader => Read(reader, centre, isWhole: false), (long)number, from, (long)(most - found.Count)));
            }

            return found.ToImmutable();
        });
    }

    /// <summary>Every patient that has a case, of all centres, in no order.</summary>
    public ImmutableArray<(string Centre, string Patient)> All() => _engine.Read<ImmutableArray<(string, string)>>(static session =>
        [.. session.Rows("select n.text, c.id from patient_case c join name n on n.id = c.centre", static reader => (reader.GetString(0)["centre:".Length..], reader.GetString(1)))]);

    /// <summary>The centres that keep something, in order.</summary>
    public ImmutableArray<string> Centres() => _engine.Read<ImmutableArray<string>>(static session =>
        [.. session.Rows("select text from name where text like 'centre:%'", static reader => reader.GetString(0)["centre:".Length..]).Order(StringComparer.Ordinal)]);

    /// <summary>The versions at places, as <c>Type/id/_history/version</c>.</summary>
    public ImmutableArray<string> References(ImmutableArray<long> places) => _engine.Read<ImmutableArray<string>>(session =>
    [
        .. places.Select(session.Version).OfType<VersionRow>().Select(version => (version, row: session.Row(version.Resource))).Where(static pair => pair.row is not null)
            .Select(pair => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_types[pair.row!.Value.Type]}/{pair.row.Value.Id}/_history/{pair.version.Number}")),
    ]);

    private CaseInput Input(StoreSession session, string centre, ResourceRow row)
    {
        var record = row.Deleted ? CompartmentRecord.Empty : Compartment.Record(session, _types, row);
        var marked = session.Scalar("select at from stale where patient = $0", row.Patient) ?? 0;
        return new()
        {
            Centre = centre,
            Id = row.Id,
            Patient = row.Patient,
            Versions = record.Versions,
            Outside = record.Outside,
            AsOf = Math.Max(Math.Max(marked, NewestChange(session, row.Patient) ?? 0), record.Versions.IsEmpty ? row.At : record.Versions.Max(static version => version.At)),
        };
    }

    /// <summary>The newest change of what lies in a patient's compartment, deletions included; null where nothing does.</summary>
    private static long? NewestChange(StoreSession session, long patient) => session.Scalar("select max(at) from resource where patient = $0 and patient <> 0", patient);

    private static KeptCase? One(StoreSession session, CaseInput input) => One(session, input.Centre, input.Id);

    private static KeptCase? One(StoreSession session, string centre, string patient) => session.Name("centre:" + centre) is { } number
        ? session.Rows($"{Short}, c.bundle, c.inputs {From} where c.centre = $0 and c.id = $1", reader => Read(reader, centre, isWhole: true), (long)number, patient).FirstOrDefault()
        : null;

    private static KeptCase Read(DbDataReader reader, string centre, bool isWhole) => new()
    {
        Centre = centre,
        Id = reader.GetString(1),
        AsOf = reader.GetInt64(2),
        Instant = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)),
        IsStale = !reader.IsDBNull(7),
        Output = new()
        {
            Rules = reader.GetString(4),
            IsRefused = reader.GetInt64(5) != 0,
            Summary = reader.GetFieldValue<byte[]>(6),
            Bundle = isWhole ? Decompress(reader.GetFieldValue<byte[]>(8)) : default,
        },
        Inputs = isWhole ? Places.Read(reader.GetFieldValue<byte[]>(9)) : [],
    };

    private static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, buffer, out var length, quality: 1, window: 22)
            ? buffer[..length]
            : throw new InvalidOperationException("Brotli did not fit its own bound.");
    }

    private static byte[] Decompress(byte[] bytes)
    {
        using var plain = new MemoryStream(bytes.Length * 8);
        using var stream = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
