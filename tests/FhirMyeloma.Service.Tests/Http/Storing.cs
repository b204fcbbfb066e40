using System.Net;
using System.Text.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>FHIR's REST interface over the store, as an integrator meets it.</summary>
public sealed class Storing : IDisposable
{
    private const string One = "urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001";

    private readonly Server _server = new();
    private readonly HttpClient _client;

    public Storing() => _client = _server.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private static string Patient(string number, string? id = null, string family = "Prueba") =>
        $$$"""{"resourceType":"Patient",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"identifier":[{"system":"urn:oid:1.2.3","value":"{{{number}}}"}],"name":[{"family":"{{{family}}}"}]}""";

    private static string Result(string number, string subject, string date = "2024-03-05") =>
        $$$"""{"resourceType":"Observation","identifier":[{"system":"urn:oid:1.2.4","value":"{{{number}}}"}],"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"33358-3"}]},"subject":{"reference":"{{{subject}}}"},"effectiveDateTime":"{{{date}}}","valueQuantity":{"value":3.10,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}}""";

    private static string Entry(string method, string url, string? resource = null, string? fullUrl = null, string? ifNoneExist = null) =>
        $$$"""{{{{(fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",")}}}{{{(resource is null ? "" : $"\"resource\":{resource},")}}}"request":{"method":"{{{method}}}","url":"{{{url}}}"{{{(ifNoneExist is null ? "" : $",\"ifNoneExist\":\"{ifNoneExist}\"")}}}}}""";

