using System.Globalization;
using System.Text.RegularExpressions;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Store.Transactions;

/// <summary>Requests of the REST interface as changes; what no state of the store could fulfil is a fault.</summary>
public static partial class ChangeRequest
{
    /// <summary><c>POST [type]</c>, with <c>If-None-Exist</c> where only one may exist.</summary>
    /// <param name="type">Type that the URL names.</param>
    /// <param name="resource">The body.</param>
    /// <param name="ifNoneExist">A search without its type; null without.</param>
    /// <param name="at">Expression of the entry; empty for a request of its own.</param>
    public static (Change? Change, Issue? Fault) Create(string type, Element resource, string? ifNoneExist, string at)
    {
        if (Misfit(type, resource, at) is { } misfit)
            return (null, misfit);
        var (condition, fault) = ConditionOf(type, ifNoneExist, at.Length == 0 ? "http.If-None-Exist" : $"{at}.request.ifNoneExist");
        return fault is null ? (new() { Interaction = Interaction.Create, Type = type, Resource = resource, Condition = condition, Expression = at }, null) : (null, fault);
    }

    /// <summary><c>PUT [type]/[id]</c> or <c>PUT [type]?search</c>.</summary>
    /// <param name="type">Type that the URL names.</param>
    /// <param name="id">Id that the URL names; null with a search.</param>
    /// <param name="query">The search; null with an id.</param>
    /// <param name="resource">The body.</param>
    /// <param name="ifMatch">The header; null without.</param>
    /// <param name="at">Expression of the entry; empty for a request of its own.</param>
    public static (Change? Change, Issue? Fault) Update(string type, string? id, string? query, Element resource, string? ifMatch, string at)
    {
        if (Misfit(type, resource, at) is { } misfit)
            return (null, misfit);
        var own = resource["id"].Text;
        if (id is not null && own != id)
        {
            return (null, StoreIssues.Error(StoreIssues.IdMismatch, IssueType.Invalid, own is null
                ? "The resource has no id. Put the id of the URL into it."
                : "The id of the resource is not that of the URL. Make them the same.", $"{resource.Path}{(own is null ? "" : ".id")}"));
        }

        var (condition, fault) = ConditionOf(type, query, at.Length == 0 ? "http.url" : $"{at}.request.url");
        var (seen, badTag) = VersionOf(ifMatch, at);
        return (fault ?? badTag) is { } wrong
            ? (null, wrong)
            : (new() { Interaction = Interaction.Update, Type = type, Id = id ?? own, Condition = condition, Resource = resource, IfMatch = seen, Expression = at }, null);
    }

    /// <summary><c>DELETE [type]/[id]</c> or <c>DELETE [type]?search</c>.</summary>
    /// <param name="type">Type that the URL names.</param>
    /// <param name="id">Id that the URL names; null with a search.</param>
    /// <param name="query">The search; null with an id.</param>
    /// <param name="ifMatch">The header; null without.</param>
    /// <param name="at">Expression of the entry; empty for a request of its own.</param>
    public static (Change? Change, Issue? Fault) Delete(string type, string? id, string? query, string? ifMatch, string at)
    {
        var (condition, fault) = ConditionOf(type, query, at.Length == 0 ? "http.url" : $"{at}.request.url");
        var (seen, badTag) = VersionOf(ifMatch, at);
        return (fault ?? badTag) is { } wrong
            ? (null, wrong)
            : (new() { Interaction = Interaction.Delete, Type = type, Id = id, Condition = condition, IfMatch = seen, Expression = at }, null);
    }

    /// <summary>The conditional reference of a resource that comes alone: nothing resolves it there. Null when there is none.</summary>
    public static Issue? ConditionalReference(Element resource) => BundleRequests.Conditional(resource);

    /// <summary>True for text that can be a logical id.</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    private static Issue? Misfit(string type, Element resource, string at) =>
        !resource.Exists ? StoreIssues.Error(StoreIssues.ResourceMissing, IssueType.Required, "The entry holds no resource. Put it under resource.", at)
        : resource.TypeName != type ? StoreIssues.Error(StoreIssues.TypeMismatch, IssueType.Invalid, $"The URL says {type} and the resource is a {resource.TypeName}. Make them the same.", resource.Path)
        : null;

    private static (Condition? Condition, Issue? Fault) ConditionOf(string type, string? query, string at)
    {
        if (query is null)
            return (null, null);
        var (condition, issues) = Condition.Parse(type, query);
        if (condition is null)
            return (null, issues[0] with { Expressions = [at] });
        return condition.Query.Criteria.IsEmpty
            ? (null, StoreIssues.Error(StoreIssues.ConditionEmpty, IssueType.Invalid, "The condition searches for nothing. Name an identifier, for instance identifier=system|value.", at))
            : (condition, null);
    }

    private static (int? Version, Issue? Fault) VersionOf(string? tag, string at)
    {
        if (tag is null)
            return (null, null);
        return Tag().Match(tag) is { Success: true } match && int.TryParse(match.Groups["version"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? (version, null)
            : (null, StoreIssues.Error(StoreIssues.VersionTag, IssueType.Invalid, "If-Match takes one ETag of this server, for instance W/\"3\".", at.Length == 0 ? "http.If-Match" : $"{at}.request.ifMatch"));
    }

    [GeneratedRegex(@"^[A-Za-z0-9\-.]{1,64}\z", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Id();

    [GeneratedRegex("^\\s*(W/)?\"(?<version>[0-9]{1,9})\"\\s*\\z", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Tag();
}
