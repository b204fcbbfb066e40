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
}
