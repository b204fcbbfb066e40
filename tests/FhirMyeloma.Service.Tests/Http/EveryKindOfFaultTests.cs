using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.Http;

public sealed partial class EveryKindOfFaultTests(Server server) : IClassFixture<Server>
{
    private static readonly string _story = Path.Combine(Repo.Root, "fhir-examples", "every-kind-of-fault");

    [Fact]
    public async Task One_422_names_every_planted_fault_where_it_is()
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(_story, "input.json")));
        body.Headers.ContentType = new("application/fhir+json");
        using var answer = await server.CreateClient().PostAsync(new Uri("/fhir/$assess", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);

        using var outcome = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var named = outcome.RootElement.GetProperty("issue").EnumerateArray()
            .Where(issue => issue.GetProperty("severity").GetString() == "error" && issue.TryGetProperty("expression", out _))
            .SelectMany(issue => issue.GetProperty("expression").EnumerateArray().Select(path => path.GetString()!))
            .ToHashSet(StringComparer.Ordinal);
        var planted = Row().Matches(await File.ReadAllTextAsync(Path.Combine(_story, "README.md"))).Select(row => row.Groups["path"].Value).ToList();
        Assert.Equal(48, planted.Count);
        Assert.Empty(planted.Except(named, StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| \d+ \| `(?<path>[^`]+)` \|", RegexOptions.Multiline, 1000)]
    private static partial Regex Row();
}
