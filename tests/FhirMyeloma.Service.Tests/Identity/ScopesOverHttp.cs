using System.Net;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>What a request asks of the scopes beyond its own type: refused whole, and never filtered.</summary>
public sealed class ScopesOverHttp(Centres server) : IClassFixture<Centres>
{
    private const string Two = "system/Patient.rs system/Observation.rs";

    private async Task<HttpResponseMessage> GetAsync(string scopes, string url) => await (await server.WithAsync(scopes, Centres.Alcala)).CallAsync("GET", url);

    [Theory]
    [InlineData("system/Observation.rs", "/fhir/Observation?_include=Observation:subject:Patient", "system/Patient.s")]
    [InlineData("system/Observation.rs", "/fhir/Observation?_include=Observation:patient", "system/Patient.s")]
    [InlineData(Two, "/fhir/Observation?_include=Observation:subject", "system/")]
    [InlineData(Two, "/fhir/Observation?_include=Observation:*", "system/")]
    [InlineData(Two, "/fhir/Observation?_include=*", "system/*.s")]
    [InlineData("system/Patient.rs", "/fhir/Patient?_revinclude=Observation:subject", "system/Observation.s")]
    [InlineData("system/Observation.rs", "/fhir/Observation?subject:Patient.identifier=x", "system/Patient.s")]
    [InlineData("system/Observation.rs", "/fhir/Observation?patient.identifier=x", "system/Patient.s")]
    [InlineData("system/Patient.rs", "/fhir/Patient?_has:Observation:patient:code=33358-3", "system/Observation.s")]
    [InlineData("system/Patient.r", "/fhir/Patient?_id=x", "system/Patient.s")]
    [InlineData("system/Patient.s", "/fhir/Patient/x", "system/Patient.r")]
    [InlineData(Two, "/fhir/Patient/x/$everything", "system/*.r")]
    [InlineData(Two, "/fhir/Patient/x/$everything?_type=Observation,Condition", "system/Condition.r")]
    [InlineData(Two, "/fhir/Patient/x/$assess", "system/*.r")]
    [InlineData(Two, "/api/cases", "system/*.r")]
    [InlineData(Two, "/api/cases/x", "system/*.r")]
    [InlineData(Two, "/fhir/$export", "system/*.r")]
    [InlineData(Two, "/fhir/Patient/$export?_type=Patient,Condition", "system/Condition.r")]
    public async Task A_type_outside_the_scopes_is_a_403(string scopes, string url, string missing)
    {
        var answer = await GetAsync(scopes, url);
        var issue = Assert.Single(await answer.OutcomeAsync(HttpStatusCode.Forbidden));
        Assert.Equal(("forbidden", "scope-missing"), (issue.Type, issue.Code));
        Assert.Contains($"scope=\"{missing}", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Two, "/fhir/Observation?_include=Observation:subject:Patient", HttpStatusCode.OK)]
    [InlineData(Two, "/fhir/Patient?_revinclude=Observation:subject", HttpStatusCode.OK)]
    [InlineData(Two, "/fhir/Observation?subject:Patient.identifier=x", HttpStatusCode.OK)]
    [InlineData(Two, "/fhir/Patient?_has:Observation:patient:code=33358-3", HttpStatusCode.OK)]
    [InlineData(Two, "/fhir/Patient/x/$everything?_type=Patient,Observation", HttpStatusCode.NotFound)]
    [InlineData(Two, "/fhir/$export?_type=Patient,Observation", HttpStatusCode.Accepted)]
    [InlineData("system/*.rs", "/fhir/Observation?_include=*", HttpStatusCode.OK)]
    [InlineData("system/*.r", "/api/cases", HttpStatusCode.OK)]
    public async Task Types_within_them_are_answered(string scopes, string url, HttpStatusCode status) => Assert.Equal(status, (await GetAsync(scopes, url)).StatusCode);

    private static string Bundle(string type, params string[] entries) => $$$"""{"resourceType":"Bundle","type":"{{{type}}}","entry":[{{{string.Join(',', entries)}}}]}""";

    private static string Entry(string method, string url, string? resource = null, string more = "") =>
        $$$"""{{{{(resource is null ? "" : $"\"resource\":{resource},")}}}"request":{"method":"{{{method}}}","url":"{{{url}}}"{{{more}}}}}""";

