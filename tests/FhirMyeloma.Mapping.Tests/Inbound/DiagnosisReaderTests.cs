using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Mapping.Inbound;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

public sealed class DiagnosisReaderTests
{
    [Fact]
    public void The_first_myeloma_Condition_dates_the_diagnosis()
    {
        var diagnosis = Case(
            Condition("""{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"C90.02"}]}""", "2023-09-01"),
            Condition("""{"coding":[{"system":"http://snomed.info/sct","code":"109989006"}],"text":"Multiple myeloma, IgG kappa"}""", "2022-08-17"),
            Condition("""{"text":"MGUS IgG kappa"}""", "2015-01-01")).Diagnosis;
        Assert.Equal("2022-08-17", diagnosis.Date!.Value.Text);
        Assert.Equal((HeavyChain.IgG, LightChain.Kappa), (diagnosis.HeavyChain, diagnosis.LightChain));
        Assert.Equal(2, diagnosis.Sources.Length);
    }

    [Theory]
    [InlineData("Mieloma quiescente")]
    [InlineData("Smoldering multiple myeloma")]
    [InlineData("Gammapatía monoclonal de significado incierto")]
    public void A_precursor_is_evidence_and_no_myeloma(string text)
    {
        var facts = Case(Condition($$"""{"text":"{{text}}"}""", "2020-01-01"));
        Assert.True(facts.HasMyelomaEvidence);
        Assert.Null(facts.Diagnosis.Date);
    }

    [Theory]
    [InlineData("Sospecha de mieloma múltiple")]
    [InlineData("Se descarta mieloma múltiple")]
    [InlineData("Multiple myeloma ruled out")]
    [InlineData("Hypertension")]
    [InlineData("Family history of multiple myeloma")]
    public void What_is_only_suspected_or_another_disease_is_no_evidence(string text) =>
        Assert.False(Case(Condition($$"""{"text":"{{text}}"}""", "2020-01-01")).HasMyelomaEvidence);

    [Theory]
    [InlineData("http://hl7.org/fhir/sid/icd-10", "C900")]
    [InlineData("http://hl7.org/fhir/sid/icd-10-cm", "C9000")]
    [InlineData("https://hospital.example/CodeSystem/CIE-10-ES", "C90.00")]
    [InlineData("urn:catsalut:cim-10-mc/icd10cm", "C90.00")]
    [InlineData("http://snomed.info/sct/900000000000207008", "109989006")]
    public void National_editions_and_spellings_of_a_code_are_evidence(string system, string code) =>
        Assert.True(Case(Condition($$"""{"coding":[{"system":"{{system}}","code":"{{code}}"}]}""", "2020-01-01")).HasMyelomaEvidence);

    [Theory]
    [InlineData("refuted")]
    [InlineData("entered-in-error")]
    [InlineData("provisional")]
    public void A_Condition_that_is_not_confirmed_does_not_count(string status) =>
        Assert.False(Case(Condition("""{"text":"Mieloma múltiple"}""", "2020-01-01", $$""" "verificationStatus":{"coding":[{"code":"{{status}}","system":"http://terminology.hl7.org/CodeSystem/condition-ver-status"}]} """)).HasMyelomaEvidence);

    [Fact]
    public void Contradicting_statements_of_the_clone_type_nothing()
    {
        var mapped = Map(Condition("""{"text":"Mieloma múltiple IgG kappa"}""", "2020-01-01"), Condition("""{"text":"Mieloma múltiple IgG lambda"}""", "2020-01-02"));
        Assert.Equal(LightChain.Unknown, mapped.Patients[0].Case.Diagnosis.LightChain);
        Assert.Contains(MappingIssues.CloneContradictory, Codes(mapped));
    }

    [Fact]
    public void An_immunofixation_before_the_antibody_types_an_untyped_clone()
    {
        var before = Lab("25700-6", """ "valueString":"Banda IgA lambda" """);
        var diagnosis = Case(Condition("""{"text":"Mieloma múltiple"}""", "2024-03-01"), before, Dose("Darzalex", date: "2024-03-05")).Diagnosis;
        Assert.Equal((HeavyChain.IgA, LightChain.Lambda), (diagnosis.HeavyChain, diagnosis.LightChain));
        var during = Case(Condition("""{"text":"Mieloma múltiple"}""", "2024-03-01"), before, Dose("Darzalex", date: "2024-03-04")).Diagnosis;
        Assert.Equal((HeavyChain.Unknown, LightChain.Unknown), (during.HeavyChain, during.LightChain));
    }

