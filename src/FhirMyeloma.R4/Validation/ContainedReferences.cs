using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>dom-3 in one walk over the container: every contained resource is referred to from it, or refers to it.</summary>
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
