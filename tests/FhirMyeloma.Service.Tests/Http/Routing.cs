using System.Net;

namespace FhirMyeloma.Service.Tests.Http;

public class Routing(Server server) : IClassFixture<Server>
{
    private Task<HttpResponseMessage> SendAsync(string method, string path) => server.CreateClient().SendAsync(new(new HttpMethod(method), new Uri(path, UriKind.Relative)));

    [Theory]
    [InlineData("GET", "/fhir/nothing")]
    [InlineData("GET", "/fhir/Patient/1/unknown")]
    [InlineData("POST", "/fhir/$unknown")]
    [InlineData("GET", "/fhir/Metadata")]
    [InlineData("POST", "/FHIR/$assess")]
    public async Task An_unknown_path_is_404_with_the_known_ones(string method, string path)
    {
        var issue = Assert.Single(await (await SendAsync(method, path)).OutcomeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-path", issue.Code);
        Assert.Contains("/fhir/$assess", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_id_is_404_with_the_known_ones() =>
        Assert.Contains("assess", Assert.Single(await (await SendAsync("GET", "/fhir/OperationDefinition/other")).OutcomeAsync(HttpStatusCode.NotFound)).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("GET", "/fhir/$assess", "POST")]
    [InlineData("PATCH", "/fhir/$assess", "POST")]
    [InlineData("DELETE", "/fhir/metadata", "GET, HEAD")]
    public async Task A_method_that_is_not_answered_is_405_with_those_that_are(string method, string path, string allowed)
    {
        var answer = await SendAsync(method, path);
        Assert.Equal("method-not-allowed", Assert.Single(await answer.OutcomeAsync(HttpStatusCode.MethodNotAllowed)).Code);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("/fhir/metadata")]
    [InlineData("/fhir/nothing")]
    [InlineData("/")]
    [InlineData("/swagger/index.html")]
    public async Task Every_answer_carries_the_protective_headers(string path)
    {
        var answer = await SendAsync("GET", path);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Single(answer.Headers.GetValues("X-Request-Id"));
    }

    [Fact]
    public async Task The_page_says_what_this_is_not_for()
    {
        var page = await (await SendAsync("GET", "/")).Content.ReadAsStringAsync();
        Assert.Contains("Research and data quality only, not for patient care", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Replace("http://localhost:5080", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task The_probes_answer(string path)
    {
        for (var patience = 0; patience < 100 && (await SendAsync("GET", path)).StatusCode != HttpStatusCode.OK; patience++)
            await Task.Delay(100);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", path)).StatusCode);
    }
}
