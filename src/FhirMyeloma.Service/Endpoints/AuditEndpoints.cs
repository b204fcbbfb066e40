using System.Collections.Immutable;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Identity;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>Who did what.</summary>
internal static class AuditEndpoints
{
    public static ImmutableArray<RouteRow> Routes { get; } =
    [
        new()
        {
            Id = "audit",
            Needs = Need.Of(Roles.Auditor),
            Method = HttpMethods.Get,
            Path = "/api/audit",
            Tag = "Audit",
            Summary = "Who did what",
            Description =
                """
                FHIR AuditEvents in a searchset Bundle, newest first: every access and refusal, changes of keys and logins, by the patterns of IHE BALP. They name resources by type
                and id and say nothing of what is in them. For callers with the scope `fhirmyeloma/auditor`; one who belongs to centres sees what was done in these.
                """,
            Handler = static (HttpContext context, AuditAnswers audit, Caller caller) => audit.SearchAsync(context, caller),
            Answers = "Bundle",
            Parameters = AuditAnswers.Parameters,
            Faults = [400, 403, 429, 500],
        },
    ];
}
