using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Xml;

/// <summary>The named faults of <c>Data/faults.csv</c>, put into the same Bundle as XML.</summary>
public class NamedFaultsAsXmlTests
{
    /// <summary>Quotes around a number, missing or empty brackets: only JSON can get them wrong.</summary>
    private static readonly string[] OnlyInJson = ["number-as-string", "name-not-an-array", "empty-array"];

    private static readonly string Valid = File.ReadAllText(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Data", "valid-bundle.json"));
    private static readonly string ValidAsXml = Encoding.UTF8.GetString(FhirXmlWriter.Write(FhirJsonReader.Read(Encoding.UTF8.GetBytes(Valid)).Document!.Root));
    private static readonly Dictionary<string, object[]> InJson = Cases.Read("Data/faults.csv").ToDictionary(row => (string)row[0], StringComparer.Ordinal);

    public static IEnumerable<object[]> Table => Cases.Read("Xml/faults.csv");

    [Fact]
    public void Every_named_fault_that_XML_can_have_is_here() =>
        Assert.Equal(InJson.Keys.Except(OnlyInJson, StringComparer.Ordinal).Order(StringComparer.Ordinal), Table.Select(row => (string)row[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void The_bundle_without_a_fault_raises_no_alarm() => Assert.Empty(Found(FhirXmlReader.Read(Encoding.UTF8.GetBytes(ValidAsXml))));

    [Theory]
    [MemberData(nameof(Table))]
    public void A_named_fault_gives_the_same_issues_in_both_forms(string fault, string from, string to)
    {
        var json = FhirJsonReader.Read(Put(fault, Valid, (string)InJson[fault][1], (string)InJson[fault][2]));
        var xml = FhirXmlReader.Read(Put(fault, ValidAsXml, from, to));
        Assert.Equal(Found(json), Found(xml));
        Assert.All(xml.Issues, issue => Assert.Equal(1, issue.Place!.Value.Line));
    }

    private static byte[] Put(string fault, string bundle, string from, string to)
    {
        // The first place where it fits: patient, observation, administration and condition follow each other.
        var at = fault.StartsWith("administration", StringComparison.Ordinal) ? bundle.IndexOf("MedicationAdministration", StringComparison.Ordinal) : 0;
        at = fault.StartsWith("reference", StringComparison.Ordinal) ? bundle.IndexOf("Observation", StringComparison.Ordinal) : at;
        var place = bundle.IndexOf(from, at, StringComparison.Ordinal);
        Assert.True(place > 0, "the fault does not fit the bundle");
        return Encoding.UTF8.GetBytes(bundle[..place] + to + bundle[(place + from.Length)..]);
    }

    private static string Found(ReadResult read) =>
        string.Join('\n', Validator.R4.Validate(read).Select(issue => $"{issue.Severity} {issue.Code} {string.Join(',', issue.Expressions)}: {issue.Text}").Order(StringComparer.Ordinal));
}
