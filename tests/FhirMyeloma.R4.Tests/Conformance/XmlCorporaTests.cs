using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>The official examples as XML.</summary>
public class XmlCorporaTests(ITestOutputHelper output)
{
    [CorporaFact]
    public void Both_forms_of_an_example_are_the_same_resource_with_the_same_issues()
    {
        var suite = new Suite("r4-examples/xml-pairs", output);
        foreach (var file in CorporaTests.Manifest("r4-examples").Where(file => file.File.EndsWith(".xml", StringComparison.Ordinal)))
        {
            var read = FhirXmlReader.Read(CorporaTests.Bytes("r4-examples", file.File));
            var json = CorporaTests.Bytes("r4-examples", Path.ChangeExtension(file.File, ".json"));
            suite.Case(file.File, read.Document is not { } document
                ? "unreadable: " + read.Issues[0].Text
                : CorporaTests.Difference(WithoutMeta(json), WithoutMeta(FhirJsonWriter.WriteAsRead(document.Root)), MeanTheSame) ?? Differing(FhirJsonReader.Read(json), read));
        }
        suite.Finish();
    }

    [CorporaFact]
    public void Examples_written_as_XML_come_back_with_the_same_members_and_the_same_digits()
    {
        var suite = new Suite("r4-examples/xml-round-trip", output);
        foreach (var file in CorporaTests.Manifest("r4-examples").Where(file => file.File.EndsWith(".json", StringComparison.Ordinal)))
        {
            var bytes = CorporaTests.Bytes("r4-examples", file.File);
            var json = FhirJsonReader.Read(bytes);
            var xml = FhirXmlReader.Read(FhirXmlWriter.Write(json.Document!.Root));
            suite.Case(file.File, xml.Document is not { } document
                ? "unreadable: " + xml.Issues[0].Text
                : CorporaTests.Difference(bytes, FhirJsonWriter.WriteAsRead(document.Root)) ?? Differing(json, xml));
        }
        suite.Finish();
    }

    /// <summary>The XML of these files carries a tag in the root's meta that the JSON lacks.</summary>
    private static byte[] WithoutMeta(byte[] json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        root.Remove("meta");
        return JsonSerializer.SerializeToUtf8Bytes(root);
    }

    /// <summary>The JSON of these files was written by a program that has numbers as doubles and escapes quotes in narratives.</summary>
    private static bool MeanTheSame(JsonElement one, JsonElement other) => one.ValueKind == JsonValueKind.Number
        ? one.GetDouble().Equals(other.GetDouble())
        : one.ValueKind == JsonValueKind.String && one.GetString() is ['<', ..] left && other.GetString() is ['<', ..] right && XNode.DeepEquals(XElement.Parse(left), XElement.Parse(right));

    private static string? Differing(ReadResult one, ReadResult other)
    {
        var difference = Said(one).Except(Said(other), StringComparer.Ordinal).Concat(Said(other).Except(Said(one), StringComparer.Ordinal)).ToList();
        return difference.Count == 0 ? null : "only one form has " + string.Join("; ", difference);
    }

    private static IEnumerable<string> Said(ReadResult read) => read.Issues.Select(issue => $"{issue.Code} {issue.Expressions.FirstOrDefault()}");
}
