using FhirMyeloma.Store.Search;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>The history of a resource, of a type and of everything: newest first, whole, and never another centre's.</summary>
public abstract class HistoryContract : StoreContract
{
    private async Task FillAsync()
    {
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a")), Put("Patient/b", Patient("2", id: "b"))));
        Clock.Now = Clock.Now.AddHours(1);
        await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a", family: "Dos")), Put("Observation/o", Result("1", "Patient/a", "3.1", id: "o"))));
        Clock.Now = Clock.Now.AddHours(1);
        await DoneAsync(Transaction(Delete("Observation/o")));
        await DoneAsync(Transaction(Put("Patient/a", Patient("9", id: "a"))), centre: Vitoria);
    }

    private string[] Told(HistoryQuery query, string centre = Alcala) =>
        [.. Store.History(centre, query)!.Versions.Select(static version => $"{version.Type}/{version.Id}/{version.Number} {version.Change}")];

    [Fact]
    public async Task Of_a_type_it_holds_every_version_of_the_centre_newest_first()
    {
        await FillAsync();
        Assert.Equal(["Patient/a/2 Updated", "Patient/b/1 Created", "Patient/a/1 Created"], Told(new() { Type = "Patient" }), StringComparer.Ordinal);
        Assert.Equal(["Patient/a/1 Created"], Told(new() { Type = "Patient" }, Vitoria), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Of_everything_it_holds_deletions_without_a_body()
    {
        await FillAsync();
        Assert.Equal(
            ["Observation/o/2 Deleted", "Observation/o/1 Created", "Patient/a/2 Updated", "Patient/b/1 Created", "Patient/a/1 Created"], Told(new()), StringComparer.Ordinal);
        Assert.True(Store.History(Alcala, new())!.Versions[0].Body.IsEmpty);
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(0, 5)]
    [InlineData(1, 3)]
    [InlineData(60, 3)]
    [InlineData(61, 1)]
    [InlineData(121, 0)]
    public async Task Since_counts_from_the_instant_itself(int minutes, int left)
    {
        var start = Clock.Now;
        await FillAsync();
        Assert.Equal(left, Told(new() { Since = start.AddMinutes(minutes) }).Length);
        Assert.Equal(left, Store.History(Alcala, new() { Since = start.AddMinutes(minutes), Count = 0 })!.Total);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Patient", null)]
    [InlineData("Patient", "a")]
    public async Task Pages_hold_what_the_whole_holds_whatever_is_written_meanwhile(string? type, string? id)
    {
        await FillAsync();
        var whole = Told(new() { Type = type, Id = id });
        List<string> seen = [];
        var written = 0;
        for (long? from = null; ;)
        {
            var page = Store.History(Alcala, new() { Type = type, Id = id, Count = 1, From = from })!;
            seen.AddRange(page.Versions.Select(static version => $"{version.Type}/{version.Id}/{version.Number} {version.Change}"));
            await DoneAsync(Transaction(Put("Patient/a", Patient("1", id: "a", family: $"F{++written}"))));
            if (page.Next is null)
                break;
            from = page.Next;
        }

        Assert.Equal(whole, seen, StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_there_never_was_has_none()
    {
        await FillAsync();
        Assert.Null(Store.History(Alcala, new() { Type = "Patient", Id = "nobody" }));
        Assert.Empty(Told(new() { Type = "Procedure" }));
        Assert.Empty(Told(new(), "nowhere"));
    }
}
