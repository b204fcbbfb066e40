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
            RepeatedFullUrls(scope, scope.Index);
        new References(scope).Check();
        return scope.Issues.With([], 0);
    }

    /// <summary>bdl-7: the same fullUrl only for different versions.</summary>
    public static void RepeatedFullUrls(ValidationScope scope, BundleIndex index)
    {
        if (index.Count == 0 || scope.Document.Root["type"].TextEquals("history"u8))
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
