using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Search;
using FhirMyeloma.Store.Transactions;
using Microsoft.Extensions.Primitives;

namespace FhirMyeloma.Service.Storing;

/// <summary>Search by GET and by POST (R4 http.html#search).</summary>
internal static class Searching
{
    /// <summary>Where a page begins; only ever copied from a <c>next</c> link.</summary>
    public const string Page = SearchPage.Parameter;

    /// <summary><c>GET [type]?…</c> and <c>POST [type]/_search</c>.</summary>
    public static async Task<IResult> SearchAsync(HttpContext context, FhirStore store, Caller caller, string type)
    {
        IEnumerable<KeyValuePair<string, StringValues>> said = context.Request.Query;
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.ContentType is not null)
        {
            if (!context.Request.HasFormContentType)
                return Faults.Of(Faults.UnsupportedMediaType, "_search takes application/x-www-form-urlencoded.", "http.Content-Type");
            said = said.Concat(await context.Request.ReadFormAsync(context.RequestAborted));
        }

        return Search(context, store, caller, type, [.. said.SelectMany(static parameter => parameter.Value.Select(value => KeyValuePair.Create(parameter.Key, value ?? "")))]);
    }

    private static IResult Search(HttpContext context, FhirStore store, Caller caller, string type, ImmutableArray<KeyValuePair<string, string>> parameters)
    {
        var server = $"{context.Request.Scheme}://{context.Request.Host}{Endpoints.RouteTable.Base}/";
        var (query, issues) = SearchQuery.Parse(type, parameters.Where(static parameter => parameter.Key != Page), Preference.Of(context).Lenient, server);
        if (query is null)
            return new FhirFault(StatusCodes.Status400BadRequest, issues);
        return caller.Refuse(query) is { } forbidden ? forbidden
            : new FhirResource(Found(store, caller, new(query, parameters.FirstOrDefault(static parameter => parameter.Key == Page).Value), issues, server));
    }

    /// <summary>The searchset of a search that the caller may make.</summary>
    /// <param name="store">What is kept.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="search">The search and its page.</param>
    /// <param name="issues">What it left out of the query.</param>
    /// <param name="server">The FHIR base with its last slash.</param>
    public static byte[] Found(FhirStore store, Caller caller, EntrySearch search, ImmutableArray<Issue> issues, string server)
    {
        var query = search.Query;
        var page = store.Search(caller.Centre, query, search.From);
        foreach (var found in page.Matches.Concat(page.Included))
            caller.Trail.SawPatientOf(found);
        var self = $"{server}{query.ResourceType}{Query(query.SelfParameters)}";
        var json = new CanonicalJson(page.Matches.Sum(static match => match.Body.Length + 128) + 512);
        json.StartObject().Member("resourceType", "Bundle").Member("type", "searchset");
        if (page.Total is { } total)
            json.Name("total").Number(total);
        json.Name("link").StartArray().StartObject().Member("relation", "self").Member("url", self).EndObject();
        if (page.Next is { } next)
            json.StartObject().Member("relation", "next").Member("url", $"{self}{(query.SelfParameters.IsEmpty ? '?' : '&')}{Page}={next}").EndObject();
        json.EndArray();
        if (page.Matches.Length + page.Included.Length + issues.Length > 0)
        {
            json.Name("entry").StartArray();
            foreach (var match in page.Matches)
                Entry(match, "match");
            foreach (var included in page.Included)
                Entry(included, "include");
            if (!issues.IsEmpty)
            {
                json.StartObject().Name("resource");
                OperationOutcomes.Render(issues, json);
                json.Name("search").StartObject().Member("mode", "outcome").EndObject().EndObject();
            }

            json.EndArray();
        }

        return json.EndObject().ToArray();

        void Entry(StoredVersion version, string mode)
        {
            json.StartObject().Member("fullUrl", $"{server}{version.Type}/{version.Id}").Name("resource");
            if (query.Summary == SummaryMode.False && query.Elements.IsEmpty)
                json.Raw(version.Body.Span);
            else
                Summaries.Write(FhirJsonReader.Read(version.Body, new ReadLimits(Check: false)).Document!.Root, query.Summary, query.Elements, json);
            json.Name("search").StartObject().Member("mode", mode).EndObject().EndObject();
        }
    }

    private static string Query(ImmutableArray<KeyValuePair<string, string>> parameters) =>
        parameters.IsEmpty ? "" : $"?{string.Join('&', parameters.Select(static parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"))}";
}
