namespace FhirMyeloma.R4.FhirPath;

/// <summary>Section 5.7. Of a quantity the value is meant and the unit stays.</summary>
internal static class Numbers
{
    private const int MostDigits = 28;

    public static Function[] All { get; } =
    [
        new("abs", 0, 0, static (in call) => OfNumber(call, static value => Math.Abs(value), keepsType: true)),
        new("ceiling", 0, 0, static (in call) => OfNumber(call, decimal.Ceiling)),
        new("exp", 0, 0, static (in call) => OfReal(call, Math.Exp)),
        new("floor", 0, 0, static (in call) => OfNumber(call, decimal.Floor)),
        new("ln", 0, 0, static (in call) => OfReal(call, Math.Log)),
        new("log", 1, 1, Log),
        new("power", 1, 1, Power),
        new("round", 0, 1, Round),
        new("sqrt", 0, 0, static (in call) => OfReal(call, Math.Sqrt)),
        new("truncate", 0, 0, static (in call) => OfNumber(call, decimal.Truncate)),
    ];

    private static Collection OfNumber(in Invocation call, Func<decimal, decimal> function, bool keepsType = false)
    {
        var value = Input(call, quantities: true);
        if (value.IsNone)
            return Collection.Empty;
        if (value.Kind == ItemKind.Quantity)
            return new(Item.Of(value.Quantity with { Value = function(value.Quantity.Value) }));
        try
        {
            var result = function(value.Decimal);
            return new(value.Kind == ItemKind.Long ? Item.OfLong((long)result)
                : value.Kind == ItemKind.Decimal && keepsType ? Item.Of(result)
                : value.Kind == ItemKind.Decimal && result is < long.MinValue or > long.MaxValue ? Item.Of(result)
                : Arithmetic.WholeOf(result));
        }
        catch (OverflowException)
        {
            return Collection.Empty;
        }
    }

    private static Collection OfReal(in Invocation call, Func<double, double> function)
    {
        var value = Input(call);
        return value.IsNone ? Collection.Empty : Collection.Of(Decimal(function((double)value.Decimal)));
    }

    private static Collection Log(in Invocation call)
    {
        var value = Input(call);
        var @base = Argument(call);
        return value.IsNone || @base is not { } given ? Collection.Empty : Collection.Of(Decimal(Math.Log((double)value.Decimal) / Math.Log((double)given)));
    }

    /// <summary>Exact for a small whole exponent; an integer to a natural power stays an integer.</summary>
    private static Collection Power(in Invocation call)
    {
        var value = Input(call);
        if (value.IsNone || Argument(call) is not { } exponent)
            return Collection.Empty;
        if (exponent == decimal.Truncate(exponent) && exponent is >= 0 and <= 1024)
        {
            try
            {
                var result = 1m;
                for (var i = 0; i < (int)exponent; i++)
                    result *= value.Decimal;
                return new(value.Kind == ItemKind.Decimal ? Item.Of(result) : value.Kind == ItemKind.Long ? Item.OfLong((long)result) : Arithmetic.WholeOf(result));
            }
            catch (OverflowException)
            {
                return Collection.Empty;
            }
        }
        return Collection.Of(Decimal(Math.Pow((double)value.Decimal, (double)exponent)));
    }

    private static Collection Round(in Invocation call)
    {
        var value = Input(call, quantities: true);
        var digits = call.Integer(0) ?? 0;
        if (digits < 0)
            throw call.Fault("takes a number of digits from 0 up");
        if (value.IsNone)
            return Collection.Empty;
        digits = Math.Min(digits, MostDigits);
        if (value.Kind == ItemKind.Quantity)
            return new(Item.Of(value.Quantity with { Value = Math.Round(value.Quantity.Value, digits, MidpointRounding.AwayFromZero) }));
        return value.Kind == ItemKind.Decimal ? new(Item.Of(Math.Round(value.Decimal, digits, MidpointRounding.AwayFromZero))) : new(value);
    }

    private static Item Input(in Invocation call, bool quantities = false)
    {
        var item = call.Single();
        var value = item.Value;
        if (value.IsNumber || item.IsNone || value.IsNone && item.IsElement && Primitive.IsPrimitive(item.Document, item.Index))
            return value;
        if (quantities && Primitive.QuantityOf(item) is { } quantity)
            return Item.Of(quantity);
        throw call.Fault($"takes a number{(quantities ? " or a quantity" : "")}, not {TypeName.Of(item)}");
    }

    private static decimal? Argument(in Invocation call)
    {
        var value = call.One(0).Value;
        return value.IsNone ? null : value.IsNumber ? value.Decimal : throw call.Fault($"takes a number, not {TypeName.Of(value)}");
    }

    /// <summary>Nothing for what is no number, or none that a decimal holds.</summary>
    private static decimal? Decimal(double value)
    {
        if (!double.IsFinite(value) || Math.Abs(value) > (double)decimal.MaxValue * 0.999)
            return null;
        return (decimal)value;
    }
}
