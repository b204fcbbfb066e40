namespace FhirMyeloma.R4.FhirPath;

/// <summary>Section 5.9. <c>trace</c> evaluates and keeps silent: what it would show may be a patient's.</summary>
internal static class Utility
{
    public static Function[] All { get; } =
    [
        new("trace", 1, 2, Trace) { Criteria = 1 },
        new("now", 0, 0, static (in call) => new(Item.Of(Temporal.Of(Now(call))))),
        new("today", 0, 0, static (in call) => new(Item.Of(Temporal.Of(Now(call)).DatePart!))),
        new("timeOfDay", 0, 0, static (in call) => new(Item.Of(Temporal.Of(Now(call)).TimePart!))),
        new("defineVariable", 1, 2, DefineVariable),
    ];

    private static Collection Trace(in Invocation call)
    {
        if (call.Has(1))
        {
            var inner = call.Inner();
            for (var i = 0; i < call.Input.Count; i++)
                call.ForItem(1, inner, call.Input[i], i);
        }
        return call.Input;
    }

    private static DateTimeOffset Now(in Invocation call) =>
        call.Evaluator.Context.Now ?? throw call.Fault("needs to know the time; set FhirPathContext.Now");

    /// <summary>Seen by what follows in the chain; it cannot replace a variable.</summary>
    private static Collection DefineVariable(in Invocation call)
    {
        var name = call.Text(0) ?? throw call.Fault("needs a name");
        if (Variables.IsReserved(name) || name.StartsWith("vs-", StringComparison.Ordinal) || name.StartsWith("ext-", StringComparison.Ordinal) || call.IsDefined(name) || call.Evaluator.Context.Variables.ContainsKey(name))
            throw call.Fault($"cannot define %{name} again");
        var value = call.Input;
        if (call.Has(1))
        {
            var inner = call.Inner();
            inner.This = call.Input;
            value = call.Evaluator.Operand(call.Syntax.Arguments[1], inner);
        }
        call.Define(name, value);
        return call.Input;
    }
}

/// <summary>The parts of dates and times (5.9 of version 3).</summary>
internal static class Dates
{
    public static Function[] All { get; } =
    [
        Part("yearOf", static value => value.Part(TemporalPrecision.Year)),
        Part("monthOf", static value => value.Part(TemporalPrecision.Month)),
        Part("dayOf", static value => value.Part(TemporalPrecision.Day)),
        Part("hourOf", static value => value.Part(TemporalPrecision.Hour)),
        Part("minuteOf", static value => value.Part(TemporalPrecision.Minute)),
        Part("secondOf", static value => value.Part(TemporalPrecision.Second)),
        Part("millisecondOf", static value => value.Millisecond),
        new("timezoneOffsetOf", 0, 0, static (in call) => Collection.Of(Input(call)?.OffsetMinutes is { } minutes ? minutes / 60m : null)),
        new("dateOf", 0, 0, static (in call) => Input(call)?.DatePart is { } date ? new(Item.Of(date)) : Collection.Empty),
        new("timeOf", 0, 0, static (in call) => Input(call) is { Kind: not ItemKind.Time, TimePart: { } time } ? new(Item.Of(time)) : Collection.Empty),
    ];

    private static Function Part(string name, Func<Temporal, int?> part) =>
        new(name, 0, 0, (in call) => Input(call) is { } value && part(value) is { } number ? Collection.Of(number) : Collection.Empty);

    /// <summary>A string counts when it reads as a date, dateTime or time.</summary>
    private static Temporal? Input(in Invocation call)
    {
        var value = call.Single().Value;
        if (value.IsTemporal)
            return value.Temporal;
        return value.Kind == ItemKind.String ? Temporal.ParseDate(value.String) ?? Temporal.ParseDateTime(value.String) ?? Temporal.ParseTime(value.String) : null;
    }
}

/// <summary>Section 5.9: <c>lowBoundary</c>, <c>highBoundary</c>, <c>precision</c>.</summary>
internal static class Boundaries
{
    private const int DefaultDigits = 8;
    private const int MostDigits = 28;

    public static Function[] All { get; } =
    [
        new("lowBoundary", 0, 1, static (in call) => Boundary(call, high: false)),
        new("highBoundary", 0, 1, static (in call) => Boundary(call, high: true)),
        new("precision", 0, 0, Precision),
    ];

    private static Collection Boundary(in Invocation call, bool high)
    {
        var item = call.Single();
        var value = item.Value;
        int? digits = call.Has(0) ? call.Integer(0) : null;
        if (value.IsTemporal)
            return value.Temporal.Boundary(digits ?? value.Kind switch { ItemKind.Date => 8, ItemKind.Time => 9, _ => 17 }, high) is { } moment ? new(Item.Of(moment)) : Collection.Empty;
        if (value.IsNumber)
            return Collection.Of(Boundary(value.Decimal, digits ?? DefaultDigits, high));
        if (Primitive.QuantityOf(item) is { } quantity)
            return Boundary(quantity.Value, digits ?? DefaultDigits, high) is { } bound ? new(Item.Of(quantity with { Value = bound })) : Collection.Empty;
        return value.IsNone && (item.IsNone || Primitive.IsPrimitive(item.Document, item.Index)) ? Collection.Empty
            : throw call.Fault($"takes a number, a quantity, a date or a time, not {TypeName.Of(item)}");
    }

