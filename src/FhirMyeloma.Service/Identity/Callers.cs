using FhirMyeloma.Service.Http;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Keys;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Identity;

/// <summary>What came of the question who calls.</summary>
/// <param name="Caller">Who; null when that is not known.</param>
/// <param name="Fault">Why it is not known; null when it is.</param>
internal readonly record struct Identified(Caller? Caller, FhirFault? Fault)
{
    public static Identified As(Caller caller) => new(caller, null);

    public static Identified Refused(FhirFault fault) => new(null, fault);
}

/// <summary>Knows callers by what they send as <c>Authorization</c>: an API key, or a token of the issuer.</summary>
internal sealed class Callers(FhirStore store, Tokens tokens, IOptions<ServiceOptions> options)
{
    private const string Bearer = "Bearer ";

    // Never goes back: a key that was made and revoked does not open the service again.
    private volatile bool _asks;

    /// <summary>True when nobody is let in unknown: there is an issuer, or a key was made.</summary>
    public bool Ask => _asks || (_asks = options.Value.Identity.TakesTokens || store.Keys.WereMade());

    /// <summary>Who sends a request.</summary>
    public async ValueTask<Identified> IdentifyAsync(HttpContext context)
    {
        if (!Ask)
            return Identified.As(Caller.Development(options.Value.Centre));
        if (context.Request.Headers.Authorization is not [{ } sent] || !sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Identified.Refused(Faults.Of(Faults.LoginRequired, "This service answers only callers that it knows. Send the header Authorization: Bearer with an API key or a token."));
        var secret = sent[Bearer.Length..].Trim();
        if (KeySecret.Is(secret))
            return ByKey(secret);
        return options.Value.Identity.TakesTokens
            ? await tokens.ReadAsync(secret, context.RequestAborted)
            : Identified.Refused(Faults.Of(Faults.TokenInvalid, "This service takes API keys only, which begin with fm_."));
    }

    private Identified ByKey(string secret)
    {
        // One answer for both, so that a revoked key tells nothing to whoever found it.
        if (store.Keys.Find(secret) is not { Revoked: null } key)
            return Identified.Refused(Faults.Of(Faults.KeyInvalid, "This API key is not known here, or was revoked."));
        var (scopes, roles, _) = Scopes.Parse(key.Scopes);
        return Identified.As(new()
        {
            Name = $"key:{key.Id}",
            Centres = roles.HasFlag(Roles.Pool) ? [] : key.Centres,
            Scopes = scopes,
            Roles = roles,
        });
    }
}