    [Theory]
    [InlineData("""{"summary":{"text":"ISS III, R-ISS II"}}""", "Iss3 RIss2")]
    [InlineData("""{"summary":{"text":"II"},"type":{"text":"ISS"}}""", "Iss2")]
    [InlineData("""{"summary":{"coding":[{"system":"http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl","code":"C141395"}]}}""", "RIss2")]
    [InlineData("""{"summary":{"text":"Estadio III"},"type":{"coding":[{"system":"http://snomed.info/sct","code":"1149163003"}]}}""", "RIss3")]
    [InlineData("""{"summary":{"text":"R2-ISS IV"}}""", "R2Iss4")]
    [InlineData("""{"summary":{"text":"Durie-Salmon IIIA"}}""", "")]
    public void A_stage_is_read_from_the_Condition(string stage, string expected) =>
        Assert.Equal(expected, string.Join(' ', Case(Condition("""{"text":"Mieloma múltiple"}""", "2024-03-01", $$""" "stage":[{{stage}}] """)).Diagnosis.StatedStages.Select(found => $"{found.System}{found.Stage}")));

    [Fact]
    public void A_stage_is_read_from_mCODEs_Observation()
    {
        var iss = """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl","code":"C139007"}]},"effectiveDateTime":"2024-03-05","valueCodeableConcept":{"coding":[{"system":"http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl","code":"C70660"}]}}""";
        var stage = Assert.Single(Case(iss).Diagnosis.StatedStages);
        Assert.Equal((StagingSystem.Iss, 3), (stage.System, stage.Stage));
        Assert.False(Case(iss).HasMyelomaEvidence);
    }

    [Fact]
    public void Refractoriness_and_relapse_are_kept_as_asserted()
    {
        var facts = Case(
            Condition("""{"text":"Mieloma múltiple refractario a daratumumab"}""", "2024-01-10"),
            Condition("""{"text":"Recaída de mieloma múltiple"}""", "2024-01-08"));
        Assert.Equal(Drug.Daratumumab, Assert.Single(facts.StatedRefractoriness).Drug);
        Assert.Equal("2024-01-08", Assert.Single(facts.StatedProgressions).Date.Text);
        Assert.Equal("2024-01-10", facts.Diagnosis.Date!.Value.Text);
        Assert.Empty(Case(Condition("""{"text":"Mieloma múltiple no refractario"}""", "2024-01-10")).StatedRefractoriness);
    }

    [Fact]
    public void A_list_of_what_was_found_is_a_report_and_single_probes_are_not()
    {
        var list = Case(Named("FISH", """ "valueString":"t(4;14), ganancia 1q" """)).Diagnosis;
        Assert.Equal([Abnormality.T4_14, Abnormality.Gain1q], list.Cytogenetics.Select(finding => finding.Abnormality));
        Assert.Single(list.CytogeneticReports);
        var probes = Case(Named("FISH", """ "valueString":"del(17p) negativo, t(4;14) positivo 60%" """)).Diagnosis;
        Assert.Empty(probes.CytogeneticReports);
        Assert.Equal(60, probes.Cytogenetics.Single(finding => finding.Abnormality == Abnormality.T4_14).ClonalFraction!.Value.Value);
    }

    [Theory]
    [InlineData(""" "valueBoolean":true """, true, null)]
    [InlineData(""" "valueCodeableConcept":{"text":"No detectada"} """, false, null)]
    [InlineData(""" "valueQuantity":{"value":55,"code":"%","system":"http://unitsofmeasure.org"} """, true, 55)]
    [InlineData(""" "valueString":"None" """, false, null)]
    public void A_probe_named_by_its_code_takes_the_answer(string value, bool present, int? fraction)
    {
        var finding = Assert.Single(Case(Named("del(17p) por FISH", value)).Diagnosis.Cytogenetics);
        Assert.Equal((Abnormality.Del17p, Tri.Of(present)), (finding.Abnormality, finding.Present));
        Assert.Equal(fraction, finding.ClonalFraction?.Value);
    }

    [Fact]
    public void Components_of_a_panel_are_probes()
    {
        var panel = """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"55232-3"}]},"effectiveDateTime":"2024-03-05","component":[{"code":{"text":"t(14;16)"},"valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":"LA9634-2"}]}},{"code":{"text":"1q21"},"valueString":"ganancia 1q21 (4 copias)"}]}""";
        var found = Case(panel).Diagnosis.Cytogenetics;
        Assert.Equal([(Abnormality.T14_16, Tri.NotMet), (Abnormality.Amp1q, Tri.Met)], found.Select(finding => (finding.Abnormality, finding.Present)));
    }

