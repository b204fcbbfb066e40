using FhirMyeloma.Service.Pooling;
using FhirMyeloma.Store;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Storing;

/// <summary>Which store the service uses.</summary>
internal static class StoreOpening
{
    private const int WaitingThreads = 64;

    /// <summary>Short forms on the command line of what the configuration says.</summary>
    public static Dictionary<string, string> Switches { get; } = new(StringComparer.Ordinal)
    {
        ["--store"] = $"{ServiceOptions.Section}:{nameof(ServiceOptions.Store)}",
        ["--connection"] = $"{ServiceOptions.Section}:{nameof(ServiceOptions.Connection)}",
    };

    public static FhirStore Open(ServiceOptions options, TimeProvider clock)
    {
        if (options.Store == ServiceOptions.Sqlite)
            return FhirStore.OpenSqlite(Path.Combine(options.DataFolder, ServiceOptions.StoreFile), clock);
        // Reads wait for the database on threads of the pool, which by itself grows by one or two a second: the first requests would stand in line for that long.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, WaitingThreads), completions);
        return FhirStore.OpenPostgres(options.Connection!, clock);
    }

    /// <summary>Opens the store before anything is served.</summary>
    /// <returns>Why the service cannot start; null when it can.</returns>
    public static string? Refusal(IServiceProvider services)
    {
        try
        {
            _ = services.GetRequiredService<FhirStore>();
            _ = services.GetRequiredService<PoolingKey>();
            return null;
        }
        catch (Exception fault) when (fault is StoreException or OptionsValidationException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return $"FhirMyeloma cannot start: {fault.Message}";
        }
    }
}
