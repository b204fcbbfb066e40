using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Service.Identity;

/// <summary>
/// What a request asks of the scopes beyond its row of the route table: the types that its search follows references to, the entries of a Bundle. What is asked depends on the
/// request alone and never on what is kept, so that a refusal tells nothing; and nothing is left out of an answer because of a scope.
/// </summary>
internal static class Access
{
    /// <summary>The fault of a scope that is missing.</summary>
    public static FhirFault Missing(string scope, params ImmutableArray<string> expressions) => new(StatusCodes.Status403Forbidden, [MissingIssue(scope, expressions)]) { MissingScope = scope };

    /// <summary>Null when a caller may do something to all of some types, else the fault.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="letters">What.</param>
    /// <param name="types">To which; null among them for every type.</param>
    public static FhirFault? Refuse(this Caller caller, Letters letters, IEnumerable<string?> types) => Lacks(caller, letters, types) is { } scope ? Missing(scope) : null;

    /// <summary>Null when a caller may search so, else the fault.</summary>
    public static FhirFault? Refuse(this Caller caller, SearchQuery query) => caller.Refuse(Letters.Search, TypesOf(query));

    /// <summary>Null when a caller may make a change, else the issue.</summary>
    public static Issue? Refuse(this Caller caller, Change change)
    {
        var letters = change.Interaction switch
        {
            Interaction.Create => Letters.Create,
            Interaction.Update => Letters.Update,
            Interaction.Delete => Letters.Delete,
        };
        var scope = Lacks(caller, letters, [change.Type])
            ?? Lacks(caller, Letters.Search, change.Links.Select(static link => link.Condition).Append(change.Condition).OfType<Condition>().SelectMany(static condition => TypesOf(condition.Query)));
        return scope is null ? null : MissingIssue(scope, change.Expression.Length == 0 ? [] : [change.Expression]);
    }

    /// <summary>Null when a caller may do what an entry of a Bundle asks for, else the issue; what is no request is somebody else's to refuse.</summary>
    public static Issue? Refuse(this Caller caller, EntryRequest entry)
    {
        if (entry.Change is { } change)
            return caller.Refuse(change);
        if (entry.Read is not { } url)
            return null;
        var type = url.Split('?')[0].TrimStart('/').Split('/')[0];
        var scope = entry.Search is { } search ? Lacks(caller, Letters.Search, TypesOf(search.Query))
            : ResourceTypes.IsKnown(type) ? Lacks(caller, Letters.Read, [type])
            : null;
        return scope is null ? null : MissingIssue(scope, [entry.Entry.Element.Path]);
    }

    /// <summary>Every type whose resources decide what a search finds, or may be in its answer; null among them for every type that there is.</summary>
    public static IEnumerable<string?> TypesOf(SearchQuery query) => query.Criteria.SelectMany(TypesOf).Append(query.ResourceType)
        .Concat(query.Includes.SelectMany(TargetsOf))
        .Concat(query.RevIncludes.Select(static include => include.SourceType));

    private static IEnumerable<string?> TypesOf(Criterion criterion) => criterion switch
    {
        ChainedCriterion chain => chain.Targets.SelectMany(static target => TypesOf(target.Criterion).Append(target.ResourceType)),
        ReverseCriterion reverse => TypesOf(reverse.Inner).Append(reverse.ResourceType),
        _ => [],
    };

    /// <summary>A reference that is not narrowed to a type (<c>Observation:subject:Patient</c>) is followed wherever R4 lets it lead.</summary>
    private static IEnumerable<string?> TargetsOf(SearchInclude include) =>
        include.TargetType is { } target ? [target]
        : include.Parameter is { } parameter ? TargetsOf(parameter)
        : include.SourceType is { } source ? SearchParameters.For(source).Where(static one => one.Type == SearchType.Reference).SelectMany(TargetsOf)
        : [null];

    private static IEnumerable<string?> TargetsOf(SearchParameter parameter) =>
        parameter.NarrowedTo is { } only ? [only] : parameter.Targets.IsEmpty ? (string?[])[null] : parameter.Targets;

    private static string? Lacks(Caller caller, Letters letters, IEnumerable<string?> types) =>
        types.Where(type => !caller.May(letters, type)).Select(type => Scopes.Name(letters, type)).FirstOrDefault();

    private static Issue MissingIssue(string scope, ImmutableArray<string> expressions) =>
        Faults.IssueOf(Faults.ScopeMissing, $"The scopes of this caller do not allow this; it takes {scope}.", expressions);
}
