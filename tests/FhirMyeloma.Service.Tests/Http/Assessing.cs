using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Http;

public class Assessing(Server server) : IClassFixture<Server>
{
    private const string First = "case-1-isatuximab-35-days-after-daratumumab";

    private static string[] Codes(JsonElement bundle) => [.. bundle.GetProperty("entry").EnumerateArray()
        .Select(static entry => entry.GetProperty("resource"))
        .Where(static resource => resource.GetProperty("resourceType").GetString() == "Observation")
        .Select(static resource => resource.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!)];

    /// <summary>All entries but the OperationOutcome, without the times at which they were made.</summary>
    private static string Facts(JsonElement bundle) => string.Join('\n', bundle.GetProperty("entry").EnumerateArray()
        .Select(static entry => System.Text.RegularExpressions.Regex.Replace(entry.GetRawText(), "\"recorded\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)))
        .Where(static entry => !entry.Contains("\"OperationOutcome\"", StringComparison.Ordinal)));

    [Fact]
    public async Task A_hospital_bundle_gives_the_derived_Bundle()
    {
        var bundle = await (await server.AssessAsync(Server.Story(First))).ResourceAsync("Bundle");
        Assert.Equal("collection", bundle.GetProperty("type").GetString());
        var types = bundle.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("resource").GetProperty("resourceType").GetString()).ToList();
        Assert.Equal("Patient", types[0]);
        Assert.Equal("OperationOutcome", types[^1]);
        Assert.Contains("anti-cd38-washout", Codes(bundle), StringComparer.Ordinal);
        Assert.Contains("imwg-response", Codes(bundle), StringComparer.Ordinal);
        Assert.Equal(types.Count(static type => type == "Observation"), types.Count(static type => type == "Provenance"));
    }

    [Fact]
    public async Task Parameters_with_the_Bundle_give_the_same_as_the_Bundle_with_a_query()
    {
        var story = Server.Story(First);
        var bare = await (await server.AssessAsync(story, "?urine-policy=strict")).ResourceAsync("Bundle");
        var wrapped = await (await server.AssessAsync($$"""{"resourceType":"Parameters","parameter":[{"name":"urine-policy","valueCode":"strict"},{"name":"bundle","resource":{{story}}}]}""")).ResourceAsync("Bundle");
        Assert.Equal(Facts(bare), Facts(wrapped));
    }

    [Fact]
    public async Task Every_value_of_every_parameter_is_answered()
    {
        foreach (var parameter in AssessChoice.Parameters)
        {
            foreach (var value in parameter.Values)
                await (await server.AssessAsync(Server.Story(First), $"?{parameter.Name}={value}")).ResourceAsync("Bundle");
        }
    }

    [Fact]
    public async Task A_policy_that_decided_stands_in_the_Provenance_and_one_that_did_not_does_not()
    {
        var story = Server.Story(First);
        var strict = await (await server.AssessAsync(story, "?urine-policy=strict&nadir=lowest")).ResourceAsync("Bundle");
        var named = Policies(strict);
        Assert.Contains("https://fhirmyeloma.org/fhir/policy/urine-policy/strict", named);
        Assert.DoesNotContain("https://fhirmyeloma.org/fhir/policy/nadir/lowest", named);
        Assert.DoesNotContain(Policies(await (await server.AssessAsync(story)).ResourceAsync("Bundle")), static policy => policy.Contains("/policy/", StringComparison.Ordinal));

        static HashSet<string> Policies(System.Text.Json.JsonElement bundle) =>
        [
            .. bundle.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("resource"))
                .Where(static resource => resource.GetProperty("resourceType").GetString() == "Provenance")
                .SelectMany(static resource => resource.GetProperty("policy").EnumerateArray()).Select(static policy => policy.GetString()!),
        ];
    }

