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
        var catalog = SchemaCatalog.R4;
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
                    CheckResource(scope, in tape, catalog.ById[node.Link], at);
                }
                else if (node.Property is { } complex)
                {
                    CheckObject(scope, in tape, complex.Structure, at, isResource: false);
                }
            }
            at++;
        }
        new References(scope).Check();
    }

    /// <summary>One bit for each slot of the structure that has a child.</summary>
    internal static ulong Presence(in FhirTape tape, int index)
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
        return mask;
    }

    private static void CheckObject(ValidationScope scope, in FhirTape tape, StructSchema schema, int index, bool isResource)
    {
        var nodes = tape.Nodes;
        var mask = Presence(in tape, index);
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
        // A companion without value has nothing that these could look at.
        if (tape.Nodes[index].Is(NodeFlags.Companion))
            return;
        var duties = property.Duties;
        if ((duties & Duties.Unit) != Duties.None)
            scope.Bindings.CheckUnit(index);
        if ((duties & Duties.Binding) != Duties.None)
            scope.Bindings.Check(property, index);
        if ((duties & Duties.Extension) != Duties.None)
            scope.Extensions.Check(index);
        if ((duties & Duties.Attachment) != Duties.None)
            Attachments.Check(scope, in tape, index);
        if ((duties & Duties.Constraint) != Duties.None)
        {
            foreach (var invariant in property.Element.Invariants)
                Invariants.Check(scope, in tape, invariant, property.Element.Name, index);
        }
    }

    private static void CheckResource(ValidationScope scope, in FhirTape tape, TypeEntry type, int index)
    {
        CheckObject(scope, in tape, type.Structure, index, isResource: true);
        if (tape.Nodes[index].Property?.Name == "contained")
            ContainedReferences.CheckId(scope, in tape, index);
        if (type.Name == "Bundle")
            BundleRules.Check(scope, index, scope.IndexOf(index));
        if (scope.Options.BestPractice && type.Structure.Rules.HasBestPractice)
        {
            foreach (var invariant in type.Structure.Rules.Invariants)
            {
                if (invariant.Constraint.IsBestPractice)
                    Invariants.Check(scope, in tape, invariant, type.Name, index);
            }
        }
    }

    private static void OnlyAnId(ValidationScope scope, int index)
    {
        if (scope.Issues.Wants(IssueSeverity.Error))
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.Invariant, IssueType.Invariant, new Element(scope.Document, index), "The element has an id and nothing else: give it a value or a child, or leave it out.", "ele-1: hasValue() or (children().count() > id.count())");
    }
}
