using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// dom-3 in one walk over the container: every contained resource is referred to from it, or refers to it. And what dom-3 takes for
/// granted: an id that is its own (references.html#contained).
/// </summary>
internal static class ContainedReferences
{
    public static Verdict AllAreReferredTo(in FhirTape tape, int index) => FindLoose(in tape, index) < 0 ? Verdict.Holds : Verdict.Broken;

    /// <summary>The first contained resource that nothing joins to its container; -1 when there is none.</summary>
    public static int FindLoose(in FhirTape tape, int index)
    {
        HashSet<string>? fragments = null;
        var nodes = tape.Nodes;
        for (var at = index + 1; at < nodes[index].End; at = nodes[at].End)
        {
            if (nodes[at].Property?.Name != "contained" || !nodes[at].Is(NodeFlags.Resource) || tape.TextOfChild(at, "id") is not { Length: > 0 } id)
                continue;
            fragments ??= Fragments(in tape, index);
            if (!fragments.Contains("#" + id) && !RefersToContainer(in tape, at))
                return at;
        }
        return -1;
    }

    /// <summary>Whether a contained resource can be referred to, and no other is meant by it.</summary>
    public static void CheckId(ValidationScope scope, in FhirTape tape, int index)
    {
        if (!scope.Issues.Wants(IssueSeverity.Error))
            return;
        var contained = new Element(scope.Document, index);
        if (tape.TextOfChild(index, "id") is not { Length: > 0 } id)
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.ContainedIdMissing, IssueType.Required, contained, "A contained resource needs an id: give it one, and refer to it as # with that id.");
        else if (!scope.ContainedIds.Add((tape.Nodes[index].Parent, id)))
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.ContainedIdRepeated, IssueType.Duplicate, contained["id"], "Another resource in the same container has this id: give each its own.");
    }

    /// <summary>What elements called reference, and canonical, uri and url, say anywhere below.</summary>
    private static HashSet<string> Fragments(in FhirTape tape, int index)
    {
        HashSet<string> fragments = new(StringComparer.Ordinal);
        for (var at = index + 1; at < tape.Nodes[index].End; at++)
        {
            if (MayRefer(in tape.Nodes[at], orUri: true) && tape.Utf8(at) is [(byte)'#', ..])
                fragments.Add(tape.Text(at)!);
        }
        return fragments;
    }

    private static bool RefersToContainer(in FhirTape tape, int index)
    {
        for (var at = index + 1; at < tape.Nodes[index].End; at++)
        {
            if (MayRefer(in tape.Nodes[at], orUri: false) && tape.Says(at, "#"u8))
                return true;
        }
        return false;
    }

    private static bool MayRefer(in Node node, bool orUri) => node.Kind == NodeKind.String && node.Property is { } property
        && (property.Name == "reference" || property.Primitive == PrimitiveKind.Canonical || orUri && property.Primitive is PrimitiveKind.Uri or PrimitiveKind.Url);
}
