using System.Collections.Immutable;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Metrics;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>Probes for whatever runs the service.</summary>
internal static class HealthEndpoints
{
    public static ImmutableArray<RouteRow> Routes { get; } =
    [
        new()
        {
            Id = "live",
            LeavesNoEvent = true,
            Needs = Need.Nothing,
            Method = HttpMethods.Get,
            Path = "/health/live",
            Tag = "Health",
            Summary = "The process answers",
            Description = "200 as long as the process answers at all; a failing probe means: restart it.",
            Handler = static () => TypedResults.Json(new Health("live")),
        },
        new()
        {
            Id = "ready",
            LeavesNoEvent = true,
            Needs = Need.Nothing,
            Method = HttpMethods.Get,
            Path = "/health/ready",
            Tag = "Health",
            Summary = "The service takes work",
            Description = "200 once the definitions and vocabularies are loaded, 503 before that and while shutting down.",
            Handler = Ready,
            Faults = [503],
        },
        new()
        {
            Id = "metrics",
            LeavesNoEvent = true,
            Needs = Need.Nothing,
            Method = HttpMethods.Get,
            Path = "/metrics",
            Tag = "Health",
            Summary = "Figures for Prometheus",
            Description = "Requests by route and status with their durations, transactions, versions, the writer's queue, derivations, refusals by issue code, the process. No label holds anything that somebody sent.",
            Handler = static (MetricsText metrics) => Results.Text(metrics.Write(), MetricsText.MediaType),
        },
    ];

    private static IResult Ready(Readiness readiness) =>
        readiness.IsReady ? TypedResults.Json(new Health("ready")) : Http.Faults.OfStatus(StatusCodes.Status503ServiceUnavailable, "");

    private sealed record Health(string Status);
}
