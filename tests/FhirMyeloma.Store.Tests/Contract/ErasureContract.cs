using System.Text;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Audit;
using FhirMyeloma.Store.Cases;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>A patient who is purged is gone with all that was about them, and nothing else is.</summary>
public abstract class ErasureContract : StoreContract
{
    private static readonly AuditEntry _purge = new() { Interaction = "purge", Action = 'D', Agent = "admin", Centre = Alcala };

    private Task<int?> PurgeAsync(string id, string centre = Alcala) => Store.PurgeAsync(centre, id, _purge);

    private static string Dose(string id, string patient, string medication) =>
        $$$"""{"resourceType":"MedicationAdministration","id":"{{{id}}}","status":"completed","medicationReference":{"reference":"Medication/{{{medication}}}"},"subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2024-03-05"}""";

    private string[] Found(string type, string query)
    {
        var parts = query.Split('=');
        var (search, _) = SearchQuery.Parse(type, [KeyValuePair.Create(parts[0], parts[1])], lenient: false);
        return [.. Store.Search(Alcala, search!).Matches.Select(static match => match.Id)];
    }

    private async Task TwoPatientsAsync() => await DoneAsync(Transaction(
        Put("Medication/m", """{"resourceType":"Medication","id":"m","code":{"text":"isatuximab"}}"""),
        Put("Patient/a", Patient("1", "a")), Put("Observation/oa", Result("1", "Patient/a", id: "oa")), Put("MedicationAdministration/da", Dose("da", "a", "m")),
        Put("Patient/b", Patient("2", "b")), Put("Observation/ob", Result("2", "Patient/b", id: "ob")), Put("MedicationAdministration/db", Dose("db", "b", "m"))));

    [Fact]
    public async Task Patient_compartment_and_every_version_are_gone()
    {
        await TwoPatientsAsync();
        await DoneAsync(Transaction(Put("Observation/oa", Result("1", "Patient/a", "2.10", "oa"))));
        await DoneAsync(Transaction(Delete("MedicationAdministration/da")));
        Assert.Equal(3, await PurgeAsync("a"));
        foreach (var (type, id) in new[] { ("Patient", "a"), ("Observation", "oa"), ("MedicationAdministration", "da") })
        {
            Assert.Null(Store.Read(Alcala, type, id));
            Assert.Null(Store.Read(Alcala, type, id, 1));
            Assert.Empty(Store.History(Alcala, type, id));
        }

        Assert.Empty(Store.Everything(Alcala, "a"));
    }

