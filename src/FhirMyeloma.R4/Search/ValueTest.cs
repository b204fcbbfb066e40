using System.Collections.Immutable;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Search;

/// <summary>One of the values that a criterion asks for: decides about a value of a resource.</summary>
internal abstract record ValueTest
{
    public abstract bool Holds(SearchValue value);
}

/// <summary>How the value of a resource must lie to the value of a query; R4 search.html#prefix.</summary>
internal enum Prefix
{
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
    Sa,
    Eb,
    Ap,
}

/// <summary>R4 search.html#token: <c>code</c>, <c>system|code</c>, <c>|code</c>, <c>system|</c>.</summary>
/// <param name="System">Null asks for any system, the empty text for none.</param>
/// <param name="Code">Null asks for any code.</param>
internal sealed record TokenTest(string? System, string? Code) : ValueTest
{
    public override bool Holds(SearchValue value) => value is TokenValue { Code: not null } token
        && (Code is null || Code == token.Code)
        && (System is null || (token.IsPrimitive ? Implies(token) : System == (token.System ?? "")));

    // A primitive states no system: its definition implies one.
    private bool Implies(TokenValue token) => System!.Length == 0
        || (token.Binding?.Contains(System, token.Code!) ?? (token.Code is "true" or "false" && System == "http://hl7.org/fhir/special-values"));
}

/// <summary>The words beside a token (<c>:text</c>): each of their words may be its beginning.</summary>
internal sealed record TokenTextTest(string Folded) : ValueTest
{
    public override bool Holds(SearchValue value) => value is TokenValue { Text: { } text } && StringTest.BeginsAWord(Folding.Fold(text), Folded);
}

/// <summary>A logical reference (<c>:identifier</c>).</summary>
internal sealed record IdentifierTest(TokenTest Token) : ValueTest
{
    public override bool Holds(SearchValue value) => value is ReferenceValue { Identifier: { } identifier } && Token.Holds(identifier);
}

/// <summary>R4 search.html#reference: <c>id</c>, <c>Type/id</c>, a URL. Versions count only where the query names one.</summary>
/// <param name="Literal">Without version; null for a bare id.</param>
/// <param name="Type">The type; null when any of the parameter's will do.</param>
/// <param name="Id">The id; null for a literal without one.</param>
/// <param name="Version">Null when any.</param>
/// <param name="BaseUrl">The other server; null for this one.</param>
/// <param name="OwnBase">This server, whose absolute references are its own; null when not known.</param>
internal sealed record ReferenceTest(string? Literal, string? Type, string? Id, string? Version, string? BaseUrl, string? OwnBase) : ValueTest
{
    /// <summary>The types that a bare id may mean; empty when any.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    public override bool Holds(SearchValue value)
    {
        if (value is not ReferenceValue reference || Version is not null && Version != reference.Version)
            return false;
        if (Id is null || reference.Id is null)
            return Literal is not null && (Literal == reference.Literal || OwnBase is not null && BaseUrl is null && OwnBase + Literal == reference.Literal);
        return Id == reference.Id && (Type is null ? Targets.IsEmpty || Targets.Contains(reference.Type ?? "", StringComparer.Ordinal) : Type == reference.Type) && BaseUrl == (reference.BaseUrl == OwnBase ? null : reference.BaseUrl);
    }
}

/// <summary>R4 search.html#date and #prefix.</summary>
internal sealed record DateTest(Prefix Prefix, DateRange Asked) : ValueTest
{
    public override bool Holds(SearchValue value) => value is DateValue { Range: var range } && Prefix switch
    {
        Prefix.Eq => IsWithin(range),
        Prefix.Ne => !IsWithin(range),
        Prefix.Gt => range.High > Asked.High,
        Prefix.Lt => range.Low < Asked.Low,
        Prefix.Ge => range.High > Asked.High || IsWithin(range),
        Prefix.Le => range.Low < Asked.Low || IsWithin(range),
        Prefix.Sa => range.Low > Asked.High,
        Prefix.Eb => range.High < Asked.Low,
        Prefix.Ap => range.Low <= Around.High && range.High >= Around.Low,
    };

    /// <summary>The stretch that every match touches; null when there is none smaller than all time.</summary>
    public DateRange? Touched => Prefix switch
    {
        Prefix.Eq => Asked,
        Prefix.Gt or Prefix.Sa => new(Asked.High + 1, long.MaxValue),
        Prefix.Lt or Prefix.Eb => new(long.MinValue, Asked.Low - 1),
        Prefix.Ge => new(Asked.Low, long.MaxValue),
        Prefix.Le => new(long.MinValue, Asked.High),
        Prefix.Ap => Around,
        Prefix.Ne => null,
    };

    // R4 leaves "approximately" to the server, and suggests a tenth of the distance from now; here, where there is no clock, it is one
    // stretch of the stated precision to either side.
    private DateRange Around => new(Asked.Low - (Asked.High - Asked.Low + 1), Asked.High + (Asked.High - Asked.Low + 1));

    private bool IsWithin(DateRange range) => Asked.Low <= range.Low && range.High <= Asked.High;
}

