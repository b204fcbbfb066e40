using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>Decides whether an item belongs to a slice: true, false, or null when only somebody who knows more could say.</summary>
internal readonly ref struct Slicing(ProfileChecks checks, ProfileSchema schema)
{
    public bool? Belongs(Element item, ElementRules slice, SliceTest test)
    {
        if (test.ByEverything)
            return checks.Meets(item, slice, schema);
        if (test.Conditions.Length == 0)
            return null;
        bool? all = true;
        foreach (var condition in test.Conditions)
        {
            var holds = condition is ExistsCondition { Exists: false } ? Any(item, condition, 0) switch { true => false, false => true, null => null } : Any(item, condition, 0);
            if (holds == false)
                return false;
            all = holds is null ? null : all;
        }
        return all;
    }

    /// <summary>True when something that the rest of the path leads to meets the condition.</summary>
    private bool? Any(Element at, SliceCondition condition, int step)
    {
        if (step == condition.Path.Length)
            return Holds(at, condition);
        bool? any = false;
        var (kind, name) = condition.Path[step];
        switch (kind)
        {
            case StepKind.Child:
                foreach (var child in at.Children())
                {
                    if ((child.Node.Property?.Element.Name ?? child.Name) != name)
                        continue;
                    var holds = Any(child, condition, step + 1);
                    if (holds == true)
                        return true;
                    any = holds is null ? null : any;
                }
                return any;
            case StepKind.Extension:
                foreach (var extension in at.Children("extension"))
                {
                    if (extension["url"].Text != name)
                        continue;
                    var holds = Any(extension, condition, step + 1);
                    if (holds == true)
                        return true;
                    any = holds is null ? null : any;
                }
                return any;
            case StepKind.OfType:
                return at.TypeName == name ? Any(at, condition, step + 1) : false;
            case StepKind.Resolve:
            default:
                var target = checks.Resolve(at);
                if (target.Exists)
                    return Any(target, condition, step + 1);
                // Its type can be read from the reference itself.
                return condition is TypeCondition types && step + 1 == condition.Path.Length && ProfileChecks.ImpliedType(at) is { } implied
                    ? Array.IndexOf(types.Types, implied) >= 0
                    : null;
        }
    }

    private bool? Holds(Element at, SliceCondition condition)
    {
        switch (condition)
        {
            case ValueCondition value:
                return Patterns.Matches(at, value.Expected, value.IsPattern);
            case UrlCondition url:
                return at.TextEquals(url.Utf8);
            case BindingCondition binding:
                return checks.IsMember(at, binding.Binding.ValueSet);
            case TypeCondition types:
                foreach (var type in types.Types)
                {
                    if (ProfileChecks.IsOfType(at, type))
                        return true;
                }
                return false;
            case ProfileCondition profiles:
                bool? any = false;
                foreach (var profile in profiles.Profiles)
                {
                    var meets = checks.Meets(at, profile);
                    if (meets == true)
                        return true;
                    any = meets is null ? null : any;
                }
                return any;
            default:
                return true;
        }
    }
}
