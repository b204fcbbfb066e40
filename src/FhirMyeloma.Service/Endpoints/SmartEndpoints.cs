using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FhirMyeloma.Service.Identity;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>
/// SMART discovery, always JSON. The service gives no tokens, it takes those of an issuer: what that does is said only where its operator named the token endpoint, and without an
/// issuer nothing is.
/// </summary>
internal static class SmartEndpoints
{
    public static ImmutableArray<RouteRow> Routes { get; } =
    [
        Discovery("smart-configuration", $"{RouteTable.Base}/.well-known/smart-configuration"),
        Discovery("smart-configuration-root", "/.well-known/smart-configuration"),
    ];

    private static RouteRow Discovery(string id, string path) => new()
    {
        Id = id,
        LeavesNoEvent = true,
        Needs = Need.Nothing,
        Method = HttpMethods.Get,
        Path = path,
        Tag = "Metadata",
        Summary = "SMART configuration",
        Description = "What tokens are taken and what may stand in them; empty lists where no issuer is configured.",
        Handler = static (IOptions<ServiceOptions> options) => TypedResults.Json(SmartConfiguration.Of(options.Value.Identity)),
    };

    private sealed record SmartConfiguration
    {
        [JsonPropertyName("issuer")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Issuer { get; private init; }

        [JsonPropertyName("jwks_uri")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Uri? Keys { get; private init; }

        [JsonPropertyName("token_endpoint")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? TokenEndpoint { get; private init; }

        [JsonPropertyName("grant_types_supported")]
        public ImmutableArray<string> GrantTypes { get; private init; } = [];

        [JsonPropertyName("token_endpoint_auth_methods_supported")]
        public ImmutableArray<string> AuthMethods { get; private init; } = [];

        [JsonPropertyName("scopes_supported")]
        public ImmutableArray<string> Scopes { get; private init; } = [];

        [JsonPropertyName("capabilities")]
        public ImmutableArray<string> Capabilities { get; private init; } = [];

        public static SmartConfiguration Of(IdentityOptions identity)
        {
            if (!identity.TakesTokens)
                return new();
            var gives = identity.TokenEndpoint.Length > 0;
            return new()
            {
                Issuer = identity.Issuer,
                Keys = identity.KeysAddress,
                TokenEndpoint = gives ? identity.TokenEndpoint : null,
                GrantTypes = gives ? ["client_credentials"] : [],
                AuthMethods = gives ? ["private_key_jwt"] : [],
                Scopes = ["system/*.cruds", "system/*.rs", "fhirmyeloma/admin", "fhirmyeloma/auditor", "fhirmyeloma/pool"],
                Capabilities = gives ? ["client-confidential-asymmetric", "permission-v1", "permission-v2"] : ["permission-v1", "permission-v2"],
            };
        }
    }
}
