using System.Net;
using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>What two centres keep under the same names stays apart, whatever way a request takes.</summary>
public sealed class CentreIsolation : IDisposable
{
    private readonly Centres _server = new();
    private readonly HttpClient _alcala;
    private readonly HttpClient _vitoria;

    public CentreIsolation()
    {
        _alcala = _server.OfAsync(Centres.Alcala).GetAwaiter().GetResult();
        _vitoria = _server.OfAsync(Centres.Vitoria).GetAwaiter().GetResult();
    }

    public void Dispose() => _server.Dispose();

    private static async Task<JsonElement> FoundAsync(HttpClient client, string url) => await (await client.CallAsync("GET", url)).ResourceAsync("Bundle");

    private static IEnumerable<string> Urls(JsonElement bundle) => !bundle.TryGetProperty("entry", out var entries) ? []
        : entries.EnumerateArray().Select(static entry => entry.GetProperty("fullUrl").GetString()!.Split("/fhir/")[1]);

    private static async Task KeepAsync(HttpClient client, string url, string resource) => Assert.True((await client.CallAsync("PUT", $"/fhir/{url}", resource)).IsSuccessStatusCode, url);

    private async Task AlcalaKeepsAsync()
    {
        await KeepAsync(_alcala, "Patient/p", Centres.Patient("p"));
        await KeepAsync(_alcala, "Observation/o", Centres.Observation("o", "p"));
    }

