using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.R4.Issues;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

public sealed class PatientsTests
{
    private const string Other = """{"resourceType":"Patient","id":"q","identifier":[{"system":"urn:nhc","value":"2"}]}""";

    [Fact]
    public void Without_a_Patient_the_Bundle_is_refused()
    {
        var mapped = MapBundle("""{"resourceType":"Bundle","type":"collection"}""");
        Assert.Empty(mapped.Patients);
        Assert.Contains(mapped.Issues, issue => issue is { Code: MappingIssues.NoPatient, Severity: IssueSeverity.Error });
    }

    [Theory]
    [InlineData("""[{"system":"urn:z","value":"1"},{"system":"urn:a","value":"9"}]""", "urn:a|9")]
    [InlineData("""[{"use":"temp","system":"urn:a","value":"9"},{"system":"urn:b","value":"1"}]""", "urn:b|1")]
    [InlineData("""[{"use":"old","system":"urn:a","value":"9"}]""", "x")]
    [InlineData("""[{"value":"9"}]""", "x")]
    public void The_key_is_the_ordinally_smallest_identifier_in_use(string identifiers, string key) =>
        Assert.Equal(key, Assert.Single(MapBundle(Bundle($$"""{"resourceType":"Patient","id":"x","identifier":{{identifiers}}}""")).Patients).Case.PatientKey);

    [Theory]
    [InlineData("""{"reference":"Patient/p"}""")]
    [InlineData("""{"reference":"Patient?identifier=urn:nhc|1"}""")]
    [InlineData("""{"identifier":{"system":"urn:nhc","value":"1"}}""")]
    public void A_subject_is_found_by_reference_or_identifier(string subject)
    {
        var mapped = MapBundle(Bundle(Patient, Other, WithSubject(subject)));
        Assert.DoesNotContain(mapped.Issues, issue => issue.IsError);
        Assert.Single(mapped.Patients.Single(patient => patient.Case.PatientKey == "urn:nhc|1").Case.Measurements);
    }

    [Fact]
    public void A_subject_is_found_by_urn_and_by_absolute_url()
    {
        var mapped = MapBundle($$"""
            {"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"urn:uuid:7889dd61-595c-5d81-b30e-d7988ede70a7","resource":{"resourceType":"Patient"} },
            {"fullUrl":"https://a.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1"} },
            {"fullUrl":"urn:uuid:7889dd61-595c-5d81-b30e-d7988ede70a8","resource":{{WithSubject("""{"reference":"urn:uuid:7889dd61-595c-5d81-b30e-d7988ede70a7"}""")}} },
            {"fullUrl":"https://a.example/fhir/Observation/2","resource":{{WithSubject("""{"reference":"Patient/1"}""", "2")}} }]}
            """);
        Assert.DoesNotContain(mapped.Issues, issue => issue.IsError);
        Assert.All(mapped.Patients, patient => Assert.Single(patient.Case.Measurements));
    }

    [Theory]
    [InlineData("""{"reference":"Patient/zzz"}""")]
    [InlineData("""{"reference":"https://elsewhere.example/Patient/7"}""")]
    [InlineData("""{"identifier":{"system":"urn:nhc","value":"77"}}""")]
    public void A_subject_that_fits_no_patient_is_an_error_that_names_both_ends(string subject)
    {
        var issue = Assert.Single(MapBundle(Bundle(Patient, Other, WithSubject(subject))).Issues, issue => issue.IsError);
        Assert.Equal(MappingIssues.SubjectUnclear, issue.Code);
        Assert.Equal("Bundle.entry[2].resource.subject Bundle.entry[0].resource Bundle.entry[1].resource", string.Join(' ', issue.Expressions));
    }

    [Fact]
    public void A_subject_that_fits_several_patients_is_an_error()
    {
        var mapped = MapBundle($$"""
            {"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"https://a.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1","identifier":[{"system":"urn:a","value":"1"}]} },
            {"fullUrl":"https://b.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1","identifier":[{"system":"urn:b","value":"1"}]} },
            {"fullUrl":"urn:uuid:7889dd61-595c-5d81-b30e-d7988ede70a8","resource":{{WithSubject("""{"reference":"Patient/1"}""")}} }]}
            """);
        Assert.Contains(mapped.Issues, issue => issue is { Code: MappingIssues.SubjectUnclear, Severity: IssueSeverity.Error });
    }

