using System.Collections.Immutable;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>One call that the service answers. The routes, the CapabilityStatement and the OpenAPI document are all made from these rows.</summary>
internal sealed record RouteRow
{
    /// <summary>Operation id of the OpenAPI document; unique.</summary>
    public required string Id { get; init; }

    /// <summary>GET (answers HEAD as well), POST, PUT or DELETE.</summary>
    public required string Method { get; init; }

    /// <summary>What the caller must be allowed; checked before <see cref="Handler"/> is called.</summary>
    public required Need Needs { get; init; }

    /// <summary>Path as ASP.NET routes it.</summary>
    public required string Path { get; init; }

    /// <summary>Heading in the Swagger UI.</summary>
    public required string Tag { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>What a caller must know; Markdown.</summary>
    public required string Description { get; init; }

    /// <summary>What answers.</summary>
    public required Delegate Handler { get; init; }

    /// <summary>Resource type of the answer; null for plain JSON.</summary>
    public string? Answers { get; init; }

    /// <summary>Resource types that the body may be, <c>Resource</c> for all; empty when there is no body.</summary>
    public ImmutableArray<string> Takes { get; init; } = [];

    /// <summary>Bodies that Swagger offers.</summary>
    public ExampleSet Examples { get; init; }

    /// <summary>Parameters in the query string or the path.</summary>
    public ImmutableArray<RouteParameter> Parameters { get; init; } = [];

    /// <summary>Statuses other than 200, each answered with an OperationOutcome.</summary>
    public ImmutableArray<int> Faults { get; init; } = [];

    /// <summary>The FHIR operation (name without <c>$</c>) that this is; its OperationDefinition is published under this id.</summary>
    public string? Operation { get; init; }

    /// <summary>Canonical of the operation's definition where others publish it.</summary>
    public string? OperationDefinition { get; init; }

    /// <summary>The FHIR operation that this is on the type Patient.</summary>
    public string? OperationOfPatients { get; init; }

    /// <summary>The FHIR operation that this is at the level of every resource type.</summary>
    public string? OperationOfTypes { get; init; }

    /// <summary>The resource type and interaction that this is (<c>OperationDefinition</c>, <c>read</c>).</summary>
    public (string Type, string Interaction)? Interaction { get; init; }

    /// <summary>The FHIR operation that this is on one Patient.</summary>
    public string? OperationOfPatient { get; init; }

    /// <summary>The interactions that this is for every resource type (R4 valueset-type-restful-interaction.html).</summary>
    public ImmutableArray<string> InteractionsOfTypes { get; init; } = [];

    /// <summary>The interactions that this is for the whole system.</summary>
    public ImmutableArray<string> InteractionsOfSystem { get; init; } = [];

    /// <summary>The query string is a search, whose parameters the resource type decides.</summary>
    public bool TakesSearch { get; init; }

    /// <summary>True for what everybody may know, and for probes: it leaves no row in the audit. A row of this table that does not say so leaves one.</summary>
    public bool LeavesNoEvent { get; init; }

    /// <summary>What the audit calls it.</summary>
    public string AuditName => InteractionsOfTypes is [var interaction, ..] ? interaction
        : TakesSearch ? Method switch { "PUT" => "update", "DELETE" => "delete", _ => "search-type" }
        : InteractionsOfSystem is [var ofSystem, ..] ? ofSystem
        : Operation ?? OperationOfPatient ?? OperationOfPatients ?? Id;

    /// <summary>What it does, as the audit says it (R4 audit-event-action).</summary>
    public char AuditAction => AuditName switch
    {
        "create" => 'C',
        "read" or "vread" or "history-instance" or "history-type" or "history-system" => 'R',
        "update" => 'U',
        "delete" => 'D',
        _ => 'E',
    };

    /// <summary>True for what changes resources, a Bundle of requests included.</summary>
    public bool Writes => AuditAction is 'C' or 'U' or 'D' || (Method == HttpMethods.Post && InteractionsOfSystem.Contains("transaction", StringComparer.Ordinal));

    /// <summary>True for everything under the FHIR base, where negotiation and the strict query string apply; discovery is JSON whatever is asked for.</summary>
    public bool IsFhir => Path.StartsWith(RouteTable.Base, StringComparison.Ordinal) && !Path.Contains("/.well-known/", StringComparison.Ordinal);
}

/// <summary>Which bodies Swagger offers for a call.</summary>
internal enum ExampleSet
{
    None,
    Stories,
    Validation,
    Transaction,
    Patient,
    Parameters,
}

/// <summary>One parameter of a route.</summary>
/// <param name="Name">As on the wire.</param>
/// <param name="Meaning">For the OpenAPI document.</param>
/// <param name="Values">All that may be said; empty for free text.</param>
/// <param name="Default">What is taken when nothing is said.</param>
/// <param name="Repeats">May stand several times.</param>
/// <param name="InPath">Part of the path instead of the query string.</param>
internal sealed record RouteParameter(string Name, string Meaning, ImmutableArray<string> Values, string? Default = null, bool Repeats = false, bool InPath = false);

/// <summary>All routes, in the order in which Swagger shows them.</summary>
internal static class RouteTable
{
    /// <summary>The FHIR base path.</summary>
    public const string Base = "/fhir";

