using System.Net;
using System.Text;
using System.Xml.Linq;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Xml;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>XML in and out, on every endpoint under <c>/fhir</c>.</summary>
public class SpeakingXml(Server server) : IClassFixture<Server>
{
    private static readonly XNamespace _fhir = "http://hl7.org/fhir";

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string sent = "application/fhir+xml", string? accept = "application/fhir+xml")
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
            request.Content = Server.Json(body, sent);
        return await server.CreateClient().SendAsync(request);
    }

    private static async Task<XElement> XmlAsync(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode}: {body}");
        Assert.Equal("application/fhir+xml; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Contains("Accept", answer.Headers.Vary, StringComparer.Ordinal);
        var root = XElement.Parse(body);
        Assert.Equal(_fhir + type, root.Name);
        return root;
    }

    private static string StoryAsXml() => Encoding.UTF8.GetString(FhirXmlWriter.Write(FhirJsonReader.Read(Encoding.UTF8.GetBytes(Server.Story(Published.Shown[0]))).Document!.Root));

    [Theory]
    [InlineData("application/fhir+xml")]
    [InlineData("application/xml")]
    [InlineData("text/xml")]
    public async Task A_story_in_XML_is_the_same_story(string type)
    {
        var fromXml = await (await SendAsync(HttpMethod.Post, "/fhir/$assess", StoryAsXml(), type, accept: null)).ResourceAsync("Bundle");
        var fromJson = await (await server.AssessAsync(Server.Story(Published.Shown[0]))).ResourceAsync("Bundle");
        Assert.Equal(Results(fromJson), Results(fromXml));

        static string[] Results(System.Text.Json.JsonElement bundle) =>
            [.. bundle.GetProperty("entry").EnumerateArray().Where(static entry => entry.GetProperty("resource").GetProperty("resourceType").GetString() is "Patient" or "Observation").Select(static entry => entry.GetRawText())];
    }

    [Fact]
    public async Task The_answer_in_XML_is_the_answer_in_JSON()
    {
        var answer = await SendAsync(HttpMethod.Post, "/fhir/$assess", Server.Story(Published.Shown[0]), "application/fhir+json");
        await XmlAsync(answer, HttpStatusCode.OK, "Bundle");
        var read = FhirXmlReader.Read(await answer.Content.ReadAsByteArrayAsync());
        Assert.False(read.HasErrors);
        var json = await (await server.AssessAsync(Server.Story(Published.Shown[0]))).Content.ReadAsStringAsync();
        Assert.Equal(Untimed(json), Untimed(Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(read.Document!.Root))));

        static string Untimed(string bundle) => System.Text.RegularExpressions.Regex.Replace(bundle, "\"(timestamp|recorded)\":\"[^\"]+\"", "", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("/fhir/metadata", "CapabilityStatement")]
    [InlineData("/fhir/metadata?_pretty=true", "CapabilityStatement")]
    [InlineData("/fhir/StructureDefinition/imwg-response", "StructureDefinition")]
    [InlineData("/fhir/OperationDefinition", "Bundle")]
    public async Task Everything_that_is_read_comes_in_XML(string path, string type) => await XmlAsync(await SendAsync(HttpMethod.Get, path), HttpStatusCode.OK, type);

    [Theory]
    [InlineData("/fhir/metadata?_format=xml", "application/fhir+json")]
    [InlineData("/fhir/metadata?_format=application/fhir%2Bxml", null)]
    [InlineData("/fhir/metadata?_format=application/fhir+xml", null)]
    [InlineData("/fhir/metadata?_format=application/xml", "text/turtle")]
    [InlineData("/fhir/metadata", "application/xml")]
    [InlineData("/fhir/metadata", "text/xml;q=0.5")]
    [InlineData("/fhir/metadata", "application/fhir+json;q=0.5, application/fhir+xml")]
    [InlineData("/fhir/metadata", "application/fhir+json;q=0, */*")]
    [InlineData("/fhir/metadata", "application/fhir+xml; fhirVersion=4.0")]
    public async Task XML_is_given_to_whoever_prefers_it(string path, string? accept) => await XmlAsync(await SendAsync(HttpMethod.Get, path, accept: accept), HttpStatusCode.OK, "CapabilityStatement");

    [Theory]
    [InlineData("GET", "/fhir/nothing", null, HttpStatusCode.NotFound)]
    [InlineData("GET", "/fhir/$assess", null, HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/fhir/ValueSet/nothing", null, HttpStatusCode.NotFound)]
    [InlineData("POST", "/fhir/$assess", "<Bundle", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/fhir/$assess?colour=red", "<Bundle/>", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/fhir/$assess", "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/></Bundle>", HttpStatusCode.UnprocessableEntity)]
    public async Task Refusals_are_XML_too(string method, string path, string? body, HttpStatusCode status) =>
        Assert.NotEmpty((await XmlAsync(await SendAsync(new(method), path, body), status, "OperationOutcome")).Elements(_fhir + "issue"));

    [Fact]
    public async Task Faults_in_XML_have_the_expressions_and_the_lines_of_the_XML()
    {
        var outcome = await XmlAsync(await SendAsync(HttpMethod.Post, "/fhir/Observation/$validate", "<Observation xmlns=\"http://hl7.org/fhir\">\n  <status value=\"finished\"/>\n  <code><text value=\"x\"/></code>\n</Observation>"), HttpStatusCode.OK, "OperationOutcome");
        var issue = Assert.Single(outcome.Elements(_fhir + "issue"), static issue => issue.Element(_fhir + "severity")!.Attribute("value")!.Value == "error");
        Assert.Equal("Observation.status", issue.Element(_fhir + "expression")!.Attribute("value")!.Value);
        Assert.Equal("2", issue.Elements(_fhir + "extension").Single(static extension => extension.Attribute("url")!.Value.EndsWith("-line", StringComparison.Ordinal)).Element(_fhir + "valueInteger")!.Attribute("value")!.Value);
    }

    [Fact]
    public async Task All_OK_in_XML()
    {
        var outcome = await XmlAsync(await SendAsync(HttpMethod.Post, "/fhir/$validate", await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "examples", "validate-valid.xml"))), HttpStatusCode.OK, "OperationOutcome");
        Assert.Equal("All OK", Assert.Single(outcome.Descendants(_fhir + "text")).Attribute("value")!.Value);
    }

    [Theory]
    [InlineData("<!DOCTYPE Bundle [<!ENTITY a \"b\">]><Bundle xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<!DOCTYPE Bundle SYSTEM \"file:///etc/passwd\"><Bundle xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("{\"resourceType\":\"Bundle\"}")]
    [InlineData("")]
    [InlineData("<Bundle/>")]
    public async Task XML_that_is_not_FHIR_is_400(string body) =>
        await XmlAsync(await SendAsync(HttpMethod.Post, "/fhir/$validate", body), HttpStatusCode.BadRequest, "OperationOutcome");

    [Fact]
    public async Task Faults_of_XML_are_found_in_Parameters_too()
    {
        var outcome = await XmlAsync(await SendAsync(HttpMethod.Post, "/fhir/$validate", "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"resource\"/><resource>\n<Patient><gender value=\"neither\"/><id value=\"a\"/></Patient></resource></parameter></Parameters>"), HttpStatusCode.OK, "OperationOutcome");
        var codes = outcome.Descendants(_fhir + "details").Select(static details => details.Descendants(_fhir + "code").Single().Attribute("value")!.Value).Order(StringComparer.Ordinal);
        Assert.Equal([IssueCodes.CodeNotInValueSet, IssueCodes.ElementOrder], codes, StringComparer.Ordinal);
        Assert.All(outcome.Descendants(_fhir + "extension").Where(static extension => extension.Attribute("url")!.Value.EndsWith("issue-line", StringComparison.Ordinal)), static line => Assert.Equal("2", line.Element(_fhir + "valueInteger")!.Attribute("value")!.Value));
    }

    [Fact]
    public async Task A_resource_in_Parameters_is_read_from_XML()
    {
        var outcome = await XmlAsync(await SendAsync(HttpMethod.Post, "/fhir/$validate", "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"resource\"/><resource><Patient><gender value=\"neither\"/></Patient></resource></parameter></Parameters>"), HttpStatusCode.OK, "OperationOutcome");
        Assert.Contains("Parameters.parameter[0].resource.gender", outcome.Descendants(_fhir + "expression").Select(static place => place.Attribute("value")!.Value), StringComparer.Ordinal);
    }
}
