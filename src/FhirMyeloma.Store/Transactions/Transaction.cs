using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Audit;

namespace FhirMyeloma.Store.Transactions;

/// <summary>What is to be done to one resource.</summary>
public enum Interaction
{
    /// <summary>Removed; comes first (R4 http.html#trules).</summary>
    Delete,

    /// <summary>Made, with an id that the store gives, unless its condition finds one.</summary>
    Create,

    /// <summary>Replaced, or made under the id that the sender gives.</summary>
    Update,
}

/// <summary>A search that decides which resource is meant.</summary>
/// <param name="Query">The search; it names a type.</param>
/// <param name="Text">The search as it was written, without its type.</param>
public sealed record Condition(SearchQuery Query, string Text)
{
    /// <summary>Reads what follows the question mark of a URL.</summary>
    /// <returns>The condition, or what is wrong with it.</returns>
    public static (Condition? Condition, ImmutableArray<Issue> Issues) Parse(string type, string text)
    {
        var (query, issues) = SearchQuery.Parse(type, Parameters(text), lenient: false);
        return query is null ? (null, [.. issues.Where(static issue => issue.IsError)]) : (new(query, text), []);
    }

    /// <summary>The parameters of a query, decoded.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Parameters(string text)
    {
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            yield return new(Decoded(equals < 0 ? part : part[..equals]), equals < 0 ? "" : Decoded(part[(equals + 1)..]));
        }
    }

    // In a query a plus is a blank; one that is meant is escaped.
    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

/// <summary>A URL in a resource that may have to be rewritten.</summary>
/// <param name="Element">Where it stands.</param>
/// <param name="Entry">The change of the same transaction that it leads to; null when none.</param>
/// <param name="Condition">A search whose only match it means; null for any other URL.</param>
public readonly record struct Link(Element Element, int? Entry, Condition? Condition);

/// <summary>One change that somebody asks for.</summary>
public sealed record Change
{
    /// <summary>What is to be done.</summary>
    public required Interaction Interaction { get; init; }

    /// <summary>Type of the resource.</summary>
    public required string Type { get; init; }

    /// <summary>Logical id that the request names; null where a condition or the store finds it.</summary>
    public string? Id { get; init; }

    /// <summary>The search that decides which resource is meant; null without.</summary>
    public Condition? Condition { get; init; }

    /// <summary>The resource; the element that does not exist for <see cref="Interaction.Delete"/>.</summary>
    public Element Resource { get; init; }

    /// <summary>The version that must be the current one; null for any.</summary>
    public int? IfMatch { get; init; }

    /// <summary>The links in it that may have to be rewritten.</summary>
    public ImmutableArray<Link> Links { get; init; } = [];

    /// <summary>Simple FHIRPath of the entry, or of the resource where it is alone; what issues point to.</summary>
    public string Expression { get; init; } = "";
}

/// <summary>Changes that are made together or not at all.</summary>
public sealed record Transaction
{
    /// <summary>The changes; no two may mean one resource.</summary>
    public required ImmutableArray<Change> Changes { get; init; }

    /// <summary>What tells a repetition of the same request: a hash of what was sent. Empty where repetitions are executed anew.</summary>
    public ImmutableArray<byte> Content { get; init; } = [];

    /// <summary>The sender's key for the request (header Idempotency-Key); null without.</summary>
    public string? Key { get; init; }

    /// <summary>The row of the audit that is written with the changes, or not at all; what they touch is added to it. Null where nothing is to be told.</summary>
    public AuditEntry? Audit { get; init; }
}
