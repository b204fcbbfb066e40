using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>A transaction that is posted again, after a fault of the network or by mistake.</summary>
public abstract class RepetitionContract : StoreContract
{
    private const string One = "urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001";

    [Theory]
    [InlineData(null)]
    [InlineData("key-1")]
    public async Task Gets_the_first_answer_and_writes_nothing(string? key)
    {
        var bundle = Transaction(Post(One, Patient("1")));
        var first = await DoneAsync(bundle, key);
        Clock.Now = Clock.Now.AddHours(1);
        Reopen();
        var again = await PostAsync(bundle, key);
        Assert.True(again.IsRepetition);
        Assert.Equal(first.AsEnumerable(), again.Outcomes);
        Assert.Single(Store.History(Alcala, "Patient", first[0].Id));
    }

    [Fact]
    public async Task Is_carried_out_anew_once_something_of_it_has_changed()
    {
        var bundle = Transaction(Put("Patient/a", Patient("1", id: "a")), Put("Patient/b", Patient("2", id: "b")));
        await DoneAsync(bundle);
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a", family: "Otra"))));
        Assert.Equal([(Effect.Updated, 3), (Effect.Unchanged, 1)], (await DoneAsync(bundle)).Select(static outcome => (outcome.Effect, outcome.Version)));
    }

    [Fact]
    public async Task Is_carried_out_anew_once_something_has_changed_that_it_had_found_as_it_should_be()
    {
        await DoneAsync(Transaction(Put("Patient/b", Patient("2", id: "b"))));
        var bundle = Transaction(Put("Patient/a", Patient("1", id: "a")), Put("Patient/b", Patient("2", id: "b")), Delete("Patient/c"));
        await DoneAsync(bundle);
        await DoneAsync(Transaction(Put("Patient/b", Patient("2", id: "b", family: "Otra")), Put("Patient/c", Patient("3", id: "c"))));
        Assert.Equal([(Effect.Unchanged, 1), (Effect.Updated, 3), (Effect.Deleted, 2)], (await DoneAsync(bundle)).Select(static outcome => (outcome.Effect, outcome.Version)));
    }

    [Fact]
    public async Task Is_carried_out_anew_after_seven_days()
    {
        var bundle = Transaction(Post(One, Patient("1")));
        var first = await DoneAsync(bundle);
        Clock.Now = Clock.Now.AddDays(7).AddMinutes(1);
        Assert.NotEqual(first[0].Id, (await DoneAsync(bundle))[0].Id, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Of_another_centre_is_none()
    {
        var bundle = Transaction(Post(One, Patient("1")));
        var first = await DoneAsync(bundle);
        Assert.NotEqual(first[0].Id, (await DoneAsync(bundle, centre: Vitoria))[0].Id, StringComparer.Ordinal);
    }

    [Fact]
    public async Task With_one_key_and_other_content_is_refused()
    {
        await DoneAsync(Transaction(Post(One, Patient("1"))), "key-1");
        var fault = await RefusedAsync(Transaction(Post(One, Patient("2"))), "key-1");
        Assert.Equal((FaultKind.Unprocessable, StoreIssues.KeyReused), (fault.Kind, fault.Issues[0].Code));
        Assert.False((await PostAsync(Transaction(Post(One, Patient("1"))), "key-2")).IsRepetition);
    }

    [Fact]
    public async Task At_the_same_moment_is_carried_out_once()
    {
        var bundle = Transaction(Post(One, Patient("1")));
        var ids = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () => (await DoneAsync(bundle))[0].Id)));
        Assert.Single(ids.Distinct(StringComparer.Ordinal));
    }
}
