using System.Globalization;
using System.Numerics;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// What an expression can still become when only the presence of the focus's children is known: true, false, the empty
/// collection, or several of these. An element that is there counts as true or false.
/// </summary>
[Flags]
internal enum Outcomes : byte
{
    None = 0,
    True = 1,
    False = 2,
    Empty = 4,
    Present = True | False,
    Any = True | False | Empty,
}

/// <summary>
/// Works out from the tree of a constraint which combinations of present children keep it, which break it, and for which its
/// values have to be looked at: most constraints of R4 say no more than which children go together.
/// </summary>
internal sealed class Presence(StructSchema schema)
{
    /// <summary>Children that a constraint may name and still be worked out; the others are simply evaluated.</summary>
    private const int MostSlots = 9;

    /// <summary>The combinations of children for which there is something to do.</summary>
    public IEnumerable<PresenceTerm> Terms(Syntax expression, Invariant invariant)
    {
        var slots = Slots(expression).Distinct().Order().ToArray();
        if (slots.Length > MostSlots)
        {
            // At least this much: without any of them it may hold.
            return (Of(expression, 0) & Outcomes.False) == Outcomes.None
                ? slots.Select(slot => new PresenceTerm(1UL << slot, 1UL << slot, false, invariant))
                : [new PresenceTerm(0, 0, false, invariant)];
        }

        List<uint> broken = [], open = [];
        for (uint combination = 0; combination < 1u << slots.Length; combination++)
        {
            var outcomes = Of(expression, Mask(slots, combination));
            if (outcomes == Outcomes.False)
                broken.Add(combination);
            else if ((outcomes & Outcomes.False) != Outcomes.None)
                open.Add(combination);
        }
        return
        [
            .. Cover(broken, slots.Length).Select(term => new PresenceTerm(Mask(slots, term.Care), Mask(slots, term.Want), true, invariant)),
            .. Cover(open, slots.Length).Select(term => new PresenceTerm(Mask(slots, term.Care), Mask(slots, term.Want), false, invariant)),
        ];
    }

    private static ulong Mask(int[] slots, uint combination)
    {
        ulong mask = 0;
        for (var at = 0; at < slots.Length; at++)
        {
            if ((combination >> at & 1) == 1)
                mask |= 1UL << slots[at];
        }
        return mask;
    }

    /// <summary>Joins combinations that differ in one child, as long as there are such, then keeps as many as are needed.</summary>
    private static List<(uint Care, uint Want)> Cover(List<uint> combinations, int width)
    {
        var all = (1u << width) - 1;
        HashSet<(uint Care, uint Want)> terms = [.. combinations.Select(want => (all, want))];
        HashSet<(uint Care, uint Want)> prime = [];
        while (terms.Count > 0)
        {
            HashSet<(uint Care, uint Want)> larger = [];
            foreach (var (care, want) in terms)
            {
                var joined = false;
                for (var bit = 1u; bit <= all && bit != 0; bit <<= 1)
                {
                    if ((care & bit) == 0 || !terms.Contains((care, want ^ bit)))
                        continue;
                    larger.Add((care & ~bit, want & ~bit));
                    joined = true;
                }
                if (!joined)
                    prime.Add((care, want));
            }
            terms = larger;
        }
        List<(uint Care, uint Want)> kept = [];
        HashSet<uint> left = [.. combinations];
        foreach (var term in prime.OrderBy(static term => BitOperations.PopCount(term.Care)).ThenBy(static term => term.Care).ThenBy(static term => term.Want))
        {
            if (left.RemoveWhere(combination => (combination & term.Care) == term.Want) > 0)
                kept.Add(term);
        }
        return kept;
    }

