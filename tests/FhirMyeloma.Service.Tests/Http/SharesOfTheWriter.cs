using System.Net;
using FhirMyeloma.Service.Tests.Identity;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>Who writes too much at a time is told to wait, and nobody else is.</summary>
public class SharesOfTheWriter
{
    /// <summary>More than a connection takes up before somebody reads it.</summary>
    private const int Beginning = 256 * 1024;

    /// <summary>Begins a write whose body does not end before the gate opens.</summary>
    private static async Task<Task<HttpResponseMessage>> BeginAsync(HttpClient client, string id, Task gate)
    {
        var body = new GatedBody(Centres.Patient(id), gate, Beginning);
        var content = new StreamContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        var answer = client.PutAsync(new Uri($"/fhir/Patient/{id}", UriKind.Relative), content);
        await Task.WhenAny(body.Asked, answer);
        return answer;
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string id) => client.CallAsync("PUT", $"/fhir/Patient/{id}", Centres.Patient(id));

    private static async Task<HttpClient> StreamingAsync(Centres server, string centre)
    {
        var client = server.Streaming();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await server.KeyAsync("system/*.cruds", centre));
        return client;
    }

    [Fact]
    public async Task More_than_the_share_of_one_caller_is_429_and_others_write_and_all_read()
    {
        await using var server = new Centres { Settings = { ["WritesAtOnce"] = "1", ["WritesWaiting"] = "0" } };
        using var busy = await StreamingAsync(server, Centres.Alcala);
        using var other = await server.OfAsync(Centres.Vitoria);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = await BeginAsync(busy, "a", gate.Task);

        var refused = await PutAsync(busy, "b");
        Assert.Equal("too-many-requests", Assert.Single(await refused.OutcomeAsync(HttpStatusCode.TooManyRequests)).Code);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, (await busy.CallAsync("GET", "/fhir/Patient")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(other, "b")).StatusCode);

        gate.SetResult();
        Assert.Equal(HttpStatusCode.Created, (await held).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(busy, "b")).StatusCode);
    }

    [Fact]
    public async Task More_than_all_may_have_under_way_is_503_and_reads_pass()
    {
        await using var server = new Centres { Settings = { ["WritesOfAll"] = "1" } };
        using var busy = await StreamingAsync(server, Centres.Alcala);
        using var other = await server.OfAsync(Centres.Vitoria);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = await BeginAsync(busy, "a", gate.Task);

        var refused = await PutAsync(other, "b");
        Assert.Equal("store-busy", Assert.Single(await refused.OutcomeAsync(HttpStatusCode.ServiceUnavailable)).Code);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, (await other.CallAsync("GET", "/fhir/Patient")).StatusCode);

        gate.SetResult();
        Assert.Equal(HttpStatusCode.Created, (await held).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(other, "b")).StatusCode);
    }

    [Fact]
    public async Task What_may_wait_is_answered_when_its_turn_has_come()
    {
        await using var server = new Centres { Settings = { ["WritesAtOnce"] = "1", ["WritesWaiting"] = "20" } };
        using var client = await server.OfAsync(Centres.Alcala);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => PutAsync(client, $"p{n}")));
        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
    }

    [Fact]
    public async Task Sixty_four_clients_of_one_caller_are_within_its_share()
    {
        await using var server = new Centres();
        using var client = await server.OfAsync(Centres.Alcala);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => PutAsync(client, $"p{n}")));
        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
    }
}
