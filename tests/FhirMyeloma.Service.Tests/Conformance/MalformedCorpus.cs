using System.Net;
using System.Text;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.Conformance;

/// <summary>Malformed bodies that others collected, sent to <c>$assess</c>.</summary>
public class MalformedCorpus(Server server) : IClassFixture<Server>
{
    private async Task<List<(string File, HttpStatusCode Status, string Body)>> PostAllAsync(string folder)
    {
        var client = server.CreateClient();
        List<(string, HttpStatusCode, string)> answers = [];
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "MANIFEST.json"))
        {
            using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
            content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
            var answer = await client.PostAsync(new Uri("/fhir/$assess", UriKind.Relative), content);
            answers.Add((Path.GetFileName(file), answer.StatusCode, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync())));
        }

        return answers;
    }

    [CorporaFact]
    public async Task JSONTestSuite_bodies_are_always_400_with_an_OperationOutcome()
    {
        var answers = await PostAllAsync(Path.Combine(Repo.Corpora!, "malformed", "JSONTestSuite"));
        Assert.NotEmpty(answers);
        Assert.All(answers, static answer =>
        {
            Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{answer.File}: {(int)answer.Status}");
            Assert.StartsWith("{\"resourceType\":\"OperationOutcome\"", answer.Body, StringComparison.Ordinal);
        });
    }

    [CorporaFact]
    public async Task No_malformed_body_is_a_failure_of_the_server() => Assert.All(
        await PostAllAsync(Path.Combine(Repo.Corpora!, "malformed")),
        static answer => Assert.True((int)answer.Status < 500, $"{answer.File}: {(int)answer.Status} {answer.Body}"));
}
