using System.Globalization;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Service.Storing;

/// <summary>What is kept, as it is asked for.</summary>
internal static class Reading
{
    /// <summary><c>GET [type]/[id]</c>.</summary>
    public static IResult Current(HttpContext context, FhirStore store, string centre, string type, string id) => store.Read(centre, type, id) switch
    {
        null => StoreFaults.NotFound(type),
        { Change: ChangeKind.Deleted } => StoreFaults.Gone(type),
        var found => Stored(context, found),
    };

    /// <summary><c>GET [type]/[id]/_history/[vid]</c>.</summary>
    public static IResult Version(HttpContext context, FhirStore store, string centre, string type, string id, string version)
    {
        var number = int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return store.Read(centre, type, id, number) switch
        {
            null => store.Read(centre, type, id) is null ? StoreFaults.NotFound(type) : StoreFaults.NoVersion(type),
            { Change: ChangeKind.Deleted } => StoreFaults.Gone(type),
            var found => Stored(context, found),
        };
    }

    /// <summary>A reading or search within a batch or transaction.</summary>
    /// <param name="store">What is kept.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="request">What for.</param>
    /// <param name="server">The FHIR base with its last slash.</param>
    public static EntryAnswer Entry(FhirStore store, Caller caller, EntryRequest request, string server)
    {
        if (request.Search is { } search)
            return new(StatusCodes.Status200OK, Body: Searching.Found(store, caller, search, [], server));
        var centre = caller.Centre;
        var parts = request.Read!.TrimStart('/').Split('/');
        var found = parts switch
        {
            [var type, var id] when ResourceTypeOf(type) => store.Read(centre, type, id),
            [var type, var id, "_history", var version] when ResourceTypeOf(type) && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => store.Read(centre, type, id, number),
            _ => null,
        };
        if (found is not null)
            caller.Trail.Saw(found);
        return found switch
        {
            null => new(StatusCodes.Status404NotFound, Issues: [Issue.Error(StoreIssues.NotFound, IssueType.NotFound, "There is no such resource here. An entry reads Type/id or Type/id/_history/version, or searches Type?parameters.")]),
            { Change: ChangeKind.Deleted } => new(StatusCodes.Status410Gone, Issues: [Issue.Error(StoreIssues.Deleted, IssueType.Deleted, "This resource was deleted.")]),
            _ => new(StatusCodes.Status200OK, Body: found.Body, ETag: EntryAnswer.Tag(found.Number)),
        };
    }

    private static bool ResourceTypeOf(string type) => R4.Profiles.ResourceTypes.IsKnown(type);

    private static FhirResource Stored(HttpContext context, StoredVersion version)
    {
        context.Response.Headers.LastModified = version.Instant.ToString("R");
        AccessTrail.Of(context).Saw(version);
        return new(version.Body, ETag: EntryAnswer.Tag(version.Number));
    }
}
