using System.Text;
using FhirMyeloma.Store.Cases;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>Cases: every change makes those stale that it concerns, in its own transaction, and nothing that was derived from an older state is kept.</summary>
public abstract class CaseContract : StoreContract
{
    private const string Rules = "rules 1";

    private static CaseOutput Output(string text = "{}", string rules = Rules) => new() { Rules = rules, Summary = Encoding.UTF8.GetBytes(text), Bundle = Encoding.UTF8.GetBytes($"bundle {text}") };

    private static string Dose(string id, string patient, string medication) =>
        $$$"""{"resourceType":"MedicationAdministration","id":"{{{id}}}","status":"completed","medicationReference":{"reference":"Medication/{{{medication}}}"},"subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2024-03-05"}""";

    private static string Medication(string id, string text) => $$$"""{"resourceType":"Medication","id":"{{{id}}}","code":{"text":"{{{text}}}"}}""";

    /// <summary>Derives every stale case, as the service does.</summary>
    private async Task CatchUpAsync(string rules = Rules)
    {
        foreach (var (centre, patient) in Store.Cases.Stale(100, rules))
        {
            var input = Store.Cases.Input(centre, patient)!;
            Assert.True(await Store.Cases.KeepAsync(input, input.Versions.IsEmpty ? null : Output($$"""{"n":{{input.Versions.Length}}}""", rules), static _ => "{}"u8.ToArray()));
        }
    }

