using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Tests.Elements;

public class BundleTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p","identifier":[{"system":"http://s","value":"v"}]}""";

    private static Bundle Of(string type, params string[] entries) =>
        Bundle.From(FhirJsonReader.Read(Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""")).Document)!;

    private static string Entry(string? fullUrl, string resource, string? request = null) =>
        $$"""{{{(fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",")}}"resource":{{resource}}{{(request is null ? "" : ",\"request\":" + request)}}}""";

    private static string Observation(string reference, string extra = "") =>
        $$"""{"resourceType":"Observation"{{extra}},"status":"final","code":{"text":"x"},"subject":{{reference}}}""";

    private static string Literal(string reference) => $$"""{"reference":"{{reference}}"}""";

    private static string Version(string id, string? version, string? updated) =>
        $$$"""{"resourceType":"Patient","id":"{{{id}}}","meta":{"source":"urn:x"{{{(version is null ? "" : $",\"versionId\":\"{version}\"")}}}{{{(updated is null ? "" : $",\"lastUpdated\":\"{updated}\"")}}}}}""";

    private static string Delete(string url, string? modified = null) =>
        $$$"""{"request":{"method":"DELETE","url":"{{{url}}}"},"response":{"status":"204"{{{(modified is null ? "" : $",\"lastModified\":\"{modified}\"")}}}}}""";

    [Theory]
    [InlineData("urn:uuid:1", "urn:uuid:1", Resolution.Resolved)]
    [InlineData("urn:uuid:1", "urn:uuid:2", Resolution.Dangling)]
    [InlineData("urn:uuid:1", "Patient/p", Resolution.Resolved)]
    [InlineData(null, "Patient/p", Resolution.Resolved)]
    [InlineData(null, "Patient/p/_history/7", Resolution.Resolved)]
    [InlineData("https://a.example/fhir/Patient/p", "https://a.example/fhir/Patient/p", Resolution.Resolved)]
    [InlineData("https://a.example/fhir/Patient/p", "https://a.example/fhir/Patient/p/_history/2", Resolution.Resolved)]
    [InlineData("https://a.example/fhir/Patient/p", "https://b.example/fhir/Patient/p", Resolution.NotInBundle)]
    [InlineData("https://a.example/fhir/Patient/p", "Patient/p", Resolution.Resolved)]
    [InlineData("https://a.example/fhir/Patient/p", "Patient/q", Resolution.NotInBundle)]
    [InlineData("urn:uuid:1", "Patient?identifier=http://s|v", Resolution.Resolved)]
    [InlineData("urn:uuid:1", "Patient?identifier=http%3A%2F%2Fs%7Cv", Resolution.Resolved)]
    [InlineData("urn:uuid:1", "Patient?identifier=http://s|w", Resolution.NotInBundle)]
    [InlineData("urn:uuid:1", "Group?identifier=http://s|v", Resolution.NotInBundle)]
    [InlineData("urn:uuid:1", "#p", Resolution.Dangling)]
    [InlineData("urn:uuid:1", "http://example.org/something", Resolution.NotInBundle)]
    public void A_literal_reference_is_followed(string? fullUrl, string reference, Resolution expected)
    {
        var bundle = Of("collection", Entry(fullUrl, Patient), Entry(null, Observation(Literal(reference))));
        var resolved = bundle.Resolve(bundle.Entries[1].Resource["subject"]);
        Assert.Equal(expected, resolved.Resolution);
        Assert.Equal(expected == Resolution.Resolved ? bundle.Entries[0].Resource : default, resolved.Target);
    }

    [Theory]
    [InlineData("""{"identifier":{"system":"http://s","value":"v"}}""", Resolution.Resolved)]
    [InlineData("""{"type":"Patient","identifier":{"system":"http://s","value":"v"}}""", Resolution.Resolved)]
    [InlineData("""{"type":"Group","identifier":{"system":"http://s","value":"v"}}""", Resolution.NotInBundle)]
    [InlineData("""{"reference":"Patient/elsewhere","identifier":{"system":"http://s","value":"v"}}""", Resolution.Resolved)]
    [InlineData("""{"identifier":{"value":"v"}}""", Resolution.NotInBundle)]
    [InlineData("""{"display":"somebody"}""", Resolution.Empty)]
    public void A_logical_reference_is_followed_by_its_identifier(string reference, Resolution expected)
    {
        var bundle = Of("collection", Entry(null, Patient), Entry(null, Observation(reference)));
        Assert.Equal(expected, bundle.Resolve(bundle.Entries[1].Resource["subject"]).Resolution);
    }

    [Fact]
    public void An_identifier_that_two_resources_have_leads_nowhere()
    {
        var other = Patient.Replace("\"p\"", "\"q\"", StringComparison.Ordinal);
        var bundle = Of("collection", Entry(null, Patient), Entry(null, other), Entry(null, Observation(Literal("Patient?identifier=http://s|v"))));
        Assert.Equal(Resolution.NotInBundle, bundle.Resolve(bundle.Entries[2].Resource["subject"]).Resolution);
    }

    [Fact]
    public void A_relative_reference_stays_on_the_server_of_its_entry()
    {
        var bundle = Of("collection",
            Entry("https://a.example/Patient/p", Patient), Entry("https://b.example/Patient/p", Patient),
            Entry("https://b.example/Observation/o", Observation(Literal("Patient/p"), ""","id":"o" """)));
        Assert.Equal(1, bundle.Resolve(bundle.Entries[2].Resource["subject"]).Entry!.Index);
    }

    [Fact]
    public void A_contained_resource_is_found_from_its_container_and_from_its_neighbours()
    {
        const string contained = ""","contained":[{"resourceType":"Patient","id":"a"},{"resourceType":"Group","id":"g","type":"person","actual":true,"member":[{"entity":{"reference":"#a"}}]}]""";
        var bundle = Of("collection", Entry("urn:uuid:1", Observation(Literal("#a"), contained)));
        var observation = bundle.Entries[0].Resource;
        Assert.Equal(observation["contained"], bundle.Resolve(observation["subject"]).Target);
        Assert.Equal(observation["contained"], bundle.Resolve(observation.Children("contained")[1]["member"]["entity"]).Target);
        Assert.Empty(bundle.CheckReferences());
    }

    [Fact]
    public void A_dangling_reference_names_both_ends()
    {
        var bundle = Of("collection", Entry("urn:uuid:1", Observation(Literal("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"))));
        var issue = Assert.Single(bundle.CheckReferences());
        Assert.Equal((IssueCodes.ReferenceDangling, IssueSeverity.Error, "Bundle.entry[0].resource.subject"), (issue.Code, issue.Severity, issue.Expressions[0]));
        Assert.Contains("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_fullUrl_on_two_resources_names_both_ends()
    {
        var bundle = Of("collection", Entry("urn:uuid:1", Patient), Entry("urn:uuid:2", Patient.Replace("\"p\"", "\"q\"", StringComparison.Ordinal)), Entry("urn:uuid:1", Patient));
        var issue = Assert.Single(bundle.CheckReferences());
        Assert.Equal(IssueCodes.FullUrlRepeated, issue.Code);
        Assert.Equal("Bundle.entry[2].fullUrl Bundle.entry[0].fullUrl", string.Join(' ', issue.Expressions));
    }

    [Fact]
    public void Versions_of_one_resource_may_share_a_fullUrl()
    {
        var bundle = Of("searchset", Entry("urn:uuid:1", Version("p", "1", null)), Entry("urn:uuid:1", Version("p", "2", null)));
        Assert.Empty(bundle.CheckReferences());
        Assert.Equal(1, Assert.Single(bundle.Current).Index);
    }

    [Fact]
    public void A_reference_that_leaves_the_Bundle_is_information_without_the_id()
    {
        var issue = Assert.Single(Of("collection", Entry(null, Observation(Literal("Patient/secret-7")))).CheckReferences());
        Assert.Equal((IssueCodes.ReferenceLeavesBundle, IssueSeverity.Information), (issue.Code, issue.Severity));
        Assert.DoesNotContain("secret", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resolved_target_must_have_an_allowed_type()
    {
        var issue = Assert.Single(Of("collection", Entry("urn:uuid:1", """{"resourceType":"Medication"}"""), Entry("urn:uuid:2", Observation(Literal("urn:uuid:1")))).CheckReferences());
        Assert.Equal((IssueCodes.ReferenceTypeNotAllowed, "Bundle.entry[1].resource.subject"), (issue.Code, issue.Expressions[0]));
    }

    [Fact]
    public void A_single_resource_is_checked_for_its_contained_ones()
    {
        var document = FhirJsonReader.Read(Encoding.UTF8.GetBytes(Observation(Literal("#a")))).Document!;
        Assert.Equal(IssueCodes.ReferenceDangling, Assert.Single(document.CheckReferences()).Code);
        Assert.Null(Bundle.From(document));
        Assert.Empty(FhirJsonReader.Read(Encoding.UTF8.GetBytes(Observation(Literal("urn:uuid:elsewhere")))).Document!.CheckReferences());
    }

    [Fact]
    public void Of_a_history_the_newest_version_of_each_identity_counts()
    {
        var bundle = Of("history",
            Entry(null, Version("a", "2", "2024-02-01T00:00:00Z")), Entry(null, Version("a", "3", "2024-03-01T00:00:00Z")), Entry(null, Version("a", "1", "2024-01-01T00:00:00Z")),
            Entry(null, Version("b", "9", null)), Entry(null, Version("b", "10", null)),
            Entry(null, Version("c", null, null)), Entry(null, Version("c", null, null)));
        Assert.Equal("1 4 5", string.Join(' ', bundle.Current.Select(entry => entry.Index)));
    }

    [Fact]
    public void What_a_history_deleted_last_is_gone_and_what_was_created_again_is_back()
    {
        var bundle = Of("history",
            Delete("Patient/a", "2024-02-01T00:00:00Z"), Entry(null, Version("a", "1", "2024-01-01T00:00:00Z")),
            Delete("Patient/b", "2024-02-01T00:00:00Z"), Entry(null, Version("b", "3", "2024-03-01T00:00:00Z")));
        Assert.Equal(3, Assert.Single(bundle.Current).Index);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_history_without_times_and_versions_holds_nothing_of_what_it_deletes(bool deletedFirst)
    {
        string[] entries = [Entry(null, Version("a", null, null)), Delete("Patient/a")];
        Assert.Empty(Of("history", deletedFirst ? [entries[1], entries[0]] : entries).Current);
    }

    [Fact]
    public void Two_servers_may_use_one_id()
    {
        var bundle = Of("collection",
            Entry("https://a.example/fhir/Patient/p", Version("p", "1", null)),
            Entry("https://b.example/fhir/Patient/p", Version("p", "2", null)),
            Entry("http://b.example/fhir/Patient/p", Version("p", "3", null)));
        Assert.Equal("0 2", string.Join(' ', bundle.Current.Select(entry => entry.Index)));
    }

    [Theory]
    [InlineData("Patient/p", "")]
    [InlineData("https://b.example/fhir/Patient/p", "0")]
    public void A_DELETE_removes_from_the_server_that_it_names_or_from_all(string url, string left)
    {
        var bundle = Of("batch",
            Entry("https://a.example/fhir/Patient/p", Patient), Entry("https://b.example/fhir/Patient/p", Patient), Delete(url));
        Assert.Equal(left, string.Join(' ', bundle.Current.Select(entry => entry.Index)));
    }

    [Theory]
    [InlineData("q", Resolution.NotInBundle)]
    [InlineData("p", Resolution.Resolved)]
    public void A_reference_that_names_no_server_does_not_choose_between_two(string secondText, Resolution expected)
    {
        static string Medication(string text) => $$"""{"resourceType":"Medication","code":{"text":"{{text}}"},"id":"m"}""";
        var dose = """{"resourceType":"MedicationAdministration","status":"completed","medicationReference":{"reference":"Medication/m"},"subject":{"display":"x"},"effectiveDateTime":"2024"}""";
        var bundle = Of("collection", Entry("https://a.example/Medication/m", Medication("p")), Entry("https://b.example/Medication/m", Medication(secondText)), Entry("urn:uuid:1", dose));
        var resolved = bundle.Resolve(bundle.Entries[2].Resource.Choice("medication"));
        Assert.Equal(expected, resolved.Resolution);
        Assert.Equal(expected == Resolution.Resolved ? 0 : 2, resolved.Several.Length);
    }

    [Fact]
    public void Many_references_by_identifier_take_time_in_proportion()
    {
        string[] entries = [Entry(null, Patient), .. Enumerable.Range(0, 20_000).Select(i => Entry(null, Observation(Literal($"Patient?identifier={i}"))))];
        var bundle = Of("collection", entries);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(20_000, bundle.CheckReferences().Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public void Outside_of_a_history_DELETE_removes_and_other_requests_are_ignored()
    {
        var bundle = Of("batch",
            Entry(null, Version("a", null, null), """{"method":"PUT","url":"Patient/a"}"""), Delete("Patient/a"),
            Entry(null, Version("b", null, null), """{"method":"POST","url":"Patient"}"""), """{"request":{"method":"GET","url":"Patient/c"}}""");
        Assert.Equal(2, Assert.Single(bundle.Current).Index);
        Assert.Equal(("POST", "Patient"), (bundle.Current[0].RequestMethod, bundle.Current[0].RequestUrl));
    }

    [Fact]
    public void A_repeated_resource_without_versions_stays_for_the_reader_to_judge() =>
        Assert.Equal(2, Of("collection", Entry(null, Patient), Entry(null, Patient)).Current.Length);
}
