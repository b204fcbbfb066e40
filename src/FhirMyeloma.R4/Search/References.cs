using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Search;

/// <summary>What search asks of a Reference without fetching its target.</summary>
internal static class References
{
    /// <summary>The first child of that name that is an element; -1 when there is none.</summary>
    public static int ChildOf(FhirTape tape, int parent, string name)
    {
        var nodes = tape.Nodes;
        for (var at = parent + 1; at < nodes[parent].End; at = nodes[at].End)
        {
            if (nodes[at].Property?.Name == name && !nodes[at].Is(NodeFlags.Hidden))
                return at;
        }
        return -1;
    }

    /// <summary>
    /// The type of the target: as the literal reference says it, else that of the contained resource, else <c>Reference.type</c>; null when nobody says it.
    /// </summary>
    public static TypeEntry? TargetType(Element reference)
    {
        if (reference.Document is not { } document || reference.Node.Kind != NodeKind.Object)
            return null;
        var tape = document.Tape;
        var literal = tape.Utf8(ChildOf(tape, reference.Index, "reference"));
        if (literal.Length > 1 && literal[0] == '#' && Contained(tape, reference.Index, literal[1..]) is { } contained)
            return contained;
        if (LiteralReference.ImpliedType(literal) is { } implied)
            return implied;
        var stated = tape.Utf8(ChildOf(tape, reference.Index, "type"));
        return stated.IsEmpty ? null : SchemaCatalog.R4.Find(stated[(stated.LastIndexOf((byte)'/') + 1)..]);
    }

    private static TypeEntry? Contained(FhirTape tape, int index, ReadOnlySpan<byte> id)
    {
        var container = tape.ContainerOf(index);
        var nodes = tape.Nodes;
        for (var at = container + 1; at < nodes[container].End; at = nodes[at].End)
        {
            if (nodes[at].Property?.Name == "contained" && nodes[at].Is(NodeFlags.Resource) && tape.Utf8(ChildOf(tape, at, "id")).SequenceEqual(id))
                return SchemaCatalog.R4.ById[nodes[at].Link];
        }
        return null;
    }
}
