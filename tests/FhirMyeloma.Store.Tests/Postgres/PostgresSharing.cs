using FhirMyeloma.Store.Tests.Contract;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Tests.Postgres;

/// <summary>One database that several processes use, and that goes away and comes back.</summary>
[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresSharing(PostgresDatabase database) : StoreContract, IClassFixture<PostgresDatabase>
{
    private const string One = "urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001";
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }

    [Fact]
    public async Task Stores_that_race_a_conditional_create_make_one()
    {
        using var other = Open();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
        {
            var (transaction, _) = Read(Transaction(Post(One, Patient("1", family: $"N{i}"), "identifier=urn:oid:1.2.3|1")));
            return (await (i % 2 == 0 ? Store : other).ExecuteAsync(Alcala, transaction!)).Outcomes[0];
        })));
        Assert.Single(outcomes.Select(static outcome => outcome.Id).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, outcomes.Count(static outcome => outcome.Effect == Effect.Created));
    }

    [Fact]
    public async Task Stores_that_race_changes_of_one_resource_make_one_version_each_in_the_order_of_their_places()
    {
        using var other = Open();
        await Task.WhenAll(Enumerable.Range(0, 48).Select(i => Task.Run(async () =>
        {
            var (transaction, _) = Read(Transaction(Put("Patient/a", Patient("1", id: "a", family: $"N{i}"))));
            Assert.Null((await (i % 2 == 0 ? Store : other).ExecuteAsync(Alcala, transaction!)).Fault);
        })));
        var history = other.History(Alcala, "Patient", "a");
        Assert.Equal(Enumerable.Range(1, 48).Reverse(), history.Select(static version => version.Number));
        Assert.Equal(history.Select(static version => version.At).OrderDescending(), history.Select(static version => version.At));
    }

    [Fact]
    public async Task Time_never_runs_back_between_stores()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        using var late = FhirStore.OpenPostgres(_connection, new Clock { Now = Clock.Now.AddHours(-1) });
        var (transaction, _) = Read(Transaction(Put("Patient/b", Patient("2", id: "b"))));
        await late.ExecuteAsync(Alcala, transaction!);
        Assert.Equal(Store.Read(Alcala, "Patient", "a")!.Instant, Store.Read(Alcala, "Patient", "b")!.Instant);
    }

    [Fact]
    public async Task Stores_that_open_an_empty_database_at_once_all_find_it_ready()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(Open)));
        Assert.All(stores, static store => Assert.True(store.IsAlive()));
        Array.ForEach(stores, static store => store.Dispose());
    }

    [Fact]
    public async Task Lost_connections_are_made_anew_and_nobody_notices()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        _ = Kept("Patient", "a");
        PostgresDatabases.Run(_connection, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        Assert.Equal("Prueba", Kept("Patient", "a")["name"]["family"].Text);
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a", family: "Otra"))));
        Assert.Equal("Otra", Kept("Patient", "a")["name"]["family"].Text);
    }

    [Fact]
    public async Task A_change_within_a_group_that_fails_in_the_database_leaves_the_others_alone()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        // The database itself refuses it: a text may hold no NUL.
        var refused = Assert.ThrowsAsync<Npgsql.PostgresException>(() => Store.ExecuteAsync("nul\0", Read(Transaction(Put("Patient/c", Patient("3", id: "c")))).Transaction!));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => DoneAsync(Transaction(Put($"Patient/b{i}", Patient("2", id: $"b{i}")))))));
        await refused;
        Assert.All(Enumerable.Range(0, 16), i => Assert.NotNull(Store.Read(Alcala, "Patient", $"b{i}")));
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        Assert.True(Store.IsAlive());
        PostgresDatabases.Run(_connection, "update schema_version set version = 99");
        Assert.Contains("newer program", Assert.Throws<StoreException>(Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=app;Database=x;Timeout=1")]
    [InlineData("Nonsense=1")]
    public void Where_there_is_no_database_the_store_says_so(string connection) => Assert.Throws<StoreException>(() => FhirStore.OpenPostgres(connection, Clock));
}
