using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>Reads from the rules of each slice what its discriminators look at; follows the profiles of datatypes and of reference targets.</summary>
internal sealed class SliceTestCompiler(DefinitionSet definitions)
{
    private const int MaxProfiles = 16;

    public SliceTest[] Compile(SlicingRules slicing)
    {
        var tests = new SliceTest[slicing.Slices.Count];
        for (var at = 0; at < tests.Length; at++)
            tests[at] = Compile(slicing.Slices[at], slicing.Discriminators);
        return tests;
    }

    private SliceTest Compile(ElementRules slice, List<Discriminator> discriminators)
    {
        if (discriminators.Count == 0)
            return new([], ByEverything: true);
        List<SliceCondition> conditions = [];
        foreach (var discriminator in discriminators)
        {
            if (PathStep.Parse(discriminator.Path) is { } path)
                conditions.AddRange(Conditions(slice, discriminator.Kind, path));
        }
        return new([.. conditions]);
    }

    private List<SliceCondition> Conditions(ElementRules slice, DiscriminatorKind kind, PathStep[] path)
    {
        List<Place> places = [];
        Follow(slice, path, 0, places, 0);
        List<SliceCondition> found = [];
        foreach (var place in places)
        {
            if (Condition(kind, path, place) is { } condition && !found.Contains(condition))
                found.Add(condition);
        }
        if (found.Count > 0 || kind != DiscriminatorKind.Value)
            return found;
        // A value discriminator whose slice only says that something is there, or that nothing is.
        foreach (var place in places)
        {
            if (place.Rules is { } rules && (rules.Min > 0 || rules.Max == 0))
                return [new ExistsCondition(path, rules.Max > 0)];
        }
        return [];
    }

    private SliceCondition? Condition(DiscriminatorKind kind, PathStep[] path, Place place)
    {
        if (place.Literal.Exists)
            return kind == DiscriminatorKind.Value ? new ValueCondition(path, place.Literal, place.IsPattern) : null;
        if (place.Url is { } url)
            return kind == DiscriminatorKind.Value ? new UrlCondition(path, url) : null;
        if (place.Rules is not { } rules)
            return null;
        return kind switch
        {
            DiscriminatorKind.Value when rules.Fixed.Exists => new ValueCondition(path, rules.Fixed, false),
            DiscriminatorKind.Value when rules.Pattern.Exists => new ValueCondition(path, rules.Pattern, true),
            DiscriminatorKind.Value when rules.Binding is { IsRequired: true } binding => new BindingCondition(path, binding),
            DiscriminatorKind.Exists when rules.Max == 0 => new ExistsCondition(path, false),
            DiscriminatorKind.Exists when rules.Min > 0 => new ExistsCondition(path, true),
            DiscriminatorKind.Type when place.IsTarget && TargetTypes(rules) is { Length: > 0 } types => new TypeCondition(path, types),
            DiscriminatorKind.Type when !place.IsTarget && rules.Types is { } types => new TypeCondition(path, [.. types.Select(type => type.Code)]),
            DiscriminatorKind.Profile when Profiles(rules, place.IsTarget) is { Length: > 0 } profiles => new ProfileCondition(path, profiles),
            _ => null,
        };
    }

