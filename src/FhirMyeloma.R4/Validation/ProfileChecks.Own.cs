using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>What a profile says about one element by itself: its type, value, range, codes and constraints.</summary>
internal sealed partial class ProfileChecks
{
    private void Own(Element at, ElementRules rules, ProfileSchema schema)
    {
        if (rules.Fixed.Exists && !Patterns.Matches(at, rules.Fixed, isPattern: false))
            Differences(at, rules, schema, rules.Fixed, isPattern: false);
        if (rules.Pattern.Exists && !Patterns.Matches(at, rules.Pattern, isPattern: true))
            Differences(at, rules, schema, rules.Pattern, isPattern: true);
        if (rules.MinValue.Exists || rules.MaxValue.Exists)
            Range(at, rules, schema);
        if (rules.MaxLength is { } length && at.Node.Kind == NodeKind.String && IsLonger(at, length))
            Fail(at, IssueCodes.ProfileRange, IssueType.Value, schema, rules.Id, $"{rules.Id} is longer than the {length} characters that {schema.Canonical} allows; shorten it.");
        if (rules.MustHaveValue && !at.HasValue)
            Fail(at, IssueCodes.ProfileValueMissing, IssueType.Required, schema, rules.Id, $"{rules.Id} has no value; {schema.Canonical} insists on one, extensions alone do not do.");
        if (rules.ValueAlternatives.Length > 0 && !at.HasValue)
            ValueAlternative(at, rules, schema);
        if (rules.NarrativeLanguages.Length > 0 && NarrativeLanguages.Fault(at, rules.NarrativeLanguages) is { } fault)
            Fail(at, IssueCodes.ProfileNarrative, IssueType.Structure, schema, rules.Id, $"The narrative {fault}, says {schema.Canonical}.");
        if (rules.Binding is { } binding)
            Binding(at, binding, rules, schema);
        foreach (var constraint in rules.Constraints)
            Constraint(at, constraint, rules, schema);
    }

    /// <summary>False when the type is not allowed, so that nothing else needs to be said.</summary>
    private bool Types(Element at, TypeRule[] types, ElementRules rules, ProfileSchema schema)
    {
        if (at.TypeName.Length == 0)
            return true;
        TypeRule? fitting = null;
        foreach (var type in types)
        {
            if (IsOfType(at, type.Code))
            {
                fitting = type;
                break;
            }
        }
        if (fitting is null)
        {
            Fail(at, IssueCodes.ProfileType, IssueType.Structure, schema, rules.Id,
                $"{rules.Id} is {Suggestion.WithArticle(at.TypeName)}; {schema.Canonical} allows {string.Join(", ", types.Select(type => type.Code))}.");
            return false;
        }
        if (fitting.Profiles.Length > 0)
            DatatypeProfiles(at, fitting, rules, schema);
        if ((fitting.Targets.Length > 0 || fitting.Aggregation.Length > 0) && at.TypeName == "Reference")
            Target(at, fitting, rules, schema);
        return true;
    }

    /// <summary>A value must meet the one profile, and then its faults are named; or one of several.</summary>
    private void DatatypeProfiles(Element at, TypeRule type, ElementRules rules, ProfileSchema schema)
    {
        if (type.Profiles is [var only])
        {
            if (DefinitionSet.BaseType(only) is not null)
                return;
            if (scope.Definitions.FindProfile(only) is not { } found)
                Warn(at, IssueCodes.ProfileUnknown, IssueType.NotFound, schema, only, $"{rules.Id} must meet {only}, which is not known here; load its StructureDefinition to have it checked.");
            else if (!IsOfType(at, found.TypeName))
                Fail(at, IssueCodes.ProfileType, IssueType.Structure, schema, rules.Id, $"{rules.Id} is {Suggestion.WithArticle(at.TypeName)}; {schema.Canonical} wants it to meet {only}, a profile for {found.TypeName}.");
            else if (trials > 0 || found.TypeName != "Extension" || at["url"].Text != found.Url)
                Element(at, found.Root, found);
            // An extension with that url is checked against its definition wherever it stands.
            return;
        }
        var isSure = true;
        foreach (var profile in type.Profiles)
        {
            var meets = Meets(at, profile);
            if (meets == true)
                return;
            isSure &= meets is not null;
        }
        if (isSure)
            NoneMet(at, at, type.Profiles, rules, schema, $"{rules.Id} meets none of the profiles that {schema.Canonical} offers for it");
    }

