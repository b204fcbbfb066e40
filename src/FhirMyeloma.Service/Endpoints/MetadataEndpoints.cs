using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>What the service says about itself: the CapabilityStatement as the other half of the OpenAPI document.</summary>
internal static class MetadataEndpoints
{
    /// <summary>The sentence that every description of the service carries.</summary>
    public const string ResearchOnly = "Research and data quality only, not for patient care";

    /// <summary>Base of everything that the project publishes; an identifier, never fetched.</summary>
    public const string Canonical = "https://fhirmyeloma.org/fhir";

    /// <summary>The day on which the list of capabilities last changed.</summary>
    private const string Changed = "2026-11-22";

    private static readonly JsonSerializerOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Version { get; } = typeof(MetadataEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static ImmutableArray<RouteRow> Routes { get; } =
    [
        new()
        {
            Id = "metadata",
            LeavesNoEvent = true,
            Needs = Need.Nothing,
            Method = HttpMethods.Get,
            Path = $"{RouteTable.Base}/metadata",
            Tag = "Metadata",
            Summary = "The CapabilityStatement",
            Description = "What this server can do, made from the same table as this page. It carries an ETag that changes when the statement does.",
            Handler = Metadata,
            Answers = "CapabilityStatement",
            Parameters =
            [
                new("mode", "All modes give the full statement, because the server adds nothing to a normative one.", ["full", "normative"], "full"),
                new("_summary", "Accepted, as FHIR encourages; the statement is short enough to come whole.", ["true", "false"], "false"),
            ],
            Faults = [400, 406],
        },
    ];

    private static IResult Metadata(HttpContext context, Callers callers, IOptions<ServiceOptions> options)
    {
        foreach (var parameter in Routes[0].Parameters)
        {
            if (context.Request.Query.TryGetValue(parameter.Name, out var sent) && !sent.OfType<string>().All(value => parameter.Values.Contains(value, StringComparer.Ordinal)))
                return Faults.Of(Faults.ParameterValue, $"Allowed for {parameter.Name}: {string.Join(", ", parameter.Values)}.", $"http.{parameter.Name}");
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(Statement(options.Value, callers.Ask), _readable);
        return new FhirResource(json, ETag: $"W/\"{Convert.ToHexStringLower(SHA256.HashData(json))[..16]}\"");
    }

    /// <summary>Members stand in the order of the definition of CapabilityStatement.</summary>
    private static JsonObject Statement(ServiceOptions options, bool asks) => new()
    {
        ["resourceType"] = "CapabilityStatement",
        ["url"] = $"{Canonical}/CapabilityStatement/fhirmyeloma",
        ["version"] = Version,
        ["name"] = "FhirMyeloma",
        ["title"] = "FhirMyeloma",
        ["status"] = "active",
        ["experimental"] = false,
        ["date"] = Changed,
        ["publisher"] = "FhirMyeloma contributors",
        ["description"] = $"Derives washout, lines of therapy, IMWG response, refractoriness, stage and risk of multiple myeloma from a hospital's FHIR Bundle. {ResearchOnly}.",
        ["kind"] = "instance",
        ["software"] = new JsonObject { ["name"] = "FhirMyeloma", ["version"] = Version },
        ["implementation"] = new JsonObject { ["description"] = ResearchOnly },
        ["fhirVersion"] = "4.0.1",
        ["format"] = new JsonArray("application/fhir+json", "json", "application/fhir+xml", "xml"),
        ["rest"] = new JsonArray(new JsonObject
        {
            ["mode"] = "server",
            ["documentation"] = FormattableString.Invariant(
                $"""
                Limits: {options.MaxBodyBytes} bytes a body (as sent and after decompression; gzip and br are read and written), {options.MaxEntries} entries a Bundle, {options.MaxValues} values a body, 64 levels of nesting, {options.BodyTimeoutSeconds} s for a body to arrive, {options.RequestsPerMinute} requests a minute from one address. What is posted to the base or to a type is kept, and answered when it is on disk; $assess and $validate keep nothing. An unknown parameter is refused, never ignored.
                """),
            ["security"] = Security(options.Identity, asks),
            ["resource"] = new JsonArray([.. ResourceTypes.All.Select(Resource)]),
            ["interaction"] = new JsonArray([.. RouteTable.All.SelectMany(static route => route.InteractionsOfSystem).Select(static code => (JsonNode)new JsonObject { ["code"] = code })]),
            ["operation"] = new JsonArray([.. RouteTable.All.Where(static route => route.Operation is not null).Select(Operation)]),
        }),
    };

    private static JsonObject Security(IdentityOptions identity, bool asks)
    {
        var security = new JsonObject { ["cors"] = false };
        if (identity.TakesTokens)
        {
            security["service"] = new JsonArray(new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/restful-security-service", ["code"] = "SMART-on-FHIR", ["display"] = "SMART-on-FHIR" }),
                ["text"] = "Tokens of an issuer, with scopes system/Type.cruds",
            });
        }

        security["description"] = !asks ? Notice.Text
            : $"Authorization: Bearer with {(identity.TakesTokens ? "a token or an API key" : "an API key")}. A request acts in one centre; a caller of several names it by the header {Admission.Header}. What the scopes do not allow is refused, never left out.";
        return security;
    }

    /// <summary>What is done with a type: every type is kept, some are published beside.</summary>
    private static JsonNode Resource(string type)
    {
        var resource = new JsonObject
        {
            ["type"] = type,
            ["interaction"] = new JsonArray([.. RouteTable.All.SelectMany(static route => route.InteractionsOfTypes)
                .Concat(RouteTable.All.Where(route => route.Interaction?.Type == type).Select(static route => route.Interaction!.Value.Interaction))
                .Distinct(StringComparer.Ordinal).Select(static code => (JsonNode)new JsonObject { ["code"] = code })]),
            ["versioning"] = "versioned-update",
            ["readHistory"] = true,
            ["updateCreate"] = true,
            ["conditionalCreate"] = true,
            ["conditionalRead"] = "not-match",
            ["conditionalUpdate"] = true,
            ["conditionalDelete"] = "single",
        };
        resource["searchParam"] = new JsonArray([.. SearchParameters.For(type).Select(static parameter => (JsonNode)new JsonObject
        {
            ["name"] = parameter.Code,
            ["definition"] = parameter.Url,
            ["type"] = parameter.Type.ToString().ToLowerInvariant(),
        })]);
        if (type == "Patient")
        {
            resource["operation"] = new JsonArray([.. RouteTable.All.Where(static route => (route.OperationOfPatient ?? route.OperationOfPatients) is not null).DistinctBy(static route => route.OperationOfPatient ?? route.OperationOfPatients, StringComparer.Ordinal)
                .Select(static route => (JsonNode)new JsonObject
                {
                    ["name"] = route.OperationOfPatient ?? route.OperationOfPatients,
                    ["definition"] = route.OperationDefinition ?? $"{Canonical}/OperationDefinition/{route.OperationOfPatient}",
                })]);
        }

        return resource;
    }

    private static JsonNode Operation(RouteRow route) => new JsonObject
    {
        ["name"] = route.Operation,
        ["definition"] = route.OperationDefinition ?? $"{Canonical}/OperationDefinition/{route.Operation}",
        ["documentation"] = RouteTable.All.Any(other => other.OperationOfTypes == route.Operation) ? $"{route.Summary}. At the level of every resource type too." : $"{route.Summary}.",
    };
}