    private string[] TargetTypes(ElementRules reference) =>
        [.. Profiles(reference, isTarget: true).Select(target => DefinitionSet.BaseType(target)?.Name ?? definitions.FindProfile(target)?.TypeName).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string[] Profiles(ElementRules rules, bool isTarget) =>
        rules.Types is null ? [] : [.. rules.Types.SelectMany(type => isTarget ? type.Targets : type.Profiles)];

    /// <summary>Every place of the profile that the rest of the path leads to.</summary>
    private void Follow(ElementRules at, PathStep[] path, int step, List<Place> places, int depth)
    {
        if (depth > MaxProfiles)
            return;
        if (step == path.Length)
        {
            places.Add(new(at));
            // The value may be said by the profile of the datatype.
            if (at is { Fixed.Exists: false, Pattern.Exists: false, Binding: null } && OnlyProfile(at, isTarget: false) is { } typed && typed.Root is { } root && (root.Fixed.Exists || root.Pattern.Exists || root.Binding is not null))
                places.Add(new(root));
            return;
        }
        if (at.Fixed.Exists || at.Pattern.Exists)
        {
            var before = places.Count;
            foreach (var literal in Within(at.Fixed.Exists ? at.Fixed : at.Pattern, path, step))
                places.Add(new(null, literal, IsPattern: !at.Fixed.Exists));
            if (places.Count > before)
                return;
        }
        var count = places.Count;
        switch (path[step].Kind)
        {
            case StepKind.Child when at.Child(path[step].Name) is { } child:
                Into(child, path, step + 1, places, depth);
                break;
            case StepKind.Extension when at.Child("extension")?.Slicing is { } extensions:
                foreach (var slice in extensions.Slices)
                {
                    if (UrlOf(slice) == path[step].Name)
                        Follow(slice, path, step + 1, places, depth);
                }
                break;
            case StepKind.OfType:
                Follow(at.Slicing?.Slices.Find(slice => slice.Types is [var only] && only.Code == path[step].Name) ?? at, path, step + 1, places, depth);
                break;
            case StepKind.Resolve when step + 1 == path.Length:
                places.Add(new(at, IsTarget: true));
                break;
            case StepKind.Resolve when OnlyProfile(at, isTarget: true) is { } target:
                Follow(target.Root, path, step + 1, places, depth + 1);
                break;
            default:
                break;
        }
        if (places.Count == count && at.Content is { } content)
            Follow(content, path, step, places, depth + 1);
        if (places.Count == count && path[step].Kind != StepKind.Resolve)
        {
            if (OnlyProfile(at, isTarget: false) is { } typed)
                Follow(typed.Root, path, step, places, depth + 1);
            else if (step + 1 == path.Length && path[step] is { Kind: StepKind.Child, Name: "url" } && UrlOf(at) is { } url)
                places.Add(new(null, Url: url));
        }
    }

    /// <summary>Into a child and, where it is sliced, into the slices that must occur.</summary>
    private void Into(ElementRules child, PathStep[] path, int step, List<Place> places, int depth)
    {
        var before = places.Count;
        Follow(child, path, step, places, depth);
        if (child.Slicing is not { } slicing || places[before..].Exists(SaysSomething))
            return;
        var required = slicing.Slices.FindAll(slice => slice.Min > 0);
        foreach (var slice in required.Count > 0 ? required : slicing.Slices.Count == 1 ? slicing.Slices : [])
            Follow(slice, path, step, places, depth);
    }

    private static bool SaysSomething(Place place) =>
        place.Literal.Exists || place.Url is not null || place.Rules is { } rules && (rules.Fixed.Exists || rules.Pattern.Exists || rules.Binding is { IsRequired: true });

    private ProfileSchema? OnlyProfile(ElementRules rules, bool isTarget) =>
        Profiles(rules, isTarget) is [var canonical] ? definitions.FindProfile(canonical) : null;

    /// <summary>The url that the extensions of a slice have: that of its profile, or the one that it fixes.</summary>
    private static string? UrlOf(ElementRules slice) =>
        slice.Types is [{ Code: "Extension", Profiles: [var canonical] }] ? DefinitionSet.Split(canonical).Url : slice.Child("url")?.Fixed.Text;

    private static List<Element> Within(Element literal, PathStep[] path, int step)
    {
        List<Element> found = [literal];
        for (; step < path.Length; step++)
        {
            List<Element> next = [];
            foreach (var at in found)
            {
                foreach (var child in at.Children())
                {
                    var isThere = path[step].Kind switch
                    {
                        StepKind.Child => child.Node.Property?.Element.Name == path[step].Name,
                        StepKind.Extension => child.Name == "extension" && child["url"].Text == path[step].Name,
                        StepKind.OfType or StepKind.Resolve => false,
                    };
                    if (isThere)
                        next.Add(child);
                }
                if (path[step].Kind == StepKind.OfType && at.TypeName == path[step].Name)
                    next.Add(at);
            }
            found = next;
        }
        return found;
    }

    /// <summary>What the profile says at the end of a path: rules, a part of a fixed value or pattern, or the url of an extension.</summary>
    private readonly record struct Place(ElementRules? Rules, Element Literal = default, bool IsPattern = false, string? Url = null, bool IsTarget = false);
}
