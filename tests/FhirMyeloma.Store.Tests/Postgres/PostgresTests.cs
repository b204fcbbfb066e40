using FhirMyeloma.Store.Tests.Contract;

namespace FhirMyeloma.Store.Tests.Postgres;

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresTransactions(PostgresDatabase database) : TransactionContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresVersions(PostgresDatabase database) : VersionContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresHistories(PostgresDatabase database) : HistoryContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresConditions(PostgresDatabase database) : ConditionContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresRepetitions(PostgresDatabase database) : RepetitionContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresInterleavings(PostgresDatabase database) : InterleavingContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresCases(PostgresDatabase database) : CaseContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresJobs(PostgresDatabase database) : JobContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresAudits(PostgresDatabase database) : AuditContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresErasures(PostgresDatabase database) : ErasureContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}

[Collection(PostgresTestCollection.Name), NeedsPostgres]
public sealed class PostgresKeys(PostgresDatabase database) : KeyContract, IClassFixture<PostgresDatabase>
{
    private readonly string _connection = database.NewStore();

    protected override FhirStore Open() => FhirStore.OpenPostgres(_connection, Clock);

    protected override void Clear()
    {
        // The database goes with the server.
    }
}