    [Fact]
    public void A_missing_subject_is_the_only_patient_or_nobody()
    {
        var nobody = Lab("33358-3", Quantity("1", "g/dL"), """ "subject":0 """);
        var alone = MapBundle(Bundle(Patient, nobody));
        Assert.Single(alone.Patients[0].Case.Measurements);
        Assert.Contains(MappingIssues.SubjectAssumed, Codes(alone));
        var two = MapBundle(Bundle(Patient, Other, nobody));
        Assert.All(two.Patients, patient => Assert.Empty(patient.Case.Measurements));
        Assert.Contains(MappingIssues.SubjectMissing, Codes(two));
    }

    [Fact]
    public void A_Group_is_no_patient_and_no_fault()
    {
        var mapped = MapBundle(Bundle(Patient, WithSubject("""{"reference":"Group/g"}""")));
        Assert.DoesNotContain(mapped.Issues, issue => issue.IsError);
        Assert.Empty(mapped.Patients[0].Case.Measurements);
    }

    [Fact]
    public void Two_Patients_with_one_key_are_one_patient()
    {
        var twin = """{"resourceType":"Patient","id":"a","identifier":[{"system":"urn:nhc","value":"1"}]}""";
        var mapped = MapBundle(Bundle(Patient, twin, WithSubject("""{"reference":"Patient/p"}"""), WithSubject("""{"reference":"Patient/a"}""", "o2")));
        var patient = Assert.Single(mapped.Patients);
        Assert.Equal(2, patient.Case.Measurements.Length);
        Assert.Equal("a", patient.Patient["id"].Text);
        Assert.Contains(MappingIssues.PatientRepeated, Codes(mapped));
    }

    [Fact]
    public void Of_a_history_only_the_newest_version_counts()
    {
        var mapped = MapBundle($$"""
            {"resourceType":"Bundle","type":"history","entry":[
            {"fullUrl":"https://a.example/Patient/p","resource":{{Patient}},"request":{"method":"PUT","url":"Patient/p"},"response":{"status":"200"} },
            {"fullUrl":"https://a.example/Observation/o","resource":{{Version(2, "2")}},"request":{"method":"PUT","url":"Observation/o"},"response":{"status":"200"} },
            {"fullUrl":"https://a.example/Observation/o","resource":{{Version(1, "1")}},"request":{"method":"PUT","url":"Observation/o"},"response":{"status":"201"} }]}
            """);
        Assert.Equal(2m, Assert.Single(mapped.Patients[0].Case.Measurements).Value.Value);

        static string Version(int number, string value) => Lab("33358-3", Quantity(value, "g/dL"), $$""" "id":"o","meta":{"versionId":"{{number}}"} ,"subject":{"reference":"Patient/p"} """);
    }