    private static string Bundle(string type, params string[] entries) => $$$"""{"resourceType":"Bundle","type":"{{{type}}}","entry":[{{{string.Join(',', entries)}}}]}""";

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, UriKind.Relative)) { Content = body is null ? null : Server.Json(body) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request);
    }

    private async Task<JsonElement> SearchAsync(string search) => await (await SendAsync(HttpMethod.Get, search)).ResourceAsync("Bundle");

    private static string[] Ids(JsonElement bundle) => bundle.TryGetProperty("entry", out var entries)
        ? [.. entries.EnumerateArray().Select(static entry => entry.GetProperty("resource").GetProperty("id").GetString()!)]
        : [];

    [Fact]
    public async Task A_created_resource_says_where_it_is_and_can_be_read()
    {
        var created = await SendAsync(HttpMethod.Post, "/fhir/Patient", Patient("1"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("W/\"1\"", created.Headers.ETag?.ToString());
        Assert.EndsWith("/_history/1", created.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.NotNull(created.Content.Headers.LastModified);

        var read = await SendAsync(HttpMethod.Get, created.Headers.Location.PathAndQuery.Replace("/_history/1", "", StringComparison.Ordinal));
        Assert.Equal(await created.Content.ReadAsStringAsync(), await read.Content.ReadAsStringAsync());
        Assert.Equal(created.Headers.ETag, read.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, (await SendAsync(HttpMethod.Get, read.RequestMessage!.RequestUri!.PathAndQuery, null, ("If-None-Match", "W/\"1\""))).StatusCode);
    }

    [Fact]
    public async Task An_update_makes_versions_that_stay_and_the_same_content_none()
    {
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("1", "a"))).StatusCode);
        var second = await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("1", "a", "Otra"), ("If-Match", "W/\"1\""));
        Assert.Equal((HttpStatusCode.OK, "W/\"2\""), (second.StatusCode, second.Headers.ETag?.ToString()));
        var same = await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("1", "a", "Otra"));
        Assert.Equal((HttpStatusCode.OK, "W/\"2\""), (same.StatusCode, same.Headers.ETag?.ToString()));

        var outdated = await (await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("1", "a", "Tercera"), ("If-Match", "W/\"1\""))).OutcomeAsync(HttpStatusCode.PreconditionFailed);
        Assert.Equal("version-mismatch", outdated[0].Code);
        Assert.Contains("Prueba", await (await SendAsync(HttpMethod.Get, "/fhir/Patient/a/_history/1")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, (await SearchAsync("/fhir/Patient/a/_history")).GetProperty("total").GetInt32());
        await (await SendAsync(HttpMethod.Get, "/fhir/Patient/a/_history/3")).OutcomeAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_deleted_resource_is_gone_and_deleting_it_again_is_no_error()
    {
        await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("1", "a"));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/fhir/Patient/a")).StatusCode);
        Assert.Equal("resource-deleted", (await (await SendAsync(HttpMethod.Get, "/fhir/Patient/a")).OutcomeAsync(HttpStatusCode.Gone))[0].Code);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/fhir/Patient/a")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/fhir/Patient/never")).StatusCode);
        Assert.Equal("resource-not-found", (await (await SendAsync(HttpMethod.Get, "/fhir/Patient/never")).OutcomeAsync(HttpStatusCode.NotFound))[0].Code);
    }

    [Fact]
    public async Task A_conditional_create_answers_with_what_is_there()
    {
        var first = await SendAsync(HttpMethod.Post, "/fhir/Patient", Patient("1"), ("If-None-Exist", "identifier=urn:oid:1.2.3|1"));
        var again = await SendAsync(HttpMethod.Post, "/fhir/Patient", Patient("1", family: "Otra"), ("If-None-Exist", "identifier=urn:oid:1.2.3|1"));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_search_decides_which_resource_an_update_or_delete_means()
    {
        var made = await SendAsync(HttpMethod.Put, "/fhir/Patient?identifier=urn:oid:1.2.3%7C1", Patient("1"));
        var changed = await SendAsync(HttpMethod.Put, "/fhir/Patient?identifier=urn:oid:1.2.3%7C1", Patient("1", family: "Otra"));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, "W/\"2\""), (made.StatusCode, changed.StatusCode, changed.Headers.ETag?.ToString()));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, "/fhir/Patient?identifier=urn:oid:1.2.3%7C1")).StatusCode);
        Assert.Empty(Ids(await SearchAsync("/fhir/Patient")));
    }

    [Theory]
    [InlineData("return=minimal", "")]
    [InlineData("return=OperationOutcome", "OperationOutcome")]
    [InlineData("return=representation", "Patient")]
    public async Task A_client_chooses_what_comes_back(string prefer, string type)
    {
        var answer = await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("1", "a"), ("Prefer", prefer));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(prefer, Assert.Single(answer.Headers.GetValues("Preference-Applied")));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(type, body.Length == 0 ? "" : JsonDocument.Parse(body).RootElement.GetProperty("resourceType").GetString());
    }

    [Fact]
    public async Task A_transaction_answers_every_entry_in_order()
    {
        var answer = await (await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction",
            Entry("POST", "Observation", Result("1", One)),
            Entry("POST", "Patient", Patient("1"), One),
            Entry("DELETE", "Patient/nobody")))).ResourceAsync("Bundle");
        Assert.Equal("transaction-response", answer.GetProperty("type").GetString());
        var responses = answer.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("response")).ToList();
        Assert.Equal(["201 Created", "201 Created", "204 No Content"], responses.Select(static response => response.GetProperty("status").GetString()), StringComparer.Ordinal);
        Assert.StartsWith("Observation/", responses[0].GetProperty("location").GetString(), StringComparison.Ordinal);
        Assert.Equal("W/\"1\"", responses[1].GetProperty("etag").GetString());
        var patient = Ids(await SearchAsync("/fhir/Patient"))[0];
        Assert.Equal(Ids(await SearchAsync($"/fhir/Observation?patient={patient}")), Ids(await SearchAsync("/fhir/Observation?subject:Patient.identifier=urn:oid:1.2.3%7C1")));
    }

    [Fact]
    public async Task A_transaction_with_one_broken_entry_keeps_nothing_and_names_the_element()
    {
        var issues = await (await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction",
            Entry("POST", "Patient", Patient("1"), One),
            Entry("POST", "Observation", Result("1", One).Replace("final", "perhaps", StringComparison.Ordinal))))).OutcomeAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["Bundle.entry[1].resource.status"], issues[0].Expressions);
        Assert.Empty(Ids(await SearchAsync("/fhir/Patient")));
    }

    [Fact]
    public async Task The_entries_of_a_batch_stand_each_for_itself()
    {
        var answer = await (await SendAsync(HttpMethod.Post, "/fhir", Bundle("batch",
            Entry("PUT", "Patient/a", Patient("1", "a")),
            Entry("PUT", "Patient/b", """{"resourceType":"Patient","id":"b","gender":"perhaps"}"""),
            Entry("GET", "Patient/a"),
            Entry("GET", "Patient/nobody"),
            Entry("PATCH", "Patient/a", Patient("1", "a")),
            Entry("POST", "Patient", Patient("2"), One),
            Entry("POST", "Observation", Result("1", One))))).ResourceAsync("Bundle");
        Assert.Equal("batch-response", answer.GetProperty("type").GetString());
        var entries = answer.GetProperty("entry").EnumerateArray().ToList();
        Assert.Equal(["201", "422", "200", "404", "400", "201", "400"], entries.Select(static entry => entry.GetProperty("response").GetProperty("status").GetString()![..3]), StringComparer.Ordinal);
        Assert.Equal("a", entries[2].GetProperty("resource").GetProperty("id").GetString());
        Assert.Equal("OperationOutcome", entries[1].GetProperty("response").GetProperty("outcome").GetProperty("resourceType").GetString());
    }

    [Fact]
    public async Task The_same_key_gets_the_same_answer_and_other_content_is_refused()
    {
        var bundle = Bundle("transaction", Entry("POST", "Patient", Patient("1"), One));
        var first = await SendAsync(HttpMethod.Post, "/fhir", bundle, ("Idempotency-Key", "k1"));
        var again = await SendAsync(HttpMethod.Post, "/fhir", bundle, ("Idempotency-Key", "k1"));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Single(Ids(await SearchAsync("/fhir/Patient")));
        var other = await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", Entry("POST", "Patient", Patient("2"), One)), ("Idempotency-Key", "k1"));
        Assert.Equal("idempotency-key-reused", (await other.OutcomeAsync(HttpStatusCode.UnprocessableEntity))[0].Code);
    }

    [Theory]
    [InlineData("collection")]
    [InlineData("history")]
    public async Task A_Bundle_of_another_type_is_sent_elsewhere(string type) =>
        Assert.Equal("not-a-bundle", (await (await SendAsync(HttpMethod.Post, "/fhir", $$"""{"resourceType":"Bundle","type":"{{type}}"}""")).OutcomeAsync(HttpStatusCode.BadRequest))[0].Code);

    [Theory]
    [InlineData("POST", "/fhir/Patients", HttpStatusCode.NotFound, "unknown-type")]
    [InlineData("POST", "/fhir/Observation", HttpStatusCode.BadRequest, "request-type-mismatch")]
    [InlineData("PUT", "/fhir/Patient/b", HttpStatusCode.BadRequest, "request-id-mismatch")]
    [InlineData("PUT", "/fhir/Patient?colour=red", HttpStatusCode.BadRequest, "search-parameter-unknown")]
    [InlineData("PATCH", "/fhir/Patient/a", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task What_cannot_be_done_is_refused_by_name(string method, string url, HttpStatusCode status, string code) =>
        Assert.Equal(code, (await (await SendAsync(new(method), url, Patient("1", "a"))).OutcomeAsync(status))[0].Code);

    [Theory]
    [InlineData("/fhir/Patient/a/$everything", 1)]
    [InlineData("/fhir/Patient/a/$everything", 2)]
    [InlineData("/fhir/Patient/$everything", 1)]
    [InlineData("/fhir/Patient/$everything", 3)]
    [InlineData("/fhir/Patient/$everything", 4)]
    public async Task Pages_of_everything_hold_each_resource_once_though_more_comes_meanwhile(string url, int count)
    {
        foreach (var id in (string[])["a", "b", "c"])
            await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", Entry("PUT", $"Patient/{id}", Patient(id, id)), Entry("POST", "Observation", Result($"{id}1", $"Patient/{id}")), Entry("POST", "Observation", Result($"{id}2", $"Patient/{id}"))));
        await SendAsync(HttpMethod.Delete, "/fhir/Patient/b");
        var whole = Ids(await SearchAsync(url));
        Assert.Equal(url.Contains("/a/", StringComparison.Ordinal) ? 3 : 6, whole.Length);
        List<string> seen = [];
        for (var next = $"{url}?_count={count}"; next is not null;)
        {
            var page = await SearchAsync(next);
            Assert.InRange(Ids(page).Length, 1, count);
            seen.AddRange(Ids(page));
            next = page.GetProperty("link").EnumerateArray().Where(static link => link.GetProperty("relation").GetString() == "next").Select(static link => new Uri(link.GetProperty("url").GetString()!).PathAndQuery).FirstOrDefault();
            await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("a", "a", $"Name{seen.Count}"));
        }

        Assert.Equal(whole, seen, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("_count=0")]
    [InlineData("_count=many")]
    [InlineData("start=yesterday")]
    [InlineData("_since=yesterday")]
    [InlineData("_type=Patients")]
    [InlineData("_page=here!")]
    public async Task Everything_says_what_it_does_not_understand(string query) =>
        Assert.Equal("parameter-value", (await (await SendAsync(HttpMethod.Get, $"/fhir/Patient/$everything?{query}")).OutcomeAsync(HttpStatusCode.BadRequest))[0].Code);

    [Theory]
    [InlineData("batch")]
    [InlineData("transaction")]
    public async Task An_entry_searches_as_a_request_of_its_own_would(string type)
    {
        await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", Entry("PUT", "Patient/a", Patient("1", "a")), Entry("PUT", "Patient/b", Patient("2", "b")), Entry("POST", "Observation", Result("1", "Patient/a"))));
        string[] urls = ["Patient?_sort=_id&_count=1", "Observation?patient=a&_include=Observation:patient", "Patient?identifier=urn%3Aoid%3A1.2.3%7C2", "Procedure", "Patient/b"];
        var answer = await (await SendAsync(HttpMethod.Post, "/fhir", Bundle(type, [.. urls.Select(static url => Entry("GET", url))]))).ResourceAsync("Bundle");
        var entries = answer.GetProperty("entry").EnumerateArray().ToArray();
        Assert.All(entries, static entry => Assert.Equal("200 OK", entry.GetProperty("response").GetProperty("status").GetString()));
        for (var i = 0; i < urls.Length; i++)
            Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(await (await SendAsync(HttpMethod.Get, $"/fhir/{urls[i]}")).Content.ReadAsStringAsync())), JsonSerializer.Serialize(entries[i].GetProperty("resource")));
        Assert.Equal(["b"], Ids(entries[2].GetProperty("resource")));
        var next = entries[0].GetProperty("resource").GetProperty("link").EnumerateArray().Single(static link => link.GetProperty("relation").GetString() == "next").GetProperty("url").GetString()!;
        var second = await (await SendAsync(HttpMethod.Post, "/fhir", Bundle(type, Entry("GET", next[(next.IndexOf("/fhir/", StringComparison.Ordinal) + 6)..])))).ResourceAsync("Bundle");
        Assert.Equal(["b"], Ids(second.GetProperty("entry")[0].GetProperty("resource")));
    }

    [Fact]
    public async Task A_search_that_cannot_be_read_refuses_the_transaction_and_its_own_entry_of_a_batch()
    {
        string[] entries = [Entry("PUT", "Patient/a", Patient("1", "a")), Entry("GET", "Patient?colour=red")];
        var refused = await (await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", entries))).OutcomeAsync(HttpStatusCode.BadRequest);
        Assert.Equal(("search-parameter-unknown", "Bundle.entry[1].request.url"), (refused[0].Code, refused[0].Expressions[0]));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, "/fhir/Patient/a")).StatusCode);
        var answer = await (await SendAsync(HttpMethod.Post, "/fhir", Bundle("batch", entries))).ResourceAsync("Bundle");
        Assert.Equal(["201 Created", "400 Bad Request"], answer.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("response").GetProperty("status").GetString()), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("/fhir/_history", "Observation/o/2 DELETE 204 No Content", "Observation/o/1 POST 201 Created", "Patient/b/1 POST 201 Created", "Patient/a/1 POST 201 Created")]
    [InlineData("/fhir/Patient/_history", "Patient/b/1 POST 201 Created", "Patient/a/1 POST 201 Created")]
    [InlineData("/fhir/Observation/o/_history", "Observation/o/2 DELETE 204 No Content", "Observation/o/1 POST 201 Created")]
    public async Task A_history_says_what_was_done_in_pages_that_lead_on(string url, params string[] done)
    {
        await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", Entry("PUT", "Patient/a", Patient("1", "a")), Entry("PUT", "Patient/b", Patient("2", "b"))));
        await SendAsync(HttpMethod.Put, "/fhir/Observation/o", Result("1", "Patient/a").Replace("{\"resourceType\":\"Observation\",", "{\"resourceType\":\"Observation\",\"id\":\"o\",", StringComparison.Ordinal));
        await SendAsync(HttpMethod.Delete, "/fhir/Observation/o");
        List<string> seen = [];
        for (var next = url + "?_count=1"; next is not null;)
        {
            var page = await SearchAsync(next);
            Assert.Equal("history", page.GetProperty("type").GetString());
            var entry = Assert.Single(page.GetProperty("entry").EnumerateArray());
            var (request, response) = (entry.GetProperty("request"), entry.GetProperty("response"));
            Assert.Equal(request.GetProperty("method").GetString() == "DELETE", !entry.TryGetProperty("resource", out _));
            seen.Add($"{string.Join('/', entry.GetProperty("fullUrl").GetString()!.Split('/')[^2..])}/{response.GetProperty("etag").GetString()![3..^1]} {request.GetProperty("method").GetString()} {response.GetProperty("status").GetString()}");
            next = page.GetProperty("link").EnumerateArray().Where(static link => link.GetProperty("relation").GetString() == "next").Select(static link => new Uri(link.GetProperty("url").GetString()!).PathAndQuery).FirstOrDefault();
        }

        Assert.Equal(done, seen, StringComparer.Ordinal);
        Assert.Equal(done.Length, (await SearchAsync(url + "?_count=0")).GetProperty("total").GetInt32());
        Assert.Empty(Ids(await SearchAsync(url + "?_since=2999-01-01T00:00:00Z")));
    }

    [Theory]
    [InlineData("/fhir/_history?_count=few", "parameter-value", HttpStatusCode.BadRequest)]
    [InlineData("/fhir/Patient/_history?_since=yesterday", "parameter-value", HttpStatusCode.BadRequest)]
    [InlineData("/fhir/Patient/_history?_page=here", "parameter-value", HttpStatusCode.BadRequest)]
    [InlineData("/fhir/Patients/_history", "unknown-type", HttpStatusCode.NotFound)]
    [InlineData("/fhir/Patient/nobody/_history", "resource-not-found", HttpStatusCode.NotFound)]
    public async Task A_history_that_cannot_be_told_says_why(string url, string code, HttpStatusCode status) =>
        Assert.Equal(code, (await (await SendAsync(HttpMethod.Get, url)).OutcomeAsync(status))[0].Code);

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", [.. Enumerable.Range(10, 25).Select(static i => Entry("PUT", $"Patient/p{i}", Patient($"{i}", $"p{i}", i % 2 == 0 ? "Par" : "Impar")))]));
        foreach (var sort in new[] { "", "&_sort=-family" })
        {
            List<string> seen = [];
            string? next = $"/fhir/Patient?_count=10{sort}";
            while (next is not null)
            {
                var page = await SearchAsync(next);
                seen.AddRange(Ids(page));
                next = page.GetProperty("link").EnumerateArray().Where(static link => link.GetProperty("relation").GetString() == "next").Select(static link => new Uri(link.GetProperty("url").GetString()!).PathAndQuery).FirstOrDefault();
            }

            Assert.Equal(25, seen.Count);
            Assert.Equal(25, seen.Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact]
    public async Task A_page_goes_on_though_the_last_of_the_one_before_was_deleted()
    {
        await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", [.. Enumerable.Range(1, 4).Select(static i => Entry("PUT", $"Patient/p{i}", Patient($"{i}", $"p{i}", $"N{i}")))]));
        foreach (var (sort, gone, rest) in new[] { ("", "p2", new[] { "p3", "p4" }), ("&_sort=-family", "p3", ["p1"]) })
        {
            var next = (await SearchAsync($"/fhir/Patient?_count=2{sort}")).GetProperty("link").EnumerateArray().Single(static link => link.GetProperty("relation").GetString() == "next");
            await SendAsync(HttpMethod.Delete, $"/fhir/Patient/{gone}");
            Assert.Equal(rest, Ids(await SearchAsync(new Uri(next.GetProperty("url").GetString()!).PathAndQuery)), StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task A_search_by_POST_finds_the_same()
    {
        await SendAsync(HttpMethod.Put, "/fhir/Patient/a", Patient("1", "a"));
        using var form = new FormUrlEncodedContent([new("identifier", "urn:oid:1.2.3|1")]);
        var found = await (await _client.PostAsync(new Uri("/fhir/Patient/_search", UriKind.Relative), form)).ResourceAsync("Bundle");
        Assert.Equal(["a"], Ids(found));
    }

    [Fact]
    public async Task Included_resources_are_marked_and_not_counted()
    {
        await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", Entry("POST", "Patient", Patient("1"), One), Entry("POST", "Observation", Result("1", One))));
        var found = await SearchAsync("/fhir/Observation?_include=Observation:patient");
        Assert.Equal(1, found.GetProperty("total").GetInt32());
        Assert.Equal(["match", "include"], found.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("search").GetProperty("mode").GetString()), StringComparer.Ordinal);
        var turned = await SearchAsync("/fhir/Patient?_revinclude=Observation:patient");
        Assert.Equal(["Patient", "Observation"], turned.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("resource").GetProperty("resourceType").GetString()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_unknown_parameter_is_refused_and_leniently_left_out_of_the_self_link()
    {
        var refused = await (await SendAsync(HttpMethod.Get, "/fhir/Patient?colour=red")).OutcomeAsync(HttpStatusCode.BadRequest);
        Assert.Contains("identifier", refused[0].Text, StringComparison.Ordinal);
        var lenient = await (await SendAsync(HttpMethod.Get, "/fhir/Patient?colour=red", null, ("Prefer", "handling=lenient"))).ResourceAsync("Bundle");
        Assert.DoesNotContain("colour", lenient.GetProperty("link")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal("outcome", lenient.GetProperty("entry")[0].GetProperty("search").GetProperty("mode").GetString());
    }

    [Fact]
    public async Task A_stored_case_is_derived_as_the_same_Bundle_would_be_and_cites_versions()
    {
        const string Story = "case-1-isatuximab-35-days-after-daratumumab";
        var input = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repo.Root, "fhir-examples", Story, "input.json"))).RootElement;
        var entries = input.GetProperty("entry").EnumerateArray().Select(static entry =>
            $$$"""{"fullUrl":{{{entry.GetProperty("fullUrl").GetRawText()}}},"resource":{{{entry.GetProperty("resource").GetRawText()}}},"request":{"method":"POST","url":"{{{entry.GetProperty("resource").GetProperty("resourceType").GetString()}}}"}}""");
        await (await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction", [.. entries]))).ResourceAsync("Bundle");
        var patient = Ids(await SearchAsync("/fhir/Patient"))[0];

        var stored = await (await SendAsync(HttpMethod.Get, $"/fhir/Patient/{patient}/$assess")).ResourceAsync("Bundle");
        var posted = await (await _server.AssessAsync(Server.Story(Story))).ResourceAsync("Bundle");
        Assert.Equal(Values(posted), Values(stored));
        Assert.Matches("\"Observation/[^\"]*/_history/1\"", stored.GetRawText());
        Assert.Equal(JsonSerializer.Serialize(stored.GetProperty("entry")[1]), JsonSerializer.Serialize((await (await SendAsync(HttpMethod.Post, $"/fhir/Patient/{patient}/$assess", """{"resourceType":"Parameters","parameter":[{"name":"language","valueCode":"en"}]}""")).ResourceAsync("Bundle")).GetProperty("entry")[1]));
        await (await SendAsync(HttpMethod.Get, "/fhir/Patient/nobody/$assess")).OutcomeAsync(HttpStatusCode.NotFound);

        static string[] Values(JsonElement bundle) => [.. bundle.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("resource"))
            .Where(static resource => resource.GetProperty("resourceType").GetString() == "Observation")
            .Select(static resource => $"{resource.GetProperty("code").GetRawText()} {(resource.TryGetProperty("component", out var components) ? components.GetRawText() : "")} {(resource.TryGetProperty("note", out var note) ? note.GetRawText() : "")}")];
    }

    [Fact]
    public async Task Everything_of_a_patient_is_its_own_and_what_that_refers_to()
    {
        await SendAsync(HttpMethod.Post, "/fhir", Bundle("transaction",
            Entry("PUT", "Medication/m", """{"resourceType":"Medication","id":"m","code":{"text":"daratumumab"}}"""),
            Entry("PUT", "Patient/a", Patient("1", "a")),
            Entry("PUT", "Patient/b", Patient("2", "b")),
            Entry("POST", "MedicationAdministration", """{"resourceType":"MedicationAdministration","status":"completed","medicationReference":{"reference":"Medication/m"},"subject":{"reference":"Patient/a"},"effectiveDateTime":"2024-03-05"}"""),
            Entry("POST", "Observation", Result("1", "Patient/b"))));
        var everything = await SearchAsync("/fhir/Patient/a/$everything");
        Assert.Equal(["Patient", "MedicationAdministration", "Medication"], everything.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("resource").GetProperty("resourceType").GetString()), StringComparer.Ordinal);
        Assert.Equal(["m"], Ids(await SearchAsync("/fhir/Patient/a/$everything?_type=Medication")));

        // What has no date belongs to every time.
        foreach (var (query, left) in new[] { ("start=2024-03-05", 3), ("start=2024-03-06", 2), ("end=2024-03-05", 3), ("end=2024-03-04", 2), ("start=2024-03&end=2024-04", 3) })
            Assert.Equal(left, (await SearchAsync($"/fhir/Patient/a/$everything?{query}")).GetProperty("total").GetInt32());
    }
}
