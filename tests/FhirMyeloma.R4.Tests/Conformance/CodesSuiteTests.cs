using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>Codes in the official examples, judged without a terminology server.</summary>
public sealed class CodesSuiteTests(ITestOutputHelper output)
{
    [CorporaFact]
    public void Official_examples_have_codes_of_the_systems_that_are_known_in_full()
    {
        var suite = new Suite("r4-examples/codes", output);
        foreach (var file in CorporaTests.Manifest("r4-examples").Where(file => file.File.EndsWith(".json", StringComparison.Ordinal)))
        {
            var root = FhirJsonReader.Read(CorporaTests.Bytes("r4-examples", file.File)).Document!.Root;
            suite.Case(file.File, UnknownCode(root) is { } element ? $"{element.Path}: {element["code"].Text} is no code of {element["system"].Text}" : null);
        }
        suite.Finish();
    }

    private static Element? UnknownCode(Element element)
    {
        if (element.TypeName is "Coding" or "Quantity" && element["system"].Text is { } system && element["code"].Text is { } code && ValueSets.Core.IsCodeOf(system, code) is false)
            return element;
        foreach (var child in element.Children())
        {
            if (UnknownCode(child) is { } found)
                return found;
        }
        return null;
    }
}
