using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

public sealed class PlanReaderTests
{
    private const string Stated = """ "category":[{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input","code":"line-stated"}]}], """;

    [Theory]
    [InlineData(Stated, "Line 2", 2)]
    [InlineData(Stated, "2", 2)]
    [InlineData(Stated, "Second line: Isa-Kd", 2)]
    [InlineData(Stated, "2ª línea", 2)]
    [InlineData(Stated, "Segunda línea de tratamiento", 2)]
    [InlineData(Stated, "Línea de tratamiento nº 3", 3)]
    [InlineData(Stated, "3L", 3)]
    [InlineData(""" "category":[{"text":"Line of therapy"}], """, "Third", null)]
    [InlineData(""" "category":[{"text":"Line of therapy"}], """, "3rd line", 3)]
    [InlineData(""" "category":[{"text":"Línea de tratamiento 4"}], """, "Isa-Kd", 4)]
    [InlineData("", "Line 2: Isa-Kd", 2)]
    [InlineData("", "Línea 2 (Isa-Kd)", 2)]
    [InlineData("", "Second-line treatment", null)]
    [InlineData("", "Plan for line 2", null)]
    public void A_CarePlan_may_state_a_line(string category, string title, int? number)
    {
        var stated = Case(Plan(category, title, "active", "plan")).StatedLines;
        Assert.Equal(number, stated.Length == 0 ? null : Assert.Single(stated).Number);
        if (number is not null)
            Assert.Equal(("2024-03-01", "2024-09-01"), (stated[0].Start.Text, stated[0].End!.Value.Text));
    }

    [Theory]
    [InlineData("draft", "plan")]
    [InlineData("unknown", "plan")]
    [InlineData("active", "proposal")]
    [InlineData("active", "option")]
    [InlineData("revoked", "plan")]
    [InlineData("entered-in-error", "plan")]
    public void Drafts_and_proposals_state_nothing(string status, string intent) =>
        Assert.Empty(Case(Plan(Stated, "Line 2", status, intent)).StatedLines);

    [Fact]
    public void A_stated_line_without_number_is_told() =>
        Assert.Contains(Map(Plan(Stated, "Isatuximab", "active", "plan")).Issues, issue => issue.Code == "value-not-understood");

    [Fact]
    public void A_CarePlan_wins_over_the_rules_and_is_marked()
    {
        var patient = Case(
            Dose("bortezomib", "2024-01-01"), Dose("bortezomib", "2024-02-01"), Dose("bortezomib", "2024-02-20"),
            Dose("bortezomib", "2024-03-05"), Dose("bortezomib", "2024-04-01"), Plan(Stated, "Line 2", "active", "plan"));
        var lines = Derivation.Derive(patient, DerivationPolicy.Default).Lines;
        Assert.Equal("1 2024-01-01 FirstTherapy | 2 2024-03-05 Curated", string.Join(" | ", lines.Select(line => $"{line.Number} {line.First} {line.StartReason}")));
        Assert.Contains(Flag.Curated, lines[1].Flags);
        Assert.Equal(Confidence.High, lines[1].Confidence);
        Assert.Contains(lines[1].Sources, source => source.Value.StartsWith("CarePlan", StringComparison.Ordinal));
    }

    [Fact]
    public void A_planned_tandem_is_read_from_the_text()
    {
        var planned = Assert.Single(Case("""{"resourceType":"CarePlan","status":"active","intent":"plan","created":"2024-01-02","title":"Bortezomib, lenalidomide and dexamethasone, then tandem autologous transplant"}""").Plans);
        Assert.True(planned.Tandem);
        Assert.True(planned.Transplant);
        Assert.Equal([Drug.Bortezomib, Drug.Lenalidomide, Drug.Dexamethasone], planned.Drugs.AsEnumerable());
    }

    private static string Dose(string drug, string day) =>
        $$"""{"resourceType":"MedicationAdministration","status":"completed","medicationCodeableConcept":{"text":"{{drug}}"},"effectiveDateTime":"{{day}}"}""";

    private static string Plan(string category, string title, string status, string intent) =>
        $$"""{"resourceType":"CarePlan","status":"{{status}}","intent":"{{intent}}",{{category}}"title":"{{title}}","period":{"start":"2024-03-01","end":"2024-09-01"} }""";
}
