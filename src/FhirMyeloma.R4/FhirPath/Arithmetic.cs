namespace FhirMyeloma.R4.FhirPath;

/// <summary>Arithmetic (section 6.6) on numbers, quantities, strings and dates. Overflow and division by zero give the empty collection.</summary>
internal static class Arithmetic
{
    public static Collection Apply(Binary binary, in Collection left, in Collection right, Evaluator evaluator)
    {
        if (binary.Operator == Operator.Concatenate)
            return Collection.Of(Concatenate(left, right, binary, evaluator));
        if (left.Count > 1 || right.Count > 1)
            throw new FhirPathException($"'{Binary.Symbol(binary.Operator)}' takes two single values, but there are {left.Count} and {right.Count}", binary.Position);
        if (left.IsEmpty || right.IsEmpty)
            return Collection.Empty;
        try
        {
            return new(Apply(binary, left[0], right[0], evaluator));
        }
        catch (OverflowException)
        {
            return Collection.Empty;
        }
    }

    private static Item Apply(Binary at, in Item leftItem, in Item rightItem, Evaluator evaluator)
    {
        var (left, right) = (leftItem.Value, rightItem.Value);
        if (left.IsNumber && right.IsNumber)
            return Numbers(at.Operator, left, right);
        if (left.IsNone && leftItem.IsElement && Primitive.IsPrimitive(leftItem.Document, leftItem.Index)
            || right.IsNone && rightItem.IsElement && Primitive.IsPrimitive(rightItem.Document, rightItem.Index))
            return default;
        if (at.Operator == Operator.Plus && left.Kind == ItemKind.String && right.Kind == ItemKind.String)
        {
            evaluator.CheckLength((long)left.String.Length + right.String.Length, at.Position);
            return Item.Of(evaluator.Sized(left.String + right.String, at));
        }
        if (left.IsTemporal && at.Operator is Operator.Plus or Operator.Minus && right.IsNone | right.Kind == ItemKind.Quantity && Primitive.QuantityOf(right.IsNone ? rightItem : right) is { } duration)
            return Shift(left.Temporal, duration, at);
        if (!left.IsTemporal && Primitive.QuantityOf(left.IsNone ? leftItem : left) is { } one && Primitive.QuantityOf(right.IsNone ? rightItem : right) is { } other)
            return Quantities(at, one, other);
        throw new FhirPathException($"'{Binary.Symbol(at.Operator)}' cannot combine {TypeName.Of(leftItem)} and {TypeName.Of(rightItem)}", at.Position);
    }

    private static Item Numbers(Operator operation, in Item left, in Item right)
    {
        var whole = left.Kind != ItemKind.Decimal && right.Kind != ItemKind.Decimal;
        switch (operation)
        {
            case Operator.Plus:
                return whole ? Whole(checked(left.Long + right.Long), left, right) : Item.Of(left.Decimal + right.Decimal);
            case Operator.Minus:
                return whole ? Whole(checked(left.Long - right.Long), left, right) : Item.Of(left.Decimal - right.Decimal);
            case Operator.Multiply:
                return whole ? Whole(checked(left.Long * right.Long), left, right) : Item.Of(left.Decimal * right.Decimal);
            case Operator.Divide:
                return right.Decimal == 0 ? default : Item.Of(left.Decimal / right.Decimal);
            case Operator.Div:
                if (right.Decimal == 0)
                    return default;
                return whole ? Whole(checked(left.Long / right.Long), left, right) : WholeOf(decimal.Truncate(left.Decimal / right.Decimal));
            default:
                if (right.Decimal == 0)
                    return default;
                return whole ? Whole(right.Long == -1 ? 0 : left.Long % right.Long, left, right) : Item.Of(left.Decimal % right.Decimal);
        }
    }

    /// <summary>Of two integers an integer; a Long makes it a Long.</summary>
    private static Item Whole(long value, in Item left, in Item right) =>
        left.Kind == ItemKind.Long || right.Kind == ItemKind.Long ? Item.OfLong(value) : Item.Of(checked((int)value));

    /// <summary>An integer, or a Long when it does not fit.</summary>
    public static Item WholeOf(decimal value)
    {
        var whole = checked((long)value);
        return whole is >= int.MinValue and <= int.MaxValue ? Item.Of((int)whole) : Item.OfLong(whole);
    }

