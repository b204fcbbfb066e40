using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FhirMyeloma.Service;

/// <summary>The OpenAPI 3.1 document and its page at <c>/swagger</c>, made from the route table; it needs nothing from the internet.</summary>
internal static class OpenApi
{
    /// <summary>Name of the one way to say who calls.</summary>
    public const string Bearer = "bearer";

    private const string Name = "v1";

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) => services
        .AddEndpointsApiExplorer()
        .AddSwaggerGen(static swagger =>
        {
            swagger.SwaggerDoc(Name, new OpenApiInfo
            {
                Title = "FhirMyeloma",
                Version = MetadataEndpoints.Version,
                Description = $"FHIR R4 service for multiple myeloma: a hospital's Bundle in, the derived Bundle out. **{MetadataEndpoints.ResearchOnly}.**",
                License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
            });
            swagger.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key (fm_…) or a token of the issuer. Where nobody is asked who they are, leave it empty.",
            });
            swagger.SupportNonNullableReferenceTypes();
            swagger.DocInclusionPredicate(static (_, call) => call.HttpMethod != HttpMethods.Head && call.ActionDescriptor.EndpointMetadata.OfType<RouteRow>().Any());
            swagger.OperationFilter<FromRouteTable>();
            swagger.DocumentFilter<TagsOfRouteTable>();
        });

    public static IApplicationBuilder UseOpenApiPage(this IApplicationBuilder app) => app
        .UseSwagger(static swagger =>
        {
            swagger.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            swagger.PreSerializeFilters.Add(static (document, request) =>
            {
                if (!request.HttpContext.RequestServices.GetRequiredService<Callers>().Ask)
                    document.Info = new(document.Info) { Description = $"{document.Info.Description}\n\n**{Notice.Text}**" };
            });
        })
        .UseSwaggerUI(static page =>
        {
            page.DocumentTitle = "FhirMyeloma: Swagger";
            page.SwaggerEndpoint($"{Name}/swagger.json", "FhirMyeloma");
            page.EnableDeepLinking();
            page.DisplayRequestDuration();

            // A derived Bundle is long; colouring it would keep the browser busy for seconds.
            page.ConfigObject.AdditionalItems["syntaxHighlight"] = false;
        });
}

/// <summary>The groups of the page are the tags of the rows and no class names.</summary>
internal sealed class TagsOfRouteTable : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context) =>
        swaggerDoc.Tags = context.ApiDescriptions
            .SelectMany(static call => call.ActionDescriptor.EndpointMetadata.OfType<RouteRow>())
            .Select(static route => route.Tag)
            .Distinct(StringComparer.Ordinal)
            .Select(static tag => new OpenApiTag { Name = tag })
            .ToHashSet();
}

/// <summary>Fills one operation of the document from its row.</summary>
internal sealed class FromRouteTable(Published published) : IOperationFilter
{
    private const string AnyResource = "Resource";

    private static readonly ImmutableArray<string> _read = ["application/fhir+json", "application/json", "application/fhir+xml", "application/xml"];
    private static readonly ImmutableArray<string> _written = ["application/fhir+json", "application/fhir+xml"];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var route = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RouteRow>().Single();
        operation.OperationId = route.Id;
        operation.Summary = route.Summary;
        operation.Description = route.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(route.Tag, context.Document) };
        operation.Parameters = [.. Parameters(route)];
        operation.RequestBody = route.Takes.IsEmpty ? null : Body(route, context.Document);
        operation.Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse
            {
                Description = route.Answers is null ? "State" : $"The {route.Answers}",
                Content = Content(route.IsFhir ? _written : ["application/json"], Resource([route.Answers])),
            },
        };
        if (!route.Needs.IsOpen)
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OpenApi.Bearer, context.Document)] = [] }];
        foreach (var status in route.Needs.IsOpen ? route.Faults : route.Faults.Union([StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden]))
        {
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
                Content = Content(_written, Resource(["OperationOutcome"])),
            };
        }
    }

    private static IEnumerable<IOpenApiParameter> Parameters(RouteRow route)
    {
        foreach (var parameter in route.Parameters)
        {
            var value = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = parameter.Values.IsEmpty ? null : [.. parameter.Values.Select(static value => (JsonNode)value)],
                Default = parameter.Default is null || parameter.Repeats ? null : (JsonNode)parameter.Default,
            };
            yield return new OpenApiParameter
            {
                Name = parameter.Name,
                In = parameter.InPath ? ParameterLocation.Path : ParameterLocation.Query,
                Required = parameter.InPath,
                Description = parameter.Meaning,
                Explode = parameter.Repeats,
                Schema = parameter.Repeats ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = value, Default = parameter.Default is null ? null : new JsonArray(parameter.Default) } : value,
            };
        }

        if (route.Needs.Centre)
        {
            yield return new OpenApiParameter
            {
                Name = Admission.Header,
                In = ParameterLocation.Header,
                Description = "The centre that the request acts in; needed only of a caller who belongs to several.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }

        if (!route.IsFhir)
            yield break;
        yield return new OpenApiParameter
        {
            Name = "_pretty",
            In = ParameterLocation.Query,
            Description = "Indent the answer.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        };
        yield return new OpenApiParameter
        {
            Name = "_format",
            In = ParameterLocation.Query,
            Description = "Wins over the Accept header.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Negotiation.Formats.Select(static format => (JsonNode)format)] },
        };
    }

    private OpenApiRequestBody Body(RouteRow route, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Examples ??= new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        var offered = published.Offered(route.Examples);
        foreach (var example in offered)
            document.Components.Examples[example.Name] = new OpenApiExample { Summary = example.Title, Value = example.Input.DeepClone() };

        var content = Content(_read, Resource([.. route.Takes]));
        foreach (var (name, type) in content)
        {
            var fitting = offered.Where(example => example.IsXml == (Negotiation.FormatOf(name) == WireFormat.Xml)).ToList();
            if (fitting.Count > 0)
                type.Examples = fitting.ToDictionary(static example => example.Name, IOpenApiExample (example) => new OpenApiExampleReference(example.Name, document), StringComparer.Ordinal);
        }

        return new OpenApiRequestBody { Required = true, Description = route.Takes is [AnyResource] ? "Any resource, or Parameters with it." : $"A resource: {string.Join(" or ", route.Takes)}.", Content = content };
    }

    private static Dictionary<string, OpenApiMediaType> Content(ImmutableArray<string> types, OpenApiSchema schema) =>
        types.ToDictionary(static type => type, OpenApiMediaType (_) => new OpenApiMediaType { Schema = schema }, StringComparer.Ordinal);

    private static OpenApiSchema Resource(ImmutableArray<string?> types) => types is [null]
        ? new() { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["status"] = new OpenApiSchema { Type = JsonSchemaType.String } } }
        : new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>(StringComparer.Ordinal) { "resourceType" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["resourceType"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = types is [AnyResource] ? null : [.. types.Select(static type => (JsonNode)type!)] },
            },
        };
}
