namespace FhirMyeloma.R4.FhirPath;

/// <summary>
/// Two elements: primitives by value, the rest by all their children, recursively. Equality also asks for the same id and
/// extensions of a primitive; equivalence looks at values only.
/// </summary>
internal static class DeepEquality
{
    public static bool? AreEqual(in Item left, in Item right, Evaluator evaluator)
    {
        if (ReferenceEquals(left.Document, right.Document) && left.Index == right.Index)
            return true;
        var (leftValue, rightValue) = (left.Value, right.Value);
        if (!leftValue.IsNone || !rightValue.IsNone)
        {
            var values = Operators.AreValuesEqual(leftValue, rightValue, left, right);
            return values == true && !AreChildrenEqual(left, right, evaluator) ? false : values;
        }
        return AreChildrenEqual(left, right, evaluator);
    }

    public static bool AreEquivalent(in Item left, in Item right, Evaluator evaluator)
    {
        if (ReferenceEquals(left.Document, right.Document) && left.Index == right.Index)
            return true;
        var (leftValue, rightValue) = (left.Value, right.Value);
        if (!leftValue.IsNone || !rightValue.IsNone)
            return Operators.AreValuesEquivalent(leftValue, rightValue, left, right);
        if (Primitive.IsPrimitive(left.Document, left.Index) && Primitive.IsPrimitive(right.Document, right.Index))
            return true;
        if (Primitive.QuantityOf(left) is { } one && Primitive.QuantityOf(right) is { } other)
            return Quantity.AreEquivalent(one, other);
        var (leftChildren, rightChildren) = (All(left, evaluator), All(right, evaluator));
        if (leftChildren.Length != rightChildren.Length)
            return false;
        var taken = new bool[rightChildren.Length];
        foreach (var child in leftChildren)
        {
            var name = child.Element.Name;
            var match = Array.FindIndex(rightChildren, 0, candidate => candidate.Element.Name == name && !taken[Array.IndexOf(rightChildren, candidate)] && Operators.AreEquivalent(child, candidate, evaluator));
            if (match < 0)
                return false;
            taken[match] = true;
        }
        return true;
    }

    /// <summary>Children of one name in their order; the names in any.</summary>
    private static bool AreChildrenEqual(in Item left, in Item right, Evaluator evaluator)
    {
        var (leftChildren, rightChildren) = (All(left, evaluator), All(right, evaluator));
        if (leftChildren.Length != rightChildren.Length)
            return false;
        if (leftChildren.Length == 0)
            return true;
        Array.Sort(leftChildren, ByName.Instance);
        Array.Sort(rightChildren, ByName.Instance);
        for (var i = 0; i < leftChildren.Length; i++)
        {
            if (leftChildren[i].Element.Name != rightChildren[i].Element.Name || Operators.AreEqual(leftChildren[i], rightChildren[i], evaluator) != true)
                return false;
        }
        return true;
    }

    private static Item[] All(in Item item, Evaluator evaluator)
    {
        var children = new CollectionBuilder();
        Children.AddAll(ref children, item.Document, item.Index, evaluator);
        return children.Items.ToArray();
    }

    /// <summary>The position on the tape keeps the order of equal names.</summary>
    private sealed class ByName : IComparer<Item>
    {
        public static ByName Instance { get; } = new();

        public int Compare(Item x, Item y) =>
            string.CompareOrdinal(x.Element.Name, y.Element.Name) is not 0 and var order ? order : x.Index.CompareTo(y.Index);
    }
}