    private static Item Quantities(Binary at, Quantity left, Quantity right) => at.Operator switch
    {
        Operator.Plus => Sum(left, right, 1),
        Operator.Minus => Sum(left, right, -1),
        Operator.Multiply => Product(left, right),
        Operator.Divide => right.Value == 0 ? default : Quotient(left, right),
        Operator.Div => right.Value != 0 && Ratio(left, right) is { } times ? Item.Of(new Quantity(decimal.Truncate(times), Quantity.Unity)) : default,
        Operator.Mod => right.Value != 0 && left.Unit == right.Unit && left.Kind == right.Kind ? Item.Of(left with { Value = left.Value % right.Value }) : default,
        _ => throw new FhirPathException($"'{Binary.Symbol(at.Operator)}' is not defined on quantities", at.Position),
    };

    /// <summary>In the finer of the two units. A duration of the calendar and one of UCUM add up only where they are the same: seconds and below.</summary>
    private static Item Sum(Quantity left, Quantity right, int sign)
    {
        if (left.Kind == right.Kind && left.Unit == right.Unit)
            return Item.Of(new Quantity(left.Value + (sign * right.Value), left.Unit, left.Kind == UnitKind.Calendar ? UnitKind.Calendar : UnitKind.Ucum));
        var calendar = left.Kind == UnitKind.Calendar || right.Kind == UnitKind.Calendar;
        if (calendar && (left.Kind == UnitKind.Ucum || right.Kind == UnitKind.Ucum))
        {
            var ofCalendar = left.Kind == UnitKind.Calendar ? left : right;
            var ofUcum = left.Kind == UnitKind.Calendar ? right : left;
            if (ofCalendar.Calendar is not (CalendarUnit.Second or CalendarUnit.Millisecond) || CalendarUnits.OfUcum(ofUcum.Unit) is not (CalendarUnit.Second or CalendarUnit.Millisecond))
                return default;
        }
        else if (calendar)
        {
            var (one, other) = (left.Calendar!.Value, right.Calendar!.Value);
            // As a FHIR quantity may, it becomes the calendar's.
            var unit = one == other ? (left.Kind == UnitKind.Calendar ? left : right).Unit : one > other ? Word(left, one) : Word(right, other);
            return new Quantity(left.Value, Word(left, one), UnitKind.Calendar).In(unit) is { } first && new Quantity(right.Value, Word(right, other), UnitKind.Calendar).In(unit) is { } second
                && one <= CalendarUnit.Month == other <= CalendarUnit.Month
                ? Item.Of(new Quantity(first.Value + (sign * second.Value), unit, UnitKind.Calendar)) : default;
        }
        if (left.Code is not { } leftCode || right.Code is not { } rightCode || Quantity.Convert(1, rightCode, leftCode) is not { } factor)
            return default;
        var intoLeft = (factor - Ucum.Ratio.One).Numerator.Sign >= 0;
        var target = calendar ? (left.Kind == UnitKind.Calendar ? left : right) : intoLeft ? left : right;
        return left.In(target.Unit) is { } a && right.In(target.Unit) is { } b
            ? Item.Of(new Quantity(a.Value + (sign * b.Value), target.Unit, calendar ? UnitKind.Calendar : UnitKind.Ucum)) : default;
    }

    private static string Word(Quantity quantity, CalendarUnit unit) => quantity.Kind == UnitKind.Calendar ? quantity.Unit : unit.ToString().ToLowerInvariant();

    private static Item Product(Quantity left, Quantity right)
    {
        if (Scale(right) is { } right1)
            return Item.Of(left with { Value = left.Value * right1 });
        if (Scale(left) is { } left1)
            return Item.Of(right with { Value = left1 * right.Value });
        return HasScale(left) && HasScale(right) ? Item.Of(new Quantity(left.Value * right.Value, $"{Factor(left.Unit)}.{Factor(right.Unit)}")) : default;
    }

    private static Item Quotient(Quantity left, Quantity right)
    {
        if (Scale(right) is { } divisor)
            return HasScale(left) || left.Kind == UnitKind.Calendar ? Item.Of(left with { Value = left.Value / divisor }) : default;
        if (left.Kind == right.Kind && left.Unit == right.Unit)
            return left.Kind != UnitKind.Calendar ? Item.Of(new Quantity(left.Value / right.Value, Quantity.Unity)) : default;
        if (!HasScale(left) || !HasScale(right))
            return default;
        return Ratio(left, right) is { } times
            ? Item.Of(new Quantity(times, Quantity.Unity))
            : Item.Of(new Quantity(left.Value / right.Value, left.Unit == Quantity.Unity ? $"1/{Factor(right.Unit)}" : $"{left.Unit}/{Factor(right.Unit)}"));
    }