    [Theory]
    [InlineData("""{"coding":[{"system":"http://snomed.info/sct","code":"709115004"}]}""", TherapyProcedureKind.AutologousTransplant)]
    [InlineData("""{"coding":[{"system":"http://www.cms.gov/Medicare/Coding/ICD10","code":"30243Y0"}]}""", TherapyProcedureKind.AutologousTransplant)]
    [InlineData("""{"text":"TAPH"}""", TherapyProcedureKind.AutologousTransplant)]
    [InlineData("""{"text":"Trasplante autólogo de progenitores hematopoyéticos"}""", TherapyProcedureKind.AutologousTransplant)]
    [InlineData("""{"text":"Autologous stem cell transplantation"}""", TherapyProcedureKind.AutologousTransplant)]
    [InlineData("""{"text":"Trasplante alogénico"}""", TherapyProcedureKind.AllogeneicTransplant)]
    [InlineData("""{"text":"Aféresis de progenitores"}""", TherapyProcedureKind.Apheresis)]
    [InlineData("""{"coding":[{"system":"http://snomed.info/sct","code":"234336002"}],"text":"Autologous stem cell transplant"}""", TherapyProcedureKind.AutologousTransplant)]
    public void A_procedure_of_therapy_is_known_by_code_or_text(string code, TherapyProcedureKind kind) =>
        Assert.Equal(kind, Assert.Single(Case(Procedure(code, "completed")).Procedures).Kind);

    [Fact]
    public void A_transplant_status_is_no_procedure()
    {
        var mapped = Map(Condition("""{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z94.84"}]}""", "2024-01-01"), Procedure("""{"text":"TAPH"}""", "not-done"));
        Assert.Empty(mapped.Patients[0].Case.Procedures);
        Assert.Contains(MappingIssues.StatusNotProcedure, Codes(mapped));
        Assert.False(mapped.Patients[0].Case.HasMyelomaEvidence);
    }

    [Theory]
    [InlineData(""" "valueCodeableConcept":{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/imwg-response","code":"VGPR"}]} """, ResponseLevel.VeryGoodPartial)]
    [InlineData(""" "valueCodeableConcept":{"coding":[{"system":"http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl","code":"C18058"}]} """, ResponseLevel.Partial)]
    [InlineData(""" "valueString":"Respuesta completa estricta" """, ResponseLevel.StringentComplete)]
    [InlineData(""" "valueCodeableConcept":{"text":"SCR"} """, ResponseLevel.StringentComplete)]
    public void A_stated_response_is_read_in_every_form(string value, ResponseLevel level) =>
        Assert.Equal(level, Assert.Single(Case(Own("stated-response", value)).StatedResponses).Level);

