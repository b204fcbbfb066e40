using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Search;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Cases;

/// <summary>Notes, in the transaction that changes a record, whose case lacks the change: a case can be late, but never without being known to be.</summary>
internal static class StaleCases
{
    /// <summary>Notes the patients that a written version concerns: the one in whose compartment it lies or lay, or those whose cases refer to it.</summary>
    public static void Mark(StoreSession session, IReadOnlyList<PlannedVersion> written, long at)
    {
        HashSet<long> patients = [];
        foreach (var version in written)
        {
            if (version.Patient == 0)
                session.Execute("insert into stale (patient, at) select patient, $1 from outside where target = $0 on conflict (patient) do update set at = excluded.at, rules = null", Target(version.Centre, version.Type, version.Id), at);
            else
                patients.Add(version.Patient);
            if (version.Row is { Patient: not 0 } before)
                patients.Add(before.Patient);
        }

        foreach (var patient in patients)
            session.Execute("insert into stale (patient, at) values ($0, $1) on conflict (patient) do update set at = excluded.at, rules = null", patient, at);
    }

    /// <summary>Names a resource by type and id, whether it is there or not.</summary>
    public static long Target(int centre, int type, string id) => IndexKey.Of(centre, type, "_id", id);
}