    private string[] Stale(string rules = Rules) => [.. Store.Cases.Stale(100, rules).Select(static one => $"{one.Centre}/{one.Patient}").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_change_makes_the_case_of_its_patient_stale_and_of_no_other()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("Patient/b", Patient("2", "b"))));
        await CatchUpAsync();
        await DoneAsync(Transaction(Put("Observation/o", Result("1", "Patient/a", id: "o"))));
        Assert.Equal(["alcala/a"], Stale());
        Assert.True(Store.Cases.Find(Alcala, "a")!.IsStale);
        Assert.False(Store.Cases.Find(Alcala, "b")!.IsStale);
    }

    [Fact]
    public async Task Neither_a_repetition_nor_the_same_content_makes_a_case_stale()
    {
        var bundle = Transaction(Put("Patient/a", Patient("1", "a")));
        await DoneAsync(bundle);
        await CatchUpAsync();
        await DoneAsync(bundle);
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("Organization/x", """{"resourceType":"Organization","id":"x","name":"X"}""")));
        Assert.Empty(Stale());
    }

    [Fact]
    public async Task What_was_derived_from_an_older_state_is_not_kept()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))));
        var input = Store.Cases.Input(Alcala, "a")!;
        await DoneAsync(Transaction(Put("Observation/o", Result("1", "Patient/a", id: "o"))));
        Assert.False(await Store.Cases.KeepAsync(input, Output()));
        Assert.Null(Store.Cases.Find(Alcala, "a"));
        Assert.Equal(["alcala/a"], Stale());
    }

    [Fact]
    public async Task An_older_state_never_replaces_what_was_derived_from_a_newer_one()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))));
        var older = Store.Cases.Input(Alcala, "a")!;
        await DoneAsync(Transaction(Put("Observation/o", Result("1", "Patient/a", id: "o"))));
        await CatchUpAsync();
        Assert.False(await Store.Cases.KeepAsync(older, Output()));
        Assert.Equal(2, Store.Cases.Find(Alcala, "a")!.Inputs.Length);
    }

    [Fact]
    public async Task A_kept_case_says_what_it_was_derived_from_and_is_there_after_a_restart()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("Observation/o", Result("1", "Patient/a", id: "o"))));
        await DoneAsync(Transaction(Put("Observation/o", Result("1", "Patient/a", "2.10", "o"))));
        await CatchUpAsync();
        Reopen();
        var kept = Store.Cases.Find(Alcala, "a")!;
        Assert.Equal("""{"n":2}""", Encoding.UTF8.GetString(kept.Output.Summary.Span));
        Assert.Equal("""bundle {"n":2}""", Encoding.UTF8.GetString(kept.Output.Bundle.Span));
        Assert.Equal(["Patient/a/_history/1", "Observation/o/_history/2"], Store.Cases.References(kept.Inputs).AsEnumerable(), StringComparer.Ordinal);
        Assert.Equal(Store.Read(Alcala, "Observation", "o")!.At, kept.AsOf);
    }

    [Fact]
    public async Task A_medication_that_a_dose_refers_to_makes_the_case_stale()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("Patient/b", Patient("2", "b")), Put("Medication/m", Medication("m", "Sarclisa")), Put("MedicationAdministration/d", Dose("d", "a", "m"))));
        await CatchUpAsync();
        await DoneAsync(Transaction(Put("Medication/m", Medication("m", "Darzalex"))));
        Assert.Equal(["alcala/a"], Stale());
    }

    [Fact]
    public async Task So_does_one_that_comes_after_its_dose()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("MedicationAdministration/d", Dose("d", "a", "later"))));
        await CatchUpAsync();
        await DoneAsync(Transaction(Put("Medication/later", Medication("later", "Sarclisa"))));
        Assert.Equal(["alcala/a"], Stale());
        await CatchUpAsync();
        Assert.Equal(3, Store.Cases.Find(Alcala, "a")!.Inputs.Length);
    }

    [Fact]
    public async Task What_moves_from_one_patient_to_another_makes_both_stale()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("Patient/b", Patient("2", "b")), Put("Observation/o", Result("1", "Patient/a", id: "o"))));
        await CatchUpAsync();
        await DoneAsync(Transaction(Put("Observation/o", Result("1", "Patient/b", id: "o"))));
        Assert.Equal(["alcala/a", "alcala/b"], Stale());
        await CatchUpAsync();
        Assert.Equal((1, 2), (Store.Cases.Find(Alcala, "a")!.Inputs.Length, Store.Cases.Find(Alcala, "b")!.Inputs.Length));
    }

    [Fact]
    public async Task Results_that_come_before_their_patient_wait_for_it()
    {
        await DoneAsync(Transaction(Put("Observation/o", Result("1", "Patient/a", id: "o"))));
        Assert.Empty(Stale());
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))));
        Assert.Equal(["alcala/a"], Stale());
        await CatchUpAsync();
        Assert.Equal(2, Store.Cases.Find(Alcala, "a")!.Inputs.Length);
    }

    [Fact]
    public async Task The_case_of_a_deleted_patient_ends()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))));
        await CatchUpAsync();
        await DoneAsync(Transaction(Delete("Patient/a")));
        Assert.Equal(["alcala/a"], Stale());
        await CatchUpAsync();
        Assert.Null(Store.Cases.Find(Alcala, "a"));
        Assert.Empty(Stale());
    }

    [Fact]
    public async Task Centres_do_not_see_each_others_cases()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))));
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))), centre: Vitoria);
        Assert.Equal(["alcala/a", "vitoria/a"], Stale());
        Assert.Equal((Vitoria, "a"), Assert.Single(Store.Cases.Stale(10, Rules, Vitoria)));
        await CatchUpAsync();
        await DoneAsync(Transaction(Delete("Patient/a")), centre: Vitoria);
        Assert.False(Store.Cases.Find(Alcala, "a")!.IsStale);
        Assert.Equal([Alcala], Store.Cases.Page([Alcala], null, 10).Select(static one => one.Centre), StringComparer.Ordinal);
        Assert.Null(Store.Cases.Input("nowhere", "a"));
    }

    [Fact]
    public async Task Pages_go_through_all_cases_once()
    {
        await DoneAsync(Transaction([.. Enumerable.Range(0, 7).Select(static i => Put($"Patient/p{i}", Patient($"{i}", $"p{i}")))]));
        await DoneAsync(Transaction(Put("Patient/q", Patient("1", "q"))), centre: Vitoria);
        await CatchUpAsync();
        List<string> found = [];
        (string, string)? after = null;
        for (var page = Store.Cases.Page([Vitoria, Alcala], after, 3); page.Length > 0; page = Store.Cases.Page([Vitoria, Alcala], after, 3))
        {
            found.AddRange(page.Select(static one => $"{one.Centre}/{one.Id}"));
            after = (page[^1].Centre, page[^1].Id);
        }

        Assert.Equal(["alcala/p0", "alcala/p1", "alcala/p2", "alcala/p3", "alcala/p4", "alcala/p5", "alcala/p6", "vitoria/q"], found);
    }

    [Fact]
    public async Task What_could_not_be_derived_waits_for_a_change_or_for_other_rules()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))));
        await Store.Cases.FailAsync(Store.Cases.Input(Alcala, "a")!, Rules);
        Assert.Empty(Stale());
        Assert.Equal(1, Store.Cases.CountStale(Alcala));
        Assert.Equal(["alcala/a"], Stale("rules 2"));
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a", "Otra"))));
        Assert.Equal(["alcala/a"], Stale());
    }

    [Fact]
    public async Task Other_rules_have_every_case_derived_again_and_the_job_lists_what_changed()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("Patient/b", Patient("2", "b"))));
        await CatchUpAsync();
        Assert.False(Store.CaseRules.AreNew(Rules));
        Assert.True(Store.CaseRules.AreNew("rules 2"));

        var job = await Store.Jobs.AcceptAsync(null, JobKind.Derivation, "{}"u8.ToArray());
        Assert.Equal(2, await Store.CaseRules.MarkAsync("rules 2", job.Number));
        Assert.False(Store.CaseRules.AreNew("rules 2"));
        Assert.Equal(2, Store.CaseRules.Left(job.Number, "rules 2"));
        var input = Store.Cases.Input(Alcala, "a")!;
        await Store.Cases.KeepAsync(input, Output(rules: "rules 2"), before => before.Output.Rules == Rules ? """{"changed":"a"}"""u8.ToArray() : null);
        Assert.Equal(1, Store.CaseRules.Left(job.Number, "rules 2"));
        await Store.Cases.KeepAsync(Store.Cases.Input(Alcala, "b")!, Output(rules: "rules 2"), static _ => null);
        Assert.Equal(0, Store.CaseRules.Left(job.Number, "rules 2"));
        Assert.Equal(["""{"changed":"a"}"""], Store.CaseRules.Changes(job.Number).Select(Encoding.UTF8.GetString), StringComparer.Ordinal);
        Assert.False(Store.CaseRules.AreNew("rules 2"));
    }

    [Fact]
    public async Task While_waiting_the_oldest_and_the_newest_come_first()
    {
        for (var i = 0; i < 9; i++)
            await DoneAsync(Transaction(Put($"Patient/p{i}", Patient($"{i}", $"p{i}"))));
        Assert.Equal(["p0", "p1", "p7", "p8"], Store.Cases.Stale(4, Rules).Select(static one => one.Patient).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
