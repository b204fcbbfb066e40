using System.Net;
using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>Cases of what is kept: current, with their reasons and inputs.</summary>
public sealed class Cases : IDisposable
{
    private readonly Server _server = new();
    private readonly HttpClient _client;

    public Cases() => _client = _server.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, UriKind.Relative)) { Content = body is null ? null : Server.Json(body) };
        return await _client.SendAsync(request);
    }

    private async Task<JsonElement> JsonAsync(string url)
    {
        var response = await SendAsync(HttpMethod.Get, url);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private Task<string> KeepAsync(string story) => StoredStory.KeepAsync(_client, story);

    // Two may derive at the same time; only when they did it differs.
    private static string Undated(JsonElement bundle) => System.Text.RegularExpressions.Regex.Replace(bundle.GetRawText(), "\"(?:timestamp|recorded)\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    private static string[] Ids(JsonElement list) => [.. list.GetProperty("cases").EnumerateArray().Select(static one => one.GetProperty("id").GetString()!)];

    [Fact]
    public async Task A_story_that_was_kept_is_a_case_with_its_washout_lines_and_inputs()
    {
        var id = await KeepAsync("case-1-isatuximab-35-days-after-daratumumab");
        var one = await JsonAsync($"/api/cases/{id}");
        var summary = one.GetProperty("summary");
        Assert.Equal(35, summary.GetProperty("washout").GetProperty("minDays").GetInt32());
        Assert.Equal("lt-3-months", summary.GetProperty("washout").GetProperty("category").GetString());
        Assert.Equal("Isa-Kd", summary.GetProperty("isatuximab").GetProperty("regimen").GetString());
        Assert.Contains($"Patient/{id}/_history/1", one.GetProperty("inputs").EnumerateArray().Select(static input => input.GetString()), StringComparer.Ordinal);
        Assert.Equal("Bundle", one.GetProperty("bundle").GetProperty("resourceType").GetString());
        Assert.Equal([id], Ids(await JsonAsync("/api/cases")));
    }

    [Fact]
    public async Task A_case_holds_the_change_that_was_just_acknowledged()
    {
        var id = await KeepAsync("case-1-isatuximab-35-days-after-daratumumab");
        await JsonAsync($"/api/cases/{id}");
        for (var day = 1; day <= 9; day++)
        {
            await SendAsync(HttpMethod.Put, $"/fhir/Observation/added{day}", $$$"""{"resourceType":"Observation","id":"added{{{day}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"33358-3"}]},"subject":{"reference":"Patient/{{{id}}}"},"effectiveDateTime":"2030-01-0{{{day}}}","valueQuantity":{"value":3.10,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}}""");
            var url = day % 3 == 0 ? "/api/cases" : $"/api/cases/{id}";
            var one = await JsonAsync(url);
            var summary = (day % 3 == 0 ? one.GetProperty("cases")[0] : one).GetProperty("summary");
            Assert.Equal($"2030-01-0{day}", summary.GetProperty("lastContact").GetString());
        }
    }

    [Fact]
    public async Task The_stored_case_is_what_assess_answers()
    {
        var id = await KeepAsync("case-1-isatuximab-35-days-after-daratumumab");
        var assessed = await (await SendAsync(HttpMethod.Get, $"/fhir/Patient/{id}/$assess")).ResourceAsync("Bundle");
        var one = await JsonAsync($"/api/cases/{id}");
        Assert.Equal(Undated(assessed), Undated(one.GetProperty("bundle")));
        var other = await JsonAsync($"/api/cases/{id}?ruleset=imwg-2006");
        Assert.NotEqual(assessed.GetRawText(), other.GetProperty("bundle").GetRawText(), StringComparer.Ordinal);
        Assert.Contains("imwg-2006", other.GetProperty("bundle").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("washout=lt-3-months", true)]
    [InlineData("washout=ge-6-months", false)]
    [InlineData("washout=ge-6-months&washout=lt-3-months", true)]
    [InlineData("isatuximab-regimen=Isa-Kd", true)]
    [InlineData("isatuximab-regimen=Isa-Pd", false)]
    [InlineData("from=2000-01-01&to=2100-01-01", true)]
    [InlineData("from=2100-01-01", false)]
    [InlineData("to=2000-01-01", false)]
    [InlineData("center=development", true)]
    [InlineData("center=elsewhere", false)]
    public async Task Filters_choose_cases(string query, bool found)
    {
        var id = await KeepAsync("case-1-isatuximab-35-days-after-daratumumab");
        Assert.Equal(found ? [id] : [], Ids(await JsonAsync($"/api/cases?{query}")));
    }

    [Theory]
    [InlineData("washout=short", "parameter-value")]
    [InlineData("from=yesterday", "parameter-value")]
    [InlineData("count=0", "parameter-value")]
    [InlineData("page=%2F", "parameter-value")]
    [InlineData("ruleset=imwg", "parameter-value")]
    [InlineData("wash-out=lt-3-months", "unknown-parameter")]
    public async Task A_wrong_parameter_is_refused(string query, string code) =>
        Assert.Equal(code, (await (await SendAsync(HttpMethod.Get, $"/api/cases?{query}")).OutcomeAsync(HttpStatusCode.BadRequest))[0].Code);

    [Fact]
    public async Task Pages_are_followed_to_the_end()
    {
        for (var i = 0; i < 5; i++)
            await SendAsync(HttpMethod.Put, $"/fhir/Patient/p{i}", $$$"""{"resourceType":"Patient","id":"p{{{i}}}"}""");
        List<string> found = [];
        string? next = null;
        do
        {
            var page = await JsonAsync($"/api/cases?count=2{(next is null ? "" : $"&page={next}")}");
            found.AddRange(Ids(page));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
        while (next is not null);
        Assert.Equal(["p0", "p1", "p2", "p3", "p4"], found);
    }

    [Fact]
    public async Task Nobody_and_the_deleted_have_no_case()
    {
        await (await SendAsync(HttpMethod.Get, "/api/cases/nobody")).OutcomeAsync(HttpStatusCode.NotFound);
        await SendAsync(HttpMethod.Put, "/fhir/Patient/a", """{"resourceType":"Patient","id":"a"}""");
        await JsonAsync("/api/cases/a");
        await SendAsync(HttpMethod.Delete, "/fhir/Patient/a");
        await (await SendAsync(HttpMethod.Get, "/api/cases/a")).OutcomeAsync(HttpStatusCode.NotFound);
        Assert.Empty(Ids(await JsonAsync("/api/cases")));
    }
}
