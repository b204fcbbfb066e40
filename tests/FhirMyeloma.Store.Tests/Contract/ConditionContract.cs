using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>Conditions: a fact that several systems send, at once or again, is kept once.</summary>
public abstract class ConditionContract : StoreContract
{
    private const string One = "urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001";
    private const string Two = "urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0002";
    private const string ByNumber = "identifier=urn:oid:1.2.3|1";

    [Fact]
    public async Task A_conditional_create_finds_what_is_there_and_references_lead_to_it()
    {
        var first = (await DoneAsync(Transaction(Post(One, Patient("1"), ByNumber))))[0];
        var again = await DoneAsync(Transaction(Post(One, Patient("1", family: "Distinta"), ByNumber), Post(Two, Result("1", One))));
        Assert.Equal((Effect.Unchanged, first.Id, 1), (again[0].Effect, again[0].Id, again[0].Version));
        Assert.Equal($"Patient/{first.Id}", Kept("Observation", again[1].Id)["subject"]["reference"].Text);
        Assert.Equal("Prueba", Kept("Patient", first.Id)["name"]["family"].Text);
    }

    [Fact]
    public async Task A_condition_does_not_find_the_same_number_of_another_system()
    {
        await DoneAsync(Transaction(Post(One, Patient("1"))));
        Assert.Equal(Effect.Created, (await DoneAsync(Transaction(Post(One, Patient("1"), "identifier=urn:oid:9.9.9|1"))))[0].Effect);
    }