    /// <summary>How many times the one is in the other, when they measure the same.</summary>
    private static decimal? Ratio(Quantity left, Quantity right)
    {
        if (left.Unit == right.Unit && left.Kind == right.Kind)
            return left.Value / right.Value;
        return HasScale(left) && HasScale(right) && Quantity.Convert(left.Value, left.Unit, right.Unit) is { } converted ? (converted / Ucum.Ratio.Of(right.Value)).ToDecimal() : null;
    }

    /// <summary>The plain number that a quantity of a unit without dimension is; null for any other.</summary>
    private static decimal? Scale(Quantity quantity) =>
        quantity.Kind == UnitKind.Calendar ? null
        : quantity.Unit == Quantity.Unity ? quantity.Value
        : Quantity.Convert(quantity.Value, quantity.Unit, Quantity.Unity)?.ToDecimal();

    private static bool HasScale(Quantity quantity) =>
        quantity.Kind != UnitKind.Calendar && (!Ucum.UcumUnit.TryParse(quantity.Unit, out var unit, out _) || !unit.IsSpecial);

    private static string Factor(string unit) => unit.AsSpan().IndexOfAny('.', '/') >= 0 ? $"({unit})" : unit;

    /// <summary>A date moves by durations of the calendar, or by UCUM's where these are exact: from weeks down.</summary>
    private static Item Shift(Temporal moment, Quantity duration, Binary at)
    {
        var exact = CalendarUnits.OfUcum(duration.Unit) is { } ucum and >= CalendarUnit.Week ? ucum : (CalendarUnit?)null;
        // Some write the word of the calendar in quotes.
        if ((duration.Calendar ?? exact ?? CalendarUnits.Find(duration.Unit)) is not { } unit)
            throw new FhirPathException($"A date or time cannot be moved by '{duration.Unit}'; use years, months, weeks, days, hours, minutes, seconds or milliseconds", at.Position);
        if (moment.Kind == ItemKind.Time && unit < CalendarUnit.Hour)
            throw new FhirPathException("A time can be moved by hours, minutes, seconds or milliseconds only", at.Position);
        var moved = moment.Add(at.Operator == Operator.Minus ? -duration.Value : duration.Value, unit);
        return moved is null ? default : Item.Of(moved);
    }

    // 6.6.7 String concatenation: the empty collection counts as ''.
    private static string Concatenate(in Collection left, in Collection right, Binary at, Evaluator evaluator)
    {
        var (first, second) = (Text(left, at), Text(right, at));
        evaluator.CheckLength((long)first.Length + second.Length, at.Position);
        return evaluator.Sized(first + second, at);
    }

    private static string Text(in Collection operand, Binary at)
    {
        if (operand.IsEmpty)
            return "";
        if (operand.Count > 1)
            throw new FhirPathException($"'&' takes two single values, but one side has {operand.Count}", at.Position);
        var value = operand[0].Value;
        return value.Text ?? (Primitive.IsPrimitive(operand[0].Document, operand[0].Index) ? ""
            : throw new FhirPathException($"'&' joins strings; {TypeName.Of(operand[0])} is none", at.Position));
    }

    /// <summary>Section 6.6.8, and the plus sign, which asks for a number too.</summary>
    public static Collection Signed(in Collection operand, bool isMinus, int position)
    {
        if (operand.IsEmpty)
            return operand;
        if (operand.Count > 1)
            throw new FhirPathException($"A sign takes one number, but there are {operand.Count}", position);
        var value = operand[0].Value;
        if (value.IsNone && Primitive.QuantityOf(operand[0]) is { } ofElement)
            value = Item.Of(ofElement);
        try
        {
            return value.Kind switch
            {
                ItemKind.Integer => isMinus ? new(Item.Of(checked(-value.Integer))) : new(value),
                ItemKind.Long => isMinus ? new(Item.OfLong(checked(-value.Long))) : new(value),
                ItemKind.Decimal when isMinus && value.Decimal == 2147483648m && value.Decimal.Scale == 0 => new(Item.Of(int.MinValue)),
                ItemKind.Decimal => isMinus ? new(Item.Of(-value.Decimal)) : new(value),
                ItemKind.Quantity => isMinus ? new(Item.Of(value.Quantity with { Value = -value.Quantity.Value })) : new(value),
                _ => throw new FhirPathException($"A sign takes a number or a quantity, not {TypeName.Of(operand[0])}", position),
            };
        }
        catch (OverflowException)
        {
            return Collection.Empty;
        }
    }

    /// <summary>Digits behind the point, without trailing zeros.</summary>
    public static int Digits(decimal value)
    {
        var digits = (int)value.Scale;
        for (value = Math.Abs(value); digits > 0 && Math.Round(value, digits - 1, MidpointRounding.ToZero) == value; digits--)
        {
        }
        return digits;
    }
}
