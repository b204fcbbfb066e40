using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using FhirMyeloma.Service.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMyeloma.Service.Identity;

/// <summary>Reads the tokens of the issuer (RFC 7519, RFC 9068).</summary>
internal sealed class Tokens(SigningKeys keys, IOptions<ServiceOptions> options, TimeProvider clock)
{
    /// <summary>Signatures that are taken: those that SMART names, and the two that their keys and libraries bring along (docs/adr/0015).</summary>
    public static readonly ImmutableArray<string> Algorithms = [SecurityAlgorithms.RsaSha384, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.EcdsaSha256];

    /// <summary>How far the clocks of issuer and service may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private const int Longest = 16_384;

    // Who calls; of a system's token the client may be all that there is.
    private static readonly ImmutableArray<string> _names = ["sub", "client_id", "azp"];
    private static readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = Longest };

    /// <summary>Who a token says that calls.</summary>
    public async Task<Identified> ReadAsync(string text, CancellationToken cancelled)
    {
        if (!_handler.CanReadToken(text))
            return Invalid();
        JsonWebToken token;
        try
        {
            token = _handler.ReadJsonWebToken(text);
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException)
        {
            return Invalid();
        }

        if (await keys.ForAsync(token.Kid, cancelled) is not { } known)
            return Identified.Refused(Faults.Of(Faults.IdentityUnavailable, "The issuer's keys cannot be had at the moment, so that no token can be verified."));
        var identity = options.Value.Identity;
        var result = await _handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = identity.Issuer,
            ValidAudience = identity.Audience,
            IssuerSigningKeys = known,
            ValidAlgorithms = Algorithms,
            LifetimeValidator = (from, to, _, _) => to is not null && !IsOver(to.Value) && (from is null || from.Value - Skew <= Now),
        });
        if (result.IsValid)
            return CallerOf(token, identity);
        return result.Exception is SecurityTokenInvalidLifetimeException && token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out _) && IsOver(token.ValidTo)
            ? Identified.Refused(Faults.Of(Faults.TokenExpired, "The token has expired. Get a new one from its issuer."))
            : Invalid();
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private bool IsOver(DateTime end) => end + Skew <= Now;

    private static Identified Invalid() => Identified.Refused(Faults.Of(Faults.TokenInvalid, "The token is not one that this service takes: signature, issuer, audience or time do not fit."));

    private static Identified CallerOf(JsonWebToken token, IdentityOptions identity)
    {
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        var claims = payload.RootElement;
        var name = _names.Select(claim => Texts(claims, claim).FirstOrDefault()).FirstOrDefault(static text => !string.IsNullOrEmpty(text));
        var centres = Texts(claims, identity.CentreClaim).Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (name is null || !centres.All(ServiceOptions.IsCentre))
            return Invalid();
        // "scope" is a text with blanks (RFC 8693); some issuers say "scp", as text or list.
        var (scopes, roles, _) = Scopes.Parse(string.Join(' ', Texts(claims, "scope").Concat(Texts(claims, "scp"))));
        return Identified.As(new()
        {
            Name = name,
            Centres = roles.HasFlag(Roles.Pool) ? [] : centres,
            Scopes = scopes,
            Roles = roles,
        });
    }

    private static IEnumerable<string> Texts(JsonElement claims, string claim) => !claims.TryGetProperty(claim, out var value) ? []
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!)]
        : [];
}
