using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Validation;

/// <summary>Compares an element with a fixed value (the same, nothing more) or with a pattern (everything in it, more is allowed).</summary>
internal static class Patterns
{
    /// <summary>True when the element is as the fixed value or the pattern says.</summary>
    public static bool Matches(Element actual, Element expected, bool isPattern)
    {
        if (expected.Node.Kind != NodeKind.Object)
            return PrimitiveMatches(actual, expected, isPattern);
        if (actual.Node.Kind != NodeKind.Object)
            return false;
        foreach (var child in expected.Children())
        {
            if (child.Node.Ordinal == 0 && !ChildMatches(actual, expected, child, isPattern))
                return false;
        }
        return isPattern || Extra(actual, expected) == 0;
    }

    /// <summary>The places where they differ, most exact first: the differing value, what is too much, or the element that lacks something.</summary>
    public static List<Difference> Differences(Element actual, Element expected, bool isPattern)
    {
        List<Difference> found = [];
        Collect(actual, expected, isPattern, found);
        return found;
    }

    private static void Collect(Element actual, Element expected, bool isPattern, List<Difference> found)
    {
        if (expected.Node.Kind != NodeKind.Object || actual.Node.Kind != NodeKind.Object)
        {
            if (!Matches(actual, expected, isPattern))
                found.Add(new(actual, DifferenceKind.Other, ""));
            return;
        }
        foreach (var child in expected.Children())
        {
            if (child.Node.Ordinal > 0 || ChildMatches(actual, expected, child, isPattern))
                continue;
            var there = actual[child.Name];
            if (!there.Exists)
                found.Add(new(actual, DifferenceKind.Missing, child.Name));
            else if (child.Node.Property is { Repeats: true })
                found.Add(new(isPattern ? actual : there, DifferenceKind.NoItem, child.Name));
            else
                Collect(there, child, isPattern, found);
        }
        if (isPattern)
            return;
        foreach (var child in actual.Children())
        {
            if (!expected[child.Name].Exists)
                found.Add(new(child, DifferenceKind.TooMuch, child.Name));
        }
    }

    /// <summary>Judges all items of the expected child at its first.</summary>
    private static bool ChildMatches(Element actual, Element expected, Element first, bool isPattern)
    {
        if (first.Node.Property is not { Repeats: true })
            return actual[first.Name] is { Exists: true } there && Matches(there, first, isPattern);
        if (!isPattern)
        {
            // A fixed list: the same items in the same order.
            var items = actual.Children(first.Name).GetEnumerator();
            foreach (var item in expected.Children(first.Name))
            {
                if (!items.MoveNext() || !Matches(items.Current, item, isPattern))
                    return false;
            }
            return !items.MoveNext();
        }
        foreach (var item in expected.Children(first.Name))
        {
            var isThere = false;
            foreach (var candidate in actual.Children(first.Name))
            {
                if (Matches(candidate, item, isPattern))
                {
                    isThere = true;
                    break;
                }
            }
            if (!isThere)
                return false;
        }
        return true;
    }

    private static int Extra(Element actual, Element expected)
    {
        var count = 0;
        foreach (var child in actual.Children())
        {
            if (!expected[child.Name].Exists)
                count++;
        }
        return count;
    }

    /// <summary>Texts byte for byte, numbers by value. A primitive that the pattern knows only by its extensions is compared by them.</summary>
    private static bool PrimitiveMatches(Element actual, Element expected, bool isPattern)
    {
        switch (expected.Node.Kind)
        {
            case NodeKind.String:
                return expected.Node.Is(NodeFlags.Escaped)
                    ? actual.Node.Kind == NodeKind.String && actual.Text == expected.Text
                    : actual.Node.Kind == NodeKind.String && actual.TextEquals(expected.SourceBytes.Span);
            case NodeKind.Number:
                return actual.Node.Kind == NodeKind.Number && (expected.Decimal is { } number ? actual.Decimal == number : actual.TextEquals(expected.SourceBytes.Span));
            case NodeKind.True or NodeKind.False:
                return actual.Node.Kind == expected.Node.Kind;
            case NodeKind.Object or NodeKind.NoValue or NodeKind.Raw:
            default:
                foreach (var child in expected.Children())
                {
                    if (child.Node.Ordinal == 0 && !ChildMatches(actual, expected, child, isPattern))
                        return false;
                }
                return true;
        }
    }
}

/// <summary>What kind of difference.</summary>
internal enum DifferenceKind
{
    /// <summary>Another value.</summary>
    Other,

    /// <summary>A child is not there.</summary>
    Missing,

    /// <summary>No item, or not every item, of a repeating child is as expected.</summary>
    NoItem,

    /// <summary>A child that a fixed value does not have.</summary>
    TooMuch,
}

/// <summary>Where an element differs from a fixed value or a pattern.</summary>
internal readonly record struct Difference(Element At, DifferenceKind Kind, string Name);
