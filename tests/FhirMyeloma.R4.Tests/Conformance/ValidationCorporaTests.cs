using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>Real resources of others under full validation: an error is reported only where a file breaks R4.</summary>
public class ValidationCorporaTests(ITestOutputHelper output)
{
    [CorporaFact]
    public void Official_examples_are_valid_but_for_the_known_bad_ones() => Run("r4-examples/validation", "r4-examples");

    [CorporaFact]
    public void Bundles_of_others_break_R4_only_where_it_is_listed() => Run("bundles/validation", "bundles");

    private void Run(string name, string corpus)
    {
        var suite = new Suite(name, output);
        foreach (var file in CorporaTests.Manifest(corpus).Where(file => Path.GetExtension(file.File) is ".json" or ".xml"))
        {
            var bytes = CorporaTests.Bytes(corpus, file.File);
            var read = file.File.EndsWith(".xml", StringComparison.Ordinal) ? FhirXmlReader.Read(bytes) : FhirJsonReader.Read(bytes);
            suite.Case(file.File, Validator.R4.Validate(read).FirstOrDefault(issue => issue.IsError) is { } error ? $"{error.Expressions.FirstOrDefault()}: {Rule(error)}" : null);
        }
        suite.Finish();
    }

    private static string Rule(Issue error) => error.Code == IssueCodes.Invariant ? error.Diagnostics!.Split(':')[0] : error.Code;
}
