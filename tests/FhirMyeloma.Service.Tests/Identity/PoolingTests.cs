using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>A pooling caller gets the conclusions of all centres and cannot tell about whom.</summary>
public sealed partial class PoolingTests : IClassFixture<PoolingTests.Pooled>
{
    private const string Story = "case-1-isatuximab-35-days-after-daratumumab";
    private readonly Pooled _server;

    public PoolingTests(Pooled server) => _server = server;

    private static async Task<JsonObject> GetAsync(HttpClient client, string url)
    {
        using var answer = await client.CallAsync("GET", url);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private async Task<JsonObject[]> PooledAsync(string query = "") => [.. (await GetAsync(_server.Pool, $"/api/cases{query}"))["cases"]!.AsArray().Select(static one => one!.AsObject())];

    [Fact]
    public async Task The_cases_of_all_centres_are_there_by_ids_that_no_centre_knows()
    {
        var ids = (await PooledAsync()).Select(static one => one["id"]!.GetValue<string>()).ToList();
        Assert.Equal(2, ids.Count);
        Assert.All(ids, static id => Assert.Matches("^[0-9a-f]{32}$", id));
        foreach (var id in ids)
            Assert.Equal(HttpStatusCode.NotFound, (await _server.Alcala.CallAsync("GET", $"/api/cases/{id}")).StatusCode);
    }

    [Fact]
    public async Task Conclusions_and_days_are_those_of_the_centre_and_dates_are_not()
    {
        var own = (await GetAsync(_server.Alcala, "/api/cases"))["cases"]![0]!["summary"]!.AsObject();
        foreach (var one in await PooledAsync())
        {
            var pooled = one["summary"]!.AsObject();
            foreach (var same in new[] { "stages", "risk", "refractory" })
                Assert.Equal(own[same]?.ToJsonString(), pooled[same]?.ToJsonString());
            Assert.Equal(own["washout"]!["minDays"]!.ToJsonString(), pooled["washout"]!["minDays"]!.ToJsonString());
            Assert.Equal(own["lines"]!.AsArray().Select(static line => line!["regimen"]!.GetValue<string>()), pooled["lines"]!.AsArray().Select(static line => line!["regimen"]!.GetValue<string>()), StringComparer.Ordinal);
            Assert.NotEqual(own["lastContact"]!.GetValue<string>(), pooled["lastContact"]!.GetValue<string>(), StringComparer.Ordinal);
            Assert.Null(pooled["birth"]);
            Assert.Equal(one["id"]!.GetValue<string>(), pooled["patientKey"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Nothing_that_a_centre_sent_is_in_a_case()
    {
        var sent = Server.Story(Story);
        foreach (var one in await PooledAsync())
        {
            var text = (await GetAsync(_server.Pool, $"/api/cases/{one["id"]}")).ToJsonString();
            Assert.DoesNotContain(Centres.Alcala, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Centres.Vitoria, text, StringComparison.Ordinal);
            Assert.DoesNotContain("derivedFrom", text, StringComparison.Ordinal);
            Assert.All(Sent().Matches(sent).Select(static match => match.Groups["text"].Value).Where(static value => value.Length > 3), value => Assert.DoesNotContain($"\"{value}\"", text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_page_goes_on_after_the_last_and_a_filter_sees_moved_dates()
    {
        var first = await GetAsync(_server.Pool, "/api/cases?count=1");
        var second = await GetAsync(_server.Pool, $"/api/cases?count=1&page={first["next"]}");
        Assert.Null(second["next"]);
        Assert.NotEqual(first["cases"]![0]!["id"]!.GetValue<string>(), second["cases"]![0]!["id"]!.GetValue<string>(), StringComparer.Ordinal);
        var start = first["cases"]![0]!["summary"]!["isatuximab"]!["start"]!.GetValue<string>();
        Assert.Contains(await PooledAsync($"?from={start}&to={start}"), one => one["id"]!.GetValue<string>() == first["cases"]![0]!["id"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.Pool.CallAsync("GET", $"/api/cases?center={Centres.Alcala}")).StatusCode);
    }

    [Fact]
    public async Task The_same_person_in_two_centres_is_told_and_only_to_those_who_pool()
    {
        var duplicate = Assert.Single((await GetAsync(_server.Pool, "/api/duplicates"))["duplicates"]!.AsArray())!;
        Assert.Equal((await PooledAsync()).Select(static one => one["id"]!.GetValue<string>()).Order(StringComparer.Ordinal), duplicate["patients"]!.AsArray().Select(static one => one!.GetValue<string>()).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Contains("identifier", duplicate["because"]!.AsArray().Select(static one => one!.GetValue<string>()), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.Alcala.CallAsync("GET", "/api/duplicates")).StatusCode);
    }

    [Theory]
    [InlineData("/fhir/Patient")]
    [InlineData("/fhir/$export")]
    [InlineData("/api/jobs")]
    [InlineData("/api/audit")]
    public async Task Resources_of_a_centre_are_not_for_those_who_pool(string url) => Assert.Equal(HttpStatusCode.Forbidden, (await _server.Pool.CallAsync("GET", url)).StatusCode);

    [GeneratedRegex("\"(?:id|value|family|text|fullUrl|reference)\": *\"(?<text>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Sent();

    /// <summary>One patient, kept by two centres.</summary>
    public sealed class Pooled : IAsyncLifetime, IDisposable
    {
        private readonly Centres _centres = new();

        internal HttpClient Alcala { get; private set; } = null!;

        internal HttpClient Pool { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Alcala = await _centres.OfAsync(Centres.Alcala);
            Pool = await _centres.WithAsync("fhirmyeloma/pool");
            using var vitoria = await _centres.OfAsync(Centres.Vitoria);
            foreach (var centre in new[] { Alcala, vitoria })
            {
                await Http.StoredStory.KeepAsync(centre, Story);
                using var cases = JsonDocument.Parse(await (await centre.CallAsync("GET", "/api/cases")).Content.ReadAsStringAsync());
                Assert.Equal(1, cases.RootElement.GetProperty("cases").GetArrayLength());
            }
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _centres.Dispose();
    }
}
