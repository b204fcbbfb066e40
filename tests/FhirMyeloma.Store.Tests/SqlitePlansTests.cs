using System.Text.RegularExpressions;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Audit;
using FhirMyeloma.Store.Sqlite;
using FhirMyeloma.Store.Tests.Contract;
using FhirMyeloma.Store.Transactions;
using Microsoft.Data.Sqlite;

namespace FhirMyeloma.Store.Tests;

/// <summary>How SQLite finds what it is asked for: reading a whole table costs nothing in a test, and everything in a hospital.</summary>
public sealed partial class SqlitePlansTests : IDisposable
{
    private const string Centre = "alcala";
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_that_is_asked_all_day_reads_a_whole_table_that_grows()
    {
        string[] statements;
        var engine = SqliteEngine.Open(_folder.File);
        using (var store = FhirStore.Open(engine, TimeProvider.System))
        {
            string[] ofSchema = [.. engine.Prepared];
            await UseAsync(store);
            statements = [.. engine.Prepared.Except(ofSchema, StringComparer.Ordinal)];
        }

        // Those that were asked at all, so that the test cannot pass by asking nothing.
        Assert.Contains(statements, static text => text.Contains("from stale s", StringComparison.Ordinal));
        Assert.Contains(statements, static text => text.Contains("r.patient = $0", StringComparison.Ordinal));
        Assert.Contains(statements, static text => text.Contains("insert into posting", StringComparison.Ordinal));
        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        Assert.Empty(statements.Where(static text => Question().IsMatch(text)).SelectMany(text => Scans(connection, text)));
    }

    [Fact]
    public void The_test_would_see_it()
    {
        using (FhirStore.OpenSqlite(_folder.File, TimeProvider.System))
        {
            // Its schema is what is wanted.
        }

        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        Assert.Single(Scans(connection, "select pk from resource where patient = $0"));
        Assert.Empty(Scans(connection, "select pk from resource where patient = $0 and patient <> 0"));
    }

    private static IEnumerable<string> Scans(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "explain query plan " + text;
        for (var i = 0; text.Contains($"${i}", StringComparison.Ordinal); i++)
            command.Parameters.AddWithValue($"${i}", 1);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (Scan().IsMatch(reader.GetString(3)))
                yield return $"{reader.GetString(3)}: {text}";
        }
    }

    /// <summary>What a service does all day.</summary>
    private static async Task UseAsync(FhirStore store)
    {
        var audit = new AuditEntry { Interaction = "transaction", Action = 'E', Agent = "system" };
        var bundle = StoreContract.Transaction(
            StoreContract.Put("Patient/a", StoreContract.Patient("1", "a")),
            StoreContract.Put("Observation/o", StoreContract.Result("1", "Patient/a", id: "o")),
            StoreContract.Post("urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001", StoreContract.Patient("2"), "identifier=urn:oid:1.2.3|2"));
        var (transaction, _) = Reader.Of(bundle);
        await store.ExecuteAsync(Centre, transaction! with { Audit = audit });
        Assert.True((await store.ExecuteAsync(Centre, transaction! with { Audit = audit })).IsRepetition);
        var (changed, _) = Reader.Of(StoreContract.Transaction(StoreContract.Put("Patient/a", StoreContract.Patient("1", "a", "Otra")), StoreContract.Delete("Observation/o")));
        await store.ExecuteAsync(Centre, changed!);

        foreach (var search in (string[])["identifier=urn:oid:1.2.3|1", "family=Otra", "_id=a", "_lastUpdated=gt2000-01-01", "_sort=-_lastUpdated"])
        {
            var said = search.Split('=');
            store.Search(Centre, SearchQuery.Parse("Patient", [KeyValuePair.Create(said[0], said[1])], lenient: false).Query!);
        }

        store.Search(Centre, SearchQuery.Parse("Observation", [KeyValuePair.Create("date", "ge2020"), KeyValuePair.Create("patient", "a"), KeyValuePair.Create("_include", "Observation:patient")], lenient: false).Query!);
        store.History(Centre, "Patient", "a");
        store.History(Centre, new() { Type = "Patient", Since = DateTimeOffset.UnixEpoch });
        store.History(Centre, new());
        store.Everything(Centre, "a");
        Assert.Equal(2, store.Patients(Centre, "", 10).Length);
        store.Snapshot(Centre, ["Patient"], ofPatients: true, DateTimeOffset.UnixEpoch);

        foreach (var (centre, patient) in store.Cases.Stale(10, "rules", Centre))
            await store.Cases.KeepAsync(store.Cases.Input(centre, patient)!, new() { Rules = "rules", Summary = "{}"u8.ToArray(), Bundle = "{}"u8.ToArray() });
        store.Cases.CountStale(Centre);
        store.Cases.Page([Centre], null, 10);
        store.Cases.Find(Centre, "a");
        store.Audit.Page(new() { Patient = "a" }, null, 10);
        Assert.Equal(2, await store.PurgeAsync(Centre, "a", audit));
    }

    // Names, marks of stale cases, jobs and what changed in them are few; the newest row of the audit is the first of its scan.
    [GeneratedRegex(@"^SCAN (?!name|n\b|stale|s\b|job|changed|audit$)(?!.*CONSTANT ROW)", RegexOptions.None, 1_000)]
    private static partial Regex Scan();

    [GeneratedRegex("^(?:select|insert|update|delete) ", RegexOptions.None, 1_000)]
    private static partial Regex Question();

    private abstract class Reader : StoreContract
    {
        public static (Transaction? Transaction, System.Collections.Immutable.ImmutableArray<FhirMyeloma.R4.Issues.Issue> Faults) Of(string bundle) => Read(bundle);
    }
}
