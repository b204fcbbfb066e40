using System.Buffers;
using System.Collections.Frozen;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>Whether an extension is known, may stand where it stands, and says what its definition allows.</summary>
internal sealed class Extensions(ValidationScope scope)
{
    private static readonly int UrlSlot = WrittenInvariants.Slot(SchemaCatalog.R4.Find("Extension")!.Structure, "url");

    private static readonly SearchValues<char> SchemeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    // Contexts that HL7 corrected after R4, having used the extensions there itself from the start.
    private static readonly FrozenDictionary<string, string[]> Corrected = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [DefinitionSet.CoreUrl + "structuredefinition-fhir-type"] = ["ElementDefinition.type"],
        [DefinitionSet.CoreUrl + "regex"] = ["ElementDefinition.type"],
        [DefinitionSet.CoreUrl + "structuredefinition-normative-version"] = ["CanonicalResource", "ElementDefinition"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FhirTape tape = scope.Document.Tape;
    private readonly Dictionary<string, ProfileSchema?> known = new(StringComparer.Ordinal);

    public void Check(int index)
    {
        if (tape.Child(index, UrlSlot) is not (>= 0 and var at))
            return;
        var extension = new Element(scope.Document, index);
        if (tape.Text(at) is not { Length: > 0 } url)
        {
            if (scope.Issues.Wants(IssueSeverity.Error))
                scope.Issues.Add(IssueSeverity.Error, IssueCodes.ExtensionUnknown, IssueType.Extension, extension, "The url of the extension has no value, so nobody knows what the extension means: give it that of its definition.");
            return;
        }
        // Parts of a complex extension have names, and their definition is that of the whole.
        if (extension.Parent.TypeName == "Extension" && !url.Contains(':', StringComparison.Ordinal))
            return;
        if (!IsAbsolute(url))
        {
            if (scope.Issues.Wants(IssueSeverity.Error))
                scope.Issues.Add(IssueSeverity.Error, IssueCodes.ExtensionUnknown, IssueType.Extension, extension, "The url of an extension must be absolute: it names the definition that says what the extension means.");
            return;
        }
        if (!known.TryGetValue(url, out var definition))
            known.Add(url, definition = scope.Definitions.FindProfile(url));
        var isModifier = tape.Nodes[index].Property?.Element.Name == "modifierExtension";
        if (definition is null)
            Unknown(extension, url, isModifier);
        else
            CheckKnown(extension, definition, url);
    }

    private static bool IsAbsolute(string url) => url.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && url.AsSpan(0, colon).IndexOfAnyExcept(SchemeLetters) < 0;

    private void Unknown(Element extension, string url, bool isModifier)
    {
        var isOfHl7 = url.StartsWith(DefinitionSet.CoreUrl, StringComparison.Ordinal);
        if (!isModifier && scope.Options.ExtensionsMustBeKnown && !(scope.Options.ExampleUrls && StrictChecks.IsExample(url)) && !scope.Options.ExtensionDomains.Any(domain => url.StartsWith(domain, StringComparison.Ordinal)))
        {
            if (scope.Issues.Wants(IssueSeverity.Error))
                scope.Issues.Add(IssueSeverity.Error, IssueCodes.ExtensionUnknown, IssueType.Extension, extension, $"The extension {Suggestion.Shown(url)} is not known here, and only known ones are allowed: load its StructureDefinition, or leave it out.");
            return;
        }
        var severity = isModifier && scope.Options.ModifiersMustBeKnown ? IssueSeverity.Error : isModifier || isOfHl7 ? IssueSeverity.Warning : IssueSeverity.Information;
        if (!scope.Issues.Wants(severity))
            return;
        var shown = Suggestion.Shown(url);
        if (isModifier)
            scope.Issues.Add(severity, IssueCodes.ModifierExtensionUnknown, IssueType.Extension, extension, $"The modifier extension {shown} is not known here, so what it modifies cannot be understood: load its StructureDefinition, or leave out what it changes.");
        else
            scope.Issues.Add(severity, IssueCodes.ExtensionUnknown, IssueType.Extension, extension, isOfHl7 ? $"R4 defines no extension {shown}; it was not checked." : $"The extension {shown} is not known here and was not checked.");
    }

    private void CheckKnown(Element extension, ProfileSchema definition, string url)
    {
        if (!IsAllowedHere(extension, definition.Definition) && !(Corrected.TryGetValue(url, out var corrected) && Array.Exists(corrected, context => IsElement(extension.Parent, context))) && scope.Issues.Wants(IssueSeverity.Error))
        {
            Misplaced(extension, null,
                $"The extension {Suggestion.Shown(url)} must not stand here; its definition allows it on {string.Join(", ", definition.Definition.Children("context").Select(context => context["expression"].Text))}.");
        }
        foreach (var invariant in definition.Definition.Children("contextInvariant"))
        {
            if (invariant.Text is { } text && scope.Definitions.Expression(text) is { } expression && IsFalse(expression, extension.Parent) && scope.Issues.Wants(IssueSeverity.Error))
                Misplaced(extension, text, $"The extension {Suggestion.Shown(url)} may stand only where this holds: {text}");
        }
        scope.Profiles.Check(extension, url, extension);
    }

    /// <summary>Names the extension, and the element that must not have it.</summary>
    private void Misplaced(Element extension, string? rule, string text) =>
        scope.Issues.Add(new(IssueSeverity.Error, IssueCodes.ExtensionMisplaced, IssueType.Extension, text, [extension.Path, extension.Parent.Path], null, rule), IssueList.OffsetOf(extension));

    private bool IsFalse(FhirPathExpression expression, Element focus)
    {
        if (scope.IsSpent)
            return false;
        try
        {
            return expression.IsTrue(focus, scope.FhirPath(focus)) == false;
        }
        catch (FhirPathException)
        {
            return false;
        }
    }

    /// <summary>One context of the definition must fit; a definition without any may stand anywhere.</summary>
    private bool IsAllowedHere(Element extension, Element definition)
    {
        var any = false;
        foreach (var context in definition.Children("context"))
        {
            any = true;
            if (context["expression"].Text is not { } expression || Fits(extension, context["type"].Text, expression))
                return true;
        }
        return !any;
    }

    private bool Fits(Element extension, string? type, string expression)
    {
        var owner = extension.Parent;
        switch (type)
        {
            case "element":
                return IsElement(owner, expression);
            case "extension":
                return owner.TypeName == "Extension" && owner["url"].Text is { } url && (url == expression || $"{owner.Parent["url"].Text}#{url}" == expression);
            case "fhirpath":
                return scope.Definitions.Expression(expression) is not { } path || Selects(path, owner);
            default:
                return true;
        }
    }

    /// <summary>A fhirpath context selects, from the resource, the elements that may be extended.</summary>
    private bool Selects(FhirPathExpression path, Element owner)
    {
        if (scope.IsSpent)
            return true;
        try
        {
            return path.Evaluate(owner.Resource, scope.FhirPath(owner.Resource)).Elements.Contains(owner);
        }
        catch (FhirPathException)
        {
            return true;
        }
    }

    /// <summary>An element context is a type (also an abstract one) or the path of an element, <c>Patient.contact.name</c>.</summary>
    private static bool IsElement(Element owner, string expression)
    {
        var hash = expression.IndexOf('#', StringComparison.Ordinal);
        var path = hash >= 0 ? expression[(hash + 1)..] : expression;
        if (path.StartsWith(DefinitionSet.CoreUrl, StringComparison.Ordinal))
            path = path[DefinitionSet.CoreUrl.Length..];
        if (!path.Contains('.', StringComparison.Ordinal))
            return IsOfType(owner, path);
        path = path.Replace("[x]", "", StringComparison.Ordinal);
        // The structure that a content reference leads to has the path of its definition.
        if (owner.Node.Property is { Kind: PropertyKind.Complex } complex && complex.Structure.Path == path)
            return true;
        // The path from any type around it: Observation.component, Timing.repeat.bounds[x].
        var below = "";
        for (var at = owner; at.Exists; at = at.Parent)
        {
            if (below.Length > 0 && at.TypeName is { Length: > 0 } name && path.Length == name.Length + below.Length
                && path.StartsWith(name, StringComparison.Ordinal) && path.EndsWith(below, StringComparison.Ordinal))
            {
                return true;
            }
            if (at.Node.Property is not { } property || at.IsResource)
                return false;
            below = $".{property.Element.Name}{below}";
        }
        return false;
    }

    private static bool IsOfType(Element owner, string type)
    {
        if (type is "Element" or "*")
            return true;
        if (type == "CanonicalResource")
            return owner.IsResource && owner.ResourceEntry?.Structure.Properties.Find("url"u8) is not null;
        for (var entry = SchemaCatalog.R4.Find(owner.TypeName); entry is not null; entry = SchemaCatalog.R4.Find(entry.BaseName))
        {
            if (entry.Name == type)
                return true;
        }
        return owner.IsResource && type == "Resource";
    }
}
