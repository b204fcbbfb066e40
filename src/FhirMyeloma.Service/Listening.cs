using System.Net;
using FhirMyeloma.Service.Identity;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service;

/// <summary>Where the service listens: beyond this machine only where callers are asked who they are, or its operator says aloud that they need not be.</summary>
internal static class Listening
{
    /// <summary>Why the service must not start; null when it may.</summary>
    /// <param name="app">The service, not started yet.</param>
    /// <param name="open">Its operator said <c>--open</c>.</param>
    public static string? Refuses(WebApplication app, bool open) =>
        open || Addresses(app.Configuration).All(IsLoopback) || app.Services.GetRequiredService<Callers>().Ask ? null
            : $"This would listen beyond this machine, and nobody is asked who they are. Make a key first (key create --center NAME), name an issuer of tokens (FhirMyeloma:Identity), or say {CommandLine.Open}.";

    public static void Announce(WebApplication app)
    {
        var asks = app.Services.GetRequiredService<Callers>().Ask;
        if (!asks)
            app.Logger.Unasked(app.Services.GetRequiredService<IOptions<ServiceOptions>>().Value.Centre);
        foreach (var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            app.Logger.Listening(address);
            if (!asks && !IsLoopback(address))
                app.Logger.Open(address);
        }
    }

    private static IEnumerable<string> Addresses(IConfiguration configuration) =>
        (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(static endpoint => endpoint["Url"]).OfType<string>());

    /// <summary>True when nobody outside this machine can reach the address.</summary>
    public static bool IsLoopback(string address)
    {
        var host = BindingAddress.Parse(address) is { IsUnixPipe: false, IsNamedPipe: false } binding ? binding.Host.Trim('[', ']') : "localhost";
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