    private void Target(Element reference, TypeRule type, ElementRules rules, ProfileSchema schema)
    {
        var target = Resolve(reference);
        if (type.Aggregation.Length > 0 && reference["reference"].Text is { Length: > 0 } literal)
            Aggregation(reference, literal, target, type, rules, schema);
        if (type.Targets.Length == 0)
            return;
        var actual = target.Exists ? target.TypeName : ImpliedType(reference);
        if (actual is not { Length: > 0 })
            return;
        var isTypeAllowed = false;
        var isSure = target.Exists;
        foreach (var allowed in type.Targets)
        {
            if (DefinitionSet.BaseType(allowed) is { } baseType)
            {
                if (actual == baseType.Name || baseType.Name is "Resource" || baseType.Name == "DomainResource" && actual is not ("Bundle" or "Binary" or "Parameters"))
                    return;
            }
            else if (scope.Definitions.FindProfile(allowed) is not { } profile)
            {
                isTypeAllowed = true;
                isSure = false;
            }
            else if (profile.TypeName == actual)
            {
                isTypeAllowed = true;
                if (target.Exists && Meets(target, profile.Root, profile))
                    return;
            }
        }
        if (!isTypeAllowed)
        {
            Fail(reference, IssueCodes.ProfileTarget, IssueType.Structure, schema, rules.Id,
                $"{rules.Id} refers to {Suggestion.WithArticle(Suggestion.Shown(actual))}; {schema.Canonical} allows {string.Join(", ", type.Targets.Select(ShortName))}.");
        }
        else if (isSure)
        {
            NoneMet(reference, target, type.Targets, rules, schema, $"The {actual} that {rules.Id} refers to meets none of the profiles that {schema.Canonical} offers for it");
        }
    }

    /// <summary>contained: in the resource; bundled: an entry of the Bundle; referenced: anywhere else or known only by its URL.</summary>
    private void Aggregation(Element reference, string literal, Element target, TypeRule type, ElementRules rules, ProfileSchema schema)
    {
        var isInBundle = scope.Document.ResourceType == "Bundle";
        var actual = literal.StartsWith('#') ? "contained" : target.Exists && isInBundle ? "bundled" : "referenced";
        // A Bundle's entry is also something that is referred to.
        if (Array.IndexOf(type.Aggregation, actual) >= 0 || actual == "bundled" && Array.IndexOf(type.Aggregation, "referenced") >= 0)
            return;
        // A resource by itself does not show whether its target comes in the same Bundle.
        if (actual == "referenced" && !isInBundle && Array.IndexOf(type.Aggregation, "bundled") >= 0)
            return;
        Fail(reference, IssueCodes.ProfileTarget, IssueType.Structure, schema, rules.Id + " aggregation",
            $"The target of {rules.Id} is {actual}; {schema.Canonical} wants it {string.Join(" or ", type.Aggregation)}.");
    }

    private void ValueAlternative(Element at, ElementRules rules, ProfileSchema schema)
    {
        foreach (var extension in at.Children("extension"))
        {
            if (extension["url"].Text is { } url && Array.Exists(rules.ValueAlternatives, alternative => DefinitionSet.Split(alternative).Url == url))
                return;
        }
        Fail(at, IssueCodes.ProfileValueMissing, IssueType.Required, schema, rules.Id,
            $"{rules.Id} has no value and no extension that may stand in for it; {schema.Canonical} allows {string.Join(", ", rules.ValueAlternatives)}.");
    }

    private static bool IsLonger(Element at, int length)
    {
        if (at.Node.Length <= length)
            return false;
        var runes = 0;
        foreach (var _ in at.Text!.EnumerateRunes())
            runes++;
        return runes > length;
    }

    private static string ShortName(string canonical) =>
        canonical.StartsWith(DefinitionSet.CoreUrl, StringComparison.Ordinal) ? canonical[DefinitionSet.CoreUrl.Length..] : canonical;
}
