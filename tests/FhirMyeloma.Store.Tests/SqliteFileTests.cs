using FhirMyeloma.Store.Jobs;
using FhirMyeloma.Store.Sqlite;
using FhirMyeloma.Store.Tests.Contract;
using FhirMyeloma.Store.Transactions;
using Microsoft.Data.Sqlite;

namespace FhirMyeloma.Store.Tests;

/// <summary>The file of a store: its schema, and copies of it.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Other(string name) => Path.Combine(Path.GetDirectoryName(_folder.File)!, name);

    private static async Task KeepAsync(FhirStore store, string id)
    {
        var (transaction, _) = Probe.Of(StoreContract.Transaction(StoreContract.Put($"Patient/{id}", StoreContract.Patient("1", id))));
        Assert.Equal(Effect.Created, (await store.ExecuteAsync("alcala", transaction!)).Outcomes[0].Effect);
    }

    [Fact]
    public async Task A_backup_of_a_store_in_use_becomes_the_same_store()
    {
        using (var store = _folder.Open(TimeProvider.System))
        {
            await KeepAsync(store, "a");
            SqliteBackup.Write(_folder.File, Other("backup"));
            await KeepAsync(store, "b");
        }

        SqliteBackup.Restore(Other("backup"), Other("restored.db"));
        using var restored = FhirStore.OpenSqlite(Other("restored.db"), TimeProvider.System);
        Assert.NotNull(restored.Read("alcala", "Patient", "a"));
        Assert.Null(restored.Read("alcala", "Patient", "b"));
        await KeepAsync(restored, "c");
    }

    [Fact]
    public void Neither_a_backup_nor_a_store_is_ever_replaced()
    {
        using (var store = _folder.Open(TimeProvider.System))
            Assert.True(store.IsAlive());
        SqliteBackup.Write(_folder.File, Other("backup"));
        Assert.Throws<StoreException>(() => SqliteBackup.Write(_folder.File, Other("backup")));
        Assert.Throws<StoreException>(() => SqliteBackup.Restore(Other("backup"), _folder.File));
        Assert.Throws<StoreException>(() => SqliteBackup.Write(Other("nowhere"), Other("another")));
    }

    [Fact]
    public void What_is_no_backup_makes_no_store()
    {
        File.WriteAllText(Other("text"), new string('x', 5_000));
        Assert.Throws<StoreException>(() => SqliteBackup.Restore(Other("text"), Other("restored.db")));
        Assert.False(File.Exists(Other("restored.db")));
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        using (var store = _folder.Open(TimeProvider.System))
            Assert.True(store.IsAlive());
        using (var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "pragma user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.Contains("newer program", Assert.Throws<StoreException>(() => _folder.Open(TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    /// <summary>Reads transactions as the contract does.</summary>
    private abstract class Probe : StoreContract
    {
        public static (Transaction? Transaction, System.Collections.Immutable.ImmutableArray<FhirMyeloma.R4.Issues.Issue> Faults) Of(string bundle) => Read(bundle);
    }

    [Fact]
    public async Task Neither_the_file_nor_its_log_holds_anything_of_a_purged_patient()
    {
        const string Number = "HC-4711-0815";
        using var store = _folder.Open(TimeProvider.System);
        await KeepAsync(store, "stays-here");
        var bundle = StoreContract.Transaction(
            [StoreContract.Put("Patient/a", StoreContract.Patient(Number, "a", "Apellido-Secreto")), .. Enumerable.Range(0, 200).Select(i => StoreContract.Put($"Observation/o{i}", StoreContract.Result($"{Number}-{i}", "Patient/a", id: $"o{i}")))]);
        var job = await store.Jobs.AcceptAsync("alcala", JobKind.Bundle, "{}"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(bundle));
        await store.ExecuteAsync("alcala", Probe.Of(bundle).Transaction!);
        await store.Jobs.EndAsync(job, JobState.Done, System.Text.Encoding.UTF8.GetBytes(bundle));
        Assert.True(Holds(Number));
        Assert.Equal(201, await store.PurgeAsync("alcala", "a", new() { Interaction = "purge", Action = 'D', Agent = "admin" }));
        Assert.False(Holds(Number));
        Assert.False(Holds("Apellido-Secreto"));
        Assert.True(Holds("stays-here"));

        bool Holds(string text) => new[] { _folder.File, _folder.File + "-wal" }.Where(File.Exists).Any(file => Bytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0);
    }

    [Theory]
    [InlineData("update audit set content = cast(replace(cast(content as text), 'system', 'nobody') as blob) where number = 3", 3)]
    [InlineData("update audit set agent = 'nobody' where number = 3", 3)]
    [InlineData("update audit set instant = instant + 1 where number = 3", 3)]
    [InlineData("delete from audit where number = 3", 3)]
    [InlineData("delete from audit where number = 1", 1)]
    [InlineData("insert into audit select 7, instant, centre, agent, action, outcome, content, hash from audit where number = 3", 7)]
    [InlineData("update audit set number = 99 where number = 3; update audit set number = 3 where number = 4; update audit set number = 4 where number = 99", 3)]
    [InlineData("delete from audit_patient where number = 3", 3)]
    [InlineData("insert into audit_patient values ('z', 2)", 2)]
    [InlineData("insert into audit_patient values ('z', 7)", 7)]
    public async Task A_row_of_the_audit_that_was_changed_removed_inserted_or_moved_is_found(string sql, long broken)
    {
        using (var store = _folder.Open(TimeProvider.System))
        {
            for (var i = 1; i <= 6; i++)
                await store.Audit.AppendAsync([new() { Interaction = "read", Action = 'R', Agent = "system", Patients = [$"p{i}"] }]);
            Assert.Null(store.Audit.Verify().Broken);
        }

        using (var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        using var again = _folder.Open(TimeProvider.System);
        Assert.Equal(broken, again.Audit.Verify().Broken);
    }

    private static byte[] Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