    [Theory]
    [InlineData("?rulesets=imwg-2016", "unknown-parameter", "ruleset, line-ruleset")]
    [InlineData("?ruleset=imwg-1999", "parameter-value", "imwg-2016, imwg-2006, imwg-2026-provisional")]
    [InlineData("?Ruleset=imwg-2016", "unknown-parameter", "ruleset")]
    [InlineData("?line-ruleset=RRS-2015", "parameter-value", "rrs-2015, rwd-28-90, cibmtr")]
    [InlineData("?urine-policy=", "parameter-value", "strict")]
    [InlineData("?nadir=deepest", "parameter-value", "confirmed, lowest")]
    [InlineData("?progression-confirmation=one", "parameter-value", "two-samples, two-markers")]
    [InlineData("?measurable-disease=0.5", "parameter-value", "imwg, serum-0.5-non-igg, serum-0.5")]
    [InlineData("?flc-minimal-response=yes", "parameter-value", "off, on")]
    [InlineData("?new-therapy=FDA", "parameter-value", "censors, ignored")]
    [InlineData("?missed-assessments=two", "parameter-value", "ignored, censors")]
    [InlineData("?language=fr", "parameter-value", "en, es")]
    [InlineData("?language=en&language=es", "parameter-repeated", "language")]
    public async Task What_may_not_be_said_is_400_with_what_may(string query, string code, string allowed)
    {
        var issue = Assert.Single(await (await server.AssessAsync("""{"resourceType":"Bundle","type":"collection"}""", query)).OutcomeAsync(HttpStatusCode.BadRequest));
        Assert.Equal(code, issue.Code);
        Assert.Contains(allowed, issue.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"ruleset","valueCode":"imwg-1999"}""", "parameter-value", "Parameters.parameter[1]")]
    [InlineData("""{"name":"colour","valueCode":"red"}""", "unknown-parameter", "Parameters.parameter[1]")]
    [InlineData("""{"name":"bundle","resource":{"resourceType":"Bundle","type":"collection"}}""", "parameter-body", "Parameters.parameter")]
    public async Task Parameters_that_may_not_be_said_are_named_by_their_place(string parameter, string code, string expression)
    {
        var issue = Assert.Single(await (await server.AssessAsync($$$"""{"resourceType":"Parameters","parameter":[{"name":"bundle","resource":{"resourceType":"Bundle","type":"collection"}},{{{parameter}}}]}""")).OutcomeAsync(HttpStatusCode.BadRequest));
        Assert.Equal(code, issue.Code);
        Assert.Equal([expression], issue.Expressions, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Nonsense"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","type":"batch"}""")]
    [InlineData("""{"resourceType":"Parameters"}""")]
    [InlineData("<Bundle xmlns=\"http://hl7.org/fhir\"/>")]
    public async Task A_body_that_is_no_Bundle_is_400(string body) => Assert.NotEmpty(await (await server.AssessAsync(body)).OutcomeAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_400()
    {
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes("{\"resourceType\":\"Bundle\",\"id\":\""), 0xE9, .. Encoding.UTF8.GetBytes("\"}")]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        await (await server.CreateClient().PostAsync(new Uri("/fhir/$assess", UriKind.Relative), content)).OutcomeAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Nesting_beyond_64_is_400()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"extension\":[", 100_000));
        await (await server.AssessAsync($"{{\"resourceType\":\"Bundle\",\"extension\":[{deep}")).OutcomeAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Every_structural_fault_of_every_entry_is_named_in_one_422()
    {
        var issues = await (await server.AssessAsync("""
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"urn:uuid:6f1d6f0e-6c1c-4a52-9c0b-1d7d5b1f4a11","resource":{"resourceType":"Patient","gender":"neither","birthDate":"1960-13-01"}},
              {"resource":{"resourceType":"Observation","status":"final","subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000000"},"colour":"red"}}]}
            """)).OutcomeAsync(HttpStatusCode.UnprocessableEntity);
        string[] places = [.. issues.Where(static issue => issue.Severity is "error" or "fatal").SelectMany(static issue => issue.Expressions)];
        Assert.Contains("Bundle.entry[0].resource.gender", places, StringComparer.Ordinal);
        Assert.Contains("Bundle.entry[0].resource.birthDate", places, StringComparer.Ordinal);
        Assert.Contains("Bundle.entry[1].resource.colour", places, StringComparer.Ordinal);
        Assert.Contains(places, static place => place.StartsWith("Bundle.entry[1].resource.subject", StringComparison.Ordinal));
        Assert.Contains(places, static place => place.StartsWith("Bundle.entry[1].resource", StringComparison.Ordinal) && !place.Contains("colour", StringComparison.Ordinal) && !place.Contains("subject", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Faults_of_a_Bundle_in_Parameters_are_placed_in_the_Parameters()
    {
        var issues = await (await server.AssessAsync("""
            {"resourceType":"Parameters","parameter":[{"name":"bundle","resource":{"resourceType":"Bundle","type":"collection","entry":[
              {"resource":{"resourceType":"Patient","gender":"neither","managingOrganization":{"reference":"#gone"}}}]}}]}
            """)).OutcomeAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Parameters.parameter[0].resource.entry[0].resource.gender", issues.SelectMany(static issue => issue.Expressions), StringComparer.Ordinal);
        Assert.All(issues.SelectMany(static issue => issue.Expressions), static place => Assert.StartsWith("Parameters.parameter[0].resource.entry[0]", place, StringComparison.Ordinal));
        Assert.Contains(issues, static issue => issue.Code == "reference-dangling");
    }

    [Fact]
    public async Task No_Patient_is_422() =>
        Assert.Contains(await (await server.AssessAsync("""{"resourceType":"Bundle","type":"collection"}""")).OutcomeAsync(HttpStatusCode.UnprocessableEntity), static issue => issue.Code == "no-patient");

    [Theory]
    [InlineData("application/xhtml+xml")]
    [InlineData("application/fhir+xml; charset=utf-16")]
    [InlineData("text/plain")]
    [InlineData("application/fhir+json; fhirVersion=5.0")]
    [InlineData("application/fhir+json; charset=iso-8859-1")]
    [InlineData(null)]
    public async Task Another_media_type_is_415(string? type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await server.CreateClient().PostAsync(new Uri("/fhir/$assess", UriKind.Relative), content);
        Assert.Equal("unsupported-media-type", Assert.Single(await answer.OutcomeAsync(HttpStatusCode.UnsupportedMediaType)).Code);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task A_compressed_body_is_the_same_body(string encoding)
    {
        using var bytes = new MemoryStream();
        using (Stream? codec = encoding switch { "gzip" => new GZipStream(bytes, CompressionLevel.Fastest, true), "br" => new BrotliStream(bytes, CompressionLevel.Fastest, true), _ => null })
            (codec ?? bytes).Write(Encoding.UTF8.GetBytes(Server.Story(First)));
        using var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=UTF-8");
        content.Headers.ContentEncoding.Add(encoding);
        var compressed = await (await server.CreateClient().PostAsync(new Uri("/fhir/$assess", UriKind.Relative), content)).ResourceAsync("Bundle");
        Assert.Equal(Facts(await (await server.AssessAsync(Server.Story(First))).ResourceAsync("Bundle")), Facts(compressed));
    }

    [Fact]
    public async Task Answers_about_patients_are_not_cached() => Assert.True((await server.AssessAsync("{}")).Headers.CacheControl!.NoStore);
}
