using System.Text;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>The operators of chapter 6 in its order, but for types (<see cref="Types"/>), logic (<see cref="Logic"/>) and arithmetic (<see cref="Arithmetic"/>).</summary>
internal static class Operators
{
    public static Collection Apply(Binary binary, in Collection left, in Collection right, Evaluator evaluator)
    {
        switch (binary.Operator)
        {
            case Operator.Equal:
                return Collection.Of(AreEqual(left, right, evaluator));
            case Operator.NotEqual:
                return Collection.Of(!AreEqual(left, right, evaluator));
            case Operator.Equivalent:
                return Collection.Of(AreEquivalent(left, right, evaluator));
            case Operator.NotEquivalent:
                return Collection.Of(!AreEquivalent(left, right, evaluator));
            case Operator.LessThan:
                return Collection.Of(Compare(left, right, binary) is { } less ? less < 0 : null);
            case Operator.LessOrEqual:
                return Collection.Of(Compare(left, right, binary) is { } notMore ? notMore <= 0 : null);
            case Operator.GreaterThan:
                return Collection.Of(Compare(left, right, binary) is { } more ? more > 0 : null);
            case Operator.GreaterOrEqual:
                return Collection.Of(Compare(left, right, binary) is { } notLess ? notLess >= 0 : null);
            case Operator.Union:
                return Sets.Union(left, right, evaluator, binary);
            case Operator.In:
                return IsIn(left, right, binary, evaluator);
            case Operator.Contains:
                return IsIn(right, left, binary, evaluator);
            default:
                return Arithmetic.Apply(binary, left, right, evaluator);
        }
    }

    // 6.1.1 Equals

    /// <summary>Pairwise in order; null when one side is empty or a pair leaves it open.</summary>
    public static bool? AreEqual(in Collection left, in Collection right, Evaluator evaluator)
    {
        if (left.IsEmpty || right.IsEmpty)
            return null;
        if (left.Count != right.Count)
            return false;
        bool? equal = true;
        for (var i = 0; i < left.Count; i++)
        {
            switch (AreEqual(left[i], right[i], evaluator))
            {
                case false:
                    return false;
                case null:
                    equal = null;
                    break;
            }
        }
        return equal;
    }

    public static bool? AreEqual(in Item left, in Item right, Evaluator evaluator)
    {
        evaluator.Charge(1);
        if (left.IsElement && right.IsElement)
            return DeepEquality.AreEqual(left, right, evaluator);
        // A string beside an element: compared where it lies, without making another string.
        if (left.Kind == ItemKind.String && right.IsElement && TextEquals(right, left.String) is { } first)
            return first;
        if (right.Kind == ItemKind.String && left.IsElement && TextEquals(left, right.String) is { } second)
            return second;
        return AreValuesEqual(left.Value, right.Value, left, right);
    }

    /// <summary>The two as values; the items are where a quantity may come from.</summary>
    public static bool? AreValuesEqual(in Item left, in Item right, in Item leftItem, in Item rightItem)
    {
        if (left.Kind == right.Kind)
        {
            return left.Kind switch
            {
                ItemKind.Boolean or ItemKind.Integer or ItemKind.Long => left.Long == right.Long,
                ItemKind.Decimal => left.Decimal == right.Decimal,
                ItemKind.String => left.String == right.String,
                ItemKind.Date or ItemKind.DateTime or ItemKind.Time => Temporal.Compare(left.Temporal, right.Temporal) is { } order ? order == 0 : null,
                ItemKind.Quantity => Quantity.Compare(left.Quantity, right.Quantity) is { } order ? order == 0 : null,
                ItemKind.Type => left.Type.Name == right.Type.Name && left.Type.Namespace == right.Type.Namespace,
                ItemKind.None => Primitive.QuantityOf(leftItem) is { } one && Primitive.QuantityOf(rightItem) is { } other && Quantity.Compare(one, other) == 0,
                ItemKind.Element => false,
            };
        }
        if (left.IsNumber && right.IsNumber)
            return left.Decimal == right.Decimal;
        if (left.Kind is ItemKind.Date or ItemKind.DateTime && right.Kind is ItemKind.Date or ItemKind.DateTime)
            return Temporal.Compare(left.Temporal, right.Temporal) is { } order ? order == 0 : null;
        if ((left.Kind == ItemKind.Quantity || right.Kind == ItemKind.Quantity)
            && Primitive.QuantityOf(left.IsNone ? leftItem : left) is { } leftQuantity && Primitive.QuantityOf(right.IsNone ? rightItem : right) is { } rightQuantity)
            return Quantity.Compare(leftQuantity, rightQuantity) is { } order ? order == 0 : null;
        return false;
    }

    private static bool? TextEquals(in Item element, string text)
    {
        ref readonly var node = ref element.Document.Tape.Nodes[element.Index];
        if (node.Kind != NodeKind.String || node.Is(NodeFlags.Escaped))
            return null;
        if (node.Property is { Primitive: Profiles.PrimitiveKind.Date or Profiles.PrimitiveKind.DateTime or Profiles.PrimitiveKind.Instant or Profiles.PrimitiveKind.Time })
            return null;
        var bytes = element.Document.Tape.Bytes(element.Index);
        if (Ascii.IsValid(bytes))
            return bytes.Length == text.Length && Ascii.Equals(bytes, text);
        return null;
    }

    // 6.1.2 Equivalent

