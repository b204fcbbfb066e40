using System.Net;
using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary><c>$validate</c> at the levels of the system and of a type.</summary>
public class Validating(Server server) : IClassFixture<Server>
{
    private const string Valid = """{"resourceType":"Observation","status":"final","code":{"text":"M-protein"},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2023-01-10","performer":[{"reference":"Organization/l"}],"valueQuantity":{"value":3.2,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}}""";
    private const string Faulty = """{"resourceType":"Observation","code":{"text":"M-protein"},"valueQuantiy":{"value":3.2}}""";

    private Task<HttpResponseMessage> PostAsync(string path, string body) => server.CreateClient().PostAsync(new Uri($"/fhir/{path}", UriKind.Relative), Server.Json(body));

    /// <summary>The issues; of All OK none.</summary>
    private async Task<List<(string Severity, string Type, string Code, string Text, string[] Expressions)>> IssuesAsync(string path, string body)
    {
        var answer = await PostAsync(path, body);
        return (await answer.Content.ReadAsStringAsync()).Contains("\"All OK\"", StringComparison.Ordinal) ? [] : await answer.OutcomeAsync(HttpStatusCode.OK);
    }

    private async Task<JsonElement> OutcomeAsync(string path, string body) => await (await PostAsync(path, body)).ResourceAsync("OperationOutcome");

