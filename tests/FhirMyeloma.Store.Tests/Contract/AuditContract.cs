using System.Collections.Immutable;
using FhirMyeloma.Store.Audit;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>The audit: a change and its row are written together or not at all, and the rows make one chain.</summary>
public abstract class AuditContract : StoreContract
{
    private static AuditEntry Entry(string interaction = "read", string agent = "system", params ImmutableArray<string> patients) =>
        new() { Interaction = interaction, Action = 'R', Agent = agent, Centre = Alcala, Request = "r-1", Query = "GET /fhir/Patient/a", Patients = patients };

    private async Task<TransactionResult> AuditedAsync(string bundle)
    {
        var (transaction, _) = Read(bundle);
        return await Store.ExecuteAsync(Alcala, transaction! with { Audit = Entry("transaction") with { Action = 'E' } });
    }

    private ImmutableArray<AuditRow> All(AuditFilter? filter = null) => Store.Audit.Page(filter ?? new(), null, 1_000);

    [Fact]
    public async Task A_change_has_its_row_that_says_what_it_touched_and_whom()
    {
        await AuditedAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("Observation/o", Result("1", "Patient/a", id: "o")), Put("Patient/b", Patient("2", "b"))));
        var row = Assert.Single(All());
        Assert.Equal((1, "transaction", 'E', "system"), (row.Number, row.Entry.Interaction, row.Entry.Action, row.Entry.Agent));
        Assert.Equal(["Patient/a/_history/1", "Observation/o/_history/1", "Patient/b/_history/1"], row.Entry.Entities.AsEnumerable(), StringComparer.Ordinal);
        Assert.Equal(["a", "b"], row.Entry.Patients.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_deletion_and_a_change_that_changes_nothing_name_their_patient_too()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a")), Put("Observation/o", Result("1", "Patient/a", id: "o"))));
        await AuditedAsync(Transaction(Put("Observation/o", Result("1", "Patient/a", id: "o"))));
        await AuditedAsync(Transaction(Delete("Observation/o")));
        Assert.All(All(), static row => Assert.Equal(["a"], row.Entry.Patients.AsEnumerable(), StringComparer.Ordinal));
        Assert.Equal(["Observation/o/_history/2", "Observation/o/_history/1"], All().Select(static row => row.Entry.Entities.Single()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_repetition_is_an_access_as_well()
    {
        var bundle = Transaction(Post("urn:uuid:1", Patient("1")));
        await AuditedAsync(bundle);
        Assert.True((await AuditedAsync(bundle)).IsRepetition);
        Assert.Equal(2, All().Length);
        Assert.Equal(All()[0].Entry.Entities.AsEnumerable(), All()[1].Entry.Entities.AsEnumerable(), StringComparer.Ordinal);
        Assert.Equal(All()[0].Entry.Patients.AsEnumerable(), All()[1].Entry.Patients.AsEnumerable(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_refused_change_leaves_neither_version_nor_row()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", "a"))));
        var result = await AuditedAsync(Transaction(Put("Patient/b", Patient("2", "b")), Put("Patient/a", Patient("3", "a"), ifMatch: "7")));
        Assert.NotNull(result.Fault);
        Assert.Empty(All());
        Assert.Equal(default, Store.Audit.Verify().Head.Number);
    }

    [Fact]
    public async Task Rows_of_many_clients_at_once_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await AuditedAsync(Transaction(Put($"Patient/c{client}-{i}", Patient($"{client}-{i}", $"c{client}-{i}"))));
                await Store.Audit.AppendAsync([Entry(), Entry(patients: [$"c{client}-{i}"])]);
            }
        })));
        Reopen();
        var verdict = Store.Audit.Verify();
        Assert.Null(verdict.Broken);
        Assert.Equal(16 * 10 * 3, verdict.Head.Number);
        Assert.Equal(Store.Audit.Head(), verdict.Head);
    }

    [Fact]
    public async Task Rows_are_found_by_what_they_say_newest_first_and_page_by_page()
    {
        await Store.Audit.AppendAsync([Entry(patients: ["a", "b"]), Entry(agent: "other"), Entry() with { Centre = Vitoria }]);
        Clock.Now += TimeSpan.FromHours(1);
        await Store.Audit.AppendAsync([Entry() with { Outcome = 4 }, Entry("delete", patients: ["a"]) with { Action = 'D' }]);
        Assert.Equal([5, 4, 3, 2, 1], Numbers(new()));
        Assert.Equal([5, 1], Numbers(new() { Patient = "a" }));
        Assert.Equal([2], Numbers(new() { Agent = "other" }));
        Assert.Equal([3], Numbers(new() { Centre = Vitoria }));
        Assert.Equal([4], Numbers(new() { Outcome = 4 }));
        Assert.Equal([5], Numbers(new() { Action = 'D' }));
        Assert.Equal([5, 4], Numbers(new() { From = Clock.Now }));
        Assert.Equal([3, 2, 1], Numbers(new() { To = Clock.Now }));
        Assert.Equal([5], Numbers(new() { Patient = "a", From = Clock.Now }));
        Assert.Equal([3, 2], Store.Audit.Page(new(), 4, 2).Select(static row => row.Number));

        IEnumerable<long> Numbers(AuditFilter filter) => All(filter).Select(static row => row.Number);
    }

    [Fact]
    public async Task A_head_that_was_written_down_shows_that_rows_were_cut_off()
    {
        await Store.Audit.AppendAsync([Entry(), Entry()]);
        var head = AuditHead.Parse(Store.Audit.Head().ToString())!.Value;
        Assert.Null(Store.Audit.Verify(head).Broken);
        Assert.Equal(3, Store.Audit.Verify(head with { Number = 5 }).Broken);
        Assert.Equal(2, Store.Audit.Verify(head with { Hash = new('0', 64) }).Broken);
    }
}
