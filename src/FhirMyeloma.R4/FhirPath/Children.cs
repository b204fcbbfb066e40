using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>Steps down the tree, straight on the tape.</summary>
internal static class Children
{
    /// <summary>
    /// The children of a name. A choice answers to its stem (<c>value</c>), and also to its JSON name (<c>valueQuantity</c>), which
    /// the specification does not ask for but people write; <see cref="TypeCheck"/> tells them.
    /// </summary>
    public static void Add(ref CollectionBuilder found, FhirDocument document, int index, string name, Evaluator evaluator)
    {
        var nodes = document.Tape.Nodes;
        var (at, end) = Range(nodes, index);
        var visited = 0;
        for (; at < end; at = nodes[at].End)
        {
            visited++;
            ref readonly var node = ref nodes[at];
            if (node.Is(NodeFlags.Hidden) || IsPadding(in node))
                continue;
            var property = node.Property;
            if (property is null ? document.Tape.Name(at) == name : property.Element.Name == name || property.Element.IsChoice && property.Name == name)
                found.Add(Item.Of(document, at));
        }
        // Not an element of FHIR, but what people who know JSON ask for.
        if (name == "resourceType" && nodes[index].Is(NodeFlags.Resource))
            found.Add(Item.Of(document.Tape.TypeName(index)));
        evaluator.Charge(visited);
    }

    /// <summary>All children.</summary>
    public static void AddAll(ref CollectionBuilder found, FhirDocument document, int index, Evaluator evaluator)
    {
        var nodes = document.Tape.Nodes;
        var (at, end) = Range(nodes, index);
        for (; at < end; at = nodes[at].End)
        {
            evaluator.Charge(1);
            if (!nodes[at].Is(NodeFlags.Hidden) && !IsPadding(in nodes[at]))
                found.Add(Item.Of(document, at));
        }
    }

    /// <summary>All children with theirs; as deep as the document, which the reader limits.</summary>
    public static void AddDescendants(ref CollectionBuilder found, FhirDocument document, int index, Evaluator evaluator)
    {
        var nodes = document.Tape.Nodes;
        var (at, end) = Range(nodes, index);
        for (; at < end; at = nodes[at].End)
        {
            evaluator.Charge(1);
            if (nodes[at].Is(NodeFlags.Hidden) || IsPadding(in nodes[at]))
                continue;
            found.Add(Item.Of(document, at));
            if (nodes[at].Link > 0 || nodes[at].End > at + 1)
                AddDescendants(ref found, document, at, evaluator);
        }
    }

    /// <summary>The parts of a quantity and of a type.</summary>
    public static Item OfValue(in Item item, string name) => (item.Kind, name) switch
    {
        (ItemKind.Quantity, "value") => Item.Of(item.Quantity.Value),
        (ItemKind.Quantity, "unit" or "code") => Item.Of(item.Quantity.Unit),
        (ItemKind.Type, "name") => Item.Of(item.Type.Name),
        (ItemKind.Type, "namespace") => Item.Of(item.Type.Namespace ?? ""),
        _ => default,
    };

    /// <summary>The children of a primitive lie in its companion.</summary>
    private static (int First, int End) Range(Node[] nodes, int index)
    {
        ref readonly var node = ref nodes[index];
        var holder = node.Kind == NodeKind.Object || node.Link == 0 || node.Property is null ? index : node.Link;
        return (holder + 1, nodes[holder].End);
    }

    /// <summary>A null in an array that nothing belongs to.</summary>
    private static bool IsPadding(in Node node) => node.Kind == NodeKind.NoValue && node.Link == 0;
}
