using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Identity;

/// <summary>Finds out who calls before anything is answered.</summary>
internal static class Admission
{
    /// <summary>Everybody is the development centre.</summary>
    public static Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(Caller.Development(context.RequestServices.GetRequiredService<IOptions<ServiceOptions>>().Value.Centre));
        return next(context);
    }
}
