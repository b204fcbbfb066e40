using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Tests.Json;

public class FhirJsonReaderTests
{
    public static IEnumerable<object[]> Structure => Cases.Read("Json/structure.csv");

    private static ReadResult Read(string json) => FhirJsonReader.Read(Encoding.UTF8.GetBytes(json));

    [Theory]
    [MemberData(nameof(Structure))]
    public void A_fault_is_named_with_its_element_and_its_place(string json, string code, string expression, string line, string column)
    {
        var result = Read(json);
        var issue = Assert.Single(result.Issues);
        Assert.NotNull(result.Document);
        Assert.Equal(
            (code, expression, IssueSeverity.Error, $"{line},{column}"),
            (issue.Code, string.Join(';', issue.Expressions), issue.Severity, $"{issue.Place?.Line},{issue.Place?.Column}"));
    }

    [Theory]
    [InlineData("", IssueCodes.JsonSyntax)]
    [InlineData("   ", IssueCodes.JsonSyntax)]
    [InlineData("{", IssueCodes.JsonSyntax)]
    [InlineData("{} {}", IssueCodes.JsonSyntax)]
    [InlineData("""{"resourceType":"Patient","id":"p1",}""", IssueCodes.JsonSyntax)]
    [InlineData("""{"resourceType":"Patient"} x""", IssueCodes.JsonSyntax)]
    [InlineData("""/* c */{"resourceType":"Patient"}""", IssueCodes.JsonSyntax)]
    [InlineData("[]", IssueCodes.ResourceTypeMissing)]
    [InlineData("5", IssueCodes.ResourceTypeMissing)]
    [InlineData("{}", IssueCodes.ResourceTypeMissing)]
    [InlineData("""{"id":"a"}""", IssueCodes.ResourceTypeMissing)]
    [InlineData("""{"resourceType":5}""", IssueCodes.ResourceTypeMissing)]
    [InlineData("""{"resourceType":"Patient","resourceType":"Patient"}""", IssueCodes.DuplicateKey)]
    [InlineData("""{"resourceType":"Patient","gender":"male","gender":"male"}""", IssueCodes.DuplicateKey)]
    [InlineData("""{"resourceType":"Patient","gender":"male","\u0067ender":"male"}""", IssueCodes.DuplicateKey)]
    [InlineData("""{"resourceType":"Patient","_gender":{"id":"a"},"_gender":{"id":"b"}}""", IssueCodes.DuplicateKey)]
    [InlineData("""{"resourceType":"Patient","name":[],"name":[]}""", IssueCodes.DuplicateKey)]
    [InlineData("""{"resourceType":"Patient","foo":1,"foo":2}""", IssueCodes.DuplicateKey)]
    [InlineData("""{"resourceType":"Patient","foo":{"a":[{"b":1,"\u0062":2}]}}""", IssueCodes.DuplicateKey)]
    [InlineData("""{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2024","deceasedBoolean":true}""", IssueCodes.DuplicateKey)]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"\ud83d"}]}""", IssueCodes.NotUtf8)]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"\ude00\ud83d"}]}""", IssueCodes.NotUtf8)]
    public void Some_input_cannot_be_read_at_all(string json, string code)
    {
        var result = Read(json);
        Assert.True(result.IsUnreadable);
        var issue = Assert.Single(result.Issues);
        Assert.Equal((code, IssueSeverity.Fatal), (issue.Code, issue.Severity));
        Assert.NotNull(issue.Place);
    }

    [Theory]
    [InlineData("{\n \"resourceType\": \"Patient\",\n \"name\": [ x ]\n}", 3, 12)]
    [InlineData("{\n \"name\": [ { \"family\": \"ñ\", } ],\n \"resourceType\": \"Patient\"\n}", 2, 29)]
    [InlineData("{\"resourceType\":\"Patient\"", 1, 26)]
    public void A_syntax_error_has_its_line_and_column(string json, int line, int column) =>
        Assert.Equal(new SourcePlace(line, column), Read(json).Issues[0].Place);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_at_their_place()
    {
        var issue = Assert.Single(FhirJsonReader.Read(Encoding.Latin1.GetBytes("{\n\"resourceType\":\"Muñoz\"}")).Issues);
        Assert.Equal((IssueCodes.NotUtf8, new SourcePlace(2, 19)), (issue.Code, issue.Place!.Value));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"\ud83d\ude00 \\ud83d"}]}""")]
    [InlineData("""{"resourceType":"Patient","_gender":{"extension":[{"url":"http://a","valueCode":"unknown"}]}}""")]
    [InlineData("""{"resourceType":"Patient","name":[{"_given":[null,{"id":"x"}],"given":["A",null]}]}""")]
    [InlineData("""{"gender":"male","resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Observation","_status":{"id":"a"},"code":{"text":"x"}}""")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","link":[{"other":{"reference":"#a"},"type":"seealso"}]}],"link":[{"other":{"reference":"#a"},"type":"seealso"}]}""")]
    [InlineData("""{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520"},"focus":[{"reference":"Medication/1"}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"bundle","resource":{"resourceType":"Bundle","type":"collection"}}]}""")]
    public void Good_resources_raise_no_issue(string json) => Assert.Empty(Read(json).Issues);

    [Fact]
    public void A_byte_order_mark_is_stepped_over() =>
        Assert.Empty(FhirJsonReader.Read("\uFEFF{\"resourceType\":\"Patient\"}"u8.ToArray()).Issues);

    [Fact]
    public void Reading_goes_on_after_every_fault()
    {
        var result = Read("""
            {
              "resourceType": "Observation",
              "status": "finished",
              "code": "x",
              "category": [],
              "effectiveDateTime": "yesterday",
              "colour": "red",
              "component": [ { "code": { "text": "x" }, "valueQuantity": { "value": "1" } } ]
            }
            """);
        Assert.Equal(
            "code-not-in-value-set 3, wrong-json-type 4, empty-array 5, primitive-format 6, unknown-element 7, wrong-json-type 8",
            string.Join(", ", result.Issues.Select(issue => $"{issue.Code} {issue.Place?.Line}")));
        Assert.Equal("Observation.component[0].value.value", result.Issues[^1].Expressions[0]);
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantiy":{"value":1}}""", "did you mean 'valueQuantity'?")]
    [InlineData("""{"resourceType":"Pateint"}""", "did you mean 'Patient'?")]
    [InlineData("""{"resourceType":"Patient","gender":"femal"}""", "did you mean 'female'?")]
    [InlineData("""{"resourceType":"Patient","birthdate":"1951"}""", "did you mean 'birthDate'?")]
    public void A_slip_of_the_pen_is_answered_with_the_right_word(string json, string hint) =>
        Assert.Contains(hint, Read(json).Issues[0].Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"Secreto\u0007"}]}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":"1951-13-01 Secreto"}""")]
    [InlineData("""{"resourceType":"Patient","identifier":"Secreto"}""")]
    [InlineData("""{"resourceType":"Patient","id":"Secreto de Ana"}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":"Secreto""")]
    [InlineData("""{"resourceType":"Patient","gender":"Secreto"}""")]
    [InlineData("""{"resourceType":"Condition","subject":{"display":"x"},"clinicalStatus":{"coding":[{"code":"Secreto"}]}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Medication/Secreto"}}""")]
    public void No_value_of_a_patient_gets_into_a_message(string json) =>
        Assert.All(Read(json).Issues, issue => Assert.DoesNotContain("Secreto", issue.ToString() + string.Concat(issue.Expressions), StringComparison.Ordinal));

    [Fact]
    public void Issues_are_capped_and_the_last_one_says_so()
    {
        var entries = string.Join(',', Enumerable.Repeat("""{"resource":{"resourceType":"Patient","gender":"x","birthDate":"x"}}""", 700));
        var issues = Read($$"""{"resourceType":"Bundle","type":"collection","entry":[{{entries}}]}""").Issues;
        Assert.Equal(1001, issues.Length);
        Assert.Equal(IssueCodes.IssuesLeftOut, issues[^1].Code);
        Assert.StartsWith("400 more issues", issues[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trusted_source_is_read_without_checking_values()
    {
        var result = FhirJsonReader.Read("""{"resourceType":"Patient","gender":"x"}"""u8.ToArray(), new ReadLimits(Check: false));
        Assert.Empty(result.Issues);
        Assert.Equal("x", result.Document!.Root["gender"].Text);
    }
}
