using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Search;

/// <summary>How much of each resource a search answers with; R4 search.html#summary.</summary>
public enum SummaryMode
{
    /// <summary>All of it.</summary>
    False,

    /// <summary>The elements that R4 marks as summary.</summary>
    True,

    /// <summary>The narrative, id, meta and mandatory elements.</summary>
    Text,

    /// <summary>All but the narrative.</summary>
    Data,

    /// <summary>No resources, only how many there are.</summary>
    Count,
}

/// <summary>What the total of a search may cost; R4 search.html#total.</summary>
public enum TotalMode
{
    /// <summary>The query does not say.</summary>
    Unstated,

    /// <summary>No total is wanted.</summary>
    None,

    /// <summary>A rough one will do.</summary>
    Estimate,

    /// <summary>It must be exact.</summary>
    Accurate,
}

/// <summary>One key of <c>_sort</c>.</summary>
/// <param name="Parameter">The parameter whose values order the matches.</param>
/// <param name="Descending">Greatest first.</param>
public sealed record SortOrder(SearchParameter Parameter, bool Descending);

/// <summary>One <c>_include</c> or <c>_revinclude</c>; R4 search.html#revinclude.</summary>
/// <param name="SourceType">Type of the resource that refers; null for <c>*</c>.</param>
/// <param name="Parameter">The reference that is followed; null for every reference of the type.</param>
/// <param name="TargetType">The only type of target that is taken; null for any.</param>
/// <param name="Iterate">Also from what was included.</param>
public sealed record SearchInclude(string? SourceType, SearchParameter? Parameter, string? TargetType, bool Iterate);

/// <summary>What reading a query gave.</summary>
/// <param name="Query">Null when an issue is an error.</param>
/// <param name="Issues">In the order of the query; of a lenient one also warnings about what was left out.</param>
public sealed record ParsedSearch(SearchQuery? Query, ImmutableArray<Issue> Issues);

/// <summary>A search as R4 search.html defines it, read and checked; immutable.</summary>
public sealed record SearchQuery
{
    /// <summary>The most that one page may hold; a greater <c>_count</c> is cut down to it, as R4 allows.</summary>
    public const int MaxCount = 1000;

    /// <summary>Parameters that one query may have.</summary>
    public const int MaxParameters = 200;

    /// <summary>The type that is searched; null for all of them, by what every resource has.</summary>
    public string? ResourceType { get; init; }

    /// <summary>All of them must hold; without any every resource of the type matches.</summary>
    public ImmutableArray<Criterion> Criteria { get; init; } = [];

    /// <summary><c>_count</c>; null when the query does not say. 0 asks for the total only.</summary>
    public int? Count { get; init; }

    /// <summary><c>_sort</c>, the most important first.</summary>
    public ImmutableArray<SortOrder> Sort { get; init; } = [];

    /// <summary><c>_include</c>.</summary>
    public ImmutableArray<SearchInclude> Includes { get; init; } = [];

    /// <summary><c>_revinclude</c>.</summary>
    public ImmutableArray<SearchInclude> RevIncludes { get; init; } = [];

    /// <summary><c>_summary</c>.</summary>
    public SummaryMode Summary { get; init; }

    /// <summary><c>_elements</c>: names of elements of the root; empty for all.</summary>
    public ImmutableArray<string> Elements { get; init; } = [];

    /// <summary><c>_total</c>.</summary>
    public TotalMode Total { get; init; }

    /// <summary>What was understood, for the self link: in the order of the query, as it was written.</summary>
    public ImmutableArray<KeyValuePair<string, string>> SelfParameters { get; init; } = [];

    /// <summary>
    /// Reads the parameters of a query, already decoded from the URL or form. What is not known is an error; where <paramref name="lenient"/>
    /// (<c>Prefer: handling=lenient</c>), parameters that the type does not have are left out with a warning, but a modifier that is not supported and
    /// a value that cannot be read stay errors, as R4 demands. Never throws over what a query says.
    /// </summary>
    /// <param name="resourceType">The type that is searched; null for all.</param>
    /// <param name="parameters">Names with their modifiers, and values.</param>
    /// <param name="lenient">Whether to leave out what is not known.</param>
    /// <param name="baseUrl">URL of this server with its last slash, whose absolute references are its own; null when that does not matter.</param>
    public static ParsedSearch Parse(string? resourceType, IEnumerable<KeyValuePair<string, string>> parameters, bool lenient, string? baseUrl = null) =>
        new SearchQueryReader(resourceType, lenient, baseUrl).Read(parameters);

    /// <summary>Does a resource of the type match all criteria? The resolver is asked by chains only.</summary>
    public bool Matches(Element resource, SearchResolver? resolver = null)
    {
        if (ResourceType is not null && resource.TypeName != ResourceType)
            return false;
        foreach (var criterion in Criteria)
        {
            if (!criterion.Matches(resource, resolver))
                return false;
        }
        return true;
    }
}
