using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// What a document must hold (documents page of R4): whatever its Composition refers to, and nothing that is not connected
/// with it.
/// </summary>
internal static class DocumentRules
{
    public static void Check(ValidationScope scope, int bundle, BundleIndex index)
    {
        var tape = scope.Document.Tape;
        if (index.Count == 0 || tape.TypeName(Math.Max(0, index.Resource(0))) != "Composition")
            return;
        List<(int From, int To)> links = [];
        var from = 0;
        foreach (var reference in scope.Document.ReferenceNodes)
        {
            if (reference < bundle || reference >= tape.Nodes[bundle].End)
                continue;
            // References and entries both stand in the order of the source.
            while (from + 1 < index.Count && index.Entry(from + 1) < reference)
                from++;
            var literal = tape.Utf8(tape.Child(reference, References.LiteralSlot));
            var to = References.EntryOf(in tape, index, literal);
            if (to >= 0)
                links.Add((from, to));
            else if (from == 0 && literal.Length > 0 && literal[0] != '#' && IsOfComposition(in tape, reference))
                Absent(scope, reference);
        }

        var forwards = Reached(index.Count, links, backwards: false);
        var either = Reached(index.Count, links, backwards: true);
        for (var entry = 1; entry < index.Count; entry++)
        {
            if (index.Resource(entry) > 0 && !forwards[entry])
                NotConnected(scope, index, entry, either[entry]);
        }
    }

    /// <summary>Not those of extensions and contained resources.</summary>
    private static bool IsOfComposition(in FhirTape tape, int reference)
    {
        for (var at = reference; !tape.Nodes[at].Is(NodeFlags.Resource); at = tape.Nodes[at].Parent)
        {
            if (tape.Nodes[at].Property?.Name is "extension" or "modifierExtension" or "relatesTo")
                return false;
        }
        return tape.TypeName(tape.ResourceOf(reference)) == "Composition";
    }

    private static bool[] Reached(int count, List<(int From, int To)> links, bool backwards)
    {
        var ways = new List<int>[count];
        foreach (var (from, to) in links)
        {
            (ways[from] ??= []).Add(to);
            if (backwards)
                (ways[to] ??= []).Add(from);
        }
        var reached = new bool[count];
        var open = new Stack<int>([0]);
        reached[0] = true;
        while (open.TryPop(out var entry))
        {
            foreach (var next in ways[entry] ?? [])
            {
                if (!reached[next])
                    open.Push(next);
                reached[next] = true;
            }
        }
        return reached;
    }

    private static void Absent(ValidationScope scope, int reference)
    {
        var element = new Element(scope.Document, reference);
        if (scope.Issues.Wants(IssueSeverity.Error))
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.DocumentIncomplete, IssueType.NotFound, element, $"The Composition's '{element.Name}' refers to a resource that the document does not hold, or holds more than once: add it as one entry with that fullUrl.");
    }

    private static void NotConnected(ValidationScope scope, BundleIndex index, int entry, bool isReachedBackwards)
    {
        var type = scope.Document.Tape.TypeName(index.Resource(entry));
        if (isReachedBackwards && type == "Provenance")
            return;
        var severity = isReachedBackwards ? IssueSeverity.Warning : IssueSeverity.Error;
        if (!scope.Issues.Wants(severity))
            return;
        scope.Issues.Add(severity, IssueCodes.DocumentUnconnected, IssueType.Informational, new Element(scope.Document, index.Entry(entry)), isReachedBackwards
            ? $"The {type} refers to what the Composition refers to, but nothing leads from the Composition to it: only a Provenance may stand so."
            : $"Nothing connects the {type} with the Composition: refer to it, or leave it out.");
    }
}
