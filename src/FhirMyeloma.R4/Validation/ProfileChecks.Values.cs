using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Validation;

/// <summary>Ranges and codes.</summary>
internal sealed partial class ProfileChecks
{
    private void Range(Element at, ElementRules rules, ProfileSchema schema)
    {
        if (rules.MinValue.Exists && Compare(at, rules.MinValue) < 0)
            Fail(at, IssueCodes.ProfileRange, IssueType.Value, schema, rules.Id + " minValue", $"{rules.Id} is less than {schema.Canonical} allows: the least is {ShownLimit(rules.MinValue)}.");
        if (rules.MaxValue.Exists && Compare(at, rules.MaxValue) > 0)
            Fail(at, IssueCodes.ProfileRange, IssueType.Value, schema, rules.Id + " maxValue", $"{rules.Id} is more than {schema.Canonical} allows: the most is {ShownLimit(rules.MaxValue)}.");
    }

    private static string ShownLimit(Element limit) =>
        limit.TypeName == "Quantity" ? $"{limit["value"].Text} {limit["code"].Text ?? limit["unit"].Text}".TrimEnd() : limit.Text ?? "";

    /// <summary>Null when the two cannot be compared, for instance because a partial date can mean either.</summary>
    private static int? Compare(Element at, Element limit)
    {
        if (limit.TypeName == "Quantity")
            return at.Node.Kind == NodeKind.Object ? CompareQuantities(at, limit) : null;
        if (limit.Node.Kind == NodeKind.Number)
            return at.Decimal is { } number && limit.Decimal is { } bound ? number.CompareTo(bound) : null;
        if (limit.TypeName == "time")
            return at.Text is { } time && limit.Text is { } boundTime ? string.CompareOrdinal(time, boundTime) : null;
        if (FhirDate.Of(at) is not { } date || FhirDate.Of(limit) is not { } boundDate)
            return null;
        if (date.Instant is { } instant && boundDate.Instant is { } boundInstant)
            return instant.CompareTo(boundInstant);
        return date.Last < boundDate.First ? -1 : date.First > boundDate.Last ? 1 : null;
    }

    private static int? CompareQuantities(Element at, Element limit)
    {
        var (actual, bound) = (new Quantity(at), new Quantity(limit));
        if (actual.Value is not { } value || bound.Value is not { } boundValue || actual.Comparator is not null)
            return null;
        if (bound.Code is null || actual.Code == bound.Code && actual.System == bound.System)
            return value.CompareTo(boundValue);
        if (actual.System != UcumUnit.System || bound.System != UcumUnit.System || actual.Code is null
            || !UcumUnit.TryParse(actual.Code, out var unit, out _) || !UcumUnit.TryParse(bound.Code, out var boundUnit, out _))
            return null;
        if (unit.Convert(Ratio.Of(value), boundUnit) is not { } converted)
            return null;
        return (converted.Numerator * Ratio.Of(boundValue).Denominator).CompareTo(Ratio.Of(boundValue).Numerator * converted.Denominator);
    }

    private void Binding(Element at, BindingRule binding, ElementRules rules, ProfileSchema schema)
    {
        if (!at.HasValue && at.Node.Kind != NodeKind.Object)
            return;
        foreach (var limit in binding.Limits)
        {
            if (IsMember(at, limit) == false)
                Fail(at, IssueCodes.ProfileBinding, IssueType.CodeInvalid, schema, rules.Id, NotIn(rules, schema, limit, "must be"));
        }
        if (binding.IsRequired)
        {
            if (IsMember(at, binding.ValueSet) == false)
                Fail(at, IssueCodes.ProfileBinding, IssueType.CodeInvalid, schema, rules.Id, NotIn(rules, schema, binding.ValueSet, "must be"));
            return;
        }
        if (binding.IsExtensible && trials == 0 && scope.Options.Warnings && HasCode(at) && IsMember(at, binding.ValueSet) == false)
            Warn(at, IssueCodes.ProfileBinding, IssueType.CodeInvalid, schema, rules.Id, NotIn(rules, schema, binding.ValueSet, "should, unless it has nothing that fits, be"));
    }

    private static string NotIn(ElementRules rules, ProfileSchema schema, string valueSet, string must) =>
        $"The code of {rules.Id} {must} of the value set {valueSet}, says {schema.Canonical}; choose one of its codes.";

    private static bool HasCode(Element at) => at.TypeName != "CodeableConcept" || at["coding"].Exists;

    /// <summary>Whether a code, Coding, CodeableConcept, Quantity, string or uri is in a value set; null when nobody here can say.</summary>
    public bool? IsMember(Element at, string valueSet)
    {
        switch (at.TypeName)
        {
            case "CodeableConcept":
                var any = false;
                var isSure = true;
                foreach (var coding in at.Children("coding"))
                {
                    var member = IsMember(coding, valueSet);
                    any |= member == true;
                    isSure &= member is not null;
                }
                return any ? true : isSure ? false : null;
            case "Coding" or "Quantity" or "Age" or "Count" or "Distance" or "Duration":
                return at["code"].Text is { } code ? Ask(valueSet, at["system"].Text ?? "", code) : at.TypeName == "Coding" ? false : null;
            default:
                return at.HasValue && at.Node.Kind == NodeKind.String ? Ask(valueSet, null, at.Text!) : null;
        }
    }

    private bool? Ask(string valueSet, string? system, string code) => scope.Definitions.ValueSets.Contains(valueSet, system, code) switch
    {
        Membership.In => true,
        Membership.Out => false,
        Membership.CannotSay => null,
    };
}
