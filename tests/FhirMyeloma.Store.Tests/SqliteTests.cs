using FhirMyeloma.Store.Tests.Contract;

namespace FhirMyeloma.Store.Tests;

public sealed class SqliteTransactions : TransactionContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteVersions : VersionContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteHistories : HistoryContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteConditions : ConditionContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteRepetitions : RepetitionContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteInterleavings : InterleavingContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteCases : CaseContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteJobs : JobContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteAudits : AuditContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteErasures : ErasureContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

public sealed class SqliteKeys : KeyContract
{
    private readonly SqliteFolder _folder = new();

    protected override FhirStore Open() => _folder.Open(Clock);

    protected override void Clear() => _folder.Dispose();
}

/// <summary>A folder of one test for a file of SQLite.</summary>
internal sealed class SqliteFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fhirmyeloma-store-");

    public string File => Path.Combine(_folder.FullName, "store.db");

    public FhirStore Open(TimeProvider clock) => FhirStore.OpenSqlite(File, clock);

    public void Dispose() => _folder.Delete(recursive: true);
}
