using System.Net;
using System.Text.RegularExpressions;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Identity;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>Every row of the route table is closed, save those that say that they are open.</summary>
public sealed partial class AdmissionTests(Centres server) : IClassFixture<Centres>
{
    private static readonly string[] _open =
    [
        "metadata", "smart-configuration", "smart-configuration-root", "live", "ready", "metrics",
        "searchCodeSystem", "searchConceptMap", "searchOperationDefinition", "searchStructureDefinition", "searchValueSet",
    ];

    public static TheoryData<string> Rows => [.. RouteTable.All.Select(static row => row.Id)];

    public static TheoryData<string> Closed => [.. RouteTable.All.Where(static row => !row.Needs.IsOpen).Select(static row => row.Id)];

    public static TheoryData<string> OfCentres => [.. RouteTable.All.Where(static row => row.Needs is { Centre: true, TakesPooling: false }).Select(static row => row.Id)];

    private static RouteRow Row(string id) => RouteTable.All.Single(row => row.Id == id);

    private static string Path(RouteRow row) => Placeholder().Replace(row.Path, static name => name.Value == "{type}" ? "Patient" : "nobody");

    [Fact]
    public void What_is_open_is_written_here() =>
        Assert.Equal(_open.Order(StringComparer.Ordinal), RouteTable.All.Where(static row => row.Needs.IsOpen).Select(static row => row.Id).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Whoever_is_not_known_gets_a_401(string id)
    {
        await server.OfAsync(Centres.Alcala);
        var answer = await server.CreateClient().CallAsync(Row(id).Method, Path(Row(id)));
        Assert.Equal("login-required", Assert.Single(await answer.OutcomeAsync(HttpStatusCode.Unauthorized)).Code);
    }

    [Theory]
    [MemberData(nameof(OfCentres))]
    public async Task A_pooling_caller_reads_no_resource(string id)
    {
        var answer = await (await server.WithAsync("fhirmyeloma/pool system/*.cruds", Centres.Alcala)).CallAsync(Row(id).Method, Path(Row(id)));
        Assert.Equal("center-missing", Assert.Single(await answer.OutcomeAsync(HttpStatusCode.Forbidden)).Code);
    }

    [Theory]
    [MemberData(nameof(OfCentres))]
    public async Task An_auditor_reads_no_resource(string id)
    {
        var answer = await (await server.WithAsync("fhirmyeloma/auditor")).CallAsync(Row(id).Method, Path(Row(id)));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    public static TheoryData<string> Lettered => [.. RouteTable.All.Where(static row => row.Needs.Letters != Letters.None).Select(static row => row.Id)];

    [Theory]
    [MemberData(nameof(Lettered))]
    public async Task The_letters_of_a_row_are_asked_for(string id)
    {
        var needs = Row(id).Needs;
        var others = string.Concat("cruds".Where((_, place) => !needs.Letters.HasFlag((Letters)(1 << place))));
        var answer = await (await server.WithAsync($"system/*.{others}", Centres.Alcala)).CallAsync(Row(id).Method, Path(Row(id)));
        Assert.Equal("scope-missing", Assert.Single(await answer.OutcomeAsync(HttpStatusCode.Forbidden)).Code);
        Assert.StartsWith("Bearer realm=\"fhirmyeloma\", error=\"insufficient_scope\", scope=\"system/", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/swagger/index.html")]
    [InlineData("/fhir/metadata")]
    [InlineData("/fhir/OperationDefinition/assess")]
    [InlineData("/fhir/StructureDefinition?_format=json")]
    [InlineData("/.well-known/smart-configuration")]
    [InlineData("/health/live")]
    public async Task What_everybody_may_know_is_open(string path)
    {
        await server.OfAsync(Centres.Alcala);
        Assert.Equal(HttpStatusCode.OK, (await server.CreateClient().CallAsync("GET", path)).StatusCode);
    }

    [Fact]
    public async Task Swagger_asks_for_a_bearer_where_the_service_does()
    {
        using var document = System.Text.Json.JsonDocument.Parse(await server.CreateClient().GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative)));
        var root = document.RootElement;
        Assert.Equal("bearer", root.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString());
        Assert.All(RouteTable.All, row =>
            Assert.Equal(!row.Needs.IsOpen, root.GetProperty("paths").GetProperty(row.Path).GetProperty(row.Method.ToLowerInvariant()).TryGetProperty("security", out _)));
        Assert.False(root.GetProperty("components").TryGetProperty("schemas", out var schemas) && schemas.TryGetProperty(nameof(Caller), out _));
    }

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, 1_000)]
    private static partial Regex Placeholder();
}
