using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Search;

/// <summary>What a query gets wrong. Names its parameters and types, never its values, which may be a patient's.</summary>
internal sealed class SearchIssues(bool lenient)
{
    private readonly List<Issue> issues = [];

    public bool HasErrors => issues.Exists(static issue => issue.IsError);

    /// <summary>An unknown parameter: with all that the type has (of one kind), and the one that was probably meant.</summary>
    public void Unknown(string? resourceType, string code, SearchType? kind = null)
    {
        string[] known = [.. SearchParameters.For(resourceType).Where(parameter => kind is null || parameter.Type == kind).Select(static parameter => parameter.Code)];
        var meant = Suggestion.Closest(code, known) is { } closest ? $"; did you mean '{closest}'?" : ".";
        var whose = resourceType is null ? "A search of all types" : Suggestion.WithArticle(resourceType) is var noun ? char.ToUpperInvariant(noun[0]) + noun[1..] : "";
        var list = known.Length == 0 ? "It has none." : $"It has: {string.Join(", ", known)}.";
        Unknown($"{whose} has no search parameter '{Suggestion.Shown(code)}'{(kind == SearchType.Reference ? " of type reference" : "")}{meant} {list}");
    }

    /// <summary>Something that the server does not know and that a lenient query can do without.</summary>
    public void Unknown(string text) => issues.Add(new(
        lenient ? IssueSeverity.Warning : IssueSeverity.Error,
        IssueCodes.SearchParameterUnknown,
        IssueType.NotSupported,
        lenient ? text + " It was left out of the search." : text,
        []));

    public void Modifier(SearchParameter parameter, string modifier, IReadOnlyCollection<string> known)
    {
        var meant = Suggestion.Closest(modifier, known) is { } closest ? $"; did you mean ':{closest}'?" : ".";
        issues.Add(Issue.Error(IssueCodes.SearchModifierUnknown, IssueType.NotSupported, $"The search parameter '{parameter.Code}' cannot have the modifier ':{Suggestion.Shown(modifier)}'{meant} It may have: {string.Join(", ", known.Select(static word => ":" + word))}."));
    }

    public void Invalid(string text) => issues.Add(Issue.Error(IssueCodes.SearchValueInvalid, IssueType.Value, text));

    public void Chain(string text) => issues.Add(Issue.Error(IssueCodes.SearchChainInvalid, IssueType.NotSupported, text));

    public ImmutableArray<Issue> ToImmutable() => [.. issues];
}
