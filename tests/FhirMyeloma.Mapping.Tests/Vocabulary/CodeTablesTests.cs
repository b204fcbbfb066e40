using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Vocabulary;

namespace FhirMyeloma.Mapping.Tests.Vocabulary;

public sealed class CodeTablesTests
{
    private static readonly HashSet<string> KnownToFail = ["33944-8", "33945-5", "32730-5", "98847-0"];

    [Theory]
    [InlineData("lab-codes.csv")]
    [InlineData("condition-codes.csv")]
    [InlineData("procedure-codes.csv")]
    [InlineData("answer-codes.csv")]
    [InlineData("stage-codes.csv")]
    public void Every_code_but_the_four_known_fakes_has_a_right_check_digit(string table)
    {
        foreach (var row in VocabularyTable.Read(table))
            Assert.True(CheckDigits.Holds(row[0], row[1]) != KnownToFail.Contains(row[1]), $"{table}: {row[0]} {row[1]}");
    }

    [Theory]
    [InlineData("109989006", true)]
    [InlineData("109989007", false)]
    [InlineData("127911000119105", true)]
    [InlineData("12345", false)]
    public void A_snomed_identifier_is_judged_by_verhoeff(string code, bool holds) => Assert.Equal(holds, CheckDigits.IsSnomed(code));

    [Theory]
    [InlineData("LA9633-4", true)]
    [InlineData("33944-0", true)]
    [InlineData("33944-1", false)]
    [InlineData("GLUCOSE", false)]
    public void A_loinc_code_is_judged_by_its_last_digit(string code, bool holds) => Assert.Equal(holds, CheckDigits.IsLoinc(code));

    [Theory]
    [InlineData("33647-9")]
    [InlineData("56766-9")]
    [InlineData("44932-2")]
    [InlineData("50792-1")]
    [InlineData("32730-5")]
    [InlineData("11050-2")]
    [InlineData("11051-0")]
    [InlineData("33944-8")]
    [InlineData("33945-5")]
    [InlineData("1953-9")]
    [InlineData("26098-4")]
    [InlineData("98847-0")]
    public void A_code_that_looks_right_and_is_not_is_a_trap(string code) => Assert.Equal(ObservationConcept.Trap, LabCodes.Find("loinc", code)!.Concept);

    [Theory]
    [InlineData("L01FX28")]
    [InlineData("L01FX31")]
    [InlineData("L01XL08")]
    public void A_drug_code_of_a_wrong_list_is_a_trap(string code) => Assert.True(DrugCodes.Find("atc", code)!.IsTrap);

    [Theory]
    [InlineData("http://www.whocc.no/atc")]
    [InlineData("http://fhir.de/CodeSystem/bfarm/atc")]
    [InlineData("https://terminologia.example/CodeSystem/ATC")]
    [InlineData("urn:oid:2.16.840.1.113883.6.73")]
    public void Atc_is_known_under_national_names(string system) =>
        Assert.Equal(Drug.Isatuximab, DrugCodes.Find(CodeSystems.Key(system), "L01FC02")!.Drug);

    [Theory]
    [InlineData("https://loinc.org/")]
    [InlineData("http://loinc.org")]
    [InlineData("urn:oid:2.16.840.1.113883.6.1")]
    public void Loinc_is_known_under_all_its_names(string system) => Assert.Equal(CodeSystems.Loinc, CodeSystems.Key(system));

    [Fact]
    public void Ixazomibs_number_never_means_daratumumab() => Assert.Equal(Drug.Ixazomib, DrugCodes.Find("rxnorm", "1723735")!.Drug);

    [Fact]
    public void Every_ingredient_has_a_name() =>
        Assert.All(Enum.GetValues<Drug>(), drug => Assert.Contains(VocabularyTable.Read("drug-names.csv"), row => string.Equals(row[0].Replace("-", "", StringComparison.Ordinal), drug.ToString(), StringComparison.OrdinalIgnoreCase)));
}
