using System.Net;
using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>Work that is answered later.</summary>
public sealed class Jobs : IDisposable
{
    private readonly Server _server = new();
    private readonly HttpClient _client;

    public Jobs() => _client = _server.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private static string Patient(string id, string family = "Prueba") => $$$"""{"resourceType":"Patient","id":"{{{id}}}","name":[{"family":"{{{family}}}"}]}""";

    private static string Result(string id, string patient) =>
        $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"33358-3"}]},"subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2024-03-05","valueQuantity":{"value":3.10,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}}""";

    private static string Transaction(params string[] entries) => $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{{{string.Join(',', entries)}}}]}""";

    private static string Put(string resource, string url) => $$$"""{"resource":{{{resource}}},"request":{"method":"PUT","url":"{{{url}}}"}}""";

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, string? body = null, string type = "application/fhir+json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, UriKind.RelativeOrAbsolute)) { Content = body is null ? null : Server.Json(body, type) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request);
    }

    private Task<HttpResponseMessage> AsyncAsync(string body) => SendAsync(HttpMethod.Post, "/fhir", body, "application/fhir+json", ("Prefer", "respond-async"));

    /// <summary>The place of the status.</summary>
    private static string Accepted(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Content.Headers.ContentLocation!.PathAndQuery;
    }

    /// <summary>Asks until the job is over.</summary>
    private async Task<HttpResponseMessage> OverAsync(string status)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var response = await SendAsync(HttpMethod.Get, status);
            if (response.StatusCode != HttpStatusCode.Accepted)
                return response;
            Assert.True(response.Headers.Contains("X-Progress"));
            Assert.NotNull(response.Headers.RetryAfter);
            await Task.Delay(50);
        }

        throw new TimeoutException("The job does not end.");
    }

    private async Task<JsonElement> ManifestAsync(string status)
    {
        var response = await OverAsync(status);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<string[]> LinesAsync(string url) => (await (await SendAsync(HttpMethod.Get, new Uri(url).PathAndQuery)).Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task A_transaction_answered_later_is_answered_as_at_once()
    {
        var manifest = await ManifestAsync(Accepted(await AsyncAsync(Transaction(Put(Patient("a"), "Patient/a"), Put(Result("o", "a"), "Observation/o")))));
        var output = Assert.Single(manifest.GetProperty("output").EnumerateArray());
        var answer = await (await SendAsync(HttpMethod.Get, new Uri(output.GetProperty("url").GetString()!).PathAndQuery)).ResourceAsync("Bundle");
        Assert.Equal("transaction-response", answer.GetProperty("type").GetString());
        Assert.Equal(["201 Created", "201 Created"], answer.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("response").GetProperty("status").GetString()!), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/fhir/Patient/a")).StatusCode);
    }

    [Fact]
    public async Task One_that_fails_says_why_where_its_status_is_asked_and_keeps_nothing()
    {
        var status = Accepted(await AsyncAsync(Transaction(Put(Patient("a"), "Patient/a"), Put("""{"resourceType":"Observation","id":"o","status":"bad"}""", "Observation/o"))));
        var issues = await (await OverAsync(status)).OutcomeAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Contains(issues, static issue => issue.Expressions.Contains("Bundle.entry[1].resource.status", StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, "/fhir/Patient/a")).StatusCode);
    }

    [Fact]
    public async Task What_is_no_transaction_is_refused_at_once() =>
        Assert.Equal("not-a-bundle", (await (await AsyncAsync(Patient("a"))).OutcomeAsync(HttpStatusCode.BadRequest))[0].Code);

    [Fact]
    public async Task Lines_are_kept_each_for_itself_and_what_is_refused_is_named_by_its_line()
    {
        var body = string.Join('\n', Patient("a"), Result("o", "a"), "{not json", """{"resourceType":"Observation","id":"p","status":"bad"}""", """{"resourceType":"Organization","name":"Without an id"}""", "");
        var manifest = await ManifestAsync(Accepted(await SendAsync(HttpMethod.Post, "/fhir", body, "application/fhir+ndjson")));
        var counts = manifest.GetProperty("extension");
        Assert.Equal((3, 0, 2), (counts.GetProperty("created").GetInt32(), counts.GetProperty("unchanged").GetInt32(), counts.GetProperty("refused").GetInt32()));
        var errors = await LinesAsync(Assert.Single(manifest.GetProperty("error").EnumerateArray()).GetProperty("url").GetString()!);
        Assert.Collection(
            errors,
            static error => Assert.Contains("line 3 of the body", error, StringComparison.Ordinal),
            static error => Assert.Contains("line 4 of the body", error, StringComparison.Ordinal));

        var again = (await ManifestAsync(Accepted(await SendAsync(HttpMethod.Post, "/fhir", body, "application/ndjson")))).GetProperty("extension");
        Assert.Equal((1, 2, 2), (again.GetProperty("created").GetInt32(), again.GetProperty("unchanged").GetInt32(), again.GetProperty("refused").GetInt32()));
    }

    [Fact]
    public async Task An_import_of_several_groups_keeps_all()
    {
        var body = string.Join('\n', Enumerable.Range(0, 450).Select(static i => Patient($"p{i}")));
        var manifest = await ManifestAsync(Accepted(await SendAsync(HttpMethod.Post, "/fhir", body, "application/fhir+ndjson")));
        Assert.Equal(450, manifest.GetProperty("extension").GetProperty("created").GetInt32());
        Assert.Equal(450, (await (await SendAsync(HttpMethod.Get, "/fhir/Patient?_summary=count")).ResourceAsync("Bundle")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_export_has_everything_as_it_was_at_one_moment()
    {
        await SendAsync(HttpMethod.Post, "/fhir", Transaction(Put(Patient("a"), "Patient/a"), Put(Patient("b"), "Patient/b"), Put(Result("o", "a"), "Observation/o"), Put("""{"resourceType":"Organization","id":"x","name":"X"}""", "Organization/x")));
        var manifest = await ManifestAsync(Accepted(await SendAsync(HttpMethod.Get, "/fhir/$export")));
        await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("a", "Otra"));
        await SendAsync(HttpMethod.Delete, "/fhir/Patient/b");
        var files = manifest.GetProperty("output").EnumerateArray().ToDictionary(static file => file.GetProperty("type").GetString()!, static file => file.GetProperty("url").GetString()!, StringComparer.Ordinal);
        Assert.Equal(["Observation", "Organization", "Patient"], files.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.EndsWith("/fhir/$export", manifest.GetProperty("request").GetString(), StringComparison.Ordinal);
        var patients = await LinesAsync(files["Patient"]);
        Assert.Equal(2, patients.Length);
        Assert.Contains("Prueba", patients[0], StringComparison.Ordinal);
        Assert.Equal(patients, await LinesAsync(files["Patient"]), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("/fhir/Patient/$export", "Observation,Patient")]
    [InlineData("/fhir/$export?_type=Organization,Patient", "Organization,Patient")]
    [InlineData("/fhir/$export?_since=2100-01-01T00:00:00Z", "")]
    public async Task An_export_can_be_narrowed(string url, string types)
    {
        await SendAsync(HttpMethod.Post, "/fhir", Transaction(Put(Patient("a"), "Patient/a"), Put(Result("o", "a"), "Observation/o"), Put("""{"resourceType":"Organization","id":"x","name":"X"}""", "Organization/x")));
        var manifest = await ManifestAsync(Accepted(await SendAsync(HttpMethod.Get, url)));
        Assert.Equal(types, string.Join(',', manifest.GetProperty("output").EnumerateArray().Select(static file => file.GetProperty("type").GetString())));
    }

    [Theory]
    [InlineData("_type=Patients", HttpStatusCode.NotFound)]
    [InlineData("_since=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("_outputFormat=csv", HttpStatusCode.BadRequest)]
    [InlineData("_typo=1", HttpStatusCode.BadRequest)]
    public async Task A_wrong_export_is_refused_at_once(string query, HttpStatusCode status) =>
        await (await SendAsync(HttpMethod.Get, $"/fhir/$export?{query}")).OutcomeAsync(status);

    [Fact]
    public async Task A_job_that_is_over_is_listed_until_it_is_forgotten()
    {
        var status = Accepted(await SendAsync(HttpMethod.Get, "/fhir/$export"));
        await ManifestAsync(status);
        Assert.Contains(status.Split('/')[^1], await (await SendAsync(HttpMethod.Get, "/api/jobs")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(HttpMethod.Delete, status)).StatusCode);
        Assert.Equal("unknown-job", (await (await SendAsync(HttpMethod.Get, status)).OutcomeAsync(HttpStatusCode.NotFound))[0].Code);
        await (await SendAsync(HttpMethod.Delete, status)).OutcomeAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_else_has_a_file_and_there_is_none_beyond_the_manifest()
    {
        var status = Accepted(await SendAsync(HttpMethod.Get, "/fhir/$export"));
        await ManifestAsync(status);
        await (await SendAsync(HttpMethod.Get, $"{status}/0.ndjson")).OutcomeAsync(HttpStatusCode.NotFound);
        await (await SendAsync(HttpMethod.Get, "/api/jobs/00000000-0000-0000-0000-000000000000/0.ndjson")).OutcomeAsync(HttpStatusCode.NotFound);
    }
}
