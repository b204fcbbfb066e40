using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FhirMyeloma.Service;

/// <summary>Says where the service listens, and warns when that is beyond this machine.</summary>
internal static class Listening
{
    public static void Announce(WebApplication app)
    {
        foreach (var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            app.Logger.Listening(address);
            if (!IsLoopback(address))
                app.Logger.Open(address);
        }
    }

    /// <summary>True when nobody outside this machine can reach the address.</summary>
    public static bool IsLoopback(string address)
    {
        var host = BindingAddress.Parse(address) is { IsUnixPipe: false, IsNamedPipe: false } binding ? binding.Host.Trim('[', ']') : "localhost";
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
