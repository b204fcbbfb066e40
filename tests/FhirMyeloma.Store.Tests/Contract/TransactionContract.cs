using FhirMyeloma.R4.Json;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>Transactions: whole or not at all, in the order that FHIR gives, with every reference rewritten (R4 http.html#trules).</summary>
public abstract class TransactionContract : StoreContract
{
    private const string One = "urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001";

    [Fact]
    public async Task A_create_gets_an_id_and_version_1()
    {
        var outcome = Assert.Single(await DoneAsync(Transaction(Post(One, Patient("1", id: "mine")))));
        Assert.Equal(Effect.Created, outcome.Effect);
        Assert.NotEqual("mine", outcome.Id, StringComparer.Ordinal);
        var kept = Kept("Patient", outcome.Id);
        Assert.Equal(outcome.Id, kept["id"].Text);
        Assert.Equal("1", kept["meta"]["versionId"].Text);
        Assert.Equal("2026-01-02T03:04:05.006Z", kept["meta"]["lastUpdated"].Text);
    }

    [Fact]
    public async Task What_was_sent_is_kept_to_the_digit_and_in_its_order()
    {
        var outcome = (await DoneAsync(Transaction(Put("Observation/a", Result("1", "Patient/p", "3.100", id: "a")))))[0];
        Assert.Equal(
            """{"resourceType":"Observation","id":"a","meta":{"versionId":"1","lastUpdated":"2026-01-02T03:04:05.006Z"},"identifier":[{"system":"urn:oid:1.2.4","value":"1"}],"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"33358-3"}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2024-03-05","valueQuantity":{"value":3.100,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}}""",
            System.Text.Encoding.UTF8.GetString(Store.Read(Alcala, "Observation", outcome.Id)!.Body.Span));
    }

    [Fact]
    public async Task A_tag_that_was_sent_stays_and_version_and_time_that_were_sent_do_not()
    {
        await DoneAsync(Transaction(Put("Patient/a", """{"resourceType":"Patient","id":"a","meta":{"lastUpdated":"1999-01-01T00:00:00Z","versionId":"77","tag":[{"system":"urn:t","code":"x"}]},"active":true}""")));
        Assert.Equal("""{"versionId":"1","lastUpdated":"2026-01-02T03:04:05.006Z","tag":[{"system":"urn:t","code":"x"}]}""",
            System.Text.Encoding.UTF8.GetString(FhirJsonWriter.WriteAsRead(Kept("Patient", "a")["meta"])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task References_by_urn_lead_to_the_new_ids_in_either_order(bool targetLast)
    {
        string[] entries = [Post(One, Patient("1")), Post("urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0002", Result("1", One))];
        var outcomes = await DoneAsync(Transaction(targetLast ? [.. entries.Reverse()] : entries));
        var patient = outcomes.Single(static outcome => outcome.Type == "Patient");
        var result = outcomes.Single(static outcome => outcome.Type == "Observation");
        Assert.Equal($"Patient/{patient.Id}", Kept("Observation", result.Id)["subject"]["reference"].Text);
    }

    [Fact]
    public async Task Links_in_urls_and_narrative_are_rewritten_and_text_is_not()
    {
        var outcomes = await DoneAsync(Transaction(
            Post(One, Patient("1")),
            Post("urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0002",
                $$$"""{"resourceType":"DocumentReference","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{{{One}}}\">{{{One}}}</a></div>"},"status":"current","description":"{{{One}}}","subject":{"reference":"{{{One}}}"},"content":[{"attachment":{"url":"{{{One}}}"}}]}""")));
        var to = $"Patient/{outcomes[0].Id}";
        var kept = Kept("DocumentReference", outcomes[1].Id);
        Assert.Equal(to, kept["content"]["attachment"]["url"].Text);
        Assert.Equal(One, kept["description"].Text);
        Assert.Equal($"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{to}\">{One}</a></div>", kept["text"]["div"].Text);
    }

    [Fact]
    public async Task References_between_two_new_resources_may_go_round()
    {
        const string Two = "urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0002";
        var outcomes = await DoneAsync(Transaction(
            Post(One, $$$"""{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"partOf":{"reference":"{{{Two}}}"}}"""),
            Post(Two, $$$"""{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"partOf":{"reference":"{{{One}}}"}}""")));
        Assert.Equal($"Encounter/{outcomes[1].Id}", Kept("Encounter", outcomes[0].Id)["partOf"]["reference"].Text);
        Assert.Equal($"Encounter/{outcomes[0].Id}", Kept("Encounter", outcomes[1].Id)["partOf"]["reference"].Text);
    }

    [Fact]
    public async Task An_absolute_full_url_is_rewritten_wherever_it_is_referred_to()
    {
        const string Url = "https://ehr.example.org/fhir/Patient/9";
        var outcomes = await DoneAsync(Transaction(Post(Url, Patient("1", id: "9")), Post("https://ehr.example.org/fhir/Observation/3", Result("1", "Patient/9"))));
        Assert.Equal($"Patient/{outcomes[0].Id}", Kept("Observation", outcomes[1].Id)["subject"]["reference"].Text);
    }

    [Fact]
    public async Task One_refusal_undoes_the_whole()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        var fault = await RefusedAsync(Transaction(Put("Patient/b", Patient("2", id: "b")), Put("Patient/a", Patient("1", id: "a", family: "Otra"), ifMatch: "9")));
        Assert.Equal(FaultKind.ConditionFailed, fault.Kind);
        Assert.Equal("Bundle.entry[1]", Assert.Single(fault.Issues[0].Expressions));
        Assert.Null(Store.Read(Alcala, "Patient", "b"));
    }

    [Fact]
    public async Task Two_entries_for_one_resource_are_refused_and_both_are_named()
    {
        var fault = await RefusedAsync(Transaction(Put("Patient/a", Patient("1", id: "a")), Delete("Patient/a")));
        Assert.Equal((FaultKind.Unprocessable, StoreIssues.IdentityRepeated), (fault.Kind, fault.Issues[0].Code));
        Assert.Equal(["Bundle.entry[0]", "Bundle.entry[1]"], fault.Issues[0].Expressions.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Deletes_come_first_whatever_their_place()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        var outcomes = await DoneAsync(Transaction(Post(One, Patient("1"), "identifier=urn:oid:1.2.3|nobody"), Delete("Patient/a")));
        Assert.Equal([Effect.Created, Effect.Deleted], outcomes.Select(static outcome => outcome.Effect));
        Assert.True(Store.Read(Alcala, "Patient", "a")!.At < Store.Read(Alcala, "Patient", outcomes[0].Id)!.At);
    }

    [Theory]
    [InlineData("Patient", """{"resourceType":"Patient"}""", "PUT", StoreIssues.RequestUrl)]
    [InlineData("Patient/a", """{"resourceType":"Patient","id":"a"}""", "POST", StoreIssues.RequestUrl)]
    [InlineData("Patients/a", """{"resourceType":"Patient","id":"a"}""", "PUT", StoreIssues.RequestUrl)]
    [InlineData("Patient/a", """{"resourceType":"Patient","id":"b"}""", "PUT", StoreIssues.IdMismatch)]
    [InlineData("Patient/a", """{"resourceType":"Patient"}""", "PUT", StoreIssues.IdMismatch)]
    [InlineData("Observation/a", """{"resourceType":"Patient","id":"a"}""", "PUT", StoreIssues.TypeMismatch)]
    [InlineData("Patient/a", """{"resourceType":"Patient","id":"a"}""", "PATCH", StoreIssues.RequestMethod)]
    public async Task What_no_store_could_do_is_refused_by_name(string url, string resource, string method, string code)
    {
        var fault = await RefusedAsync(Transaction($$$"""{"resource":{{{resource}}},"request":{"method":"{{{method}}}","url":"{{{url}}}"}}"""));
        Assert.Equal((FaultKind.Invalid, code), (fault.Kind, fault.Issues[0].Code));
    }
}
