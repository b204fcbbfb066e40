using System.Collections.Immutable;

namespace FhirMyeloma.R4.Search;

/// <summary>What a search parameter compares; R4 search.html#ptypes without <c>special</c>.</summary>
public enum SearchType
{
    /// <summary>A code with or without system, an identifier, a truth value.</summary>
    Token,

    /// <summary>A reference to another resource, literal or logical.</summary>
    Reference,

    /// <summary>A date, a time or a period.</summary>
    Date,

    /// <summary>A text, found by its beginning.</summary>
    String,

    /// <summary>A number with a unit.</summary>
    Quantity,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A URI, compared letter by letter.</summary>
    Uri,

    /// <summary>Several values of one element together.</summary>
    Composite,
}

/// <summary>A search parameter of one resource type, as R4 defines it.</summary>
/// <param name="Code">The name in a query, for instance <c>birthdate</c>.</param>
/// <param name="Type">What it compares.</param>
/// <param name="Url">Canonical of its definition.</param>
/// <param name="Targets">Resource types that a reference may point to; empty when any, and for other types of parameter.</param>
/// <param name="Components">The parts of a composite, in the order of their values; else empty.</param>
public sealed record SearchParameter(string Code, SearchType Type, string Url, ImmutableArray<string> Targets, ImmutableArray<SearchComponent> Components)
{
    /// <summary>Where its values stand in a resource.</summary>
    internal SearchPath Path { get; init; } = SearchPath.None;

    /// <summary>
    /// The parameter that holds those of the same references that point to one type: of <c>subject</c> it is <c>patient</c>. Null when there is none.
    /// </summary>
    internal SearchParameter? Narrower { get; init; }

    /// <summary>The type that the references of a parameter such as <c>patient</c> are narrowed to; else null.</summary>
    public string? NarrowedTo => Path.NarrowedTo;

    /// <summary>True when a reference to that type may be its value.</summary>
    internal bool MayTarget(string type) => Targets.IsEmpty || Targets.Contains(type, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Code;
}

/// <summary>One part of a composite parameter.</summary>
/// <param name="Url">Canonical of the parameter that defines the part.</param>
/// <param name="Type">What it compares.</param>
public sealed record SearchComponent(string Url, SearchType Type)
{
    /// <summary>From the element that the composite finds to the values.</summary>
    internal SearchPath Path { get; init; } = SearchPath.None;
}
