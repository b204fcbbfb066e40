using System.Net.Sockets;
using System.Text;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>What is not HTTP, or only nearly, sent to the real server over a socket.</summary>
public class RawRequests(RawRequests.Listening server) : IClassFixture<RawRequests.Listening>
{
    /// <summary>The service on a port of its own.</summary>
    public sealed class Listening : Server
    {
        public Listening()
        {
            UseKestrel(0);
            StartServer();
        }
    }

    private async Task<string> SendAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", server.ClientOptions.BaseAddress.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var answer = new MemoryStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await stream.CopyToAsync(answer, patience.Token);
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", 400)]
    [InlineData("GET /fhir/metadata HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /fhir/metadata HTTP/1.1\r\nHost: a\r\nBroken header\r\n\r\n", 400)]
    [InlineData("POST /fhir/$assess HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("GET /fhir/metadata HTTP/9.9\r\nHost: a\r\n\r\n", 505)]
    public async Task What_is_not_HTTP_is_refused_by_the_server_itself(string request, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await SendAsync(request), StringComparison.Ordinal);

    [Fact]
    public async Task A_request_line_of_megabytes_is_refused() => Assert.StartsWith(
        "HTTP/1.1 414 ",
        await SendAsync($"GET /fhir/metadata?x={new string('x', 1_000_000)} HTTP/1.1\r\nHost: a\r\n\r\n"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(9_000, 0, 414, "request-line-too-long")]
    [InlineData(0, 33_000, 431, "headers-too-large")]
    public async Task What_is_a_little_too_long_is_answered_with_an_OperationOutcome(int line, int header, int status, string code)
    {
        var answer = await SendAsync($"GET /fhir/metadata?x={new string('x', line)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: {new string('x', header)}\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains($"\"{code}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_the_protocol_is_answered_with_an_OperationOutcome()
    {
        var answer = await SendAsync("POST /fhir/$assess HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/fhir+json; charset=utf-8", answer, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n{\"resourceType\":\"OperationOutcome\"", answer, StringComparison.Ordinal);
    }
}
