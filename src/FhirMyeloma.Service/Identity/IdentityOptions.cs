using System.ComponentModel.DataAnnotations;

namespace FhirMyeloma.Service.Identity;

/// <summary>Whose tokens are taken (section <c>FhirMyeloma:Identity</c>). Without an issuer only API keys are.</summary>
internal sealed class IdentityOptions : IValidatableObject
{
    /// <summary>What a token must say as <c>iss</c>; empty where no tokens are taken.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>What a token must say as <c>aud</c>: this service, as its issuer calls it.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The issuer's public keys (JWKS): an https address, or a file.</summary>
    public string Keys { get; set; } = "";

    /// <summary>The claim that names the caller's centre or centres: a text or a list of texts.</summary>
    [Required]
    public string CentreClaim { get; set; } = "center";

    /// <summary>Where the issuer gives tokens to systems (SMART Backend Services); told to clients, never called.</summary>
    public string TokenEndpoint { get; set; } = "";

    /// <summary>True when tokens are taken.</summary>
    public bool TakesTokens => Issuer.Length > 0;

    /// <summary>The address of the keys; null when they are in a file.</summary>
    public Uri? KeysAddress => Uri.TryCreate(Keys, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TakesTokens)
        {
            if (Audience.Length + Keys.Length + TokenEndpoint.Length > 0)
                yield return new("FhirMyeloma:Identity:Issuer is missing: without it no token is taken.", [nameof(Issuer)]);
            yield break;
        }

        if (Audience.Length == 0)
            yield return new("FhirMyeloma:Identity:Audience is missing: a token must be meant for this service.", [nameof(Audience)]);
        if (Keys.Length == 0)
            yield return new("FhirMyeloma:Identity:Keys is missing: the address or the file of the issuer's JWKS.", [nameof(Keys)]);
        // Whoever can change the keys on their way can be anybody.
        if (KeysAddress is { Scheme: "http", IsLoopback: false })
            yield return new("FhirMyeloma:Identity:Keys must be an https address, or a file.", [nameof(Keys)]);
        if (TokenEndpoint.Length > 0 && !(Uri.TryCreate(TokenEndpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
            yield return new("FhirMyeloma:Identity:TokenEndpoint must be an absolute address.", [nameof(TokenEndpoint)]);
    }
}