    /// <summary>The children of the focus that the expression names first in a path.</summary>
    private IEnumerable<int> Slots(Syntax syntax) => syntax switch
    {
        Member { Target: null } member => Slot(member) is { } slot ? [slot] : [],
        Member { Target: { } target } member => IsFocus(target) && Slot(member) is { } own ? [own] : Slots(target),
        Call call => call.Target is { } target ? Slots(target) : [],
        Indexer indexer => Slots(indexer.Target),
        TypeOperation operation => Slots(operation.Operand),
        Polarity polarity => Slots(polarity.Operand),
        Binary binary => [.. Slots(binary.Left), .. Slots(binary.Right)],
        _ => [],
    };

    private int? Slot(Member member) => Array.Find(schema.Elements, element => element.Name == member.Name)?.Slot;

    private bool IsFocus(Syntax syntax) => syntax is This || syntax is Member { Target: null, MayBeType: true } member && member.Name == schema.TypeName;

    private Outcomes Of(Syntax syntax, ulong mask) => syntax switch
    {
        Literal literal => literal.Value.IsEmpty ? Outcomes.Empty : Outcomes.Present,
        Member { Target: null } member => OfChild(member, mask),
        Member { Target: { } target } member => IsFocus(target) ? OfChild(member, mask) : Of(target, mask) == Outcomes.Empty ? Outcomes.Empty : Outcomes.Any,
        Indexer indexer => Of(indexer.Target, mask) == Outcomes.Empty ? Outcomes.Empty : Outcomes.Any,
        TypeOperation operation => Of(operation.Operand, mask) == Outcomes.Empty ? Outcomes.Empty : Outcomes.Any,
        Call call => OfCall(call, mask),
        Binary binary => OfBinary(binary, mask),
        This => Outcomes.Present,
        _ => Outcomes.Any,
    };

    private Outcomes OfChild(Member member, ulong mask)
    {
        if (IsFocus(member))
            return Outcomes.Present;
        if (Slot(member) is not { } slot)
            return Outcomes.Any;
        return (mask >> slot & 1) == 0 ? Outcomes.Empty : Outcomes.Present;
    }

    private Outcomes OfCall(Call call, ulong mask)
    {
        if (call.Target is not { } owner)
            return Outcomes.Any;
        var target = Of(owner, mask);
        var isEmpty = target == Outcomes.Empty;
        return call.Function.Name switch
        {
            "exists" when call.Arguments.Length == 0 => Existence(target),
            "exists" => isEmpty ? Outcomes.False : Outcomes.Present,
            "empty" => Not(Existence(target)),
            "not" => call.Target is Member ? isEmpty ? Outcomes.Empty : Outcomes.Any : Not(target),
            "trace" => target,
            "hasValue" => isEmpty ? Outcomes.False : Outcomes.Present,
            "isDistinct" or "all" => isEmpty ? Outcomes.True : Outcomes.Present,
            "where" or "select" or "first" or "last" or "tail" or "ofType" or "as" or "is" or "resolve" or "substring" or "startsWith" or "matches"
                or "contains" or "toInteger" or "toString" or "replaceMatches" or "extension" => isEmpty ? Outcomes.Empty : Outcomes.Any,
            _ => Outcomes.Any,
        };
    }

    private static Outcomes Existence(Outcomes target) =>
        (target & Outcomes.Empty) == Outcomes.None ? Outcomes.True : target == Outcomes.Empty ? Outcomes.False : Outcomes.Present;

    private static Outcomes Not(Outcomes target) =>
        target & Outcomes.Empty | ((target & Outcomes.True) != Outcomes.None ? Outcomes.False : Outcomes.None) | ((target & Outcomes.False) != Outcomes.None ? Outcomes.True : Outcomes.None);

