using System.Collections.Immutable;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Store.Sqlite;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Search;

/// <summary>A patient with everything about it (R4 patient-operation-everything.html).</summary>
internal static class Compartment
{
    /// <summary>How far references are followed out of the compartment: a dose to its Medication, that to its Organization.</summary>
    private const int Steps = 2;

    public static ImmutableArray<StoredVersion> Of(SqliteSession session, TypeNumbers types, ResourceRow patient)
    {
        var found = ImmutableArray.CreateBuilder<StoredVersion>();
        HashSet<long> seen = [];
        List<StoredVersion> next = [];
        foreach (var pk in session.OfPatient(patient.Patient).Prepend(patient.Pk))
            Add(session.Row(pk)!.Value);
        for (var step = 0; step < Steps && next.Count > 0; step++)
        {
            var from = next;
            next = [];
            foreach (var (type, id) in from.SelectMany(Referred).Distinct())
            {
                // Other patients and what is theirs stay theirs.
                if (session.Find(patient.Centre, types[type], id) is { Deleted: false, Patient: 0 } row)
                    Add(row);
            }
        }

        return found.ToImmutable();

        void Add(ResourceRow row)
        {
            if (row.Deleted || !seen.Add(row.Pk))
                return;
            var version = session.Version(row.At)!.ToStored(types[row.Type], row.Id);
            found.Add(version);
            next.Add(version);
        }
    }

    private static IEnumerable<(string Type, string Id)> Referred(StoredVersion version) => FhirJsonReader.Read(version.Body, PlannedVersion.Trusting).Document!.References
        .Select(static reference => RequestUrl.Parse(reference["reference"].Text ?? ""))
        .Where(static url => url is { Type: not null, Id: not null })
        .Select(static url => (url.Type!, url.Id!));
}
