namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>Keys: found by their text, kept without it.</summary>
public abstract class KeyContract : StoreContract
{
    [Fact]
    public async Task A_key_is_found_by_its_text_after_a_restart()
    {
        var (key, secret) = await Store.Keys.CreateAsync("lab", [Alcala, Vitoria], "system/*.rs");
        Reopen();
        var found = Store.Keys.Find(secret)!;
        Assert.Equal((key.Id, "lab", "system/*.rs", (DateTimeOffset?)null), (found.Id, found.Name, found.Scopes, found.Revoked));
        Assert.Equal([Alcala, Vitoria], found.Centres, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_text_that_differs_in_one_letter_is_no_key()
    {
        var (_, secret) = await Store.Keys.CreateAsync("lab", [Alcala], "system/*.rs");
        Assert.Null(Store.Keys.Find(secret[..^1] + (secret[^1] == 'A' ? 'B' : 'A')));
    }

    [Fact]
    public async Task A_key_may_have_no_centre()
    {
        var (_, secret) = await Store.Keys.CreateAsync("audit", [], "fhirmyeloma/auditor");
        Assert.Empty(Store.Keys.Find(secret)!.Centres);
    }

    [Fact]
    public async Task No_two_keys_are_the_same()
    {
        var (first, one) = await Store.Keys.CreateAsync("lab", [Alcala], "system/*.rs");
        var (second, other) = await Store.Keys.CreateAsync("lab", [Alcala], "system/*.rs");
        Assert.NotEqual(one, other, StringComparer.Ordinal);
        Assert.NotEqual(first.Id, second.Id, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_says_since_when()
    {
        var (key, secret) = await Store.Keys.CreateAsync("lab", [Alcala], "system/*.rs");
        Clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(Clock.Now, (await Store.Keys.RevokeAsync(key.Id))!.Revoked);
        Assert.Equal(Clock.Now, Store.Keys.Find(secret)!.Revoked);
    }

    [Fact]
    public async Task A_key_is_revoked_once()
    {
        var (key, _) = await Store.Keys.CreateAsync("lab", [Alcala], "system/*.rs");
        await Store.Keys.RevokeAsync(key.Id);
        Assert.Null(await Store.Keys.RevokeAsync(key.Id));
        Assert.Null(await Store.Keys.RevokeAsync("none"));
    }

    [Fact]
    public async Task That_keys_were_made_is_not_forgotten()
    {
        Assert.False(Store.Keys.WereMade());
        var (key, _) = await Store.Keys.CreateAsync("lab", [Alcala], "system/*.rs");
        await Store.Keys.RevokeAsync(key.Id);
        Assert.True(Store.Keys.WereMade());
    }

    [Fact]
    public async Task The_list_is_in_the_order_in_which_they_were_made()
    {
        var first = (await Store.Keys.CreateAsync("first", [Alcala], "system/*.rs")).Key.Id;
        var second = (await Store.Keys.CreateAsync("second", [Alcala], "system/*.rs")).Key.Id;
        Assert.Equal([first, second], Store.Keys.List().Select(static key => key.Id), StringComparer.Ordinal);
    }
}