    [Fact]
    public async Task A_condition_does_not_find_what_was_deleted_or_has_changed_its_number()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a")), Put("Patient/b", Patient("2", id: "b"))));
        await DoneAsync(Transaction(Delete("Patient/a"), Put("Patient/b", Patient("3", id: "b"))));
        Assert.Equal(Effect.Created, (await DoneAsync(Transaction(Post(One, Patient("1"), ByNumber))))[0].Effect);
        Assert.Equal(Effect.Created, (await DoneAsync(Transaction(Post(One, Patient("2"), "identifier=urn:oid:1.2.3|2"))))[0].Effect);
    }

    /// <summary>With so many centres the index has a few of them under one key; which, is decided by their numbers.</summary>
    [Fact]
    public async Task A_condition_and_a_snapshot_find_what_their_own_centre_keeps_of_a_hundred_and_fifty()
    {
        var centres = Enumerable.Range(0, 150).Select(static number => $"centre-{number}").ToList();
        foreach (var centre in centres)
            Assert.Equal((centre, Effect.Created), (centre, (await DoneAsync(Transaction(Post(One, Patient("1"), ByNumber)), centre: centre))[0].Effect));
        Assert.All(centres, centre => Assert.Single(Store.Snapshot(centre, R4.Profiles.ResourceTypes.All, ofPatients: true, since: null).Places.SelectMany(static one => one.Places)));
    }

    [Fact]
    public async Task A_condition_that_finds_several_is_refused()
    {
        await DoneAsync(Transaction(Post(One, Patient("1")), Post(Two, Patient("1", family: "Otra"))));
        var fault = await RefusedAsync(Transaction(Post(One, Patient("1"), ByNumber)));
        Assert.Equal((FaultKind.ConditionFailed, StoreIssues.ConditionMultiple), (fault.Kind, fault.Issues[0].Code));
    }

    [Fact]
    public async Task Two_creates_under_one_condition_are_refused()
    {
        var fault = await RefusedAsync(Transaction(Post(One, Patient("1"), ByNumber), Post(Two, Patient("1"), ByNumber)));
        Assert.Equal((FaultKind.Unprocessable, StoreIssues.IdentityRepeated), (fault.Kind, fault.Issues[0].Code));
    }

    [Fact]
    public async Task A_conditional_update_makes_then_changes_the_one_that_it_finds()
    {
        var made = (await DoneAsync(Transaction(Put($"Patient?{ByNumber}", Patient("1")))))[0];
        Assert.Equal(Effect.Created, made.Effect);
        var changed = (await DoneAsync(Transaction(Put($"Patient?{ByNumber}", Patient("1", family: "Otra")))))[0];
        Assert.Equal((Effect.Updated, made.Id, 2), (changed.Effect, changed.Id, changed.Version));
        var fault = await RefusedAsync(Transaction(Put($"Patient?{ByNumber}", Patient("1", id: "other"))));
        Assert.Equal((FaultKind.Invalid, StoreIssues.IdMismatch), (fault.Kind, fault.Issues[0].Code));
        Assert.Equal("under-this", (await DoneAsync(Transaction(Put("Patient?identifier=urn:oid:1.2.3|2", Patient("2", id: "under-this")))))[0].Id);
    }

    [Fact]
    public async Task A_conditional_delete_removes_the_one_that_it_finds()
    {
        var made = (await DoneAsync(Transaction(Post(One, Patient("1")))))[0];
        Assert.Equal(Effect.Absent, (await DoneAsync(Transaction(Delete("Patient?identifier=urn:oid:1.2.3|9"))))[0].Effect);
        Assert.Equal((Effect.Deleted, made.Id), (await DoneAsync(Transaction(Delete($"Patient?{ByNumber}"))))[0] is var gone ? (gone.Effect, gone.Id) : default);
    }

    [Fact]
    public async Task A_conditional_reference_leads_to_what_is_kept_or_made_by_the_same_transaction()
    {
        var patient = (await DoneAsync(Transaction(Post(One, Patient("1")))))[0];
        var old = (await DoneAsync(Transaction(Post(Two, Result("1", $"Patient?{ByNumber}")))))[0];
        Assert.Equal($"Patient/{patient.Id}", Kept("Observation", old.Id)["subject"]["reference"].Text);

        var made = await DoneAsync(Transaction(Post(One, Result("2", "Patient?identifier=urn:oid:1.2.3|2")), Post(Two, Patient("2"))));
        Assert.Equal($"Patient/{made[1].Id}", Kept("Observation", made[0].Id)["subject"]["reference"].Text);
    }

    [Fact]
    public async Task A_conditional_reference_to_nobody_is_refused_with_its_place()
    {
        var fault = await RefusedAsync(Transaction(Post(Two, Result("1", $"Patient?{ByNumber}"))));
        Assert.Equal((FaultKind.Unprocessable, StoreIssues.ReferenceUnresolved), (fault.Kind, fault.Issues[0].Code));
        Assert.Equal("Bundle.entry[0].resource.subject.reference", Assert.Single(fault.Issues[0].Expressions));
    }

    [Fact]
    public async Task Many_at_once_make_one()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => DoneAsync(Transaction(
            Post(One, Patient("1"), ByNumber),
            Post(Two, Result(i.ToString(System.Globalization.CultureInfo.InvariantCulture), One), $"identifier=urn:oid:1.2.4|{i}"))))));
        Assert.Single(outcomes.Select(static outcome => outcome[0].Id).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, outcomes.Count(static outcome => outcome[0].Effect == Effect.Created));
        Assert.Equal(64, outcomes.Select(static outcome => outcome[1].Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Many_updates_at_once_make_one_version_each()
    {
        await Task.WhenAll(Enumerable.Range(0, 48).Select(i => Task.Run(() => DoneAsync(Transaction(Put(
            i % 2 == 0 ? $"Patient?{ByNumber}" : "Patient/a", Patient("1", id: "a", family: $"N{i}")))))));
        Assert.Equal(Enumerable.Range(1, 48).Reverse(), Store.History(Alcala, "Patient", "a").Select(static version => version.Number));
    }

    [Theory]
    [InlineData("", StoreIssues.ConditionEmpty)]
    [InlineData("_count=1", StoreIssues.ConditionEmpty)]
    public async Task A_condition_that_asks_for_nothing_is_refused(string condition, string code) =>
        Assert.Equal(code, (await RefusedAsync(Transaction(Delete($"Patient?{condition}")))).Issues[0].Code);
}
