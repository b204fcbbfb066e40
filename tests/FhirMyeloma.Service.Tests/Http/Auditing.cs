using System.Net;
using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Tests.Identity;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>Whoever does something leaves an event, and nothing else does.</summary>
public sealed class Auditing : IDisposable
{
    private readonly Server _server = new();
    private readonly HttpClient _client;

    public Auditing() => _client = _server.CreateClient();

    public void Dispose() => _server.Dispose();

    public static TheoryData<string> Rows => [.. RouteTable.All.Select(static row => row.Id)];

    private async Task<JsonElement[]> EventsAsync(string query = "", HttpClient? auditor = null)
    {
        using var answer = await (auditor ?? _client).GetAsync(new Uri($"/api/audit?count=1000{query}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var read = FhirJsonReader.Read(bytes);
        Assert.Empty(Validator.R4.Validate(read, new() { Warnings = false }).Where(static issue => issue.IsError).Select(static issue => $"{issue.Text} {string.Join(' ', issue.Expressions)}"));
        using var bundle = JsonDocument.Parse(bytes);
        return bundle.RootElement.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray().Select(static entry => entry.GetProperty("resource").Clone())] : [];
    }

    private static string Subtype(JsonElement one) => one.GetProperty("subtype")[0].GetProperty("code").GetString()!;

    private static string[] References(JsonElement one) => [.. one.GetProperty("entity").EnumerateArray().Where(static entity => entity.TryGetProperty("what", out var what) && what.TryGetProperty("reference", out _))
        .Select(static entity => entity.GetProperty("what").GetProperty("reference").GetString()!)];

    private static bool IsOf(JsonElement one, string request) => one.GetProperty("entity").EnumerateArray()
        .Any(entity => entity.TryGetProperty("what", out var what) && what.TryGetProperty("identifier", out var identifier) && identifier.GetProperty("value").GetString() == request);

    private static HttpRequestMessage Request(string method, string url, string request, string? body = null)
    {
        var message = new HttpRequestMessage(new HttpMethod(method), new Uri(url, UriKind.Relative)) { Content = body is null ? null : Server.Json(body) };
        message.Headers.Add("X-Request-Id", request);
        return message;
    }

    private async Task<HttpStatusCode> SendAsync(string method, string url, string request, string? body = null)
    {
        using var message = Request(method, url, request, body);
        using var answer = await _client.SendAsync(message);
        return answer.StatusCode;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_row_of_the_route_table_leaves_an_event_save_those_that_say_so(string id)
    {
        var row = RouteTable.All.Single(row => row.Id == id);
        var url = row.Path.Replace("{type}", "Observation", StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal).Replace("{file}", "0.ndjson", StringComparison.Ordinal).Replace("{id}", "none", StringComparison.Ordinal);
        await SendAsync(row.Method, url, "asked", row.Method is "POST" or "PUT" ? "{}" : null);
        Assert.Equal(!row.LeavesNoEvent, (await EventsAsync()).Any(static one => IsOf(one, "asked")));
    }

    [Fact]
    public void Only_what_everybody_may_know_leaves_none() => Assert.All(RouteTable.All.Where(static row => row.LeavesNoEvent), static row =>
        Assert.True(row.Path.StartsWith("/health", StringComparison.Ordinal) || row.Path.Contains("/.well-known/", StringComparison.Ordinal) || row.Path == "/metrics"
            || row.Tag.Equals("Metadata", StringComparison.Ordinal) || row.Tag == DefinitionEndpoints.Tag, row.Id));

    [Fact]
    public async Task A_change_and_a_read_name_the_resource_its_version_and_the_patient()
    {
        Assert.Equal(HttpStatusCode.Created, await SendAsync("PUT", "/fhir/Patient/a", "r1", Centres.Patient("a")));
        Assert.Equal(HttpStatusCode.Created, await SendAsync("PUT", "/fhir/Observation/o", "r2", Centres.Observation("o", "a")));
        Assert.Equal(HttpStatusCode.OK, await SendAsync("GET", "/fhir/Observation/o", "r3"));
        var events = await EventsAsync("&patient=a");
        Assert.Equal(["read", "update", "update"], events.Select(Subtype), StringComparer.Ordinal);
        Assert.Equal(["R", "U", "U"], events.Select(static one => one.GetProperty("action").GetString()), StringComparer.Ordinal);
        Assert.Equal(["Patient/a", "Observation/o/_history/1"], References(events[0]), StringComparer.Ordinal);
        // Data flow out of the server where it is read, and into it where it is written.
        Assert.Equal(["110152", "110153"], Agents(events[0]), StringComparer.Ordinal);
        Assert.Equal(["110153", "110152"], Agents(events[1]), StringComparer.Ordinal);

        static string[] Agents(JsonElement one) => [.. one.GetProperty("agent").EnumerateArray().Select(static agent => agent.GetProperty("type").GetProperty("coding")[0].GetProperty("code").GetString()!)];
    }

    [Fact]
    public async Task A_search_keeps_the_names_of_its_parameters_and_not_their_values()
    {
        await SendAsync("PUT", "/fhir/Patient/a", "r1", Centres.Patient("a", "Secreta"));
        await SendAsync("GET", "/fhir/Patient?family=Secreta&_count=5", "r2");
        var events = await EventsAsync();
        var search = events.Single(static one => IsOf(one, "r2"));
        var query = search.GetProperty("entity").EnumerateArray().Single(static entity => entity.TryGetProperty("query", out _)).GetProperty("query").GetString()!;
        Assert.Equal("GET /fhir/Patient?family&_count", Encoding.UTF8.GetString(Convert.FromBase64String(query)));
        Assert.Equal("Patient/a", References(search)[0]);
        Assert.DoesNotContain("Secreta", string.Join(' ', events.Select(static one => one.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_of_two_patients_is_an_event_for_each_and_neither_names_the_other()
    {
        await SendAsync("POST", "/fhir", "r1", $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{{Centres.Patient("a")}}},"request":{"method":"PUT","url":"Patient/a"}},{"resource":{{{Centres.Patient("b")}}},"request":{"method":"PUT","url":"Patient/b"}}]}""");
        var events = (await EventsAsync()).Where(static one => IsOf(one, "r1")).ToList();
        Assert.Equal(2, events.Count);
        Assert.All(events, static one => Assert.Equal("transaction", Subtype(one)));
        Assert.Equal([["Patient/a"], ["Patient/b"]], events.Select(References));
    }

    [Fact]
    public async Task An_unknown_caller_a_key_and_its_first_use_leave_events()
    {
        using var server = new Centres();
        using var known = await server.OfAsync(Centres.Alcala);
        using var auditor = await server.WithAsync("fhirmyeloma/auditor");
        using var unknown = server.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await unknown.GetAsync(new Uri("/fhir/Patient", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await known.CallAsync("GET", "/api/audit")).StatusCode);
        await known.CallAsync("GET", "/fhir/Patient");
        var events = await EventsAsync(auditor: auditor);
        Assert.Contains(events, static one => one.GetProperty("outcome").GetString() == "4" && one.GetProperty("outcomeDesc").GetString() == "HTTP 401" && Agent(one) == "unknown");
        Assert.Contains(events, static one => one.GetProperty("outcome").GetString() == "4" && one.GetProperty("outcomeDesc").GetString() == "HTTP 403" && Agent(one) != "unknown");
        Assert.Equal(2, events.Count(static one => Subtype(one) == "110137"));
        Assert.Equal(1, events.Count(one => Subtype(one) == "110122" && one.GetProperty("source").TryGetProperty("site", out var site) && site.GetString() == Centres.Alcala));

        static string Agent(JsonElement one) => one.GetProperty("agent")[0].GetProperty("who").GetProperty("identifier").GetProperty("value").GetString()!;
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_first_row()
    {
        for (var i = 0; i < 5; i++)
            await SendAsync("GET", $"/fhir/Patient/none{i}", $"r{i}");
        await EventsAsync();
        List<string> ids = [];
        for (var url = "/api/audit?count=2&outcome=4"; url is not null;)
        {
            using var bundle = JsonDocument.Parse(await _client.GetStringAsync(new Uri(url, UriKind.RelativeOrAbsolute)));
            ids.AddRange(bundle.RootElement.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("resource").GetProperty("id").GetString()!));
            url = bundle.RootElement.GetProperty("link").EnumerateArray().Where(static link => link.GetProperty("relation").GetString() == "next").Select(static link => link.GetProperty("url").GetString()).FirstOrDefault();
        }

        Assert.Equal(["5-0", "4-0", "3-0", "2-0", "1-0"], ids, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("action=X")]
    [InlineData("outcome=1")]
    [InlineData("from=yesterday")]
    [InlineData("count=0")]
    [InlineData("page=x")]
    [InlineData("unknown=1")]
    public async Task A_filter_that_means_nothing_is_told(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync(new Uri($"/api/audit?{query}", UriKind.Relative))).StatusCode);

    [Fact]
    public async Task A_purge_leaves_nothing_but_its_event()
    {
        await SendAsync("PUT", "/fhir/Patient/a", "r1", Centres.Patient("a"));
        await SendAsync("PUT", "/fhir/Observation/o", "r2", Centres.Observation("o", "a"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync("DELETE", "/fhir/Observation/o?_purge=true", "r3"));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync("DELETE", "/fhir/Patient/a?_purge=true", "r4"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync("GET", "/fhir/Patient/a", "r5"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync("GET", "/fhir/Observation/o/_history/1", "r6"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync("GET", "/api/cases/a", "r7"));
        var purge = (await EventsAsync("&patient=a")).Single(static one => IsOf(one, "r4"));
        Assert.Equal("D", purge.GetProperty("action").GetString());
        Assert.Equal(["Patient/a"], References(purge).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Only_an_administrator_purges()
    {
        using var server = new Centres();
        using var owner = await server.OfAsync(Centres.Alcala);
        await owner.CallAsync("PUT", "/fhir/Patient/a", Centres.Patient("a"));
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.CallAsync("DELETE", "/fhir/Patient/a?_purge=true")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.CallAsync("GET", "/fhir/Patient/a")).StatusCode);
    }
}