    [Theory]
    [InlineData("urn:uuid:7889dd61-595c-5d81-b30e-d7988ede70a8", "", "urn:uuid:7889dd61-595c-5d81-b30e-d7988ede70a8")]
    [InlineData("https://a.example/fhir/Observation/o", ""","meta":{"versionId":"3"}""", "https://a.example/fhir/Observation/o")]
    [InlineData(null, "", "Observation/o")]
    [InlineData(null, ""","meta":{"versionId":"3"}""", "Observation/o/_history/3")]
    public void A_source_is_cited_as_the_contract_says(string? fullUrl, string meta, string reference)
    {
        var url = fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",";
        var observation = Lab("33358-3", Quantity("1", "g/dL"), $$""" "id":"o","identifier":[{"system":"urn:lab","value":"77"}],"subject":{"identifier":{"system":"urn:nhc","value":"1"} } {{meta}} """);
        var patient = Assert.Single(MapBundle($$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{{Patient}} },{ {{url}}"resource":{{observation}} }]}""").Patients);
        var cited = patient.Sources[Assert.Single(patient.Case.Measurements).Source];
        Assert.Equal((reference, "Observation", "77", false), (cited.Reference, cited.Type, cited.Identifier["value"].Text, cited.IsContainer));
    }

    [Fact]
    public void A_contained_result_is_cited_through_its_container()
    {
        var report = $$"""{"resourceType":"DiagnosticReport","id":"rep","status":"final","code":{"text":"x"},"effectiveDateTime":"2024-03-05","contained":[{{Lab("33358-3", Quantity("1", "g/dL"), """ "id":"c" """)}}],"result":[{"reference":"#c"}]}""";
        var patient = Assert.Single(Map(report).Patients);
        var cited = patient.Sources[Assert.Single(patient.Case.Measurements).Source];
        Assert.Equal(("DiagnosticReport/rep", "DiagnosticReport", true), (cited.Reference, cited.Type, cited.IsContainer));
    }

    [Fact]
    public void The_last_contact_is_the_latest_dated_record_and_never_a_plan()
    {
        var facts = Case(
            Lab("2345-7", Quantity("99", "mg/dL")),
            """{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"period":{"start":"2024-05-01","end":"2024-05-02"}}""",
            """{"resourceType":"CarePlan","status":"active","intent":"plan","period":{"start":"2025-01-01"},"title":"Seguimiento"}""",
            """{"resourceType":"Observation","status":"entered-in-error","code":{"text":"x"},"effectiveDateTime":"2024-08-05"}""");
        Assert.Equal("2024-05-02", facts.LastContact!.Value.Text);
    }

    [Theory]
    [InlineData("dexametasona", false)]
    [InlineData("ciclofosfamida", false)]
    [InlineData("talidomida", false)]
    [InlineData("doxorubicin", false)]
    [InlineData("filgrastim", false)]
    [InlineData("lenalidomida", true)]
    [InlineData("Velcade", true)]
    [InlineData("melfalán", true)]
    public void A_drug_that_is_given_for_myeloma_alone_is_evidence(string drug, bool evidence) => Assert.Equal(evidence, Case(Dose(drug)).HasMyelomaEvidence);

    [Fact]
    public void No_issue_repeats_what_a_patients_record_says()
    {
        const string secret = "ZZ-SECRET-4711";
        var mapped = MapBundle(Bundle(
            Patient.Replace("\"gender\"", $"\"name\":[{{\"text\":\"{secret}\"}}],\"gender\"", StringComparison.Ordinal),
            Lab("33358-3", $""" "valueString":"{secret}" """),
            Named("Inmunofijación en suero", $""" "valueString":"{secret}" """),
            Named("FISH", $""" "valueString":"{secret}" """),
            Own("stated-response", $""" "valueString":"{secret}" """),
            $$"""{"resourceType":"Condition","code":{"text":"{{secret}}"},"note":[{"text":"{{secret}}"}]}"""));
        Assert.True(mapped.Issues.Length >= 4);
        Assert.DoesNotContain(mapped.Issues, issue => (issue.Text + issue.Diagnostics).Contains(secret, StringComparison.Ordinal));
    }

    private static string WithSubject(string subject, string id = "o") => Lab("33358-3", Quantity("1", "g/dL"), $$""" "id":"{{id}}","subject":{{subject}} """);

    [Fact]
    public void A_Patient_that_nothing_names_has_the_same_key_in_any_order()
    {
        const string nameless = """{"resource":{"resourceType":"Patient","gender":"male"}}""";
        const string other = """{"resource":{"resourceType":"Organization","name":"x"}}""";
        string Key(string first, string second) =>
            Assert.Single(MapBundle($$"""{"resourceType":"Bundle","type":"collection","entry":[{{first}},{{second}}]}""").Patients).Case.PatientKey;
        Assert.Equal(Key(nameless, other), Key(other, nameless));
    }

    [Theory]
    [InlineData("""{"reference":"Patient/1"}""")]
    [InlineData("""{"reference":"Patient?identifier=urn:a|1"}""")]
    [InlineData("""{"identifier":{"system":"urn:a","value":"1"}}""")]
    public void A_subject_that_fits_two_Patients_of_one_key_is_that_patient(string subject)
    {
        var mapped = MapBundle($$"""
            {"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"https://b.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1","gender":"male","identifier":[{"system":"urn:a","value":"1"}]} },
            {"fullUrl":"https://a.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1","identifier":[{"system":"urn:a","value":"1"}]} },
            {"fullUrl":"urn:uuid:7889dd61-595c-5d81-b30e-d7988ede70a8","resource":{{WithSubject(subject)}} }]}
            """);
        Assert.DoesNotContain(mapped.Issues, issue => issue.IsError);
        Assert.Single(Assert.Single(mapped.Patients).Case.Measurements);
    }
}
