using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Elements;

/// <summary>What references and fullUrls of a document break.</summary>
internal static class ReferenceChecks
{
    public static ImmutableArray<Issue> Check(Bundle bundle, BundleReferences references)
    {
        var issues = ImmutableArray.CreateBuilder<Issue>();
        var isBundle = bundle.Document.ResourceType == "Bundle";
        if (isBundle && bundle.Type != "history")
            FullUrls(bundle.Entries, issues);
        foreach (var reference in bundle.Document.References)
        {
            if (!IsInNestedBundle(reference))
                Reference(reference, references.Resolve(reference, reference), isBundle, issues);
        }
        return issues.ToImmutable();
    }

    /// <summary>bdl-7: the same fullUrl only for different versions.</summary>
    private static void FullUrls(ImmutableArray<BundleEntry> entries, ImmutableArray<Issue>.Builder issues)
    {
        var withUrl = entries.Where(entry => entry.Resource.Exists && !string.IsNullOrEmpty(entry.FullUrl));
        foreach (var group in withUrl.GroupBy(entry => entry.FullUrl, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            var first = group.First();
            foreach (var second in group.Skip(1))
            {
                var version = first.Resource["meta"]["versionId"].Text;
                if (version is not null && second.Resource["meta"]["versionId"].Text is { } other && other != version)
                    continue;
                var ends = (First: first.Element["fullUrl"], Second: second.Element["fullUrl"]);
                issues.Add(Issue.Error(IssueCodes.FullUrlRepeated, IssueType.Duplicate,
                    $"entry[{first.Index}] and entry[{second.Index}] have the same fullUrl; give each resource its own, or send it once.",
                    ends.Second.Path, ends.First.Path) with
                { Place = ends.Second.Place });
            }
        }
    }

    private static void Reference(Element reference, ResolvedReference resolved, bool isBundle, ImmutableArray<Issue>.Builder issues)
    {
        var literal = reference["reference"].Text ?? "";
        var isFragment = literal.StartsWith('#');
        switch (resolved.Resolution)
        {
            case Resolution.Dangling when isFragment:
                issues.Add(Issue.Error(IssueCodes.ReferenceDangling, IssueType.NotFound,
                    $"'{reference.Name}' refers to '{Suggestion.Shown(literal)}', but {reference.Resource.TypeName} contains no resource with that id.", reference.Path) with
                { Place = reference.Place });
                break;
            case Resolution.Dangling when isBundle:
                issues.Add(Issue.Error(IssueCodes.ReferenceDangling, IssueType.NotFound,
                    $"'{reference.Name}' refers to '{Suggestion.Shown(literal)}', but no entry of the Bundle has that fullUrl.", reference.Path) with
                { Place = reference.Place });
                break;
            case Resolution.NotInBundle when isBundle && literal.Length > 0:
                var type = LiteralReference.Parse(literal).TypeName ?? reference["type"].Text;
                issues.Add(Issue.Information(IssueCodes.ReferenceLeavesBundle, IssueType.Informational,
                    $"{reference.Resource.TypeName}.{reference.Node.Property?.Element.Name} refers to {(type is null ? "something" : Suggestion.WithArticle(Suggestion.Shown(type)))} that is {(resolved.Several.Length > 1 ? "several times" : "not")} in the Bundle.", reference.Path));
                break;
            case Resolution.Resolved when reference.Node.Property is { Targets: { } targets } property
                && LiteralReference.Parse(literal).TypeName is null
                && resolved.Target.TypeName is { Length: > 0 } target && Array.IndexOf(targets, target) < 0:
                issues.Add(Issue.Error(IssueCodes.ReferenceTypeNotAllowed, IssueType.Structure, DocumentBuilder.ReferenceTypeText(property, target), reference.Path) with { Place = reference.Place });
                break;
            default:
                break;
        }
    }

    /// <summary>A Bundle inside a Bundle resolves its references itself; nobody reads those here.</summary>
    private static bool IsInNestedBundle(Element reference)
    {
        for (var at = reference.Resource; at.Exists && at.Index != 0; at = at.Parent.Resource)
        {
            if (at.TypeName == "Bundle")
                return true;
        }
        return false;
    }
}
