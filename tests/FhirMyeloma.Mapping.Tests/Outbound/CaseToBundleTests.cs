using System.Text;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Tests.Outbound;

public sealed class CaseToBundleTests
{
    private static readonly string[] AllKinds =
    [
        "line-of-therapy", "anti-cd38-washout", "imwg-response", "imwg-response-at", "drug-refractoriness", "class-refractoriness", "mrd-status",
        "iss-stage", "r-iss-stage", "r2-iss-stage", "cytogenetic-risk", "cytogenetic-risk", "reported-response-check",
        "time-to-event", "time-to-event", "time-to-event",
    ];

    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.Spanish)]
    public void Everything_written_is_valid_R4(Language language) =>
        Assert.Empty(FhirJsonReader.Read(Example.Render(Example.Results1, language)).Issues.Where(issue => issue.IsError));

    [Fact]
    public void The_bytes_are_canonical()
    {
        var bytes = Example.Render(Example.Results1);
        Assert.Equal(Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(FhirJsonReader.Read(bytes).Document!.Root)), Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void The_patient_comes_first_then_results_then_their_provenances_then_one_outcome()
    {
        var resources = Example.Bundle(Example.Results1).Resources();
        Listed.Same(
            ["Patient", .. AllKinds.Select(_ => "Observation"), .. AllKinds.Select(_ => "Provenance"), "OperationOutcome"],
            resources.Select(resource => resource.TypeName));
        Listed.Same(AllKinds, resources.Where(resource => resource.TypeName == "Observation").Select(resource => resource["code"]["coding"]["code"].Text));
    }

    [Fact]
    public void Provenances_follow_the_order_of_their_targets()
    {
        var entries = Example.Bundle(Example.Results1).Children("entry").ToArray();
        Listed.Same(
            entries.Where(entry => entry["resource"].TypeName == "Observation").Select(entry => entry["fullUrl"].Text),
            entries.Where(entry => entry["resource"].TypeName == "Provenance").Select(entry => entry["resource"]["target"]["reference"].Text));
    }

    [Fact]
    public void Every_fullUrl_is_there_once_and_ends_with_the_id_of_what_is_derived()
    {
        var entries = Example.Bundle(Example.Results1).Children("entry").ToArray();
        var urls = entries.Select(entry => entry["fullUrl"].Text!).ToList();
        Assert.Equal(urls.Count, urls.Distinct(StringComparer.Ordinal).Count());
        Assert.All(entries.Skip(1), entry => Assert.Equal("urn:uuid:" + entry["resource"]["id"].Text, entry["fullUrl"].Text));
    }

    [Fact]
    public void Patients_are_ordered_by_key_and_not_by_culture()
    {
        var lower = Example.Results1 with { Case = Example.Case with { PatientKey = "a|1" }, FullUrl = null };
        var upper = Example.Results1 with { Case = Example.Case with { PatientKey = "B|1" }, FullUrl = "urn:uuid:11111111-0000-4000-8000-000000000000" };
        var urls = FhirJsonReader.Read(CaseToBundle.Render([lower, upper], [], Example.Settings)).Document!.Root
            .Children("entry").ToArray().Where(entry => entry["resource"].TypeName == "Patient").Select(entry => entry["fullUrl"].Text);
        Listed.Same([upper.FullUrl, Ids.UrlOfPatient("a|1")], urls);
    }

    [Theory]
    [InlineData("https://hospital.example/fhir/Patient/p1", true)]
    [InlineData("urn:uuid:11111111-0000-4000-8000-000000000000", true)]
    [InlineData("urn:oid:1.2.3", true)]
    [InlineData("Patient/p1", false)]
    [InlineData("/Patient/p1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_patient_keeps_an_absolute_url_and_everything_refers_to_it(string? sent, bool kept)
    {
        var bundle = Example.Bundle(Example.Results1 with { FullUrl = sent });
        var expected = kept ? sent : Ids.UrlOfPatient(Example.PatientKey);
        Assert.Equal(expected, bundle["entry"]["fullUrl"].Text);
        Assert.All(
            bundle.Resources().Where(resource => resource.TypeName == "Observation"),
            observation => Assert.Equal(expected, observation["subject"]["reference"].Text));
    }

    [Fact]
    public void The_patient_is_as_sent_in_canonical_form() =>
        Assert.StartsWith(
            """{"resourceType":"Bundle","meta":{"profile":["https://fhirmyeloma.org/fhir/StructureDefinition/derived-bundle"]},"type":"collection","timestamp":"2025-06-01T10:30:00.000Z","entry":[{"fullUrl":"https://hospital.example/fhir/Patient/p1","resource":{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:hospital:mrn","value":"A-1"}],"gender":"female","birthDate":"1970-05"}},""",
            Encoding.UTF8.GetString(Example.Render(Example.Results1)),
            StringComparison.Ordinal);

    [Fact]
    public void Observations_that_decided_are_derivedFrom_sorted_once_with_type_and_identifier_and_no_drug_or_contained_one()
    {
        var derivedFrom = Example.Bundle(Example.Results1).Observation("imwg-response").Children("derivedFrom").ToArray();
        Listed.Same(
            ["""{"reference":"Observation/m2/_history/3","type":"Observation"}""",
             """{"reference":"urn:uuid:0c0f5a34-0000-4000-8000-000000000001","type":"Observation","identifier":{"system":"urn:lab","value":"LAB-1"}}"""],
            derivedFrom.Select(reference => Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(reference))));
    }

    [Fact]
    public void Without_an_observation_there_is_no_derivedFrom() =>
        Assert.False(Example.Bundle(Example.Results1).Observation("anti-cd38-washout")["derivedFrom"].Exists);

    [Fact]
    public void The_provenance_names_every_source_the_software_and_the_rulesets()
    {
        var bundle = Example.Bundle(Example.Results1);
        var response = "urn:uuid:" + bundle.Observation("imwg-response")["id"].Text;
        var provenance = bundle.Resources().Single(resource => resource.TypeName == "Provenance" && resource["target"]["reference"].Text == response);
        Listed.Same(
            ["MedicationAdministration/dara-last", "Observation/box", "Observation/m2/_history/3", "urn:uuid:0c0f5a34-0000-4000-8000-000000000001"],
            provenance.Children("entity").ToArray().Select(entity => entity["what"]["reference"].Text));
        Assert.All(provenance.Children("entity").ToArray(), entity => Assert.Equal("source", entity["role"].Text));
        Assert.Equal("#fhirmyeloma", provenance["agent"]["who"]["reference"].Text);
        Assert.Equal("fhirmyeloma", provenance["contained"]["id"].Text);
        Assert.Equal("FhirMyeloma", provenance["contained"]["deviceName"]["name"].Text);
        Assert.Equal("0.1.0", provenance["contained"]["version"]["value"].Text);
        Listed.Same(
            ["https://fhirmyeloma.org/fhir/ruleset/imwg-2016", "https://fhirmyeloma.org/fhir/ruleset/rrs-2015"],
            provenance.Children("policy").ToArray().Select(policy => policy.Text));
        Assert.Equal("2025-06-01T10:30:00.000Z", provenance["recorded"].Text);
    }

    [Fact]
    public void A_source_that_is_the_patient_is_cited_as_the_entry()
    {
        var results = Example.Results with { Lines = [Example.Line with { Sources = [Example.Source("p1")] }] };
        var bundle = Example.Bundle(Example.Results1 with { Results = results });
        Assert.Equal(
            "https://hospital.example/fhir/Patient/p1",
            bundle.Resources().First(resource => resource.TypeName == "Provenance")["entity"]["what"]["reference"].Text);
    }

    [Fact]
    public void A_patient_without_evidence_of_myeloma_is_returned_with_an_issue_and_nothing_derived()
    {
        var bundle = Example.Bundle(Example.Results1 with { Case = Example.Case with { HasMyelomaEvidence = false } });
        Listed.Same(["Patient", "OperationOutcome"], bundle.Resources().Select(resource => resource.TypeName));
        Assert.Equal(
            [("no-myeloma-evidence", "information"), ("research-use-only", "information")],
            Issues(bundle).Select(issue => (issue["details"]["coding"]["code"].Text!, issue["severity"].Text!)));
    }

    [Theory]
    [InlineData(Language.English, "Research and data quality only, not for patient care.")]
    [InlineData(Language.Spanish, "Solo para investigación y calidad de datos, no para la atención de pacientes.")]
    public void Every_bundle_says_that_it_is_for_research_and_data_quality_only(Language language, string text) =>
        Assert.Contains(Issues(Example.Bundle(Example.Results1, language)), issue => issue["details"]["text"].Text == text);

    [Fact]
    public void A_contradiction_is_a_warning_that_names_both_sides()
    {
        var results = Example.Results with { Contradictions = [new(ContradictionKind.ReportedResponse, [Example.Source("m2"), Example.Source("m1")])] };
        var issue = Assert.Single(Issues(Example.Bundle(Example.Results1 with { Results = results })), issue => issue["severity"].Text == "warning");
        Assert.Equal("contradiction-reported-response", issue["details"]["coding"]["code"].Text);
        Assert.Equal(
            "A stated response lies outside what the measured values allow. See: Observation/m2/_history/3 and urn:uuid:0c0f5a34-0000-4000-8000-000000000001.",
            issue["details"]["text"].Text);
        Listed.Same(["Bundle.entry[2].resource", "Bundle.entry[1].resource"], issue.Children("expression").ToArray().Select(expression => expression.Text));
    }

    [Fact]
    public void An_assumption_is_an_information_once_per_patient()
    {
        var issue = Assert.Single(Issues(Example.Bundle(Example.Results1)), issue => issue["details"]["coding"]["code"].Text == "urine-assumed");
        Assert.Equal("information", issue["severity"].Text);
        Assert.Equal("Bundle.entry[0].resource", issue["expression"].Text);
    }

    [Fact]
    public void Every_kind_of_contradiction_and_every_assumption_has_a_text_in_both_languages()
    {
        var flags = Enum.GetValues<Flag>();
        var results = Example.Results with
        {
            Lines = [Example.Line with { Flags = [.. flags] }],
            Contradictions = [.. Enum.GetValues<ContradictionKind>().Select(kind => new Contradiction(kind, []))],
        };
        var english = Issues(Example.Bundle(Example.Results1 with { Results = results })).Select(issue => issue["details"]["text"].Text).ToList();
        var spanish = Issues(Example.Bundle(Example.Results1 with { Results = results }, Language.Spanish)).Select(issue => issue["details"]["text"].Text).ToList();
        Assert.Equal(english.Count, spanish.Count);
        Assert.Empty(english.Intersect(spanish, StringComparer.Ordinal));
    }

    [Fact]
    public void Only_texts_change_with_the_language()
    {
        var english = Encoding.UTF8.GetString(Example.Render(Example.Results1));
        var spanish = Encoding.UTF8.GetString(Example.Render(Example.Results1, Language.Spanish));
        Assert.False(english == spanish, "nothing was translated");
        Assert.Equal(WithoutTexts(english), WithoutTexts(spanish));
    }

    [Fact]
    public void Two_rulesets_give_results_side_by_side_with_different_ids()
    {
        var older = Example.Results.ByRuleset[0] with { Ruleset = ResponseRuleset.Imwg2006 };
        var resources = Example.Bundle(Example.Results1 with { Results = Example.Results with { ByRuleset = [Example.Results.ByRuleset[0], older] } }).Resources();
        var responses = resources.Where(resource => resource["code"]["coding"]["code"].Text == "imwg-response").ToList();
        Listed.Same(["imwg-2006", "imwg-2016"], responses.Select(response => response["method"]["coding"]["code"].Text));
        Assert.Equal(2, responses.Select(response => response["id"].Text).Distinct(StringComparer.Ordinal).Count());
        Assert.Single(resources, resource => resource["code"]["coding"]["code"].Text == "line-of-therapy");
    }

    [Fact]
    public void Issues_of_the_input_are_in_the_outcome()
    {
        var issue = Issue.Warning("unit-unknown", IssueType.CodeInvalid, "This unit is not UCUM.", "Bundle.entry[1].resource.value.code");
        Assert.Contains(Issues(Example.Bundle(Example.Results1, Language.English, issue)), found => found["details"]["coding"]["code"].Text == "unit-unknown");
    }

    private static Element[] Issues(Element bundle) => bundle.Resources()[^1].Children("issue").ToArray();

    private static string WithoutTexts(string json) => System.Text.RegularExpressions.Regex.Replace(
        json, "\"text\":\"(?:[^\"\\\\]|\\\\.)*\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
}