    [Theory]
    [InlineData("$validate")]
    [InlineData("Observation/$validate")]
    [InlineData("$validate?mode=update&profile=http://hl7.org/fhir/StructureDefinition/Observation")]
    public async Task What_is_valid_is_All_OK(string path)
    {
        var body = path.Contains("update", StringComparison.Ordinal) ? Valid.Replace("\"status\"", "\"id\":\"m1\",\"status\"", StringComparison.Ordinal) : Valid;
        var issue = Assert.Single((await OutcomeAsync(path, body)).GetProperty("issue").EnumerateArray());
        Assert.Equal(("information", "informational", "All OK"), (issue.GetProperty("severity").GetString(), issue.GetProperty("code").GetString(), issue.GetProperty("details").GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("$validate")]
    [InlineData("Observation/$validate")]
    public async Task What_is_not_is_200_with_every_issue_at_its_place(string path)
    {
        var issues = await IssuesAsync(path, Faulty);
        Assert.Contains(issues, static issue => issue is { Severity: "error", Code: "element-missing" } && issue.Expressions.Contains("Observation", StringComparer.Ordinal));
        Assert.Contains(issues, static issue => issue is { Severity: "error", Code: "unknown-element" } && issue.Expressions[0] == "Observation.valueQuantiy" && issue.Text.Contains("'valueQuantity'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resource_in_Parameters_is_judged_alone_and_named_in_its_place()
    {
        var issues = await IssuesAsync("$validate", $$"""
            {"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"create"},
              {"name":"resource","resource":{{Faulty}}}]}
            """);
        Assert.Contains(issues, static issue => issue.Code == "unknown-element" && issue.Expressions[0] == "Parameters.parameter[1].resource.valueQuantiy");
        Assert.All(issues.Where(static issue => issue.Severity == "error").SelectMany(static issue => issue.Expressions), static place => Assert.StartsWith("Parameters.parameter[1].resource", place, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_are_those_of_what_was_posted()
    {
        var outcome = await OutcomeAsync("$validate", $"{{\"resourceType\":\"Parameters\",\n\"parameter\":[\n{{\"name\":\"resource\",\"resource\":\n{Faulty}\n}}]}}");
        var misspelt = outcome.GetProperty("issue").EnumerateArray().Single(static issue => issue.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString() == "unknown-element");
        Assert.Equal(4, misspelt.GetProperty("extension").EnumerateArray().Single(static extension => extension.GetProperty("url").GetString()!.EndsWith("-line", StringComparison.Ordinal)).GetProperty("valueInteger").GetInt32());
    }

    [Fact]
    public async Task Parameters_without_a_resource_are_a_resource_themselves() =>
        Assert.Contains(await IssuesAsync("Parameters/$validate", """{"resourceType":"Parameters","parameter":[{"valueString":"x"}]}"""), static issue => issue.Expressions.Any(static place => place.StartsWith("Parameters.parameter[0]", StringComparison.Ordinal)));

    [Fact]
    public async Task Another_type_than_that_of_the_path_is_an_error_in_the_outcome()
    {
        var issues = await IssuesAsync("Patient/$validate", Valid);
        var issue = Assert.Single(issues, static issue => issue.Code == "type-mismatch");
        Assert.Equal("error", issue.Severity);
        Assert.Contains("/fhir/Observation/$validate", issue.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Observatio/$validate", "Observation")]
    [InlineData("patient/$validate", "Patient")]
    [InlineData("Resource/$validate", "")]
    [InlineData("Nonsense/$validate", "")]
    public async Task An_unknown_type_is_404_with_the_nearest(string path, string meant)
    {
        var issue = Assert.Single(await (await PostAsync(path, Valid)).OutcomeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-type", issue.Code);
        Assert.Contains(meant.Length > 0 ? $"did you mean {meant}? Names" : "of R4. Names", issue.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create", true, "information", "id-ignored")]
    [InlineData("update", false, "error", "id-missing")]
    [InlineData("delete", true, "warning", "delete-not-checked")]
    [InlineData("profile", true, "warning", "profile-not-named")]
    public async Task A_mode_adds_what_it_asks_for(string mode, bool hasId, string severity, string code)
    {
        var body = hasId ? Valid.Replace("\"status\"", "\"id\":\"m1\",\"status\"", StringComparison.Ordinal) : Valid;
        var issue = Assert.Single(await IssuesAsync($"Observation/$validate?mode={mode}", body));
        Assert.Equal((severity, code), (issue.Severity, issue.Code));
    }

    [Fact]
    public async Task Delete_needs_no_resource() =>
        Assert.Equal("delete-not-checked", Assert.Single(await IssuesAsync("$validate", """{"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"delete"}]}""")).Code);

    [Theory]
    [InlineData("?profile=https://fhirmyeloma.org/fhir/StructureDefinition/anti-cd38-washout", Valid)]
    [InlineData("", """{"resourceType":"Parameters","parameter":[{"name":"profile","valueUri":"https://fhirmyeloma.org/fhir/StructureDefinition/anti-cd38-washout"},{"name":"resource","resource":""" + Valid + "}]}")]
    [InlineData("", """{"resourceType":"Parameters","parameter":[{"name":"profile","valueCanonical":"https://fhirmyeloma.org/fhir/StructureDefinition/anti-cd38-washout"},{"name":"resource","resource":""" + Valid + "}]}")]
    public async Task A_named_profile_is_checked(string query, string body) =>
        Assert.Contains(await IssuesAsync($"$validate{query}", body), static issue => issue.Severity == "error" && issue.Text.Contains("anti-cd38-washout", StringComparison.Ordinal));

    [Fact]
    public async Task A_claimed_profile_is_checked() =>
        Assert.Contains(
            await IssuesAsync("$validate", Valid.Replace("\"status\"", "\"meta\":{\"profile\":[\"https://fhirmyeloma.org/fhir/StructureDefinition/anti-cd38-washout\"]},\"status\"", StringComparison.Ordinal)),
            static issue => issue.Severity == "error" && issue.Text.Contains("anti-cd38-washout", StringComparison.Ordinal));

    [Fact]
    public async Task Several_profiles_are_all_checked()
    {
        var issues = await IssuesAsync("$validate?profile=https://fhirmyeloma.org/fhir/StructureDefinition/iss-stage&profile=https://fhirmyeloma.org/fhir/StructureDefinition/mrd-status", Valid);
        Assert.Contains(issues, static issue => issue.Text.Contains("iss-stage", StringComparison.Ordinal));
        Assert.Contains(issues, static issue => issue.Text.Contains("mrd-status", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_profile_that_nobody_knows_is_an_error_in_the_outcome() =>
        Assert.Contains(await IssuesAsync("$validate?profile=https://example.org/nobody", Valid), static issue => issue is { Severity: "error" } && issue.Text.Contains("https://example.org/nobody", StringComparison.Ordinal));

    [Theory]
    [InlineData("?mode=destroy", "parameter-value")]
    [InlineData("?profile=", "parameter-value")]
    [InlineData("?mode=create&mode=update", "parameter-repeated")]
    [InlineData("?modus=create", "unknown-parameter")]
    public async Task What_may_not_be_said_is_400(string query, string code) =>
        Assert.Equal(code, Assert.Single(await (await PostAsync($"$validate{query}", Valid)).OutcomeAsync(HttpStatusCode.BadRequest)).Code);

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{}")]
    [InlineData("""{"resourceType":"Patient","id":"a","id":"b"}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"create"}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"resource","valueString":"x"}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"colour","valueString":"x"},{"name":"resource","resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient"}},{"name":"resource","resource":{"resourceType":"Patient"}}]}""")]
    public async Task What_cannot_be_judged_is_400(string body) => Assert.NotEmpty(await (await PostAsync("$validate", body)).OutcomeAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_type_that_R4_does_not_have_is_named_in_its_place_in_Parameters() =>
        Assert.Equal(["Parameters.parameter[0].resource"], Assert.Single(await IssuesAsync("$validate", """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patiet"}}]}""")).Expressions, StringComparer.Ordinal);

    [Fact]
    public async Task A_type_that_R4_does_not_have_is_an_error_in_the_outcome() =>
        Assert.Equal("resource-type-unknown", Assert.Single(await IssuesAsync("$validate", """{"resourceType":"Patiet"}""")).Code);

    [Fact]
    public async Task A_body_of_endless_nesting_is_400() =>
        await (await PostAsync("$validate", $"{{\"resourceType\":\"Patient\",\"extension\":[{string.Concat(Enumerable.Repeat("{\"extension\":[", 50_000))}")).OutcomeAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Get_is_405() => Assert.Equal(HttpStatusCode.MethodNotAllowed, (await server.CreateClient().GetAsync(new Uri("/fhir/$validate", UriKind.Relative))).StatusCode);

    [Fact]
    public async Task What_we_say_about_ourselves_is_valid()
    {
        foreach (var path in (string[])["/fhir/metadata", "/fhir/StructureDefinition", "/fhir/StructureDefinition/imwg-response", "/fhir/OperationDefinition/validate", "/fhir/ConceptMap/drug-codes", "/fhir/nothing"])
        {
            var body = await (await server.CreateClient().GetAsync(new Uri(path, UriKind.Relative))).Content.ReadAsStringAsync();
            Assert.All(await IssuesAsync("$validate", body), issue => Assert.True(issue.Severity is "information", $"{path}: {issue}"));
        }
    }

    [Theory]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:6f1d6f0e-6c1c-4a52-9c0b-1d7d5b1f4a11","resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:00000000-6c1c-4a52-9c0b-1d7d5b1f4a11"}}}]}""", "reference-dangling")]
    [InlineData("""{"resourceType":"Patient","modifierExtension":[{"url":"https://example.org/not-known","valueBoolean":true}]}""", "modifier-extension-unknown")]
    public async Task What_assess_would_refuse_is_an_error(string body, string code) =>
        Assert.Contains(await IssuesAsync("$validate", body), issue => issue.Code == code && issue.Severity == "error");

    [Fact]
    public async Task What_is_derived_is_valid()
    {
        var derived = await (await server.AssessAsync(Server.Story(Published.Shown[0]))).Content.ReadAsStringAsync();
        Assert.All(await IssuesAsync("$validate", derived), static issue => Assert.True(issue.Severity is "information", issue.ToString()));
    }

    [Fact]
    public async Task Every_example_of_Swagger_executes()
    {
        using var document = JsonDocument.Parse(await server.CreateClient().GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative)));
        var examples = document.RootElement.GetProperty("components").GetProperty("examples");
        var contents = document.RootElement.GetProperty("paths").GetProperty("/fhir/$validate").GetProperty("post").GetProperty("requestBody").GetProperty("content");
        foreach (var content in contents.EnumerateObject())
        {
            foreach (var example in content.Value.GetProperty("examples").EnumerateObject())
            {
                var value = examples.GetProperty(example.Name).GetProperty("value");
                var body = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                var answer = await server.CreateClient().PostAsync(new Uri("/fhir/$validate", UriKind.Relative), Server.Json(body, content.Name));
                var issues = (await answer.ResourceAsync("OperationOutcome")).GetProperty("issue").EnumerateArray().ToList();
                Assert.Equal(example.Name.Contains("faulty", StringComparison.Ordinal), issues.Any(static issue => issue.GetProperty("severity").GetString() == "error"));
            }
        }
    }
}