/// <summary>R4 search.html#string.</summary>
internal sealed record StringTest(string Text, StringMatch Match) : ValueTest
{
    public string Folded { get; } = Folding.Fold(Text);

    public override bool Holds(SearchValue value)
    {
        if (value is not StringValue text)
            return false;
        if (Match == StringMatch.Exact)
            return text.Text == Text;
        if (Folded.Length == 0)
            return false;
        if (Match == StringMatch.Contains)
            return text.Folded.Contains(Folded, StringComparison.Ordinal);
        return text.IsName ? BeginsAWord(text.Folded, Folded) : text.Folded.StartsWith(Folded, StringComparison.Ordinal);
    }

    public static bool BeginsAWord(string folded, string beginning)
    {
        if (beginning.Length == 0)
            return false;
        for (var at = folded.IndexOf(beginning, StringComparison.Ordinal); at >= 0; at = at + 1 < folded.Length ? folded.IndexOf(beginning, at + 1, StringComparison.Ordinal) : -1)
        {
            if (at == 0 || folded[at - 1] == ' ')
                return true;
        }
        return false;
    }
}

/// <summary>How a text is compared.</summary>
internal enum StringMatch
{
    Beginning,
    Exact,
    Contains,
}

/// <summary>R4 search.html#uri; <see cref="Below"/> takes also what lies below it as a path, and its versions.</summary>
internal sealed record UriTest(string Uri, bool Below) : ValueTest
{
    public override bool Holds(SearchValue value) => value is UriValue { Uri: var uri }
        && (uri == Uri || Below && uri.StartsWith(Uri, StringComparison.Ordinal) && (Uri.EndsWith('/') || uri[Uri.Length] is '/' or '|'));
}

/// <summary>
/// R4 search.html#number and #quantity. Equality takes the values that the stated digits round from; the other prefixes the number itself.
/// Units are compared as written; those of UCUM also where one converts to the other.
/// </summary>
/// <param name="Prefix">How the value must lie.</param>
/// <param name="Number">As stated.</param>
/// <param name="Half">Half a unit of its last digit.</param>
/// <param name="System">Null asks for any system.</param>
/// <param name="Code">Null asks for any unit.</param>
internal sealed record QuantityTest(Prefix Prefix, decimal Number, decimal Half, string? System, string? Code) : ValueTest
{
    private UcumUnit? Unit { get; } = System is UcumUnit.System && Code is not null && UcumUnit.TryParse(Code, out var unit, out _) ? unit : null;

    public override bool Holds(SearchValue value)
    {
        if (value is not QuantityValue quantity)
            return false;
        if (Code is null || SameUnit(quantity))
            return Holds(quantity, static (left, right) => left.CompareTo(right));
        if (Unit is null || quantity.System != UcumUnit.System || quantity.Code is null || !UcumUnit.TryParse(quantity.Code, out var other, out _))
            return false;
        return other.RefusalTo(Unit) is null && Holds(quantity, (left, right) => UcumUnit.Compare(left, other, right, Unit) ?? 0);
    }

    private bool SameUnit(QuantityValue quantity) => string.IsNullOrEmpty(System) ? Code == quantity.Code || Code == quantity.Unit : System == quantity.System && Code == quantity.Code;

    private bool Holds(QuantityValue range, Comparison<decimal> compare) => Prefix switch
    {
        Prefix.Eq => IsWithin(range, Half, compare, closed: false),
        Prefix.Ne => !IsWithin(range, Half, compare, closed: false),
        Prefix.Gt => IsAbove(range, compare),
        Prefix.Lt => IsBelow(range, compare),
        Prefix.Ge => IsAbove(range, compare) || IsWithin(range, 0, compare, closed: true),
        Prefix.Le => IsBelow(range, compare) || IsWithin(range, 0, compare, closed: true),
        Prefix.Sa => range.Low is { } low && compare(low, Number) is var order && (order > 0 || order == 0 && range.AboveLow),
        Prefix.Eb => range.High is { } high && compare(high, Number) is var order && (order < 0 || order == 0 && range.BelowHigh),
        Prefix.Ap => IsWithin(range, Half, compare, closed: false) || IsWithin(range, Math.Abs(Number) / 10, compare, closed: true),
    };

    private bool IsAbove(QuantityValue range, Comparison<decimal> compare) => range.High is not { } high || compare(high, Number) > 0;

    private bool IsBelow(QuantityValue range, Comparison<decimal> compare) => range.Low is not { } low || compare(low, Number) < 0;

    private bool IsWithin(QuantityValue range, decimal half, Comparison<decimal> compare, bool closed) =>
        range is { Low: { } low, High: { } high } && compare(low, Number - half) >= 0 && compare(high, Number + half) is var order && (order < 0 || order == 0 && (closed || range.BelowHigh));
}

/// <summary>All parts of a composite on one element; the criterion finds the elements.</summary>
internal sealed record CompositeTest(ImmutableArray<ValueTest> Parts) : ValueTest
{
    public override bool Holds(SearchValue value) => false;
}
