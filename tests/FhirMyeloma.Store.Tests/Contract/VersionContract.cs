using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>Versions: every change is one, and nothing else.</summary>
public abstract class VersionContract : StoreContract
{
    [Fact]
    public async Task A_change_makes_the_next_version_and_the_one_before_stays()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        Clock.Now = Clock.Now.AddSeconds(1);
        var outcome = (await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a", family: "Otra")))))[0];
        Assert.Equal((Effect.Updated, 2), (outcome.Effect, outcome.Version));
        Assert.Equal("Prueba", Root(Store.Read(Alcala, "Patient", "a", 1)!)["name"]["family"].Text);
        Assert.Equal("Otra", Kept("Patient", "a")["name"]["family"].Text);
        Assert.Equal([2, 1], Store.History(Alcala, "Patient", "a").Select(static version => version.Number));
    }

    [Fact]
    public async Task The_same_content_makes_no_version()
    {
        var first = (await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a")))))[0];
        Clock.Now = Clock.Now.AddSeconds(1);
        var again = (await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a")), Put("Patient/b", Patient("2", id: "b")))))[0];
        Assert.Equal((Effect.Unchanged, 1, first.Instant), (again.Effect, again.Version, again.Instant));
        Assert.Single(Store.History(Alcala, "Patient", "a"));
    }

    [Fact]
    public async Task White_space_makes_no_version_and_a_digit_does()
    {
        await DoneAsync(Transaction(Put("Observation/a", Result("1", "Patient/p", "3.1", id: "a"))));
        var spaced = (await DoneAsync(Transaction(Put("Observation/a", Result("1", "Patient/p", "3.1", id: "a").Replace(",", " ,\n", StringComparison.Ordinal)))))[0];
        Assert.Equal(Effect.Unchanged, spaced.Effect);
        var precise = (await DoneAsync(Transaction(Put("Observation/a", Result("1", "Patient/p", "3.10", id: "a")))))[0];
        Assert.Equal((Effect.Updated, 2), (precise.Effect, precise.Version));
    }

    [Fact]
    public async Task A_deleted_resource_keeps_its_history_and_can_come_back()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        Assert.Equal(Effect.Deleted, (await DoneAsync(Transaction(Delete("Patient/a"))))[0].Effect);
        Assert.Equal(ChangeKind.Deleted, Store.Read(Alcala, "Patient", "a")!.Change);
        Assert.True(Store.Read(Alcala, "Patient", "a")!.Body.IsEmpty);
        Assert.Equal(Effect.Absent, (await DoneAsync(Transaction(Delete("Patient/a"), Delete("Patient/other"))))[0].Effect);

        var back = (await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a")))))[0];
        Assert.Equal((Effect.Created, 3), (back.Effect, back.Version));
        Assert.Equal([ChangeKind.Created, ChangeKind.Deleted, ChangeKind.Created], Store.History(Alcala, "Patient", "a").Select(static version => version.Change));
    }

    [Fact]
    public async Task If_match_lets_only_the_newest_version_be_changed()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a", family: "Dos"), ifMatch: "1")));
        var fault = await RefusedAsync(Transaction(Put("Patient/a", Patient("1", id: "a", family: "Tres"), ifMatch: "1")));
        Assert.Equal((FaultKind.ConditionFailed, StoreIssues.VersionMismatch), (fault.Kind, fault.Issues[0].Code));
    }

    [Fact]
    public async Task Patients_are_listed_from_an_id_on_without_those_that_are_gone()
    {
        await DoneAsync(Transaction(Put("Patient/b", Patient("1", id: "b")), Put("Patient/B", Patient("2", id: "B")), Put("Patient/a-1", Patient("3", id: "a-1")), Put("Patient/c", Patient("4", id: "c")), Put("Observation/a", Result("1", "Patient/b", id: "a"))));
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))), centre: Vitoria);
        await DoneAsync(Transaction(Delete("Patient/c")));
        Assert.Equal(["B", "a-1", "b"], Store.Patients(Alcala, "", 10), StringComparer.Ordinal);
        Assert.Equal(["a-1"], Store.Patients(Alcala, "a", 1), StringComparer.Ordinal);
        Assert.Empty(Store.Patients(Alcala, "b\u0001", 10));
        Assert.Empty(Store.Patients("nowhere", "", 10));
    }

    [Fact]
    public async Task Time_never_runs_back()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        Clock.Now = Clock.Now.AddHours(-1);
        Reopen();
        await DoneAsync(Transaction(Put("Patient/b", Patient("2", id: "b"))));
        Assert.Equal(Store.Read(Alcala, "Patient", "a")!.Instant, Store.Read(Alcala, "Patient", "b")!.Instant);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        var outcome = (await DoneAsync(Transaction(Post("urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001", Patient("1")))))[0];
        Reopen();
        Assert.Equal(1, Store.Read(Alcala, "Patient", outcome.Id)!.Number);
    }

    [Fact]
    public async Task Two_centres_may_use_one_id_and_see_only_their_own()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a"))));
        Assert.Null(Store.Read(Vitoria, "Patient", "a"));
        Assert.Equal(Effect.Created, (await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a", family: "Otra"))), centre: Vitoria))[0].Effect);
        Assert.Equal("Prueba", Kept("Patient", "a")["name"]["family"].Text);
        Assert.Equal("Otra", Kept("Patient", "a", Vitoria)["name"]["family"].Text);
    }
}