    [Fact]
    public async Task The_index_finds_nothing_of_it_and_everything_else()
    {
        await TwoPatientsAsync();
        await PurgeAsync("a");
        Assert.Empty(Found("Patient", "identifier=urn:oid:1.2.3|1"));
        Assert.Equal(["b"], Found("Patient", "identifier=urn:oid:1.2.3|2"), StringComparer.Ordinal);
        Assert.Equal(["ob"], Found("Observation", "date=2024-03-05"), StringComparer.Ordinal);
        Assert.Equal(["ob"], Found("Observation", "code=33358-3"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_others_refer_to_stays()
    {
        await TwoPatientsAsync();
        await PurgeAsync("a");
        Assert.NotNull(Store.Read(Alcala, "Medication", "m"));
        Assert.Equal(4, Store.Everything(Alcala, "b").Length);
    }

    [Fact]
    public async Task A_version_that_lay_with_the_patient_goes_though_the_resource_is_anothers_now()
    {
        await TwoPatientsAsync();
        await DoneAsync(Transaction(Put("Observation/oa", Result("1", "Patient/b", "2.10", "oa"))));
        await PurgeAsync("a");
        Assert.Null(Store.Read(Alcala, "Observation", "oa", 1));
        Assert.Equal(2, Store.Read(Alcala, "Observation", "oa")!.Number);
    }

    [Fact]
    public async Task The_case_goes_and_one_that_was_being_derived_meanwhile_does_not_come_back()
    {
        await TwoPatientsAsync();
        var input = Store.Cases.Input(Alcala, "a")!;
        var output = new CaseOutput { Rules = "rules", Summary = "{}"u8.ToArray(), Bundle = "{}"u8.ToArray() };
        Assert.True(await Store.Cases.KeepAsync(input, output));
        await PurgeAsync("a");
        Assert.Null(Store.Cases.Find(Alcala, "a"));
        Assert.False(await Store.Cases.KeepAsync(input, output));
        Assert.Null(Store.Cases.Find(Alcala, "a"));
        Assert.Equal(["b"], Store.Cases.Stale(10, "rules").Select(static one => one.Patient), StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_same_request_is_executed_anew_and_not_answered_from_memory()
    {
        var bundle = Transaction(Post("urn:uuid:1", Patient("1")));
        var first = await DoneAsync(bundle);
        await PurgeAsync(first[0].Id);
        var again = await DoneAsync(bundle);
        Assert.NotEqual(first[0].Id, again[0].Id, StringComparer.Ordinal);
        Assert.NotNull(Store.Read(Alcala, "Patient", again[0].Id));
    }

    [Fact]
    public async Task An_export_that_was_prepared_before_leaves_it_out_whatever_is_kept_later()
    {
        await TwoPatientsAsync();
        await DoneAsync(Transaction(Put("Patient/c", Patient("3", "c"))));
        var places = Store.Snapshot(Alcala, ["Patient", "Observation"], ofPatients: true, null).Places.SelectMany(static one => one.Places).ToList();
        await PurgeAsync("a");
        // The newest place of all is given up with this one.
        await PurgeAsync("c");
        await DoneAsync(Transaction(Put("Patient/d", Patient("4", "d"))));
        Assert.Equal(["b", "ob"], Store.At(Alcala, places).Select(static version => version.Id), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Bodies_and_results_of_finished_jobs_of_the_centre_go_and_those_of_others_stay()
    {
        await TwoPatientsAsync();
        var (own, other, export) = (await FinishedAsync(Alcala, JobKind.Import), await FinishedAsync(Vitoria, JobKind.Bundle), await FinishedAsync(Alcala, JobKind.Export));
        await PurgeAsync("a");
        Assert.Null(Store.Jobs.Find(own));
        Assert.NotNull(Store.Jobs.Find(other));
        Assert.NotNull(Store.Jobs.Find(export));

        async Task<string> FinishedAsync(string centre, JobKind kind)
        {
            var job = await Store.Jobs.AcceptAsync(centre, kind, "{}"u8.ToArray(), "body"u8.ToArray());
            await Store.Jobs.EndAsync(job, JobState.Done, "{}"u8.ToArray());
            return job.Id;
        }
    }

    [Fact]
    public async Task It_leaves_a_row_of_the_audit_that_names_the_patient_by_id_alone()
    {
        await TwoPatientsAsync();
        await PurgeAsync("a");
        var row = Assert.Single(Store.Audit.Page(new() { Patient = "a" }, null, 10));
        Assert.Equal(("purge", 'D'), (row.Entry.Interaction, row.Entry.Action));
        Assert.Equal(["Patient/a"], row.Entry.Entities.AsEnumerable(), StringComparer.Ordinal);
        Assert.Null(Store.Audit.Verify().Broken);
    }

    [Fact]
    public async Task Another_centres_patient_of_the_same_id_stays_and_an_unknown_one_is_told()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))));
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))), centre: Vitoria);
        Assert.Equal(1, await PurgeAsync("a"));
        Assert.NotNull(Store.Read(Vitoria, "Patient", "a"));
        Assert.Null(await PurgeAsync("a"));
        Assert.Null(await PurgeAsync("a", "nowhere"));
    }

    [Fact]
    public async Task The_same_id_can_be_used_again_and_begins_with_version_one()
    {
        await TwoPatientsAsync();
        await PurgeAsync("a");
        var outcome = Assert.Single(await DoneAsync(Transaction(Put("Patient/a", Patient("9", "a")))));
        Assert.Equal(1, outcome.Version);
        Assert.Equal(["a"], Found("Patient", "identifier=urn:oid:1.2.3|9"), StringComparer.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(Store.Read(Alcala, "Patient", "a")!.Body.Span), Encoding.UTF8.GetString(Store.Read(Alcala, "Patient", "a", 1)!.Body.Span));
    }
}
