using System.Net;
using System.Text.RegularExpressions;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>Figures as Prometheus reads them, without anything that somebody sent.</summary>
public sealed partial class Metrics(Server server) : IClassFixture<Server>
{
    private async Task<string> TextAsync()
    {
        var answer = await server.CreateClient().GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, "text/plain"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return await answer.Content.ReadAsStringAsync();
    }

    private static double Value(string text, string line) =>
        text.Split('\n').Where(one => one.StartsWith(line + " ", StringComparison.Ordinal)).Select(static one => double.Parse(one[(one.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();

    [Fact]
    public async Task A_change_is_counted_and_nothing_of_it_is_told()
    {
        const string Kept = "fhirmyeloma_store_group_duration_seconds_count";
        var before = Value(await TextAsync(), Kept);
        using var client = server.CreateClient();
        await client.PutAsync(new Uri("/fhir/Patient/very-secret-id", UriKind.Relative), Server.Json("""{"resourceType":"Patient","id":"very-secret-id","name":[{"family":"Verysecret"}]}"""));
        await client.GetAsync(new Uri("/fhir/Patient?family=Verysecret", UriKind.Relative));
        await client.GetAsync(new Uri("/very-secret-path", UriKind.Relative));
        var after = await TextAsync();
        Assert.True(Value(after, Kept) > before);
        Assert.DoesNotContain("secret", after, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Refusals_are_counted_by_their_code()
    {
        const string Line = "fhirmyeloma_issues_total{code=\"unknown-parameter\"}";
        var before = Value(await TextAsync(), Line);
        await server.CreateClient().GetAsync(new Uri("/fhir/metadata?typo=1", UriKind.Relative));
        Assert.True(Value(await TextAsync(), Line) > before);
    }

    [Fact]
    public async Task Every_line_is_one_that_Prometheus_reads()
    {
        await server.CreateClient().GetAsync(new Uri("/fhir/metadata", UriKind.Relative));
        Assert.All((await TextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => Assert.Matches(Line(), line));
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.eE+-]+)$""", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Line();
}
