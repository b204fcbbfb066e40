using System.Globalization;
using System.Net;
using FhirMyeloma.Service.Tests.Identity;

namespace FhirMyeloma.Service.Tests.Torture;

/// <summary>A service that is asked to end (SIGTERM) finishes what it accepted, and takes nothing more.</summary>
public sealed class StopTests : IDisposable
{
    private const int Accepted = 16;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("fhirmyeloma-stop-");

    public void Dispose() => _data.Delete(recursive: true);

    private static string Transaction(string id) =>
        $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{{Centres.Patient(id)}}},"request":{"method":"PUT","url":"Patient/{{{id}}}"}},{"resource":{{{Centres.Observation(id, id)}}},"request":{"method":"PUT","url":"Observation/{{{id}}}"}}]}""";

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"stop-{number}");

    private static async Task<bool> TakesConnectionsAsync(Uri service)
    {
        try
        {
            using var client = new HttpClient();
            using var answer = await client.GetAsync(new Uri(service, "health/live"));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [Fact]
    public async Task What_was_accepted_is_answered_and_kept_and_a_job_goes_on_afterwards()
    {
        string[] arguments = [$"--FhirMyeloma:DataFolder={_data}"];
        var port = ServiceProcess.FreePort();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string job;
        using (var service = await ServiceProcess.StartAsync(arguments, port))
        {
            using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = _patience };
            using var client = new HttpClient(handler) { BaseAddress = service.Base };
            // The service says 100 when it begins to read a body: all of these are under way then.
            var bodies = Enumerable.Range(0, Accepted).Select(number => new GatedBody(Transaction(Id(number)), gate.Task)).ToList();
            var answers = bodies.ConvertAll(body => SendAsync(client, body));
            await Task.WhenAll(bodies.Select(static body => body.Asked)).WaitAsync(_patience);
            using var accepted = await client.CallAsync("POST", "fhir", Transaction("of-a-job"), ("Prefer", "respond-async"));
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            job = accepted.Content.Headers.ContentLocation!.PathAndQuery;

            service.Terminate();
            for (var tries = 0; await TakesConnectionsAsync(service.Base); tries++)
            {
                Assert.True(tries < 200, "It still takes connections.");
                await Task.Delay(50);
            }

            Assert.All(answers, static answer => Assert.False(answer.IsCompleted));
            gate.SetResult();
            foreach (var answer in await Task.WhenAll(answers).WaitAsync(_patience))
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(0, await service.EndAsync(_patience));
        }

        using var next = await ServiceProcess.StartAsync(arguments, port);
        using var reader = new HttpClient { BaseAddress = next.Base };
        foreach (var number in Enumerable.Range(0, Accepted))
        {
            Assert.Equal(HttpStatusCode.OK, (await reader.CallAsync("GET", $"fhir/Patient/{Id(number)}")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await reader.CallAsync("GET", $"fhir/Observation/{Id(number)}")).StatusCode);
        }

        for (var tries = 0; (await reader.CallAsync("GET", job)).StatusCode != HttpStatusCode.OK; tries++)
        {
            Assert.True(tries < 200, "The job does not end.");
            await Task.Delay(50);
        }

        Assert.Equal(HttpStatusCode.OK, (await reader.CallAsync("GET", "fhir/Patient/of-a-job")).StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, GatedBody body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("fhir", UriKind.Relative)) { Content = new StreamContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        request.Headers.ExpectContinue = true;
        return await client.SendAsync(request);
    }
}
