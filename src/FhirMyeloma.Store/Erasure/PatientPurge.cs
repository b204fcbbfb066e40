using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Audit;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Jobs;
using FhirMyeloma.Store.Search;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Erasure;

/// <summary>
/// Removes a patient for good, in one transaction of the writer. Earlier versions of what lies in another compartment by now are looked for beside the writer, since that reads
/// every body of the centre; its turn looks again at what was written meanwhile only.
/// </summary>
internal sealed class PatientPurge(StoreEngine engine, TypeNumbers types, TimeProvider clock)
{
    public async Task<int?> PurgeAsync(string centre, string patient, AuditEntry audit)
    {
        var (until, moved) = engine.Read(session => Patient(session, centre, patient) is { } row ? (NewestPlace(session), MovedOn(session, row, 0)) : (0, []));
        var count = await engine.WriteAsync(session =>
        {
            if (Patient(session, centre, patient) is not { } row)
                return (int?)null;
            var removed = Remove(session, row, [.. moved, .. MovedOn(session, row, until)]);
            AuditTable.Append(session, clock, audit with { Patients = [patient], Entities = [$"Patient/{patient}"] });
            return removed;
        }).ConfigureAwait(false);
        if (count is not null)
            engine.Scrub();
        return count;
    }

    private ResourceRow? Patient(StoreSession session, string centre, string patient) =>
        session.Name("centre:" + centre) is { } number ? session.Find(number, types["Patient"], patient) : null;

    private static int Remove(StoreSession session, ResourceRow patient, List<VersionRow> moved)
    {
        var key = patient.Patient;
        List<ResourceRow> resources = [.. session.Longs("select pk from resource where patient = $0 and patient <> 0 order by pk", key).Select(pk => session.Row(pk)!.Value)];
        moved.RemoveAll(version => session.Row(version.Resource) is not { } row || row.Patient == key || row.At == version.At);
        List<VersionRow> versions = [.. moved];
        foreach (var row in resources)
        {
            versions.AddRange(session.History(row));
            if (!row.Deleted)
                IndexRows.None.Replace(RowsOf(session, row), session, row);
        }

        foreach (var row in resources)
            session.Remove(row);
        foreach (var version in moved)
            session.Execute("delete from version where at = $0", version.At);
        foreach (var table in new[] { "stale", "patient_case", "outside", "changed" })
            session.Execute($"delete from {table} where patient = $0", key);
        ForgetAnswers(session, patient.Centre, [.. versions.Select(static version => version.At)]);
        session.Execute("delete from job where centre = $0 and state >= $1 and kind in ($2, $3)", (long)patient.Centre, (long)JobState.Done, (long)JobKind.Bundle, (long)JobKind.Import);
        if (versions.MaxBy(static version => version.At) is { } newest)
            session.KeepPlace(newest.At, newest.Instant);
        return resources.Count;
    }

    /// <summary>Versions that lay in the compartment and were followed by one that does not, so that it keeps them under another patient, or under none.</summary>
    private List<VersionRow> MovedOn(StoreSession session, ResourceRow patient, long after)
    {
        var needle = System.Text.Encoding.UTF8.GetBytes($"\"Patient/{patient.Id}");
        List<VersionRow> found = [];
        foreach (var at in session.Longs("select v.at from version v join resource r on r.pk = v.resource where v.at > $0 and r.centre = $1 and r.patient <> $2 and r.version > v.number order by v.at",
            after, (long)patient.Centre, patient.Patient))
        {
            if (session.Version(at) is { Body: { } body } version && body.AsSpan().IndexOf(needle) >= 0 && PatientOf(session, version) == patient.Id)
                found.Add(version);
        }

        return found;
    }

    private string? PatientOf(StoreSession session, VersionRow version)
    {
        var root = FhirJsonReader.Read(version.Body, PlannedVersion.Trusting).Document!.Root;
        return session.Row(version.Resource) is { } row && types[row.Type] != "Patient" && IndexEntries.Of(root).Patient?.Split('/') is ["Patient", { Length: > 0 } id, ..] ? id : null;
    }

    /// <summary>An answer names what its request wrote; a repetition of it shall not find that.</summary>
    private static void ForgetAnswers(StoreSession session, int centre, HashSet<long> places)
    {
        long[] ordered = [.. places.Order()];
        foreach (var (request, first, last) in session.Rows("select request, first, last from answer where centre = $0",
            static reader => (Request: reader.GetFieldValue<byte[]>(0), First: reader.GetInt64(1), Last: reader.GetInt64(2)), (long)centre))
        {
            var next = Array.BinarySearch(ordered, first);
            next = next < 0 ? ~next : next;
            if (next < ordered.Length && ordered[next] <= last)
                session.Execute("delete from answer where centre = $0 and request = $1", (long)centre, request);
        }
    }

    private static IndexRows RowsOf(StoreSession session, ResourceRow row) =>
        IndexRows.Of(row.Centre, row.Type, IndexEntries.Of(FhirJsonReader.Read(session.Newest(row).Body, PlannedVersion.Trusting).Document!.Root));

    private static long NewestPlace(StoreSession session) => session.Scalar("select max(at) from version") ?? 0;
}
