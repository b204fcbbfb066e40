using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>The expressions of R4's search parameters: each compiles and can be evaluated over the official examples of its types.</summary>
public class SearchParameterTests(ITestOutputHelper output)
{
    private static readonly FhirPathContext Context = new() { Lenient = true, Resolve = static (_, _) => default };

    [CorporaFact]
    public void Every_search_parameter_compiles_and_is_evaluated_over_the_examples()
    {
        var suite = new Suite("r4-definitions/search-parameters", output);
        var examples = CorporaTests.Manifest("r4-examples").Where(file => file.File.EndsWith(".json", StringComparison.Ordinal))
            .Select(file => FhirJsonReader.Read(CorporaTests.Bytes("r4-examples", file.File)).Document!.Root)
            .ToLookup(root => root.TypeName, StringComparer.Ordinal);
        using var definitions = JsonDocument.Parse(CorporaTests.Bytes("r4-definitions", "r4-searchparams.json"));
        var found = 0;
        foreach (var parameter in definitions.RootElement.GetProperty("searchParameters").EnumerateArray())
        {
            if (!parameter.TryGetProperty("expr", out var text) || text.GetString() is not { Length: > 0 } expression)
            {
                suite.Skip();
                continue;
            }
            var bases = parameter.GetProperty("base").EnumerateArray().Select(type => type.GetString()!);
            suite.Case(parameter.GetProperty("id").GetString()!, Fault(expression, bases.SelectMany(type => examples[type].Take(5)), ref found));
        }
        output.WriteLine($"{found} values found");
        Assert.True(found > 1_000, "the expressions must find something");
        suite.Finish();
    }

    private static string? Fault(string text, IEnumerable<Element> resources, ref int found)
    {
        try
        {
            var expression = FhirPathExpression.Compile(text);
            foreach (var resource in resources)
                found += expression.Evaluate(resource, Context).Count;
            return null;
        }
        catch (FhirPathException fault)
        {
            return fault.Message;
        }
    }
}
