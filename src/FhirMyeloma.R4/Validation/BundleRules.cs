using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Validation;

/// <summary>What the Bundle page of R4 demands beyond the invariants that are written as FHIRPath.</summary>
internal static class BundleRules
{
    /// <summary>References and repeated fullUrls only, every one of them: see <see cref="Bundle.CheckReferences"/>.</summary>
    public static ImmutableArray<Issue> CheckReferences(FhirDocument document)
    {
        var scope = new ValidationScope(document, Profiles.DefinitionSet.R4, new() { ReferencesMustResolve = true, MaxIssues = int.MaxValue });
        if (document.ResourceType == "Bundle")
            RepeatedFullUrls(scope, scope.IndexOf(0));
        new References(scope).Check();
        return scope.Issues.With([], 0);
    }

    /// <summary>What one Bundle breaks as a whole; a Bundle inside of another is one of its own.</summary>
    public static void Check(ValidationScope scope, int bundle, BundleIndex index)
    {
        RepeatedFullUrls(scope, index);
        if (!scope.Options.FullUrls)
            return;
        var element = new Element(scope.Document, bundle);
        RepeatedLinks(scope, element);
        if (element["type"].TextEquals("document"u8))
            DocumentRules.Check(scope, bundle, index);
        for (var entry = 0; entry < index.Count; entry++)
        {
            if (index.FullUrl(entry) > 0)
                CheckFullUrl(scope, index, entry);
        }
    }

    /// <summary>A fullUrl is absolute, and when it looks like the address of a resource on a server, that of this one.</summary>
    private static void CheckFullUrl(ValidationScope scope, BundleIndex index, int entry)
    {
        var tape = scope.Document.Tape;
        var fullUrl = tape.Utf8(index.FullUrl(entry));
        if (fullUrl.StartsWith("urn:"u8))
            return;
        if (fullUrl.IndexOf((byte)':') <= 0)
        {
            Report(scope, index, entry, IssueCodes.FullUrlForm, "fullUrl must be absolute: an http(s) URL, urn:uuid: or urn:oid:.");
            return;
        }
        var resource = index.Resource(entry);
        if (resource == 0 || LiteralReference.Split(fullUrl) is not { Type: { } type, IdAt: > 0, VersionAt: 0 } parts)
            return;
        var id = tape.Utf8(tape.Child(resource, 0));
        if (type.Id != tape.Nodes[resource].Link)
            Report(scope, index, entry, IssueCodes.FullUrlNotOfResource, $"fullUrl is the address of {Suggestion.WithArticle(type.Name)}, but the entry holds {Suggestion.WithArticle(tape.TypeName(resource))}.");
        else if (id.Length > 0 && !id.SequenceEqual(fullUrl.Slice(parts.IdAt, parts.IdLength)))
            Report(scope, index, entry, IssueCodes.FullUrlNotOfResource, "fullUrl ends in another id than the resource has: correct the one that is wrong.");
        else if (id.Length == 0 && !new Element(scope.Document, index.Entry(entry))["request"]["method"].TextEquals("POST"u8))
            Report(scope, index, entry, IssueCodes.FullUrlNotOfResource, "fullUrl is an address on a server, but the resource has no id: give it that id, or a fullUrl of the form urn:uuid:.");
    }

    private static void Report(ValidationScope scope, BundleIndex index, int entry, string code, string text)
    {
        if (!scope.Issues.Wants(IssueSeverity.Error))
            return;
        var at = new Element(scope.Document, index.FullUrl(entry));
        scope.Issues.Add(Issue.Error(code, IssueType.Value, text, at.Path, at.Parent.Path), IssueList.OffsetOf(at));
    }

    private static void RepeatedLinks(ValidationScope scope, Element bundle)
    {
        HashSet<string>? relations = null;
        foreach (var link in bundle.Children("link"))
        {
            if (link["relation"].Text is { } relation && !(relations ??= new(StringComparer.Ordinal)).Add(relation) && relation is "self" or "first" or "previous" or "next" or "last")
                Repeated(scope, link, relation);
        }
    }

    /// <summary>bdl-7: the same fullUrl only for different versions.</summary>
    public static void RepeatedFullUrls(ValidationScope scope, BundleIndex index)
    {
        if (index.Count == 0 || new Element(scope.Document, index.Entry(0)).Parent["type"].TextEquals("history"u8))
            return;
        HashSet<(int First, string Version)>? versions = null;
        for (var entry = 0; entry < index.Count; entry++)
        {
            if (index.FullUrl(entry) == 0 || index.Resource(entry) == 0)
                continue;
            var first = index.ByFullUrl(scope.Document.Tape.Utf8(index.FullUrl(entry))).Entry;
            if (first == entry)
                continue;
            versions ??= [];
            versions.Add((first, Version(scope, index, first)));
            if (!versions.Add((first, Version(scope, index, entry))))
                Repeated(scope, index, first, entry);
        }
    }

    private static void Repeated(ValidationScope scope, Element link, string relation)
    {
        if (scope.Issues.Wants(IssueSeverity.Error))
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.LinkRepeated, IssueType.Duplicate, link, $"The relation '{relation}' occurs twice among the links of the Bundle.");
    }

    private static string Version(ValidationScope scope, BundleIndex index, int entry) => new Element(scope.Document, index.Resource(entry))["meta"]["versionId"].Text ?? "";

    private static void Repeated(ValidationScope scope, BundleIndex index, int first, int second)
    {
        if (!scope.Issues.Wants(IssueSeverity.Error))
            return;
        var at = new Element(scope.Document, index.FullUrl(second));
        scope.Issues.Add(Issue.Error(IssueCodes.FullUrlRepeated, IssueType.Duplicate,
            $"entry[{first}] and entry[{second}] have the same fullUrl; give each resource its own, or send it once.",
            at.Path, new Element(scope.Document, index.FullUrl(first)).Path), IssueList.OffsetOf(at));
    }
}