    private Outcomes OfBinary(Binary binary, ulong mask)
    {
        if (Compare(binary, mask) is { } counted)
            return counted;
        var (left, right) = (Of(binary.Left, mask), Of(binary.Right, mask));
        switch (binary.Operator)
        {
            case Operator.And or Operator.Or or Operator.Xor or Operator.Implies or Operator.Equal or Operator.NotEqual:
                var result = Outcomes.None;
                foreach (var one in Single(left))
                {
                    foreach (var other in Single(right))
                        result |= Of(binary.Operator, one, other);
                }
                return result;
            case Operator.Concatenate:
                return Outcomes.Present;
            case Operator.Union:
                return left == Outcomes.Empty && right == Outcomes.Empty ? Outcomes.Empty : (left & right & Outcomes.Empty) == Outcomes.None ? Outcomes.Present : Outcomes.Any;
            case Operator.In:
                return left == Outcomes.Empty ? Outcomes.Empty : Outcomes.Any;
            case Operator.LessThan or Operator.LessOrEqual or Operator.GreaterThan or Operator.GreaterOrEqual:
                return left == Outcomes.Empty || right == Outcomes.Empty ? Outcomes.Empty : Outcomes.Any;
            default:
                return Outcomes.Any;
        }
    }

    private static IEnumerable<bool?> Single(Outcomes outcomes)
    {
        if ((outcomes & Outcomes.True) != Outcomes.None)
            yield return true;
        if ((outcomes & Outcomes.False) != Outcomes.None)
            yield return false;
        if ((outcomes & Outcomes.Empty) != Outcomes.None)
            yield return null;
    }

    private static Outcomes Of(Operator which, bool? left, bool? right) => which switch
    {
        Operator.And => Of(left & right),
        Operator.Or => Of(left | right),
        Operator.Implies => Of(!left | right),
        Operator.Equal => Of(left is null || right is null ? null : left == right),
        Operator.Xor or Operator.NotEqual => Of(left is null || right is null ? null : left != right),
        _ => Outcomes.Any,
    };

    private static Outcomes Of(bool? value) => value switch { true => Outcomes.True, false => Outcomes.False, null => Outcomes.Empty };

    /// <summary>A comparison of counts, where the counts are known well enough; null when it is no such comparison.</summary>
    private Outcomes? Compare(Binary binary, ulong mask)
    {
        if (!HasCount(binary.Left) && !HasCount(binary.Right) || Count(binary.Left, mask) is not { } left || Count(binary.Right, mask) is not { } right)
            return null;
        return binary.Operator switch
        {
            Operator.LessThan => Of(left.Most < right.Least, left.Least >= right.Most),
            Operator.LessOrEqual => Of(left.Most <= right.Least, left.Least > right.Most),
            Operator.GreaterThan => Of(left.Least > right.Most, left.Most <= right.Least),
            Operator.GreaterOrEqual => Of(left.Least >= right.Most, left.Most < right.Least),
            Operator.Equal => Of(left.Least == left.Most && left == right, left.Most < right.Least || left.Least > right.Most),
            Operator.NotEqual => Of(left.Most < right.Least || left.Least > right.Most, left.Least == left.Most && left == right),
            _ => null,
        };
    }

    private static Outcomes Of(bool always, bool never) => always ? Outcomes.True : never ? Outcomes.False : Outcomes.Present;

    private static bool HasCount(Syntax syntax) => syntax is Call { Function.Name: "count" } || syntax is Binary { Operator: Operator.Plus } sum && HasCount(sum.Left);

    private (int Least, int Most)? Count(Syntax syntax, ulong mask)
    {
        const int many = 1 << 20;
        switch (syntax)
        {
            case Literal { Value.IsEmpty: false } literal when int.TryParse(literal.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                return (number, number);
            case Binary { Operator: Operator.Plus } sum when Count(sum.Left, mask) is { } left && Count(sum.Right, mask) is { } right:
                return (left.Least + right.Least, left.Most + right.Most);
            case Call { Function.Name: "count", Target: { } target }:
                var present = Of(target, mask);
                if (present == Outcomes.Empty)
                    return (0, 0);
                var repeats = target is not Member { Target: null } member || Slot(member) is not { } slot || schema.Elements[slot].Repeats;
                return ((present & Outcomes.Empty) == Outcomes.None ? 1 : 0, repeats ? many : 1);
            default:
                return null;
        }
    }
}
