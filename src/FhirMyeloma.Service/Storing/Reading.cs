using System.Globalization;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;

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

    /// <summary><c>GET [type]/[id]/_history</c>: every version, newest first.</summary>
    public static IResult History(HttpContext context, FhirStore store, string centre, string type, string id)
    {
        var versions = store.History(centre, type, id);
        if (versions.IsEmpty)
            return StoreFaults.NotFound(type);
        foreach (var version in versions)
            AccessTrail.Of(context).Saw(version);
        var server = $"{context.Request.Scheme}://{context.Request.Host}{Endpoints.RouteTable.Base}";
        var json = new CanonicalJson(4096);
        json.StartObject().Member("resourceType", "Bundle").Member("type", "history").Name("total").Number(versions.Length);
        json.Name("link").StartArray().StartObject().Member("relation", "self").Member("url", $"{server}/{type}/{id}/_history").EndObject().EndArray();
        json.Name("entry").StartArray();
        foreach (var version in versions)
            Entry(version, server, json);
        return new FhirResource(json.EndArray().EndObject().ToArray());
    }

    /// <summary>A reading within a batch or transaction.</summary>
    public static EntryAnswer Entry(FhirStore store, Caller caller, string url)
    {
        var centre = caller.Centre;
        var parts = url.Split('/');
        var found = parts switch
        {
            [var type, var id] when ResourceTypeOf(type) && !id.Contains('?', StringComparison.Ordinal) => store.Read(centre, type, id),
            [var type, var id, "_history", var version] when ResourceTypeOf(type) && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => store.Read(centre, type, id, number),
            _ => null,
        };
        if (found is not null)
            caller.Trail.Saw(found);
        return found switch
        {
            null => new(StatusCodes.Status404NotFound, Issues: [Issue.Error(StoreIssues.NotFound, IssueType.NotFound, "There is no such resource here. An entry reads Type/id or Type/id/_history/version.")]),
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

    private static void Entry(StoredVersion version, string server, CanonicalJson json)
    {
        json.StartObject().Member("fullUrl", $"{server}/{version.Type}/{version.Id}");
        if (!version.Body.IsEmpty)
            json.Name("resource").Raw(version.Body.Span);
        var method = version.Change switch { ChangeKind.Created => "POST", ChangeKind.Updated => "PUT", ChangeKind.Deleted => "DELETE" };
        json.Name("request").StartObject().Member("method", method).Member("url", method == "POST" ? version.Type : $"{version.Type}/{version.Id}").EndObject();
        json.Name("response").StartObject()
            .Member("status", version.Change switch { ChangeKind.Created => "201 Created", ChangeKind.Updated => "200 OK", ChangeKind.Deleted => "204 No Content" })
            .Member("etag", EntryAnswer.Tag(version.Number))
            .Member("lastModified", version.Instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))
            .EndObject().EndObject();
    }
}
