using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace FhirMyeloma.Service.Identity;

/// <summary>
/// The issuer's public keys, fetched when they are first needed and again every hour, or when a token names one that is not among them, but never more often than every half
/// minute, since anybody can send such tokens. While the issuer cannot be reached those that were fetched last hold on.
/// </summary>
internal sealed class SigningKeys(IOptions<ServiceOptions> options, TimeProvider clock, ILogger<SigningKeys> log) : IDisposable
{
    /// <summary>How long fetched keys are taken without asking again.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>How long after an attempt none is made.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private const int SmallestRsa = 2048;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 1_000_000,
    };

    private volatile Fetched? _held;
    private DateTimeOffset _tried = DateTimeOffset.MinValue;

    /// <summary>The keys that a token may be signed with; null when none could be fetched yet.</summary>
    /// <param name="id">The key that the token names; null or empty when it names none.</param>
    /// <param name="cancelled">The request is over.</param>
    public async ValueTask<ImmutableArray<SecurityKey>?> ForAsync(string? id, CancellationToken cancelled)
    {
        if (_held is { } held && held.Serves(id, clock.GetUtcNow()))
            return held.Keys;
        await _turn.WaitAsync(cancelled);
        try
        {
            var now = clock.GetUtcNow();
            if (_held?.Serves(id, now) != true && now - _tried >= Pause)
            {
                _tried = now;
                _held = await FetchAsync(now, cancelled) ?? _held;
            }

            return _held?.Keys;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _turn.Dispose();
    }

    private async Task<Fetched?> FetchAsync(DateTimeOffset now, CancellationToken cancelled)
    {
        try
        {
            var identity = options.Value.Identity;
            var text = identity.KeysAddress is { } address ? await _client.GetStringAsync(address, cancelled) : await File.ReadAllTextAsync(identity.Keys, cancelled);
            return new(now, [.. new JsonWebKeySet(text).GetSigningKeys().Where(IsPublic)]);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or System.Text.Json.JsonException
            || (fault is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            log.KeysUnavailable(fault.GetType().FullName);
            return null;
        }
    }

    /// <summary>A key with which one can verify and not sign: a shared secret has no place in a list that everybody can read.</summary>
    private static bool IsPublic(SecurityKey key) => key is RsaSecurityKey { KeySize: >= SmallestRsa } or ECDsaSecurityKey;

    private sealed record Fetched(DateTimeOffset At, ImmutableArray<SecurityKey> Keys)
    {
        public bool Serves(string? id, DateTimeOffset now) => now - At < Fresh && (string.IsNullOrEmpty(id) || Keys.Any(key => key.KeyId == id));
    }
}
