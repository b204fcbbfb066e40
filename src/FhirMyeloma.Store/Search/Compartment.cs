using System.Collections.Immutable;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Store.Cases;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Search;

/// <summary>A patient with everything about it (R4 patient-operation-everything.html).</summary>
internal static class Compartment
{
    /// <summary>How far references are followed out of the compartment: a dose to its Medication, that to its Organization.</summary>
    private const int Steps = 2;

    /// <summary>The record of a patient, and what beside the patient's own resources it rests on.</summary>
    public static CompartmentRecord Record(StoreSession session, TypeNumbers types, ResourceRow patient)
    {
        var found = ImmutableArray.CreateBuilder<StoredVersion>();
        HashSet<long> seen = [];
        HashSet<long> outside = [];
        List<StoredVersion> next = [];
        Add(patient, null);
        foreach (var (row, newest) in session.RecordOf(patient.Patient))
            Add(row, newest);

        for (var step = 0; step < Steps && next.Count > 0; step++)
        {
            var from = next;
            next = [];
            List<(string Type, string Id)> referred = [.. from.SelectMany(Referred).Distinct()];
            session.Foresee([], [.. referred.Select(one => (patient.Centre, types[one.Type], one.Id))]);
            foreach (var (type, id) in referred)
            {
                var target = session.Find(patient.Centre, types[type], id);
                // Other patients and what is theirs stay theirs.
                if (target is { Patient: not 0 })
                    continue;
                // What is not there yet may come.
                outside.Add(StaleCases.Target(patient.Centre, types[type], id));
                if (target is { Deleted: false } row)
                    Add(row, null);
            }
        }

        return new(found.ToImmutable(), [.. outside]);

        void Add(ResourceRow row, VersionRow? newest)
        {
            if (row.Deleted || !seen.Add(row.Pk))
                return;
            var version = (newest ?? session.Newest(row)).ToStored(types[row.Type], row.Id);
            found.Add(version);
            next.Add(version);
        }
    }

    private static IEnumerable<(string Type, string Id)> Referred(StoredVersion version) => FhirJsonReader.Read(version.Body, PlannedVersion.Trusting).Document!.References
        .Select(static reference => RequestUrl.Parse(reference["reference"].Text ?? ""))
        .Where(static url => url is { Type: not null, Id: not null })
        .Select(static url => (url.Type!, url.Id!));
}

/// <summary>What there is about a patient.</summary>
/// <param name="Versions">The newest versions: the Patient, its compartment and what these refer to.</param>
/// <param name="Outside">Names (<see cref="StaleCases.Target"/>) of what these refer to beyond the compartment, whether it is there or not.</param>
internal sealed record CompartmentRecord(ImmutableArray<StoredVersion> Versions, ImmutableArray<long> Outside)
{
    public static CompartmentRecord Empty { get; } = new([], []);
}
