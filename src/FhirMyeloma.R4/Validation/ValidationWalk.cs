using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// One walk over the tape: at each object the presence of its children as one word, against which its structure's
/// constraints are held; at each value what its property owes.
/// </summary>
internal static class ValidationWalk
{
    public static void Run(ValidationScope scope)
    {
        var tape = scope.Document.Tape;
        var nodes = tape.Nodes;
        for (var at = 0; at < nodes.Length;)
        {
            ref readonly var node = ref nodes[at];
            if (node.Kind == NodeKind.Raw || node.Is(NodeFlags.Unknown))
            {
                at = node.End;
                continue;
            }
            if (node.Property is { } property && property.Duties != Duties.None)
                Perform(scope, in tape, property, at);
            if (node.Kind == NodeKind.Object)
            {
                if (node.Is(NodeFlags.Resource))
                {
                    CheckObject(scope, in tape, SchemaCatalog.R4.ById[node.Link].Structure, at, isResource: true);
                }
                else if (node.Property is { } complex)
                {
                    CheckObject(scope, in tape, complex.Structure, at, isResource: false);
                }
            }
            at++;
        }
        new References(scope).Check();
        if (scope.Document.ResourceType == "Bundle")
            BundleRules.RepeatedFullUrls(scope, scope.Index);
    }

    private static void CheckObject(ValidationScope scope, in FhirTape tape, StructSchema schema, int index, bool isResource)
    {
        var nodes = tape.Nodes;
        var end = nodes[index].End;
        ulong mask = 0;
        for (var at = index + 1; at < end; at = nodes[at].End)
        {
            ref readonly var child = ref nodes[at];
            if (child.Property is { } property && (child.Flags & (NodeFlags.Hidden | NodeFlags.Companion)) != NodeFlags.Hidden)
                mask |= property.Bit;
        }

        // ele-1: an id alone says nothing.
        if (mask == 1 && !isResource && schema.Elements[0].Name == "id" && !(nodes[index].Is(NodeFlags.Hidden) && nodes[index].Link > 0))
            OnlyAnId(scope, index);

        foreach (ref readonly var term in schema.Rules.Terms.AsSpan())
        {
            if ((mask & term.Care) == term.Want)
                Invariants.Check(scope, in tape, in term, schema, index);
        }
    }

    private static void Perform(ValidationScope scope, in FhirTape tape, PropertySchema property, int index)
    {
    }

    private static void OnlyAnId(ValidationScope scope, int index)
    {
        if (scope.Issues.Wants(IssueSeverity.Error))
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.Invariant, IssueType.Invariant, new Element(scope.Document, index), "The element has an id and nothing else: give it a value or a child, or leave it out.", "ele-1: hasValue() or (children().count() > id.count())");
    }
}
