using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Identity;

namespace FhirMyeloma.Service.Audit;

/// <summary>Around the door: whatever a row of the route table answers or refuses leaves a row in the audit, save for what everybody may know.</summary>
internal sealed class Auditing(RequestDelegate next, AuditWriter writer, TimeProvider clock)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan _session = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteRow>() is not { } row)
        {
            await next(context);
            return;
        }

        var trail = AccessTrail.Begin(context, row);
        context.Features.Set(trail);
        try
        {
            await next(context);
        }
        catch (Exception)
        {
            await TellAsync(context, trail, StatusCodes.Status500InternalServerError);
            throw;
        }

        if (!row.LeavesNoEvent || trail.HasSeen || context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            await TellAsync(context, trail, context.Response.StatusCode);
    }

    private async ValueTask TellAsync(HttpContext context, AccessTrail trail, int status)
    {
        var caller = context.Features.Get<Caller>();
        var isKnown = caller is { IsDevelopment: false } && caller.Name != Caller.Anybody.Name;
        if (isKnown && IsNew(context.Request.Headers.Authorization.ToString()))
            await writer.AddAsync(new() { Interaction = AuditEvents.Login, Action = 'E', Agent = caller!.Name, Address = trail.Address, Request = trail.Request, Centre = AccessTrail.CentreOf(caller) });
        if (!trail.IsTold)
            await writer.AddAsync(trail.Entry(caller, status));
        else if (trail.HasSeen)
            await writer.AddAsync(trail.Entry(caller, status) with { Interaction = "read", Action = 'R' });
    }

    /// <summary>True for a credential that has not been seen for an hour: bearer tokens know no other login.</summary>
    private bool IsNew(string credential)
    {
        var (now, hash) = (clock.GetUtcNow(), Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(credential))));
        if (_known.TryGetValue(hash, out var since) && now - since < _session)
            return false;
        if (_known.Count >= MostRemembered)
            _known.Clear();
        _known[hash] = now;
        return true;
    }
}
