using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>What a StructureDefinition must say to be of use: a type that exists, elements of that type, nothing that contradicts its parent.</summary>
internal sealed class DefinitionChecks(ValidationScope scope)
{
    public void Check(Element definition)
    {
        var type = definition["type"].Text ?? "";
        var isAbsolute = type.Contains(':', StringComparison.Ordinal);
        if (type.Length > 0 && !isAbsolute && SchemaCatalog.R4.Find(type) is null)
            Fail(definition["type"], $"R4 has no type {Suggestion.Shown(type)}; a type of one's own is named by an absolute URL.", definition);
        if (definition["derivation"].Text == "specialization" && definition["baseDefinition"].Text is { } baseUrl && baseUrl == type)
            Fail(definition, "A specialisation makes a new type; it cannot have the type of the definition that it is based on.", definition);
        Paths(definition, type[(type.LastIndexOf('/') + 1)..]);
        if (definition["derivation"].Text != "constraint" || isAbsolute || definition["kind"].Text == "logical")
            return;
        foreach (var gap in ProfileCompiler.Compile(definition, scope.Definitions).Gaps)
        {
            if (gap.IsFault)
                Fail(gap.At, $"The definition cannot be used as it is: {gap.Text}.", definition);
        }
        var parent = definition["baseDefinition"].Text is { } parentUrl ? scope.Definitions.FindProfile(parentUrl) : null;
        foreach (var element in definition["differential"].Children("element"))
        {
            DatatypeProfiles(element, definition);
            if (element["slicing"].Exists && element["path"].Text is { } path && !path.Contains('.', StringComparison.Ordinal))
                Fail(element, "The root of a profile cannot be sliced.", definition);
            if (parent is not null)
                AgainstParent(element, parent, definition);
        }
    }

    private void Paths(Element definition, string root)
    {
        foreach (var view in (ReadOnlySpan<string>)["differential", "snapshot"])
        {
            foreach (var element in definition[view].Children("element"))
            {
                if (element["path"].Text is { } path && root.Length > 0 && path.Split('.')[0] != root)
                    Fail(element, $"Every path of this definition starts with {Suggestion.Shown(root)}, its type; this one does not.", definition);
            }
        }
    }

    /// <summary>A profile of a datatype must be one of that datatype.</summary>
    private void DatatypeProfiles(Element element, Element definition)
    {
        foreach (var type in element.Children("type"))
        {
            if (type["code"].Text is not { } code || SchemaCatalog.R4.Find(code) is not { } allowed)
                continue;
            foreach (var profile in type.Children("profile"))
            {
                var actual = profile.Text is { } canonical ? DefinitionSet.BaseType(canonical)?.TypeName ?? scope.Definitions.FindProfile(canonical)?.TypeName : null;
                if (actual is not null && actual != allowed.Name && SchemaCatalog.R4.Find(actual) is { } found && !IsKindOf(found, allowed.Name) && actual != "BackboneElement")
                    Fail(profile, $"This is a profile for {actual}, and the element is {Suggestion.WithArticle(code)}.", definition);
            }
        }
    }

    /// <summary>What the parent fixes stays fixed.</summary>
    private void AgainstParent(Element element, ProfileSchema parent, Element definition)
    {
        var value = element.Choice("fixed");
        if (value.Exists && parent.Root.FindById(element["id"].Text ?? element["path"].Text ?? "") is { Fixed.Exists: true } rules && !Patterns.Matches(value, rules.Fixed, isPattern: false))
            Fail(value, $"{rules.Id} is fixed to another value by {parent.Canonical}, on which this definition is based; it cannot be changed here.", definition);
    }

    /// <summary>Where the element is any resource. A Count is no kind of Quantity: R4 makes it a type of its own.</summary>
    private static bool IsKindOf(TypeEntry type, string name) =>
        type.BaseName.Length > 0 && SchemaCatalog.R4.Find(type.BaseName) is { IsAbstract: true } parent && (parent.Name == name || IsKindOf(parent, name));

    private void Fail(Element at, string text, Element definition)
    {
        if (!scope.Issues.Wants(IssueSeverity.Error))
            return;
        var exact = at.Exists ? at : definition;
        scope.Issues.Add(new(IssueSeverity.Error, IssueCodes.DefinitionFault, IssueType.Invalid, text, exact == definition ? [definition.Path] : [exact.Path, definition.Path]), IssueList.OffsetOf(exact));
    }
}