    private static string Transaction(params string[] entries) => $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{{{string.Join(',', entries)}}}]}""";

    [Theory]
    [InlineData("/fhir/Patient")]
    [InlineData("/fhir/Patient?identifier=p")]
    [InlineData("/fhir/Patient?_id=p")]
    [InlineData("/fhir/Patient?family=Secreta")]
    [InlineData("/fhir/Patient?_lastUpdated=gt2000")]
    [InlineData("/fhir/Patient?_sort=-family")]
    [InlineData("/fhir/Patient?_has:Observation:patient:code=33358-3")]
    [InlineData("/fhir/Observation?patient.identifier=p")]
    [InlineData("/fhir/Observation?subject:Patient.family=Secreta")]
    [InlineData("/fhir/Observation?date=2024-03-05")]
    public async Task A_search_finds_nothing_of_another_centre(string url)
    {
        await AlcalaKeepsAsync();
        Assert.Single(Urls(await FoundAsync(_alcala, url)));
        Assert.Empty(Urls(await FoundAsync(_vitoria, url)));
        Assert.Equal(0, (await FoundAsync(_vitoria, $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}_summary=count")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_include_follows_no_reference_into_another_centre()
    {
        await AlcalaKeepsAsync();
        await KeepAsync(_vitoria, "Observation/v", Centres.Observation("v", "p"));
        Assert.Equal(["Observation/v"], Urls(await FoundAsync(_vitoria, "/fhir/Observation?_include=Observation:subject&_include=*")), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_revinclude_brings_nothing_of_another_centre()
    {
        await AlcalaKeepsAsync();
        await KeepAsync(_vitoria, "Patient/p", Centres.Patient("p", "Otra"));
        Assert.Equal(["Patient/p"], Urls(await FoundAsync(_vitoria, "/fhir/Patient?_revinclude=Observation:subject")), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_chain_leads_to_no_patient_of_another_centre()
    {
        await AlcalaKeepsAsync();
        await KeepAsync(_vitoria, "Observation/v", Centres.Observation("v", "p"));
        Assert.Empty(Urls(await FoundAsync(_vitoria, "/fhir/Observation?subject:Patient.identifier=p")));
    }

    [Fact]
    public async Task A_conditional_create_makes_its_own()
    {
        await AlcalaKeepsAsync();
        var answer = await _vitoria.CallAsync("POST", "/fhir/Patient", Centres.Patient("p", "Otra"), ("If-None-Exist", "identifier=p"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task A_conditional_update_changes_its_own()
    {
        await AlcalaKeepsAsync();
        var answer = await _vitoria.CallAsync("PUT", "/fhir/Patient?identifier=p", Centres.Patient("p", "Otra"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Contains("Secreta", await _alcala.GetStringAsync(new Uri("/fhir/Patient/p", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conditional_delete_ends_nothing_of_another_centre()
    {
        await AlcalaKeepsAsync();
        await _vitoria.CallAsync("DELETE", "/fhir/Patient?identifier=p");
        Assert.Equal(HttpStatusCode.OK, (await _alcala.CallAsync("GET", "/fhir/Patient/p")).StatusCode);
    }

    [Fact]
    public async Task An_id_is_free_though_another_centre_has_it()
    {
        await AlcalaKeepsAsync();
        var put = await _vitoria.CallAsync("PUT", "/fhir/Patient/p", Centres.Patient("p", "Otra"));
        Assert.Equal((HttpStatusCode.Created, "W/\"1\""), (put.StatusCode, put.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await _vitoria.CallAsync("PUT", "/fhir/Observation/o", Centres.Observation("o", "p"), ("If-Match", "W/\"1\""))).StatusCode);
    }

    [Fact]
    public async Task A_reference_that_is_a_search_finds_nothing_of_another_centre()
    {
        await AlcalaKeepsAsync();
        var resource = Centres.Observation("v", "p").Replace("Patient/p", "Patient?identifier=p", StringComparison.Ordinal);
        var answer = await _vitoria.CallAsync("POST", "/fhir", Transaction($$$"""{"resource":{{{resource}}},"request":{"method":"POST","url":"Observation"}}"""));
        Assert.False(answer.IsSuccessStatusCode);
        Assert.DoesNotContain("Secreta", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_by_id_into_another_centre_leads_nowhere_and_is_not_seen_there()
    {
        await AlcalaKeepsAsync();
        var posted = await _vitoria.CallAsync("POST", "/fhir", Transaction($$$"""{"resource":{{{Centres.Observation("v", "p")}}},"request":{"method":"PUT","url":"Observation/v"}}"""));
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.Equal(["Patient/p", "Observation/o"], Urls(await FoundAsync(_alcala, "/fhir/Patient/p/$everything")), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _vitoria.CallAsync("GET", "/fhir/Patient/p/$everything")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _vitoria.CallAsync("GET", "/fhir/Patient/p/$assess")).StatusCode);
    }

    [Fact]
    public async Task Two_patients_of_one_name_have_two_histories_and_two_records()
    {
        await AlcalaKeepsAsync();
        await KeepAsync(_vitoria, "Patient/p", Centres.Patient("p", "Otra"));
        await KeepAsync(_vitoria, "Patient/p", Centres.Patient("p", "Otra Más"));
        Assert.Equal(2, (await FoundAsync(_vitoria, "/fhir/Patient/p/_history")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await FoundAsync(_alcala, "/fhir/Patient/p/_history")).GetProperty("total").GetInt32());
        Assert.Equal(["Patient/p"], Urls(await FoundAsync(_vitoria, "/fhir/Patient/p/$everything")), StringComparer.Ordinal);
        Assert.DoesNotContain("Secreta", await _vitoria.GetStringAsync(new Uri("/fhir/Patient/p/$assess", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_Idempotency_Key_of_two_centres_is_two_keys()
    {
        var bundle = Transaction($$$"""{"resource":{{{Centres.Patient("k")}}},"request":{"method":"PUT","url":"Patient/k"}}""");
        await _alcala.CallAsync("POST", "/fhir", bundle, ("Idempotency-Key", "one"));
        var answer = await (await _vitoria.CallAsync("POST", "/fhir", bundle, ("Idempotency-Key", "one"))).ResourceAsync("Bundle");
        Assert.StartsWith("201", answer.GetProperty("entry")[0].GetProperty("response").GetProperty("status").GetString(), StringComparison.Ordinal);
        var other = await _vitoria.CallAsync("POST", "/fhir", Transaction($$$"""{"resource":{{{Centres.Patient("l")}}},"request":{"method":"PUT","url":"Patient/l"}}"""), ("Idempotency-Key", "two"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("/fhir/Patient?_count=1")]
    [InlineData("/fhir/Patient?_count=1&_sort=family")]
    public async Task The_next_link_of_another_centre_leads_through_the_own(string url)
    {
        await KeepAsync(_alcala, "Patient/a1", Centres.Patient("a1", "Mmm"));
        await KeepAsync(_alcala, "Patient/a2", Centres.Patient("a2", "Nnn"));
        await KeepAsync(_vitoria, "Patient/v1", Centres.Patient("v1", "Aaa"));
        await KeepAsync(_vitoria, "Patient/v2", Centres.Patient("v2", "Zzz"));
        var next = (await FoundAsync(_alcala, url)).GetProperty("link").EnumerateArray().Single(static link => link.GetProperty("relation").GetString() == "next").GetProperty("url").GetString()!;
        var page = await FoundAsync(_vitoria, new Uri(next).PathAndQuery);
        Assert.All(Urls(page), static found => Assert.StartsWith("Patient/v", found, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_forged_place_in_a_sorted_search_tells_nothing_of_what_lies_there()
    {
        await KeepAsync(_alcala, "Patient/a1", Centres.Patient("a1", "Mmm"));
        await KeepAsync(_alcala, "Patient/a2", Centres.Patient("a2", "Nnn"));
        await KeepAsync(_vitoria, "Patient/v1", Centres.Patient("v1", "Aaa"));
        var next = (await FoundAsync(_alcala, "/fhir/Patient?_count=1&_sort=family")).GetProperty("link").EnumerateArray().Single(static link => link.GetProperty("relation").GetString() == "next").GetProperty("url").GetString()!;
        // "Aaa" sorts before the name that lies there: a search that read it would leave it out.
        Assert.Equal(["Patient/v1"], Urls(await FoundAsync(_vitoria, new Uri(next).PathAndQuery)), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_export_holds_nothing_of_another_centre()
    {
        await AlcalaKeepsAsync();
        var place = (await _vitoria.CallAsync("GET", "/fhir/$export")).Content.Headers.ContentLocation!.PathAndQuery;
        for (var tries = 0; tries < 600; tries++)
        {
            var answer = await _vitoria.CallAsync("GET", place);
            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                Assert.Equal(0, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("output").GetArrayLength());
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("The export does not end.");
    }

    [Fact]
    public async Task Cases_of_another_centre_are_not_listed_nor_counted()
    {
        await AlcalaKeepsAsync();
        using var cases = JsonDocument.Parse(await _vitoria.GetStringAsync(new Uri("/api/cases", UriKind.Relative)));
        Assert.Equal((0, 0), (cases.RootElement.GetProperty("cases").GetArrayLength(), cases.RootElement.GetProperty("pending").GetInt32()));
    }
}