    /// <summary>In any order; never open.</summary>
    public static bool AreEquivalent(in Collection left, in Collection right, Evaluator evaluator)
    {
        if (left.Count != right.Count)
            return false;
        if (left.Count <= 1)
            return left.IsEmpty || AreEquivalent(left[0], right[0], evaluator);
        var taken = new bool[right.Count];
        foreach (ref readonly var item in left.Items)
        {
            var found = false;
            for (var i = 0; i < taken.Length && !found; i++)
            {
                if (!taken[i] && AreEquivalent(item, right[i], evaluator))
                    found = taken[i] = true;
            }
            if (!found)
                return false;
        }
        return true;
    }

    public static bool AreEquivalent(in Item leftItem, in Item rightItem, Evaluator evaluator)
    {
        evaluator.Charge(1);
        if (leftItem.IsElement && rightItem.IsElement)
            return DeepEquality.AreEquivalent(leftItem, rightItem, evaluator);
        return AreValuesEquivalent(leftItem.Value, rightItem.Value, leftItem, rightItem);
    }

    public static bool AreValuesEquivalent(in Item left, in Item right, in Item leftItem, in Item rightItem)
    {
        if (left.Kind == ItemKind.String && right.Kind == ItemKind.String)
            return AreEquivalent(left.String, right.String);
        if (left.IsNumber && right.IsNumber)
            return AreEquivalent(left.Decimal, right.Decimal);
        if (left.IsTemporal && right.IsTemporal)
            return Temporal.AreEquivalent(left.Temporal, right.Temporal);
        if ((left.Kind is ItemKind.Quantity or ItemKind.None || right.Kind is ItemKind.Quantity or ItemKind.None)
            && Primitive.QuantityOf(left.IsNone ? leftItem : left) is { } one && Primitive.QuantityOf(right.IsNone ? rightItem : right) is { } other)
            return Quantity.AreEquivalent(one, other);
        return AreValuesEqual(left, right, leftItem, rightItem) == true;
    }

    /// <summary>Rounded to the digits of the less precise; trailing zeros do not count.</summary>
    public static bool AreEquivalent(decimal left, decimal right)
    {
        if (left == right)
            return true;
        var digits = Math.Min(Arithmetic.Digits(left), Arithmetic.Digits(right));
        return Math.Round(left, digits, MidpointRounding.AwayFromZero) == Math.Round(right, digits, MidpointRounding.AwayFromZero);
    }

    /// <summary>Ignoring case, and which white space it is.</summary>
    private static bool AreEquivalent(string left, string right)
    {
        if (left.Length != right.Length)
            return string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
        for (var i = 0; i < left.Length; i++)
        {
            var (one, other) = (left[i], right[i]);
            if (one != other && char.ToUpperInvariant(one) != char.ToUpperInvariant(other) && char.ToLowerInvariant(one) != char.ToLowerInvariant(other)
                && !(char.IsWhiteSpace(one) && char.IsWhiteSpace(other)))
                return false;
        }
        return true;
    }

    // 6.2 Comparison

    private static int? Compare(in Collection left, in Collection right, Binary at)
    {
        if (left.IsEmpty || right.IsEmpty)
            return null;
        if (left.Count > 1 || right.Count > 1)
            throw new FhirPathException($"'{Binary.Symbol(at.Operator)}' compares two single values, but there are {left.Count} and {right.Count}", at.Position);
        return Compare(left[0], right[0], at.Position);
    }

    /// <summary>The order of two items of comparable types; null when it is open; another pair is a fault.</summary>
    public static int? Compare(in Item leftItem, in Item rightItem, int position)
    {
        var (left, right) = (leftItem.Value, rightItem.Value);
        if (left.Kind == ItemKind.String && right.Kind == ItemKind.String)
            return string.CompareOrdinal(left.String, right.String);
        if (left.IsNumber && right.IsNumber)
            return left.Decimal.CompareTo(right.Decimal);
        if (left.IsTemporal && right.IsTemporal && (left.Kind == ItemKind.Time) == (right.Kind == ItemKind.Time))
            return Temporal.Compare(left.Temporal, right.Temporal);
        if (IsAbsent(left, leftItem) || IsAbsent(right, rightItem))
            return null;
        if (IsQuantity(left, leftItem) && IsQuantity(right, rightItem))
        {
            return Primitive.QuantityOf(left.IsNone ? leftItem : left) is { } one && Primitive.QuantityOf(right.IsNone ? rightItem : right) is { } other
                ? Quantity.Compare(one, other) : null;
        }
        throw new FhirPathException($"{TypeName.Of(leftItem)} and {TypeName.Of(rightItem)} cannot be compared", position);
    }

    private static bool IsAbsent(in Item value, in Item item) => value.IsNone && item.IsElement && Primitive.IsPrimitive(item.Document, item.Index);

    private static bool IsQuantity(in Item value, in Item item) =>
        value.Kind == ItemKind.Quantity || value.IsNumber || item.IsElement && Primitive.IsQuantity(item.Document, item.Index);

    // 6.4 Collections

    private static Collection IsIn(in Collection item, in Collection collection, Binary at, Evaluator evaluator)
    {
        if (item.IsEmpty)
            return Collection.Empty;
        if (item.Count > 1)
            throw new FhirPathException($"'{Binary.Symbol(at.Operator)}' looks for one item, but there are {item.Count}", at.Position);
        return Collection.Of(Sets.Contains(collection.Items, item[0], evaluator));
    }
}
