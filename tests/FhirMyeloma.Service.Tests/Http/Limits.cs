using System.IO.Compression;
using System.Net;
using System.Text;

namespace FhirMyeloma.Service.Tests.Http;

public class Limits
{
    private static Server Small(string name, string value) => new() { Settings = { [name] = value } };

    private static ByteArrayContent Body(byte[] bytes, string? encoding = null)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> codec)
    {
        using var target = new MemoryStream();
        using (var stream = codec(target))
            stream.Write(bytes);
        return target.ToArray();
    }

    private static async Task<HttpResponseMessage> PostAsync(Server server, HttpContent content) => await server.Streaming().PostAsync(new Uri("/fhir/$assess", UriKind.Relative), content);

    [Fact]
    public async Task A_body_over_the_limit_is_413()
    {
        await using var server = Small("MaxBodyBytes", "2000");
        Assert.Equal("body-too-large", Assert.Single(await (await PostAsync(server, Body(new byte[2_001]))).OutcomeAsync(HttpStatusCode.RequestEntityTooLarge)).Code);
    }

    [Fact]
    public async Task A_body_over_the_limit_of_unknown_length_is_413()
    {
        await using var server = Small("MaxBodyBytes", "2000");
        var unknown = new StreamContent(new Unannounced(10_000));
        unknown.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        Assert.Equal("body-too-large", Assert.Single(await (await PostAsync(server, unknown)).OutcomeAsync(HttpStatusCode.RequestEntityTooLarge)).Code);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_bomb_stops_at_the_limit(string encoding)
    {
        await using var server = Small("MaxBodyBytes", "1000000");
        var bomb = Compress(new byte[100_000_000], target => encoding == "gzip" ? new GZipStream(target, CompressionLevel.Fastest) : new BrotliStream(target, CompressionLevel.Fastest));
        Assert.InRange(bomb.Length, 1, 1_000_000);
        Assert.Equal("body-too-large", Assert.Single(await (await PostAsync(server, Body(bomb, encoding))).OutcomeAsync(HttpStatusCode.RequestEntityTooLarge)).Code);
    }

    [Fact]
    public async Task Too_many_entries_are_413()
    {
        await using var server = Small("MaxEntries", "3");
        var entries = string.Join(',', Enumerable.Range(0, 4).Select(static n => $$$"""{"resource":{"resourceType":"Patient","id":"p{{{n}}}"}}"""));
        Assert.Equal("too-many-entries", Assert.Single(await (await server.AssessAsync($$"""{"resourceType":"Bundle","type":"collection","entry":[{{entries}}]}""")).OutcomeAsync(HttpStatusCode.RequestEntityTooLarge)).Code);
    }

    [Fact]
    public async Task A_body_that_unfolds_to_too_many_values_is_413()
    {
        await using var server = Small("MaxValues", "100000");
        var wide = $"{{\"resourceType\":\"Bundle\",\"entry\":[{string.Join(',', Enumerable.Repeat("{}", 400_000))}]}}";
        Assert.Equal("body-too-large", Assert.Single(await (await server.AssessAsync(wide)).OutcomeAsync(HttpStatusCode.RequestEntityTooLarge)).Code);
    }

    [Fact]
    public async Task Too_many_requests_are_429_and_say_when_to_come_back()
    {
        await using var server = Small("RequestsPerMinute", "2");
        var client = server.CreateClient();
        var metadata = new Uri("/fhir/metadata", UriKind.Relative);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(metadata)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(metadata)).StatusCode);
        var refused = await client.GetAsync(metadata);
        Assert.Equal("too-many-requests", Assert.Single(await refused.OutcomeAsync(HttpStatusCode.TooManyRequests)).Code);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_408()
    {
        await using var server = Small("BodyTimeoutSeconds", "1");
        var slow = new StreamContent(new Stalled());
        slow.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        Assert.Equal("body-timeout", Assert.Single(await (await PostAsync(server, slow)).OutcomeAsync(HttpStatusCode.RequestTimeout)).Code);
    }

    [Theory]
    [InlineData("gzip", "body-encoding-broken", HttpStatusCode.BadRequest)]
    [InlineData("br", "body-encoding-broken", HttpStatusCode.BadRequest)]
    [InlineData("deflate", "unsupported-encoding", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_is_not_as_encoded_as_it_says_is_refused(string encoding, string code, HttpStatusCode status)
    {
        await using var server = new Server();
        Assert.Equal(code, Assert.Single(await (await PostAsync(server, Body(Encoding.UTF8.GetBytes("{\"resourceType\":\"Bundle\"}"), encoding))).OutcomeAsync(status)).Code);
    }

    [Fact]
    public async Task Options_that_make_no_sense_stop_the_service_at_its_start()
    {
        await using var server = Small("MaxBodyBytes", "-1");
        Assert.ThrowsAny<Exception>(() => server.CreateClient());
    }

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class Unannounced(int left) : Stalled
    {
        private int _left = left;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var given = Math.Min(_left, buffer.Length);
            buffer.Span[..given].Fill((byte)' ');
            _left -= given;
            return ValueTask.FromResult(given);
        }
    }

    /// <summary>A body that arrives after seconds only.</summary>
    private class Stalled : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(TimeSpan.FromSeconds(4), cancellationToken);
            return 0;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
