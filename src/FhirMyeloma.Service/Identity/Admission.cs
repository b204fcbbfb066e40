using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;

namespace FhirMyeloma.Service.Identity;

/// <summary>The door: before a row of the route table is answered it is known who calls, in which centre, and that their scopes suffice. There is no other way to a handler.</summary>
internal sealed class Admission(RequestDelegate next, Callers callers, Published published)
{
    /// <summary>By which a caller of several centres names the one that a request acts in.</summary>
    public const string Header = "X-Center";

    public async Task InvokeAsync(HttpContext context)
    {
        var row = context.GetEndpoint()?.Metadata.GetMetadata<RouteRow>();
        if (row is not null && await RefuseAsync(context, row.Needs) is { } fault)
            await fault.ExecuteAsync(context);
        else
            await next(context);
    }

    private async ValueTask<FhirFault?> RefuseAsync(HttpContext context, Need need)
    {
        if (need.LetsAnybodyIn(context, published))
        {
            context.Features.Set(Caller.Anybody);
            return null;
        }

        var (caller, unknown) = await callers.IdentifyAsync(context);
        if (caller is null)
            return unknown;
        var (centre, foreign) = need.Centre && !(need.TakesPooling && caller.IsPooling) ? CentreOf(context, caller) : default;
        context.Features.Set(caller with { ActsIn = centre, Trail = AccessTrail.Of(context) });
        return foreign ?? Refuse(context, need, caller);
    }

    private static FhirFault? Refuse(HttpContext context, Need need, Caller caller)
    {
        if (need.TakesPooling && caller.IsPooling)
            return null;
        if ((caller.Roles & need.Role) != need.Role)
            return Faults.Of(Faults.RoleMissing, $"This is for callers with the scope fhirmyeloma/{need.Role.ToString().ToLowerInvariant()}.");
        return need.Misses(caller, context) is { } scope ? Access.Missing(scope) : null;
    }

    private static (string? Centre, FhirFault? Fault) CentreOf(HttpContext context, Caller caller)
    {
        if (caller.Centres.IsEmpty)
            return (null, Faults.Of(Faults.CentreMissing, "This is about the resources of a centre, and this caller belongs to none."));
        if (context.Request.Headers[Header] is { Count: > 0 } named)
        {
            return named is [{ } one] && caller.Centres.Contains(one, StringComparer.Ordinal)
                ? (one, null)
                : (null, Faults.Of(Faults.CentreForeign, $"The centre that {Header} names is not this caller's.", $"http.{Header}"));
        }

        return caller.Centres is [var only]
            ? (only, null)
            : (null, Faults.Of(Faults.CentreAmbiguous, $"This caller belongs to several centres, and a request acts in one. Name it by the header {Header}: {string.Join(", ", caller.Centres)}.", $"http.{Header}"));
    }
}
