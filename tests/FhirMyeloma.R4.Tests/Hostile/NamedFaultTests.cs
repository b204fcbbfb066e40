using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Hostile;

/// <summary>Eighteen faults that hospitals make, each put into an otherwise valid Bundle.</summary>
public class NamedFaultTests
{
    private static readonly string Valid = File.ReadAllText(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Data", "valid-bundle.json"));

    public static IEnumerable<object[]> Table => Cases.Read("Data/faults.csv");

    [Fact]
    public void The_bundle_without_a_fault_raises_no_alarm()
    {
        var result = FhirJsonReader.Read(Encoding.UTF8.GetBytes(Valid));
        Assert.Empty(Validator.R4.Validate(result));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_named_fault_is_caught_at_its_element(string fault, string from, string to, string code, string expression)
    {
        // The first place where it fits: patient, observation, administration and condition follow each other.
        var at = fault.StartsWith("administration", StringComparison.Ordinal) ? Valid.IndexOf("MedicationAdministration", StringComparison.Ordinal) : 0;
        at = fault.StartsWith("reference", StringComparison.Ordinal) ? Valid.IndexOf("Observation", StringComparison.Ordinal) : at;
        var place = Valid.IndexOf(from, at, StringComparison.Ordinal);
        Assert.True(place > 0, "the fault does not fit the bundle");

        var result = FhirJsonReader.Read(Encoding.UTF8.GetBytes(Valid[..place] + to + Valid[(place + from.Length)..]));

        var found = Validator.R4.Validate(result).Where(issue => issue.IsError).Select(issue => $"{issue.Code} {issue.Expressions[0]}");
        Assert.Equal($"{code} {expression}", string.Join("; ", found));
    }

    [Fact]
    public void Eighteen_faults_are_named() => Assert.Equal(18, Table.Count());
}
