using System.Net;
using System.Text.Json;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>CapabilityStatement, OperationDefinition and OpenAPI document say the same, and it is true.</summary>
public class SelfDescription(Server server) : IClassFixture<Server>
{
    private async Task<JsonElement> GetAsync(string path, string type) => await (await server.CreateClient().GetAsync(new Uri(path, UriKind.Relative))).ResourceAsync(type);

    private async Task<JsonElement> OpenApiAsync() => JsonDocument.Parse(await server.CreateClient().GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative))).RootElement;

    [Fact]
    public async Task The_statement_has_what_FHIR_requires_of_an_instance()
    {
        var statement = await GetAsync("/fhir/metadata", "CapabilityStatement");
        Assert.Equal("active", statement.GetProperty("status").GetString());
        Assert.Equal("instance", statement.GetProperty("kind").GetString());
        Assert.Equal("4.0.1", statement.GetProperty("fhirVersion").GetString());
        Assert.NotEmpty(statement.GetProperty("date").GetString()!);
        Assert.Equal(["application/fhir+json", "json", "application/fhir+xml", "xml"], statement.GetProperty("format").EnumerateArray().Select(static format => format.GetString()!), StringComparer.Ordinal);
        Assert.Equal("Research and data quality only, not for patient care", statement.GetProperty("implementation").GetProperty("description").GetString());
        Assert.Equal("server", Assert.Single(statement.GetProperty("rest").EnumerateArray()).GetProperty("mode").GetString());
    }

    [Fact]
    public async Task The_statement_names_the_limits_that_are_in_force()
    {
        await using var small = new Server { Settings = { ["MaxBodyBytes"] = "123456", ["MaxEntries"] = "789" } };
        var statement = await small.CreateClient().GetStringAsync(new Uri("/fhir/metadata", UriKind.Relative));
        Assert.Contains("123456", statement, StringComparison.Ordinal);
        Assert.Contains("789", statement, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_operation_of_the_statement_has_its_definition_here()
    {
        var operations = (await GetAsync("/fhir/metadata", "CapabilityStatement")).GetProperty("rest")[0].GetProperty("operation").EnumerateArray().ToList();
        Assert.NotEmpty(operations);
        foreach (var operation in operations)
        {
            var name = operation.GetProperty("name").GetString()!;
            Assert.False(name.StartsWith('$'));
            if (operation.GetProperty("definition").GetString()!.StartsWith("http://hl7.org/", StringComparison.Ordinal))
                continue;
            var definition = await GetAsync($"/fhir/OperationDefinition/{name}", "OperationDefinition");
            Assert.Equal(operation.GetProperty("definition").GetString(), definition.GetProperty("url").GetString());
            Assert.Equal(name, definition.GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task The_definition_of_assess_has_the_parameters_that_are_read()
    {
        var parameters = (await GetAsync("/fhir/OperationDefinition/assess", "OperationDefinition")).GetProperty("parameter").EnumerateArray()
            .Where(static parameter => parameter.GetProperty("use").GetString() == "in" && parameter.GetProperty("name").GetString() != "bundle")
            .Select(static parameter => (parameter.GetProperty("name").GetString()!, parameter.GetProperty("max").GetString() == "*"));
        Assert.Equal(AssessChoice.Parameters.Select(static parameter => (parameter.Name, parameter.Repeats)), parameters);
    }

    [Fact]
    public async Task Statement_and_OpenAPI_document_have_the_same_calls()
    {
        var statement = (await GetAsync("/fhir/metadata", "CapabilityStatement")).GetProperty("rest")[0];
        var fromStatement = statement.GetProperty("operation").EnumerateArray()
            .SelectMany(static operation => (string[])(operation.GetProperty("name").GetString() == "export" ? ["GET /fhir/$export"] : operation.GetProperty("documentation").GetString()!.Contains("every resource type", StringComparison.Ordinal)
                ? [$"POST /fhir/${operation.GetProperty("name").GetString()}", $"POST /fhir/{{type}}/${operation.GetProperty("name").GetString()}"]
                : [$"POST /fhir/${operation.GetProperty("name").GetString()}"]))
            .Concat(statement.GetProperty("resource").EnumerateArray().SelectMany(CallsOn))
            .Concat(statement.GetProperty("interaction").EnumerateArray().Select(static interaction => interaction.GetProperty("code").GetString() switch { "transaction" or "batch" => "POST /fhir", "history-system" => "GET /fhir/_history", _ => "" }))
            .Append("GET /fhir/metadata")
            .Distinct(StringComparer.Ordinal);
        var fromOpenApi = (await OpenApiAsync()).GetProperty("paths").EnumerateObject().Where(static path => IsFhir(path.Name))
            .SelectMany(static path => path.Value.EnumerateObject().Select(call => $"{call.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(fromStatement.Order(StringComparer.Ordinal), fromOpenApi.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> CallsOn(JsonElement resource)
    {
        var type = resource.GetProperty("type").GetString()!;
        foreach (var interaction in resource.GetProperty("interaction").EnumerateArray())
        {
            var call = interaction.GetProperty("code").GetString() switch
            {
                "read" => "GET /fhir/{type}/{id}",
                "vread" => "GET /fhir/{type}/{id}/_history/{version}",
                "history-instance" => "GET /fhir/{type}/{id}/_history",
                "history-type" => "GET /fhir/{type}/_history",
                "create" => "POST /fhir/{type}",
                "update" => "PUT /fhir/{type}/{id}",
                "delete" => "DELETE /fhir/{type}/{id}",
                "search-type" => "GET /fhir/{type}",
                var other => $"unknown {other}",
            };
            yield return call;
            if (call == "GET /fhir/{type}")
                yield return "POST /fhir/{type}/_search";
            if (call is "GET /fhir/{type}" or "GET /fhir/{type}/{id}" && Published.Types.Contains(type, StringComparer.Ordinal))
                yield return call.Replace("{type}", type, StringComparison.Ordinal);
        }

        if (resource.GetProperty("conditionalUpdate").GetBoolean())
            yield return "PUT /fhir/{type}";
        if (resource.GetProperty("conditionalDelete").GetString() == "single")
            yield return "DELETE /fhir/{type}";
        if (!resource.TryGetProperty("operation", out var operations))
            yield break;
        foreach (var name in operations.EnumerateArray().Select(static operation => operation.GetProperty("name").GetString()))
        {
            if (name == "export")
            {
                yield return "GET /fhir/Patient/$export";
                continue;
            }

            if (name == "everything")
            {
                yield return "GET /fhir/Patient/$everything";
                yield return "POST /fhir/Patient/$everything";
            }

            yield return $"GET /fhir/{type}/{{id}}/${name}";
            yield return $"POST /fhir/{type}/{{id}}/${name}";
        }
    }

    [Fact]
    public async Task The_OpenAPI_document_has_every_route_with_its_own_id_and_FHIR_media_types()
    {
        var document = await OpenApiAsync();
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var calls = document.GetProperty("paths").EnumerateObject().SelectMany(static path => path.Value.EnumerateObject().Select(call => (Path: path.Name, Method: call.Name.ToUpperInvariant(), call.Value))).ToList();
        Assert.Equal(
            RouteTable.All.Select(static route => (route.Path, route.Method, route.Id)).Order(),
            calls.Select(static call => (call.Path, call.Method, call.Value.GetProperty("operationId").GetString()!)).Order());
        Assert.All(calls.Where(static call => IsFhir(call.Path)), static call =>
            Assert.All(call.Value.GetProperty("responses").EnumerateObject(), static response => Assert.True(response.Value.GetProperty("content").TryGetProperty("application/fhir+json", out _))));
    }

    [Fact]
    public async Task Assess_comes_with_the_stories_as_examples()
    {
        var document = await OpenApiAsync();
        var offered = document.GetProperty("paths").GetProperty("/fhir/$assess").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/fhir+json").GetProperty("examples");
        foreach (var story in Published.Shown)
        {
            Assert.Equal($"#/components/examples/{story}", offered.GetProperty(story).GetProperty("$ref").GetString());
            Assert.Equal(Compact(Server.Story(story)), Compact(document.GetProperty("components").GetProperty("examples").GetProperty(story).GetProperty("value").GetRawText()));
        }
    }

    [Fact]
    public async Task Swagger_needs_nothing_from_elsewhere()
    {
        var page = await server.CreateClient().GetStringAsync(new Uri("/swagger/index.html", UriKind.Relative));
        Assert.DoesNotContain("//cdn", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=\"http", page, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/fhir/.well-known/smart-configuration")]
    [InlineData("/.well-known/smart-configuration")]
    public async Task Smart_discovery_is_json_whatever_is_asked_for_and_promises_no_identity(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/fhir+xml");
        using var answer = await server.CreateClient().SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var found = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, found.RootElement.GetProperty("capabilities").GetArrayLength());
        Assert.False(found.RootElement.TryGetProperty("token_endpoint", out _));
    }

    [Fact]
    public async Task Versions_agree()
    {
        var definition = await GetAsync("/fhir/OperationDefinition/assess", "OperationDefinition");
        var statement = await GetAsync("/fhir/metadata", "CapabilityStatement");
        Assert.Equal(statement.GetProperty("software").GetProperty("version").GetString(), definition.GetProperty("version").GetString());
        Assert.Contains($"<Version>{definition.GetProperty("version").GetString()}</Version>", await File.ReadAllTextAsync(Path.Combine(Repo.Root, "Directory.Build.props")), StringComparison.Ordinal);
    }

    // Discovery is plain JSON by its own specification and no FHIR interaction.
    private static bool IsFhir(string path) => path.StartsWith("/fhir", StringComparison.Ordinal) && !path.Contains("/.well-known/", StringComparison.Ordinal);

    private static string Compact(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString();
}