    [Fact]
    public void A_disease_status_is_no_response()
    {
        var mapped = Map("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"97509-4"}]},"effectiveDateTime":"2024-03-05","valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"268910001"}]}}""");
        Assert.Empty(mapped.Patients[0].Case.StatedResponses);
        Assert.Contains(MappingIssues.DiseaseStatusNotResponse, Codes(mapped));
    }

    [Fact]
    public void Own_codes_state_cycles_lines_lesions_clonality_and_drug_bands()
    {
        var facts = Case(
            Own("cycles-documented", """ "valueInteger":4 """),
            Own("line-stated", """ "valueInteger":2 """),
            Own("lesion-spd", Quantity("4.5", "cm2")),
            Own("lesion-longest-diameter", Quantity("21", "mm")),
            Own("new-lesion", """ "valueBoolean":true """),
            Own("marrow-clonality", """ "valueCodeableConcept":{"text":"Ausente"} """),
            Own("drug-band-resolution", """ "valueCodeableConcept":{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input","code":"not-shifted"}]} """));
        Assert.Equal(4, Assert.Single(facts.DocumentedCycles).Cycles);
        Assert.Equal(2, Assert.Single(facts.StatedLines).Number);
        Assert.Equal([(LesionMeasure.Spd, 450m), (LesionMeasure.LongestDiameter, 21m), (LesionMeasure.NewLesion, 1m)], facts.Lesions.Select(lesion => (lesion.Measure, lesion.Value.Value!.Value)).OrderBy(lesion => lesion.Measure));
        Assert.True(Assert.Single(facts.Clonality).Clonal.IsNotMet);
        Assert.True(Assert.Single(facts.DrugBandAssays).Shifted.IsNotMet);
    }

    [Theory]
    [InlineData(""" "bodySite":{"text":"Fémur izquierdo"} """, "femur izquierdo", "the site as text")]
    [InlineData(""" "bodySite":{"coding":[{"system":"http://snomed.info/sct","code":"71341001"}],"text":"Fémur"} """, "http://snomed.info/sct|71341001", "the site as code")]
    [InlineData(""" "bodySite":{"text":"Multiple sites"} """, null, "all of them are no lesion")]
    [InlineData(""" "bodySite":{"coding":[{"system":"http://snomed.info/sct","code":"38266002"}]} """, null, "the whole body is no lesion")]
    [InlineData(""" "focus":[{"identifier":{"system":"urn:lesions","value":"T01"}}],"bodySite":{"text":"rib"} """, "urn:lesions|T01", "the identifier of the lesion comes before its site")]
    [InlineData(""" "focus":[{"reference":"BodyStructure/b"}] """, "urn:lesions|T02", "the lesion is a resource with an identifier")]
    [InlineData(""" "focus":[{"reference":"BodyStructure/elsewhere"}] """, "BodyStructure/elsewhere", "the lesion is a resource that was not sent")]
    [InlineData("", null, "nothing names it")]
    public void A_lesion_has_the_name_of_its_focus_or_site(string more, string? expected, string because) =>
        Assert.True(expected == Assert.Single(Case(
            """{"resourceType":"BodyStructure","id":"b","identifier":[{"system":"urn:lesions","value":"T02"}],"patient":{"reference":"Patient/p"},"subject":false}""",
            Own("lesion-spd", Quantity("4.5", "cm2"), more)).Lesions).Lesion, because);

    [Theory]
    [InlineData("mrd", """ "valueString":"EMR negativa (NGF, 10^-5)" """, "", true, MrdMethod.Flow, "0.00001")]
    [InlineData("mrd-ngs", """ "valueCodeableConcept":{"text":"Positive"} """, "", false, MrdMethod.Sequencing, null)]
    [InlineData("mrd", """ "valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"10828004"}]} """, """ "component":[{"code":{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input","code":"method"}]},"valueCodeableConcept":{"text":"Citometría de flujo de nueva generación"}},{"code":{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input","code":"sensitivity"}]},"valueQuantity":{"value":0.000001,"code":"1","system":"http://unitsofmeasure.org"}}] """, false, MrdMethod.Flow, "0.000001")]
    [InlineData("mrd", """ "valueQuantity":{"value":0.001,"comparator":"<","code":"%","system":"http://unitsofmeasure.org"} """, "", true, MrdMethod.Unknown, "0.00001")]
    public void Minimal_residual_disease_keeps_method_and_sensitivity(string code, string value, string more, bool negative, MrdMethod method, string? sensitivity)
    {
        var result = Assert.Single(Case(Own(code, value, more)).Mrd);
        Assert.Equal((Tri.Of(negative), method, sensitivity), (result.Negative, result.Method, result.Sensitivity?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Death_due_to_myeloma_is_read_from_the_Patient_and_its_cause()
    {
        var dead = Patient.Replace("\"gender\"", "\"deceasedDateTime\":\"2024-09-01\",\"gender\"", StringComparison.Ordinal);
        var cause = Named("Causa de muerte", """ "valueCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C90.0"}]} """);
        var facts = Assert.Single(MapBundle(Bundle(dead, cause)).Patients).Case;
        Assert.Equal(("2024-09-01", true, 2), (facts.Death!.Value.Text, facts.DeathDueToMyeloma, facts.DeathSources.Length));
        Assert.False(Assert.Single(MapBundle(Bundle(dead)).Patients).Case.DeathDueToMyeloma);
        Assert.False(Case(cause).DeathDueToMyeloma);
    }

    private static string Condition(string code, string onset, string more = "") =>
        $$"""{"resourceType":"Condition","code":{{code}},"onsetDateTime":"{{onset}}"{{(more.Length == 0 ? "" : "," + more)}}}""";

    private static string Procedure(string code, string status) => $$"""{"resourceType":"Procedure","status":"{{status}}","code":{{code}},"performedDateTime":"2024-03-05"}""";
}
