using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Search;

/// <summary>A value of a search parameter in a resource.</summary>
internal abstract record SearchValue;

/// <summary>A code, an identifier, a truth value.</summary>
/// <param name="System">As stated; null when none is.</param>
/// <param name="Code">The code, the identifier's value, the primitive; null when there are only words.</param>
/// <param name="Text">The words beside it: display, the concept's text, the text of the identifier's type.</param>
internal sealed record TokenValue(string? System, string? Code, string? Text) : SearchValue
{
    /// <summary>Of a primitive, whose system its definition implies; it states none.</summary>
    public bool IsPrimitive { get; init; }

    /// <summary>The codes of its required binding, when they can be enumerated.</summary>
    public ValueSet? Binding { get; init; }
}

/// <summary>A reference, literal, logical or both; canonicals and URIs that point to a resource are literal ones.</summary>
/// <param name="Literal">As written; null when it is only logical.</param>
/// <param name="Type">Type of the target; null when nobody says it.</param>
/// <param name="Id">Id of the target; null when the literal has none.</param>
/// <param name="Version">Version of the target, also of a canonical.</param>
/// <param name="BaseUrl">The server of an absolute reference.</param>
internal sealed record ReferenceValue(string? Literal, string? Type, string? Id, string? Version, string? BaseUrl) : SearchValue
{
    /// <summary>The logical reference; null when there is none.</summary>
    public TokenValue? Identifier { get; init; }
}

/// <summary>A stretch of time.</summary>
internal sealed record DateValue(DateRange Range) : SearchValue;

/// <summary>A text.</summary>
/// <param name="Text">As written.</param>
/// <param name="IsName">A part of a HumanName or an Address, of which each word may be asked for: people have several family names.</param>
internal sealed record StringValue(string Text, bool IsName) : SearchValue
{
    /// <summary>As it is compared.</summary>
    public string Folded { get; } = Folding.Fold(Text);
}

/// <summary>A number, or the range that a comparator or a Range states.</summary>
/// <param name="Low">Least; null without bound.</param>
/// <param name="High">Greatest; null without bound.</param>
internal sealed record QuantityValue(decimal? Low, decimal? High) : SearchValue
{
    /// <summary>The bound itself is not in the range: a comparator <c>&gt;</c>.</summary>
    public bool AboveLow { get; init; }

    /// <summary>The bound itself is not in the range: a comparator <c>&lt;</c>.</summary>
    public bool BelowHigh { get; init; }

    public string? System { get; init; }
    public string? Code { get; init; }
    public string? Unit { get; init; }
}

/// <summary>A URI.</summary>
internal sealed record UriValue(string Uri) : SearchValue;
