using System.Globalization;
using System.Text;
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
    public void Official_examples_are_valid_but_for_the_known_bad_ones() => Run("r4-examples/validation", "r4-examples", new());

    [CorporaFact]
    public void Bundles_of_others_break_R4_only_where_it_is_listed()
    {
        var errors = new StringBuilder("# Every error that full validation reports on the bundles of others: file | code | place | text. Each was compared with the file and R4.\n");
        Run("bundles/validation", "bundles", errors);
        if (!Repo.CorporaNamed)
            Golden.Check("tests/FhirMyeloma.R4.Tests/Conformance/bundle-errors.txt", errors.ToString());
    }

    private void Run(string name, string corpus, StringBuilder errors)
    {
        var suite = new Suite(name, output);
        foreach (var file in CorporaTests.Manifest(corpus).Where(file => Path.GetExtension(file.File) is ".json" or ".xml"))
        {
            var bytes = CorporaTests.Bytes(corpus, file.File);
            var read = file.File.EndsWith(".xml", StringComparison.Ordinal) ? FhirXmlReader.Read(bytes) : FhirJsonReader.Read(bytes);
            var found = Validator.R4.Validate(read).Where(issue => issue.IsError).ToList();
            suite.Case(file.File, found is [var first, ..] ? $"{first.Expressions.FirstOrDefault()}: {Rule(first)}" : null);
            foreach (var error in found)
                errors.Append(CultureInfo.InvariantCulture, $"{file.File} | {Rule(error)} | {error.Expressions.FirstOrDefault()} | {error.Text}\n");
        }
        suite.Finish();
    }

    private static string Rule(Issue error) => error.Code == IssueCodes.Invariant ? error.Diagnostics!.Split(':')[0] : error.Code;
}
