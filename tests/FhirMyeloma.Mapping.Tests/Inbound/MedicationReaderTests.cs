using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Inbound;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

public sealed class MedicationReaderTests
{
    [Theory]
    [InlineData("http://www.whocc.no/atc", "L01FC01", Drug.Daratumumab)]
    [InlineData("http://www.whocc.no/atc", "L01XC24", Drug.Daratumumab)]
    [InlineData("http://fhir.de/CodeSystem/bfarm/atc", "L01XC38", Drug.Isatuximab)]
    [InlineData("https://hospital.example/CodeSystem/ATC-WHO", "L01FC02", Drug.Isatuximab)]
    [InlineData("http://terminology.hl7.org/CodeSystem/HCPCS-all-codes", "J9145", Drug.Daratumumab)]
    [InlineData("http://www.nlm.nih.gov/research/umls/rxnorm", "2372199", Drug.Daratumumab)]
    [InlineData("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "J9227", Drug.Isatuximab)]
    [InlineData("http://www.whocc.no/atc", "L04AX04", Drug.Lenalidomide)]
    [InlineData("http://www.whocc.no/atc", "H02AB02", Drug.Dexamethasone)]
    public void A_drug_is_known_by_its_code(string system, string code, Drug drug)
    {
        var exposure = Assert.Single(Case(Coded(system, code)).Drugs);
        Assert.Equal((drug, ExposureEvidence.Administration, "2024-03-05"), (exposure.Drug, exposure.Evidence, exposure.Start!.Value.Text));
    }

    [Theory]
    [InlineData("completed", ExposureStatus.Counted)]
    [InlineData("in-progress", ExposureStatus.Counted)]
    [InlineData("stopped", ExposureStatus.Aborted)]
    [InlineData("unknown", ExposureStatus.Unknown)]
    [InlineData("not-done", null)]
    [InlineData("entered-in-error", null)]
    [InlineData("on-hold", null)]
    public void The_status_of_an_administration_decides(string status, ExposureStatus? standing)
    {
        var mapped = Map(Dose("Darzalex", status: status));
        Assert.Equal(standing, mapped.Patients[0].Case.Drugs.Select(exposure => (ExposureStatus?)exposure.Status).SingleOrDefault());
        Assert.Equal(standing is null, Codes(mapped).Contains(MappingIssues.StatusExcluded));
    }

    [Theory]
    [InlineData("""{"effectivePeriod":{"start":"2024-03-05","end":"2024-03-06"}}""", "2024-03-05")]
    [InlineData("""{"effectivePeriod":{"end":"2024-03-06"}}""", "2024-03-06")]
    [InlineData("""{"effectiveDateTime":"2024-02-14T00:30:00+01:00"}""", "2024-02-14")]
    [InlineData("""{"effectiveDateTime":"2024-02"}""", "2024-02")]
    [InlineData("""{"effectiveDateTime":"2024"}""", "2024")]
    public void An_administration_has_the_date_as_written(string effective, string date)
    {
        var dose = System.Text.Json.Nodes.JsonNode.Parse(Dose("Darzalex"))!.AsObject();
        dose.Remove("effectiveDateTime");
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(effective)!.AsObject())
            dose[name] = value!.DeepClone();
        var exposure = Assert.Single(Case(dose.ToJsonString()).Drugs);
        Assert.Equal((date, null), (exposure.Start!.Value.Text, exposure.End));
    }

    [Fact]
    public void A_dose_of_zero_was_not_given()
    {
        var mapped = Map(Dose("Darzalex", """ "dosage":{"dose":{"value":0,"unit":"mg"}} """));
        Assert.Empty(mapped.Patients[0].Case.Drugs);
        Assert.Contains(MappingIssues.DoseZero, Codes(mapped));
    }

    [Theory]
    [InlineData("completed", """ "effectivePeriod":{"start":"2024-01-01","end":"2024-02-01"} """, true, false)]
    [InlineData("active", """ "effectivePeriod":{"start":"2024-01-01"} """, true, true)]
    [InlineData("stopped", """ "effectivePeriod":{"start":"2024-01-01"} """, true, true)]
    [InlineData("completed", """ "effectiveDateTime":"2024-01-01" """, true, false)]
    [InlineData("intended", """ "effectiveDateTime":"2024-01-01" """, false, false)]
    [InlineData("not-taken", """ "effectiveDateTime":"2024-01-01" """, false, false)]
    [InlineData("unknown", """ "effectiveDateTime":"2024-01-01" """, false, false)]
    [InlineData("on-hold", """ "effectiveDateTime":"2024-01-01" """, false, false)]
    public void A_statement_counts_by_its_status_and_is_open_without_an_end(string status, string effective, bool counts, bool open)
    {
        var drugs = Case($$"""{"resourceType":"MedicationStatement","status":"{{status}}","medicationCodeableConcept":{"text":"Revlimid"},{{effective}}}""").Drugs;
        Assert.Equal(counts, drugs.Length == 1);
        Assert.All(drugs, exposure => Assert.Equal((ExposureEvidence.Statement, open), (exposure.Evidence, exposure.IsOpenPeriod)));
    }

    [Theory]
    [InlineData("active", "order", 1, 0)]
    [InlineData("completed", "order", 1, 0)]
    [InlineData("cancelled", "order", 0, 0)]
    [InlineData("active", "plan", 0, 1)]
    [InlineData("active", "proposal", 0, 0)]
    public void A_request_is_an_order_or_a_plan(string status, string intent, int orders, int plans)
    {
        var facts = Case($$"""{"resourceType":"MedicationRequest","status":"{{status}}","intent":"{{intent}}","medicationCodeableConcept":{"text":"Sarclisa"},"authoredOn":"2024-02-09"}""");
        Assert.Equal((orders, plans), (facts.Drugs.Length, facts.Plans.Length));
        Assert.All(facts.Drugs, exposure => Assert.Equal((ExposureEvidence.Order, "2024-02-09"), (exposure.Evidence, exposure.Start!.Value.Text)));
    }

    [Fact]
    public void A_Medication_is_followed_by_reference_contained_or_bundled_and_by_its_ingredients()
    {
        var medication = """{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"https://h.example/f","code":"F1"}],"text":"Producto F1"},"ingredient":[{"itemCodeableConcept":{"text":"carfilzomib"}}]}""";
        var bundled = """{"resourceType":"MedicationAdministration","status":"completed","medicationReference":{"reference":"Medication/m"},"effectiveDateTime":"2024-03-05"}""";
        Assert.Equal(Drug.Carfilzomib, Assert.Single(Case(medication, bundled).Drugs).Drug);
        var contained = """{"resourceType":"MedicationAdministration","status":"completed","contained":[{"resourceType":"Medication","id":"s","code":{"coding":[{"system":"http://www.whocc.no/atc","code":"L01FC02"}]}}],"medicationReference":{"reference":"#s"},"effectiveDateTime":"2024-03-05"}""";
        var exposure = Assert.Single(Case(contained).Drugs);
        Assert.Equal((Drug.Isatuximab, "MedicationAdministration/r1"), (exposure.Drug, exposure.Source.Value));
    }

    [Fact]
    public void A_combination_gives_every_ingredient()
    {
        var medication = """{"resourceType":"Medication","id":"m","code":{"text":"Kit"},"ingredient":[{"itemCodeableConcept":{"text":"bortezomib"}},{"itemCodeableConcept":{"text":"dexametasona"}},{"itemCodeableConcept":{"text":"hialuronidasa"}}]}""";
        var dose = """{"resourceType":"MedicationAdministration","status":"completed","medicationReference":{"reference":"Medication/m"},"effectiveDateTime":"2024-03-05"}""";
        Assert.Equal([Drug.Bortezomib, Drug.Dexamethasone], Case(medication, dose).Drugs.Select(exposure => exposure.Drug));
    }

    [Theory]
    [InlineData("""{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"1723735"}],"text":"daratumumab"}""", MappingIssues.CodeTextMismatch)]
    [InlineData("""{"coding":[{"system":"http://www.whocc.no/atc","code":"L01FX28"}],"text":"teclistamab"}""", MappingIssues.MisleadingCode)]
    [InlineData("""{"coding":[{"system":"http://www.whocc.no/atc","code":"L01FC01"},{"system":"http://www.whocc.no/atc","code":"L01FC02"}]}""", MappingIssues.ConflictingCodes)]
    [InlineData("""{"coding":[{"system":"https://h.example/f","code":"F9"}]}""", MappingIssues.UnmappedDrug)]
    [InlineData("""{"text":"Medicamento X"}""", MappingIssues.UnmappedDrug)]
    [InlineData("""{"text":"Aciclovir 400 mg"}""", MappingIssues.DrugNotUsed)]
    [InlineData("""{"coding":[{"system":"http://www.whocc.no/atc","code":"N02BE01"}]}""", MappingIssues.DrugNotUsed)]
    [InlineData("""{"coding":[{"system":"http://www.whocc.no/atc","code":"S01BA01","display":"dexamethasone"}]}""", MappingIssues.DrugNotUsed)]
    public void A_drug_that_is_not_clear_is_reported_and_not_guessed(string concept, string issue)
    {
        var mapped = Map($$"""{"resourceType":"MedicationAdministration","status":"completed","medicationCodeableConcept":{{concept}},"effectiveDateTime":"2024-03-05"}""");
        Assert.Empty(mapped.Patients[0].Case.Drugs);
        Assert.Contains(issue, Codes(mapped));
    }

    [Theory]
    [InlineData("""{"coding":[{"system":"http://snomed.info/sct","code":"47625008"}]}""", true)]
    [InlineData("""{"coding":[{"system":"http://snomed.info/sct","code":"34206005"}]}""", false)]
    [InlineData("""{"text":"vía intravenosa"}""", true)]
    [InlineData("""{"text":"SC"}""", false)]
    [InlineData("""{"text":"otra"}""", null)]
    public void The_route_says_whether_it_was_intravenous(string route, bool? intravenous) =>
        Assert.Equal(intravenous, Assert.Single(Case(Dose("melfalán", $$""" "dosage":{"route":{{route}},"dose":{"value":200,"unit":"mg"} } """)).Drugs).Intravenous);

    [Theory]
    [InlineData("Premedicación", TherapyIntent.Premedication)]
    [InlineData("stem cell mobilisation", TherapyIntent.Mobilisation)]
    [InlineData("Linfodepleción CAR-T", TherapyIntent.Lymphodepletion)]
    [InlineData("mantenimiento", TherapyIntent.Maintenance)]
    public void The_purpose_is_kept_when_stated(string reason, TherapyIntent intent) =>
        Assert.Equal(intent, Assert.Single(Case(Dose("ciclofosfamida", $$""" "reasonCode":[{"text":"{{reason}}"}] """)).Drugs).Intent);

    [Fact]
    public void A_CarePlan_is_one_planned_sequence()
    {
        var plan = """{"resourceType":"CarePlan","status":"active","intent":"plan","created":"2024-01-02","activity":[{"detail":{"status":"scheduled","productCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"L01XG01"}]}}},{"detail":{"status":"scheduled","code":{"text":"Trasplante autólogo de progenitores"}}},{"detail":{"status":"scheduled","description":"lenalidomida de mantenimiento"}}]}""";
        var planned = Assert.Single(Case(plan).Plans);
        Assert.Equal([Drug.Bortezomib, Drug.Lenalidomide], planned.Drugs.AsEnumerable());
        Assert.True(planned.Transplant);
        Assert.Equal("2024-01-02", planned.Start!.Value.Text);
    }

    private static string Coded(string system, string code) =>
        $$"""{"resourceType":"MedicationAdministration","status":"completed","medicationCodeableConcept":{"coding":[{"system":"{{system}}","code":"{{code}}"} ]},"effectiveDateTime":"2024-03-05"}""";
}
