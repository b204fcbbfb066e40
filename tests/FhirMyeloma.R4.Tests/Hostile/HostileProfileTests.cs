using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.R4.Tests.Hostile;

public class HostileProfileTests
{
    private static string Definition(string type, string elements) => $$$"""
        {"resourceType":"StructureDefinition","url":"http://x.org/p","name":"p","status":"draft","kind":"resource","abstract":false,"type":"{{{type}}}",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/{{{type}}}","derivation":"constraint","differential":{"element":[{{{elements}}}]}}
        """;

    private static IEnumerable<string> Judge(string definition) =>
        Validator.R4.Validate(FhirJsonReader.Read(Encoding.UTF8.GetBytes(definition))).Where(issue => issue.Code == "definition-fault").Select(issue => issue.Text);

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void A_path_of_many_steps_ends_the_element_and_not_the_process(int steps)
    {
        var path = "Questionnaire" + string.Concat(Enumerable.Repeat(".item", steps));
        Assert.Contains(Judge(Definition("Questionnaire", $$"""{"id":"{{path}}","path":"{{path}}","min":1}""")), text => text.Contains("too many steps", StringComparison.Ordinal));
    }

    [Fact]
    public void Slices_in_slices_end_the_element_and_not_the_process()
    {
        var names = Enumerable.Range(1, 40).Select(count => string.Join('/', Enumerable.Repeat("a", count)));
        var elements = string.Join(',', names.Select(name => $$"""{"id":"Patient.name:{{name}}","path":"Patient.name","sliceName":"{{name}}"}"""));
        Assert.Contains(Judge(Definition("Patient", elements)), text => text.Contains("too many steps", StringComparison.Ordinal));
    }

    [Fact]
    public void Tens_of_thousands_of_slices_are_cut_off_and_said_once()
    {
        var elements = string.Join(',', Enumerable.Range(0, 25_000).Select(at => $$"""{"id":"Patient.name:s{{at}}","path":"Patient.name","sliceName":"s{{at}}"}"""));
        Assert.Single(Judge(Definition("Patient", elements)), text => text.Contains("too many elements", StringComparison.Ordinal));
    }
}
