using System.Runtime.CompilerServices;

namespace FhirMyeloma.Store.Tests.Postgres;

/// <summary>As the service does where it keeps in PostgreSQL: reads wait for the database on threads of the pool, which by itself grows by one or two a second.</summary>
internal static class WaitingThreads
{
    [ModuleInitializer]
    internal static void Provide()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, 64), completions);
    }
}