    /// <summary>Where plain JSON for people and notebooks lies.</summary>
    public const string Api = "/api";

    /// <summary>Everything that is answered.</summary>
    public static ImmutableArray<RouteRow> All { get; } = [AssessEndpoints.Assess, .. ResourceEndpoints.Routes, .. CaseEndpoints.Routes, .. JobEndpoints.Routes, .. AuditEndpoints.Routes, .. ValidateEndpoints.Routes, .. MetadataEndpoints.Routes, .. DefinitionEndpoints.Routes, .. SmartEndpoints.Routes, .. HealthEndpoints.Routes];

    /// <summary>What a caller who missed the path is told.</summary>
    public static string Hint { get; } =
        $"Under {Base} this server answers {string.Join(", ", All.Where(static route => route.IsFhir && route.Tag != DefinitionEndpoints.Tag).Select(static route => $"{route.Method} {route.Path}"))}, and GET {Base}/{{type}} and {Base}/{{type}}/{{id}} for {string.Join(", ", Published.Types)}; names are case-sensitive.";

    /// <summary>Maps every row.</summary>
    public static void MapAll(IEndpointRouteBuilder app)
    {
        foreach (var route in All)
        {
            string[] methods = route.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [route.Method];
            // Where any type is kept, a name that is near none is a path that there is not.
            var path = route.Tag == ResourceEndpoints.Tag ? route.Path.Replace("{type}", $"{{type:{TypeNames.Name}}}", StringComparison.Ordinal) : route.Path;
            var endpoint = app.MapMethods(path, methods, route.Handler).WithMetadata(route).WithName(route.Id);
            if (route.IsFhir)
                endpoint.AddEndpointFilter(NegotiateAsync);
            else if (route.Path.StartsWith(Api, StringComparison.Ordinal))
                endpoint.AddEndpointFilter(CheckQueryAsync);
        }
    }

    /// <summary>The methods that a path answers, in alphabetical order; of a path that is written out in a row, those of such rows only. Empty when it answers none.</summary>
    public static ImmutableArray<string> MethodsOf(PathString path)
    {
        var parts = path.Value!.TrimEnd('/').Split('/');
        var rows = All.Where(row => Fits(row, parts)).ToList();
        var exact = rows.Where(static row => !row.Path.Contains('{', StringComparison.Ordinal)).ToList();
        return
        [
            .. (exact.Count > 0 ? exact : rows).SelectMany(static row => row.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : (string[])[row.Method])
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    private static bool Fits(RouteRow row, string[] parts)
    {
        var template = row.Path.Split('/');
        return template.Length == parts.Length && template.Zip(parts).All(pair => pair.First == pair.Second
            || (pair.First.StartsWith('{') && pair.Second.Length > 0 && (pair.First != "{type}" || row.Tag != ResourceEndpoints.Tag || TypeNames.MayBeType(pair.Second))));
    }

    private static async ValueTask<object?> NegotiateAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var http = call.HttpContext;
        var route = http.GetEndpoint()!.Metadata.GetRequiredMetadata<RouteRow>();
        if (!NamesAreExact(route.Path, http.Request.Path))
            return Http.Faults.Of(Http.Faults.UnknownPath, $"There is nothing at this path. {Hint}");
        return Negotiation.Refuses(http, route.TakesSearch ? [.. http.Request.Query.Keys] : [.. route.Parameters.Where(static p => !p.InPath).Select(static p => p.Name)]) ?? await next(call);
    }

    /// <summary>A misspelt filter would silently mean all.</summary>
    private static async ValueTask<object?> CheckQueryAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var route = call.HttpContext.GetEndpoint()!.Metadata.GetRequiredMetadata<RouteRow>();
        ImmutableArray<string> known = [.. route.Parameters.Where(static parameter => !parameter.InPath).Select(static parameter => parameter.Name)];
        return call.HttpContext.Request.Query.Keys.All(known.Contains)
            ? await next(call)
            : Http.Faults.Of(Http.Faults.UnknownParameter, $"The query string holds a parameter that this call does not know. {(known.IsEmpty ? "It takes none." : $"Allowed: {string.Join(", ", known)}.")}");
    }

    /// <summary>ASP.NET matches paths in any case; FHIR names are case-sensitive.</summary>
    private static bool NamesAreExact(string template, PathString path)
    {
        var sent = path.Value!.TrimEnd('/').Split('/');
        return template.Split('/').Zip(sent).All(static pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }
}