    /// <summary>Half a unit of the last stated digit away, and outward to so many digits.</summary>
    private static decimal? Boundary(decimal value, int digits, bool high)
    {
        if (digits is < 0 or > MostDigits || value.Scale >= MostDigits)
            return null;
        try
        {
            var half = new decimal(5, 0, 0, false, (byte)(value.Scale + 1));
            var bound = high ? value + half : value - half;
            if (bound.Scale > digits)
                bound = Math.Round(bound, digits, high ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToNegativeInfinity);
            // The digits asked for are part of the answer: 1.586500.
            var padded = bound + new decimal(0, 0, 0, false, (byte)digits);
            return padded.Scale == digits ? padded : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static Collection Precision(in Invocation call)
    {
        var item = call.Single();
        var value = item.Value;
        if (value.IsTemporal)
            return Collection.Of(value.Temporal.Digits());
        if (value.IsNumber)
            return Collection.Of((int)value.Decimal.Scale);
        if (Primitive.QuantityOf(item) is { } quantity)
            return Collection.Of((int)quantity.Value.Scale);
        return value.IsNone && (item.IsNone || Primitive.IsPrimitive(item.Document, item.Index)) ? Collection.Empty
            : throw call.Fault($"takes a number, a quantity, a date or a time, not {TypeName.Of(item)}");
    }
}

/// <summary>Chapter 7.</summary>
internal static class Aggregates
{
    private static readonly Binary Sum = new(0, Operator.Plus, new Literal(0, Collection.Empty), new Literal(0, Collection.Empty));
    private static readonly Binary Quotient = Sum with { Operator = Operator.Divide };

    public static Function[] All { get; } =
    [
        new("aggregate", 1, 2, Aggregate) { Criteria = 0 },
        new("sum", 0, 0, static (in call) => Fold(call, total: true)),
        new("avg", 0, 0, Average),
        new("min", 0, 0, static (in call) => Extreme(call, -1)),
        new("max", 0, 0, static (in call) => Extreme(call, 1)),
    ];

    private static Collection Aggregate(in Invocation call)
    {
        var inner = call.Inner();
        inner.Total = call.Argument(1);
        for (var i = 0; i < call.Input.Count; i++)
            inner.Total = call.ForItem(0, inner, call.Input[i], i);
        return inner.Total;
    }

    /// <summary>The sum; nothing when an item has no value.</summary>
    private static Collection Fold(in Invocation call, bool total)
    {
        var sum = call.Input.Slice(0, Math.Min(1, call.Input.Count));
        for (var i = 0; i < call.Input.Count; i++)
        {
            var item = call.Input[i];
            if (item.Value.IsNone && Primitive.QuantityOf(item) is null)
                return Collection.Empty;
            if (i > 0)
                sum = Arithmetic.Apply(Sum with { Position = call.Syntax.Position }, sum, new(item), call.Evaluator);
        }
        if (total && !sum.IsEmpty && sum[0] is { IsElement: true } only)
            return new(only.Value is { IsNone: false } value ? value : Item.Of(Primitive.QuantityOf(only)!));
        return sum;
    }

    private static Collection Average(in Invocation call)
    {
        var sum = Fold(call, total: false);
        return sum.IsEmpty ? sum : Arithmetic.Apply(Quotient with { Position = call.Syntax.Position }, sum, Collection.Of(call.Input.Count), call.Evaluator);
    }

    private static Collection Extreme(in Invocation call, int sign)
    {
        Item best = default;
        foreach (ref readonly var item in call.Input.Items)
        {
            call.Evaluator.Charge(1);
            if (item.Value.IsNone && Primitive.QuantityOf(item) is null)
                return Collection.Empty;
            if (best.IsNone)
                best = item;
            else if (Operators.Compare(item, best, call.Syntax.Position) is not { } order)
                return Collection.Empty;
            else if (Math.Sign(order) == sign)
                best = item;
        }
        return new(best.IsElement && best.Value is { IsNone: false } value ? value : best);
    }
}

/// <summary>Section 6.3 as functions, and 10.2 reflection.</summary>
internal static class TypeFunctions
{
    public static Function[] All { get; } =
    [
        new("is", 0, 0, static (in call) => Types.Is(call.Input, call.Syntax.Type!, call.Evaluator, call.Syntax.Position)) { TakesType = true },
        new("as", 0, 0, static (in call) => Types.As(call.Input, call.Syntax.Type!, call.Evaluator, call.Syntax.Position)) { TakesType = true },
        new("type", 0, 0, TypeOf),
    ];

    private static Collection TypeOf(in Invocation call)
    {
        var types = new CollectionBuilder();
        foreach (ref readonly var item in call.Input.Items)
            types.Add(Item.Of(TypeName.Of(item)));
        return types.Build();
    }
}
