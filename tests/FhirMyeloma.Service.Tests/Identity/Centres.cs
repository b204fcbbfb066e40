using System.Net.Http.Headers;
using FhirMyeloma.Store;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>A service that knows its callers by keys.</summary>
public sealed class Centres : Server
{
    internal const string Alcala = "alcala";
    internal const string Vitoria = "vitoria";

    /// <summary>A caller of a centre who may do everything there.</summary>
    internal async Task<HttpClient> OfAsync(string centre) => Knowing(await KeyAsync("system/*.cruds", centre));

    /// <summary>A caller with these scopes.</summary>
    internal async Task<HttpClient> WithAsync(string scopes, params string[] centres) => Knowing(await KeyAsync(scopes, centres));

    /// <summary>A caller who sends this as bearer.</summary>
    internal HttpClient Knowing(string secret)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    internal async Task<string> KeyAsync(string scopes, params string[] centres) => (await Services.GetRequiredService<FhirStore>().Keys.CreateAsync("test", [.. centres], scopes)).Secret;

    internal static string Patient(string id, string family = "Secreta") =>
        $$$"""{"resourceType":"Patient","id":"{{{id}}}","identifier":[{"system":"urn:oid:2.16.724.4.9.20.1","value":"{{{id}}}"}],"name":[{"family":"{{{family}}}"}]}""";

    internal static string Observation(string id, string patient, string code = "33358-3") =>
        $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]},"subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2024-03-05"}""";
}

internal static class Calls
{
    /// <summary>Sends a request; <paramref name="headers"/> may name Content-Type headers too.</summary>
    public static async Task<HttpResponseMessage> CallAsync(this HttpClient client, string method, string url, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(url, UriKind.RelativeOrAbsolute)) { Content = body is null ? null : Server.Json(body) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }
}
