using FhirMyeloma.Service.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>When the issuer's keys are fetched.</summary>
public sealed class SigningKeysTests : IDisposable
{
    private readonly Issuer _issuer = new();
    private readonly Clock _clock = new();
    private readonly SigningKeys _keys;

    public SigningKeysTests() => _keys = new(
        Options.Create(new ServiceOptions { Identity = { Issuer = Issuer.Name, Audience = Issuer.Audience, Keys = _issuer.File } }), _clock, NullLogger<SigningKeys>.Instance);

    public void Dispose()
    {
        _keys.Dispose();
        _issuer.Dispose();
    }

    private async Task<string[]> HeldAsync(string? asked) => [.. ((await _keys.ForAsync(asked, CancellationToken.None)) ?? []).Select(static key => key.KeyId).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Neither_small_keys_nor_shared_secrets_are_held() => Assert.Equal(["ec256", "ec384", "rsa"], await HeldAsync(null), StringComparer.Ordinal);

    [Fact]
    public async Task A_new_key_is_found_by_the_first_token_that_names_it()
    {
        _issuer.Publish("rsa");
        Assert.Equal(["rsa"], await HeldAsync("rsa"), StringComparer.Ordinal);
        _issuer.Publish("rsa", "ec384");
        _clock.Now += SigningKeys.Pause;
        Assert.Equal(["ec384", "rsa"], await HeldAsync("ec384"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Unknown_names_make_no_flood_of_fetches()
    {
        _issuer.Publish("rsa");
        await HeldAsync("rsa");
        _issuer.Publish("rsa", "ec384");
        _clock.Now += SigningKeys.Pause - TimeSpan.FromSeconds(1);
        Assert.Equal(["rsa"], await HeldAsync("ec384"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_issuer_withdrew_is_gone_within_the_hour()
    {
        Assert.Contains("ec384", await HeldAsync("rsa"), StringComparer.Ordinal);
        _issuer.Publish("rsa");
        _clock.Now += SigningKeys.Fresh;
        Assert.Equal(["rsa"], await HeldAsync("rsa"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task While_the_issuer_is_away_the_last_keys_hold()
    {
        await HeldAsync("rsa");
        File.Delete(_issuer.File);
        _clock.Now += SigningKeys.Fresh;
        Assert.Contains("rsa", await HeldAsync("rsa"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_is_no_list_of_keys_is_none()
    {
        await File.WriteAllTextAsync(_issuer.File, "<html>");
        Assert.Null(await _keys.ForAsync(null, CancellationToken.None));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
