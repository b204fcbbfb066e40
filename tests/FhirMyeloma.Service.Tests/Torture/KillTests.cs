using System.Diagnostics;
using System.Globalization;
using FhirMyeloma.Store;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.Service.Tests.Torture;

/// <summary>
/// What <see cref="RacingClients"/> promise, while the service is killed, or its database, or one of two services. <c>TORTURE_SECONDS</c> and <c>TORTURE_CLIENTS</c> make it
/// longer and wider; a run whose length was said also demands that each restart of the service took no more than <see cref="_longestRestart"/>.
/// </summary>
public class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _longestRestart = TimeSpan.FromSeconds(2);
    private readonly List<TimeSpan> _restarts = [];
    private readonly List<TimeSpan> _returns = [];

    [Fact]
    public async Task Nothing_is_lost_doubled_or_halved_when_the_service_is_killed()
    {
        var data = Directory.CreateTempSubdirectory("fhirmyeloma-torture-");
        try
        {
            await TortureAsync(1, [$"--FhirMyeloma:DataFolder={data}"], database: null);
            EveryVersionHasItsRow(Path.Combine(data.FullName, ServiceOptions.StoreFile));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>The chain of the audit holds, and each version that is kept is told by a row: they were written together.</summary>
    private static void EveryVersionHasItsRow(string file)
    {
        using var store = FhirStore.OpenSqlite(file, TimeProvider.System);
        Assert.Null(store.Audit.Verify().Broken);
        HashSet<string> told = new(StringComparer.Ordinal);
        for (long? before = null; store.Audit.Page(new(), before, 1_000) is { IsEmpty: false } page; before = page[^1].Number)
            told.UnionWith(page.SelectMany(static row => row.Entry.Entities));
        var kept = store.Cases.Centres().SelectMany(centre => store.Snapshot(centre, R4.Profiles.ResourceTypes.All, ofPatients: false, null).Places.SelectMany(one => store.At(centre, one.Places))).ToList();
        Assert.NotEmpty(kept);
        Assert.DoesNotContain(kept.Select(static version => string.Create(CultureInfo.InvariantCulture, $"{version.Type}/{version.Id}/_history/{version.Number}")), version => !told.Contains(version));
    }

    [PostgresFact]
    public async Task Nothing_is_lost_doubled_or_halved_when_the_service_and_in_turn_its_database_are_killed()
    {
        using var database = new PostgresServer(isDurable: true);
        await TortureAsync(1, ["--store", "postgres", "--connection", database.Connection("postgres")], database);
    }

    [PostgresFact]
    public async Task Nothing_is_lost_doubled_or_halved_when_one_of_two_services_on_one_database_is_killed()
    {
        using var database = new PostgresServer(isDurable: true);
        await TortureAsync(2, ["--store", "postgres", "--connection", database.Connection("postgres")], database: null);
    }

    private async Task TortureAsync(int count, string[] arguments, PostgresServer? database)
    {
        var clients = Setting("TORTURE_CLIENTS", 16);
        var services = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => ServiceProcess.StartAsync(arguments, ServiceProcess.FreePort())));
        try
        {
            var race = new RacingClients([.. services.Select(static service => service.Base)]);
            using var over = new CancellationTokenSource(TimeSpan.FromSeconds(Setting("TORTURE_SECONDS", 6)));
            var work = race.RaceAsync(clients, over.Token);
            for (var kill = 0; !over.IsCancellationRequested; kill++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1_500 + (kill * 271 % 1_000)));
                if (database is not null && kill % 2 == 1)
                    _returns.Add(await KillAsync(database, services[0]));
                else
                    services[kill % count] = await KillAsync(services[kill % count], arguments);
            }

            await work;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{race.Acknowledged} transactions of {race.Sent} acknowledged to {clients} clients over {_restarts.Count + _returns.Count} kills; slowest restart of the service {_restarts.Max().TotalSeconds:0.00} s{(_returns.Count == 0 ? "" : $", slowest return of the database {_returns.Max().TotalSeconds:0.00} s")}"));
            await race.CheckAsync();
            Assert.Empty(race.Wrong.Take(10));
            Assert.NotEqual(0, race.Acknowledged);
            // In a short run, among other tests, the machine would decide it.
            if (Environment.GetEnvironmentVariable("TORTURE_SECONDS") is { Length: > 0 })
                Assert.True(_restarts.Max() <= _longestRestart, $"The slowest restart took {_restarts.Max().TotalSeconds:0.00} s. Measure what ./publish.sh makes, which does not wait for the JIT: SERVICE=artifacts/publish/FhirMyeloma.Service.dll");
        }
        finally
        {
            Array.ForEach(services, static service => service.Dispose());
        }
    }

    private async Task<ServiceProcess> KillAsync(ServiceProcess service, string[] arguments)
    {
        service.Kill();
        service.Dispose();
        var next = await ServiceProcess.StartAsync(arguments, service.Base.Port);
        _restarts.Add(next.Ready);
        return next;
    }

    private static async Task<TimeSpan> KillAsync(PostgresServer database, ServiceProcess service)
    {
        database.Kill();
        var clock = Stopwatch.StartNew();
        database.Restart();
        await service.WaitAsync();
        return clock.Elapsed;
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : otherwise;
}

/// <summary>A fact that needs a private PostgreSQL server and is reported as skipped where none can be started.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
