using System.Net;

namespace FhirMyeloma.Service.Tests.Http;

public class Logs
{
    [Fact]
    public async Task Nothing_that_a_hospital_sent_is_logged_at_any_level()
    {
        await using var server = new Server();
        const string Secret = "Zaragozana";
        string[] bodies =
        [
            $$$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"{{{Secret}}}"}],"gender":"{{{Secret}}}"}}]}""",
            $$$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://h/Patient/{{{Secret}}}","resource":{"resourceType":"Patient","id":"{{{Secret}}}","identifier":[{"system":"urn:x","value":"{{{Secret}}}"}]}}]}""",
            $"{{\"{Secret}",
        ];
        foreach (var body in bodies)
        {
            await server.AssessAsync(body);
            await server.AssessAsync(body, "?_pretty=true");
        }

        Assert.NotEmpty(server.Log);
        Assert.DoesNotContain(server.Log, static line => line.Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Every_request_leaves_one_line_with_route_status_and_id()
    {
        await using var server = new Server();
        await server.CreateClient().GetAsync(new Uri("/fhir/metadata?_pretty=true", UriKind.Relative));
        Assert.Single(server.Log, static line => line.StartsWith("Information GET /fhir/metadata 200 in ", StringComparison.Ordinal) && line.Contains("request ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bug_is_500_with_an_id_and_without_its_text()
    {
        await using var server = new Server();
        using var client = server.WithWebHostBuilder(static builder => Microsoft.AspNetCore.TestHost.WebHostBuilderExtensions.ConfigureTestServices(builder, static services =>
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Validation>(services, static _ => throw new InvalidOperationException("the text of a bug")))).CreateClient();
        var answer = await client.PostAsync(new Uri("/fhir/$validate", UriKind.Relative), Server.Json("""{"resourceType":"Patient"}"""));
        var issue = Assert.Single(await answer.OutcomeAsync(HttpStatusCode.InternalServerError));
        Assert.Equal("internal-error", issue.Code);
        Assert.Contains(Assert.Single(answer.Headers.GetValues("X-Request-Id")), issue.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("the text of a bug", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(server.Log, static line => line.StartsWith("Error Request ", StringComparison.Ordinal) && line.Contains("InvalidOperationException", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log, static line => line.Contains("the text of a bug", StringComparison.Ordinal));
    }
}
