using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FhirMyeloma.Service.Metrics;

/// <summary>Sends spans to a collector by OTLP where the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one; without it nobody listens and spans cost nothing.</summary>
internal static class Tracing
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds the export where it is configured.</summary>
    public static IServiceCollection AddTracing(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[Endpoint]))
            return services;
        // The host disposes it, which sends what has gathered.
        services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(static resource => resource.AddService("fhirmyeloma", serviceVersion: Endpoints.MetadataEndpoints.Version))
            .AddSource(Measures.Name, "Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter()
            .Build());
        return services.AddHostedService<Exporting>();
    }

    /// <summary>Makes the export when the service starts.</summary>
    private sealed class Exporting(TracerProvider provider) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            provider.ForceFlush(5_000);
            return Task.CompletedTask;
        }
    }
}
