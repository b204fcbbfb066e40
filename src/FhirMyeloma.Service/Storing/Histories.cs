using System.Globalization;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Search;

namespace FhirMyeloma.Service.Storing;

/// <summary>What became of a resource, of those of a type, or of all (R4 http.html#history): versions, newest first, in pages.</summary>
internal static class Histories
{
    public const string Count = "_count";
    public const string Since = "_since";

    /// <summary>The history of a resource, of a type where <paramref name="id"/> is null, or of everything.</summary>
    public static IResult Of(HttpContext context, FhirStore store, string centre, string? type = null, string? id = null)
    {
        var said = context.Request.Query;
        var count = SearchPage.DefaultCount;
        if (said[Count] is [{ } number, ..] && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out count))
            return Faults.Of(Faults.ParameterValue, "_count is a number of versions, 0 or more.", $"http.{Count}");
        var since = said[Since] is [{ } instant, ..] ? FhirDate.Parse(instant)?.Instant : null;
        if (said.ContainsKey(Since) && since is null)
            return Faults.Of(Faults.ParameterValue, "_since is an instant, for instance 2024-03-05T10:00:00Z.", $"http.{Since}");
        long from = 0;
        if (said[Searching.Page] is [{ } place, ..] && !long.TryParse(place, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out from))
            return Faults.Of(Faults.ParameterValue, "_page is copied from a next link as it stands there.", $"http.{Searching.Page}");
        if (store.History(centre, new() { Type = type, Id = id, Since = since, Count = count, From = from == 0 ? null : from }) is not { } page)
            return StoreFaults.NotFound(type!);
        foreach (var version in page.Versions)
            AccessTrail.Of(context).Saw(version);

        var server = $"{context.Request.Scheme}://{context.Request.Host}{Endpoints.RouteTable.Base}";
        string[] kept = [.. new[] { Count, Since }.Where(said.ContainsKey).Select(name => $"{name}={Uri.EscapeDataString(said[name][0]!)}")];
        var self = string.Join('/', new[] { server, type, id, "_history" }.Where(static part => part is not null));
        var json = new CanonicalJson(page.Versions.Sum(static version => version.Body.Length + 384) + 512);
        json.StartObject().Member("resourceType", "Bundle").Member("type", "history");
        if (page.Total is { } total)
            json.Name("total").Number(total);
        json.Name("link").StartArray();
        Link("self", kept);
        if (page.Next is { } next)
            Link("next", [.. kept, string.Create(CultureInfo.InvariantCulture, $"{Searching.Page}={next:x}")]);
        json.EndArray();
        if (page.Versions.Length > 0)
        {
            json.Name("entry").StartArray();
            foreach (var version in page.Versions)
                Entry(version, server, json);
            json.EndArray();
        }

        return new FhirResource(json.EndObject().ToArray());

        void Link(string relation, string[] parameters) =>
            json.StartObject().Member("relation", relation).Member("url", parameters.Length == 0 ? self : $"{self}?{string.Join('&', parameters)}").EndObject();
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
