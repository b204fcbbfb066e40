using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>SMART discovery, always JSON. Until there is identity it lists nothing: no token endpoint, no grant, no capability.</summary>
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
        Method = HttpMethods.Get,
        Path = path,
        Tag = "Metadata",
        Summary = "SMART configuration",
        Description = "There is no identity yet: the lists are empty and no token endpoint is named.",
        Handler = static () => TypedResults.Json(SmartConfiguration.None),
    };

    private sealed record SmartConfiguration(
        [property: JsonPropertyName("grant_types_supported")] ImmutableArray<string> GrantTypes,
        [property: JsonPropertyName("token_endpoint_auth_methods_supported")] ImmutableArray<string> AuthMethods,
        [property: JsonPropertyName("scopes_supported")] ImmutableArray<string> Scopes,
        [property: JsonPropertyName("capabilities")] ImmutableArray<string> Capabilities)
    {
        public static SmartConfiguration None { get; } = new([], [], [], []);
    }
}
