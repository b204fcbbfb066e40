using System.Net;
using System.Net.Http.Headers;

namespace FhirMyeloma.Service.Tests.Http;

public class Negotiating(Server server) : IClassFixture<Server>
{
    private async Task<HttpResponseMessage> MetadataAsync(string query = "", string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/fhir/metadata{query}", UriKind.Relative));
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await server.CreateClient().SendAsync(request);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/*")]
    [InlineData("application/json")]
    [InlineData("application/fhir+json")]
    [InlineData("application/fhir+json; fhirVersion=4.0")]
    [InlineData("application/FHIR+JSON;q=0.5, application/xml;q=0.4")]
    [InlineData("application/fhir+xml, application/fhir+json")]
    [InlineData("application/fhir+xml;q=0, */*;q=0.1")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")]
    public async Task Accepts_that_include_json_are_answered(string? accept) => await (await MetadataAsync(accept: accept)).ResourceAsync("CapabilityStatement");

    [Theory]
    [InlineData("application/fhir+turtle")]
    [InlineData("text/turtle")]
    [InlineData("application/fhir+xml;q=0, application/fhir+json;q=0")]
    [InlineData("application/fhir+json;q=0")]
    [InlineData("application/fhir+json; fhirVersion=3.0")]
    [InlineData("not a media type")]
    public async Task Accepts_of_other_formats_are_406(string accept)
    {
        var issues = await (await MetadataAsync(accept: accept)).OutcomeAsync(HttpStatusCode.NotAcceptable);
        Assert.Equal("not-acceptable", Assert.Single(issues).Code);
    }

    [Theory]
    [InlineData("?_format=json", "text/turtle")]
    [InlineData("?_format=application/json", "application/xml")]
    [InlineData("?_format=application/fhir%2Bjson", null)]
    [InlineData("?_format=application/fhir+json", null)]
    public async Task Format_wins_over_Accept(string query, string? accept) => await (await MetadataAsync(query, accept)).ResourceAsync("CapabilityStatement");

    [Theory]
    [InlineData("?_format=ttl")]
    [InlineData("?_format=application/fhir%2Bturtle")]
    [InlineData("?_format=")]
    [InlineData("?_format=json&_format=xml")]
    public async Task Another_format_is_406(string query) => await (await MetadataAsync(query, "application/fhir+json")).OutcomeAsync(HttpStatusCode.NotAcceptable);

    [Fact]
    public async Task Pretty_indents_and_changes_nothing_else()
    {
        var plain = await (await MetadataAsync()).Content.ReadAsStringAsync();
        var pretty = await (await MetadataAsync("?_pretty=true")).Content.ReadAsStringAsync();
        Assert.DoesNotContain('\n', plain);
        Assert.Contains("\n  \"url\"", pretty, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.Json.Nodes.JsonNode.Parse(pretty)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData("?_pretty=yes", "parameter-value")]
    [InlineData("?_count=3", "unknown-parameter")]
    [InlineData("?mode=terminology", "parameter-value")]
    public async Task A_parameter_that_is_not_known_is_refused_with_those_that_are(string query, string code) =>
        Assert.Equal(code, Assert.Single(await (await MetadataAsync(query)).OutcomeAsync(HttpStatusCode.BadRequest)).Code);

    [Fact]
    public async Task Fault_texts_do_not_repeat_what_was_sent()
    {
        var issues = await (await MetadataAsync("?_Maria=GarciaLopez")).OutcomeAsync(HttpStatusCode.BadRequest);
        Assert.DoesNotContain("Garcia", issues[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Maria", issues[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_answers_as_Get_without_a_body()
    {
        var answer = await server.CreateClient().SendAsync(new(HttpMethod.Head, new Uri("/fhir/metadata", UriKind.Relative)));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(answer.Headers.ETag);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_statement_that_one_has_is_304()
    {
        var tag = (await MetadataAsync()).Headers.ETag!;
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/fhir/metadata", UriKind.Relative));
        request.Headers.IfNoneMatch.Add(tag);
        Assert.Equal(HttpStatusCode.NotModified, (await server.CreateClient().SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Answers_are_compressed_for_whoever_accepts_it(string encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/fhir/metadata", UriKind.Relative));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        var answer = await server.CreateClient().SendAsync(request);
        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("case-4711", true)]
    [InlineData("with blank", false)]
    [InlineData("<script>", false)]
    public async Task A_request_id_that_may_stand_in_a_header_comes_back(string sent, bool echoed)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/fhir/metadata", UriKind.Relative));
        request.Headers.Add("X-Request-Id", sent);
        var answered = Assert.Single((await server.CreateClient().SendAsync(request)).Headers.GetValues("X-Request-Id"));
        Assert.Equal(echoed, answered == sent);
        Assert.NotEmpty(answered);
    }
}
