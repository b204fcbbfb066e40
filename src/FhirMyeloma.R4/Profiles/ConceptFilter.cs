using System.Text.RegularExpressions;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Profiles;

/// <summary>One <c>compose.include.filter</c>: a property, an operator of FHIR's filter-operator, and a value.</summary>
internal sealed class ConceptFilter(string property, string op, string value)
{
    private const int LongestRegex = 1000;
    private const int LongestText = 10_000;
    private static readonly TimeSpan RegexBudget = TimeSpan.FromSeconds(1);

    private readonly Lazy<Regex?> regex = new(() => Compile(value));

    public static ConceptFilter Read(Element filter) => new(filter["property"].Text ?? "", filter["op"].Text ?? "", filter["value"].Text ?? "");

    /// <summary>Does a concept of a listed system pass?</summary>
    public Membership Passes(CodeList list, Concept concept) => property switch
    {
        "concept" or "code" => PassesByCode(list, concept),
        "parent" or "child" when op is "=" or "in" or "not-in" or "exists" => PassesByProperty(property == "parent"
            ? concept.Parents.Select(parent => parent.Code)
            : list.Codes.Where(code => list.Find(code)!.Parents.Contains(concept)), list.Comparer),
        "display" => PassesByProperty(concept.Display is null ? [] : [concept.Display], StringComparer.Ordinal),
        "inactive" when op == "=" => Of(concept.IsInactive == (value == "true")),
        "notSelectable" when op == "=" => Of(concept.IsAbstract == (value == "true")),
        _ when list.Declares(property) =>
            PassesByProperty(concept.Properties.Where(item => item.Code == property).Select(item => item.Value), StringComparer.Ordinal),
        _ => Membership.CannotSay,
    };

    /// <summary>Does a unit pass? UCUM has one filter that FHIR uses: the unit that it comes down to.</summary>
    public Membership PassesUnit(UcumUnit unit) =>
        property == "canonical" && op == "=" && UcumUnit.TryParse(value, out var canonical, out _) ? Of(unit.IsCommensurableWith(canonical)) : Membership.CannotSay;

    private Membership PassesByCode(CodeList list, Concept concept)
    {
        switch (op)
        {
            case "=":
                return Of(list.Comparer.Equals(concept.Code, value));
            case "in":
                return Of(Values().Contains(concept.Code, list.Comparer));
            case "not-in":
                return Of(!Values().Contains(concept.Code, list.Comparer));
            case "regex":
                return Matches(concept.Code);
        }
        if (!list.HasSubsumption || list.Find(value) is not { } other)
            return Membership.CannotSay;
        return op switch
        {
            "is-a" => Below(concept, other, list, orSame: true),
            "descendent-of" => Below(concept, other, list, orSame: false),
            "is-not-a" => Below(concept, other, list, orSame: true) switch
            {
                Membership.In => Membership.Out,
                Membership.Out => Membership.In,
                Membership.CannotSay => Membership.CannotSay,
            },
            "generalizes" => Below(other, concept, list, orSame: true),
            _ => Membership.CannotSay,
        };
    }

    // In an incomplete list the path between two concepts may be what is missing.
    private static Membership Below(Concept concept, Concept other, CodeList list, bool orSame)
    {
        if (concept == other)
            return Of(orSame);
        return concept.IsBelow(other) ? Membership.In : list.IsComplete ? Membership.Out : Membership.CannotSay;
    }

    private Membership PassesByProperty(IEnumerable<string> values, StringComparer comparer)
    {
        switch (op)
        {
            case "=":
                return Of(values.Contains(value, comparer));
            case "in":
                return Of(values.Intersect(Values(), comparer).Any());
            case "not-in":
                return Of(!values.Intersect(Values(), comparer).Any());
            case "exists":
                return value is "true" or "false" ? Of(values.Any() == (value == "true")) : Membership.CannotSay;
            case "regex":
                var verdict = Membership.Out;
                foreach (var item in values)
                {
                    if (Matches(item) is var match and not Membership.Out)
                        verdict = verdict == Membership.In ? verdict : match;
                }
                return verdict;
            default:
                return Membership.CannotSay;
        }
    }

    private string[] Values() => value.Split(',', StringSplitOptions.TrimEntries);

    private Membership Matches(string text)
    {
        if (text.Length > LongestText || regex.Value is not { } pattern)
            return Membership.CannotSay;
        try
        {
            return Of(pattern.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            return Membership.CannotSay;
        }
    }

    // The pattern comes from outside: only what runs in linear time, on the whole text, with a clock beside it.
    private static Regex? Compile(string pattern)
    {
        if (pattern.Length > LongestRegex)
            return null;
        try
        {
            return new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, RegexBudget);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Membership Of(bool passes) => passes ? Membership.In : Membership.Out;
}
