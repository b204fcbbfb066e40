using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Search;

namespace FhirMyeloma.Store.Transactions;

/// <summary>What one entry of a batch or transaction asks for: a change, something to read, or a fault.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Change">What to change; null when it reads or is faulty.</param>
/// <param name="Read">The URL to read, relative to the base; null when it changes or is faulty.</param>
/// <param name="Fault">Why it is neither; null when it is one.</param>
public sealed record EntryRequest(BundleEntry Entry, Change? Change, string? Read, Issue? Fault)
{
    /// <summary>What to search, where the URL to read is a search; null where it is not.</summary>
    public EntrySearch? Search { get; init; }
}

/// <summary>A search that an entry asks for.</summary>
/// <param name="Query">The search; it names a type.</param>
/// <param name="From">Where its page begins, as a <c>next</c> link says it; null for the first.</param>
public sealed record EntrySearch(SearchQuery Query, string? From);

/// <summary>The requests of a batch or transaction Bundle.</summary>
public static class BundleRequests
{
    /// <summary>One request for each entry, in their order.</summary>
    /// <param name="bundle">A Bundle of type <c>transaction</c> or <c>batch</c> that is valid R4.</param>
    /// <param name="baseUrl">URL of this server with its last slash, whose absolute references in searches are its own; null when that does not matter.</param>
    public static ImmutableArray<EntryRequest> Of(Bundle bundle, string? baseUrl = null)
    {
        var isTransaction = bundle.Type == "transaction";
        return [.. bundle.Entries.Select(entry => Of(bundle, entry, isTransaction, baseUrl))];
    }

    private static EntryRequest Of(Bundle bundle, BundleEntry entry, bool isTransaction, string? baseUrl)
    {
        var request = entry.Element["request"];
        var at = entry.Element.Path;
        var url = RequestUrl.Parse(entry.RequestUrl ?? "");
        switch (entry.RequestMethod)
        {
            case "GET" or "HEAD" when url is { Id: null, Type: { } type }:
                return Search(type, url.Query ?? "");
            case "GET" or "HEAD":
                return new(entry, null, entry.RequestUrl, null);
            case "POST" when url is { Id: null, Query: null, Type: { } type }:
                return With(ChangeRequest.Create(type, entry.Resource, request["ifNoneExist"].Text, at));
            case "PUT" when url is { Type: { } type } && (url.Id is null) != (url.Query is null):
                return With(ChangeRequest.Update(type, url.Id, url.Query, entry.Resource, request["ifMatch"].Text, at));
            case "DELETE" when url is { Type: { } type } && (url.Id is null) != (url.Query is null):
                return With(ChangeRequest.Delete(type, url.Id, url.Query, request["ifMatch"].Text, at));
            case "POST" or "PUT" or "DELETE":
                return new(entry, null, null, StoreIssues.Error(StoreIssues.RequestUrl, IssueType.Invalid,
                    $"{entry.RequestMethod} takes {(entry.RequestMethod == "POST" ? "the name of a resource type" : "Type/id, or Type? with a search that finds one")} as its URL, relative to the base of this server.", $"{at}.request.url"));
            default:
                return new(entry, null, null, StoreIssues.Error(StoreIssues.RequestMethod, IssueType.NotSupported, "An entry may POST, PUT, DELETE, GET or HEAD.", $"{at}.request.method"));
        }

        EntryRequest Search(string type, string text)
        {
            var said = Condition.Parameters(text).ToLookup(static parameter => parameter.Key == SearchPage.Parameter);
            var (query, issues) = SearchQuery.Parse(type, said[false], lenient: false, baseUrl);
            return query is null
                ? new(entry, null, null, issues.First(static issue => issue.IsError) with { Expressions = [$"{at}.request.url"] })
                : new(entry, null, entry.RequestUrl, null) { Search = new(query, said[true].Select(static parameter => parameter.Value).FirstOrDefault()) };
        }

        EntryRequest With((Change? Change, Issue? Fault) read)
        {
            if (read.Change is not { } change)
                return new(entry, null, null, read.Fault);
            var (links, fault) = LinksOf(bundle, change.Resource, isTransaction);
            return fault is null ? new(entry, change with { Links = links }, null, null) : new(entry, null, null, fault);
        }
    }

    /// <summary>The links that may be rewritten: to what the Bundle makes, and conditional ones.</summary>
    private static (ImmutableArray<Link> Links, Issue? Fault) LinksOf(Bundle bundle, Element resource, bool isTransaction)
    {
        var links = ImmutableArray.CreateBuilder<Link>();
        foreach (var element in Links.Of(resource))
        {
            var text = element.Text!;
            if (element.TypeName == "string" && RequestUrl.Parse(text) is { Type: { } type, Query: { } query })
            {
                if (!isTransaction)
                    return ([], NotAllowed(element));
                var (condition, issues) = Condition.Parse(type, query);
                if (condition is null)
                    return ([], issues[0] with { Expressions = [element.Path] });
                links.Add(new(element, null, condition));
            }
            else if (!isTransaction)
            {
                if (text.StartsWith("urn:", StringComparison.Ordinal) && bundle.Follow(element) is { IsResolved: true, Entry: { RequestMethod: "POST" or "PUT" } })
                {
                    return ([], StoreIssues.Error(StoreIssues.ReferenceInBatch, IssueType.NotSupported,
                        "The entries of a batch know nothing of each other, so this reference would lead nowhere. Send the Bundle as a transaction.", element.Path));
                }
            }
            else if (element.TypeName == "xhtml")
            {
                links.Add(new(element, null, null));
            }
            else if (bundle.Follow(element) is { IsResolved: true, Entry: { RequestMethod: "POST" or "PUT" } entry } && !text.Contains("/_history/", StringComparison.Ordinal))
            {
                links.Add(new(element, entry.Index, null));
            }
        }

        return (links.ToImmutable(), null);
    }

    /// <summary>The conditional references of a resource that comes alone, where nothing may resolve them.</summary>
    internal static Issue? Conditional(Element resource) =>
        Links.Of(resource).Where(static element => element.TypeName == "string" && RequestUrl.Parse(element.Text!) is { Type: not null, Query: not null }).Select(NotAllowed).FirstOrDefault();

    private static Issue NotAllowed(Element element) => StoreIssues.Error(StoreIssues.ReferenceConditional, IssueType.NotSupported,
        "A reference that is a search is resolved in a transaction only. Send the resource in one, or refer to an id.", element.Path);
}

/// <summary>The URL of a request, relative to the base.</summary>
/// <param name="Type">The resource type; null when the URL names none.</param>
/// <param name="Id">The logical id; null without.</param>
/// <param name="Query">What follows the question mark; null without.</param>
internal readonly record struct RequestUrl(string? Type, string? Id, string? Query)
{
    public static RequestUrl Parse(string url)
    {
        var mark = url.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? null : url[(mark + 1)..];
        // Some senders begin it with a slash.
        var path = (mark < 0 ? url : url[..mark]).TrimStart('/').Split('/');
        return path switch
        {
            [var type] when ResourceTypes.IsKnown(type) => new(type, null, query),
            [var type, var id] when query is null && ResourceTypes.IsKnown(type) && ChangeRequest.IsId(id) => new(type, id, null),
            _ => default,
        };
    }
}