    [Fact]
    public async Task A_transaction_with_one_entry_outside_the_scopes_keeps_nothing()
    {
        var client = await server.WithAsync("system/Patient.cruds system/Observation.rs", Centres.Alcala);
        var answer = await client.CallAsync("POST", "/fhir", Bundle("transaction", Entry("PUT", "Patient/t1", Centres.Patient("t1")), Entry("PUT", "Observation/t1", Centres.Observation("t1", "t1"))));
        var issue = Assert.Single(await answer.OutcomeAsync(HttpStatusCode.Forbidden));
        Assert.Equal(["Bundle.entry[1]"], issue.Expressions, StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", "/fhir/Patient/t1")).StatusCode);
    }

    [Fact]
    public async Task Of_a_batch_only_the_entries_outside_the_scopes_fail()
    {
        var client = await server.WithAsync("system/Patient.cruds system/Observation.cu", Centres.Alcala);
        var answer = await (await client.CallAsync("POST", "/fhir", Bundle("batch",
            Entry("PUT", "Patient/b1", Centres.Patient("b1")), Entry("PUT", "Observation/b1", Centres.Observation("b1", "b1")),
            Entry("GET", "Observation/b1"), Entry("DELETE", "Observation/b1"), Entry("GET", "Patient/b1"),
            Entry("GET", "Observation?_id=b1"), Entry("GET", "Patient?_has:Observation:patient:_id=b1"), Entry("GET", "Patient?_id=b1&_revinclude=Observation:patient"), Entry("GET", "Patient?_id=b1")))).ResourceAsync("Bundle");
        Assert.Equal(
            ["201", "201", "403", "403", "200", "403", "403", "403", "200"],
            answer.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("response").GetProperty("status").GetString()![..3]), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_condition_is_a_search()
    {
        var client = await server.WithAsync("system/*.cru", Centres.Alcala);
        var create = await client.CallAsync("POST", "/fhir/Patient", Centres.Patient("c1"), ("If-None-Exist", "identifier=c1"));
        Assert.Equal("scope-missing", Assert.Single(await create.OutcomeAsync(HttpStatusCode.Forbidden)).Code);
        var update = await client.CallAsync("PUT", "/fhir/Patient?identifier=c1", Centres.Patient("c1"));
        Assert.Equal("scope-missing", Assert.Single(await update.OutcomeAsync(HttpStatusCode.Forbidden)).Code);
        var reference = Bundle("transaction", Entry("POST", "Observation", Centres.Observation("o", "?identifier=c1").Replace("Patient/?", "Patient?", StringComparison.Ordinal)));
        Assert.Equal("scope-missing", Assert.Single(await (await client.CallAsync("POST", "/fhir", reference)).OutcomeAsync(HttpStatusCode.Forbidden)).Code);
    }

    [Fact]
    public async Task Work_that_is_done_later_is_done_with_the_scopes_that_asked_for_it()
    {
        var client = await server.WithAsync("system/Patient.cruds", Centres.Alcala);
        var bundle = Bundle("transaction", Entry("PUT", "Observation/l1", Centres.Observation("l1", "l1")));
        var accepted = await client.CallAsync("POST", "/fhir", bundle, ("Prefer", "respond-async"));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await OverAsync(client, accepted)).StatusCode);
    }

    [Fact]
    public async Task A_line_outside_the_scopes_is_not_imported()
    {
        var client = await server.WithAsync("system/Patient.cruds", Centres.Alcala);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/fhir", UriKind.Relative))
        {
            Content = Server.Json($"{Centres.Patient("n1")}\n{Centres.Observation("n1", "n1")}\n", "application/fhir+ndjson"),
        };
        var over = await OverAsync(client, await client.SendAsync(request));
        var manifest = System.Text.Json.JsonDocument.Parse(await over.Content.ReadAsStringAsync()).RootElement.GetProperty("extension");
        Assert.Equal((1, 1), (manifest.GetProperty("created").GetInt32(), manifest.GetProperty("refused").GetInt32()));
    }

    [Fact]
    public async Task A_job_is_shown_to_those_only_who_might_have_asked_for_it()
    {
        var asked = await server.WithAsync("system/*.rs", Centres.Alcala);
        var place = (await asked.CallAsync("GET", "/fhir/$export")).Content.Headers.ContentLocation!.PathAndQuery;
        var less = await server.WithAsync(Two, Centres.Alcala);
        Assert.Equal("unknown-job", Assert.Single(await (await less.CallAsync("GET", place)).OutcomeAsync(HttpStatusCode.NotFound)).Code);
        Assert.DoesNotContain(place.Split('/')[^1], await less.GetStringAsync(new Uri("/api/jobs", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains(place.Split('/')[^1], await (await server.OfAsync(Centres.Alcala)).GetStringAsync(new Uri("/api/jobs", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> OverAsync(HttpClient client, HttpResponseMessage accepted)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var answer = await client.CallAsync("GET", accepted.Content.Headers.ContentLocation!.PathAndQuery);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                return answer;
            await Task.Delay(50);
        }

        throw new TimeoutException("The job does not end.");
    }
}
