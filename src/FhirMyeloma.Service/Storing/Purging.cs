using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;

namespace FhirMyeloma.Service.Storing;

/// <summary>Removing a patient for good.</summary>
internal static class Purging
{
    private const string Parameter = "_purge";

    /// <summary>True when the request says more than delete.</summary>
    public static bool IsMeant(HttpContext context) => context.Request.Query[Parameter] is [var said] && said != "false";

    /// <summary><c>DELETE Patient/[id]?_purge=true</c>.</summary>
    public static async Task<IResult> PurgeAsync(FhirStore store, Caller caller, string type, string id)
    {
        if (!caller.IsAdmin)
            return Faults.Of(Faults.RoleMissing, "Removing a patient for good is for callers with the scope fhirmyeloma/admin.");
        if (type != "Patient")
            return Faults.Of(Faults.ParameterValue, "Only a Patient is removed for good, with everything about it. Anything else is deleted and keeps its history.", $"http.{Parameter}");
        try
        {
            var audit = caller.Trail.OfChange(caller) with { Interaction = "purge" };
            if (await store.PurgeAsync(caller.Centre, id, audit) is not null)
                return Results.NoContent();
            caller.Trail.Untold();
            return StoreFaults.NotFound(type);
        }
        catch (StoreBusyException busy)
        {
            return StoreFaults.Busy(busy);
        }
    }
}
