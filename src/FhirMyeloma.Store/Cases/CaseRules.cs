using System.Collections.Immutable;
using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Cases;

/// <summary>Deriving everything again because the rules or the vocabulary changed: what is to be done, how far it is, and which conclusions it changed.</summary>
public sealed class CaseRules
{
    private readonly StoreEngine _engine;

    internal CaseRules(StoreEngine engine) => _engine = engine;

    /// <summary>True when some case was derived by other rules and no job derives it again yet.</summary>
    public bool AreNew(string rules) => _engine.Read(session =>
        session.Scalar("select exists (select 1 from patient_case c left join stale s on s.patient = c.patient where c.rules <> $0 and s.job is null)", rules) == 1);

    /// <summary>Marks every case that other rules decided, for a job.</summary>
    /// <param name="rules">The rules that hold now.</param>
    /// <param name="job">The job.</param>
    /// <returns>How many cases that are.</returns>
    public Task<int> MarkAsync(string rules, long job) => _engine.WriteAsync(session =>
    {
        session.Execute(
            "insert into stale (patient, at, job) select patient, as_of, $1 from patient_case where rules <> $0 on conflict (patient) do update set job = excluded.job, rules = null", rules, job);
        return (int)session.Scalar("select count(*) from stale where job = $0", job)!.Value;
    });

    /// <summary>How many cases a job has still to derive.</summary>
    public int Left(long job, string rules) => _engine.Read(session => (int)session.Scalar("select count(*) from stale where job = $0 and (rules is null or rules <> $1)", job, rules)!.Value);

    /// <summary>What a job changed, a JSON text for each case of which a conclusion differs.</summary>
    public ImmutableArray<byte[]> Changes(long job) => _engine.Read<ImmutableArray<byte[]>>(session =>
        [.. session.Rows("select changes from changed where job = $0 order by patient", static reader => reader.GetFieldValue<byte[]>(0), job)]);

    internal static void Note(StoreSession session, long job, long patient, byte[]? changes)
    {
        if (changes is { Length: > 0 })
            session.Execute("insert into changed (job, patient, changes) values ($0, $1, $2) on conflict do nothing", job, patient, changes);
    }
}
