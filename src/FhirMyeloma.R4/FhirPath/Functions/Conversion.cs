using System.Globalization;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>Section 5.5.</summary>
internal static class Conversion
{
    private delegate Item Convert(in Item value, in Invocation call);

    public static Function[] All { get; } =
    [
        new("iif", 2, 3, Iif) { Criteria = 0 },
        .. Pair("Boolean", ToBoolean),
        .. Pair("Integer", ToInteger),
        .. Pair("Long", ToLong),
        .. Pair("Date", ToDate),
        .. Pair("DateTime", ToDateTime),
        .. Pair("Decimal", ToDecimal),
        .. Pair("Quantity", ToQuantity, arguments: 1),
        .. Pair("String", ToText),
        .. Pair("Time", ToTime),
    ];

    /// <summary><c>toX()</c> gives the value or nothing, <c>convertsToX()</c> says whether it would.</summary>
    private static Function[] Pair(string type, Convert convert, int arguments = 0) =>
    [
        new("to" + type, 0, arguments, (in call) => Input(call) is { IsNone: false } value ? new(convert(value, call)) : Collection.Empty),
        new("convertsTo" + type, 0, arguments, (in call) => Input(call) is { IsNone: false } value ? Collection.Of(!convert(value, call).IsNone) : Collection.Empty),
    ];

    /// <summary>The one input as a value; a complex element as itself, since a FHIR Quantity converts too.</summary>
    private static Item Input(in Invocation call)
    {
        var item = call.Single();
        var value = item.Value;
        return value.IsNone && item.IsElement && !Primitive.IsPrimitive(item.Document, item.Index) ? item : value;
    }

    private static Collection Iif(in Invocation call)
    {
        var input = call.Single();
        var inner = call.Inner();
        if (call.TruthFor(0, inner, input, call.Index) == true)
            return call.ForItem(1, inner, input, call.Index);
        return call.Has(2) ? call.ForItem(2, inner, input, call.Index) : Collection.Empty;
    }

    private static Item ToBoolean(in Item value, in Invocation call)
    {
        switch (value.Kind)
        {
            case ItemKind.Boolean:
                return value;
            case ItemKind.Integer or ItemKind.Long or ItemKind.Decimal:
                return value.Decimal == 1 ? Item.Of(true) : value.Decimal == 0 ? Item.Of(false) : default;
            case ItemKind.String:
                return value.String.ToUpperInvariant() switch
                {
                    "TRUE" or "T" or "YES" or "Y" or "1" or "1.0" => Item.Of(true),
                    "FALSE" or "F" or "NO" or "N" or "0" or "0.0" => Item.Of(false),
                    _ => default,
                };
            default:
                return default;
        }
    }

    private static Item ToInteger(in Item value, in Invocation call) => value.Kind switch
    {
        ItemKind.Integer => value,
        ItemKind.Long => value.Long is >= int.MinValue and <= int.MaxValue ? Item.Of((int)value.Long) : default,
        ItemKind.Boolean => Item.Of(value.Boolean ? 1 : 0),
        ItemKind.String when IsWhole(value.String) && int.TryParse(value.String, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => Item.Of(whole),
        _ => default,
    };

    private static Item ToLong(in Item value, in Invocation call) => value.Kind switch
    {
        ItemKind.Integer or ItemKind.Long => Item.OfLong(value.Long),
        ItemKind.Boolean => Item.OfLong(value.Boolean ? 1 : 0),
        ItemKind.String when IsWhole(value.String) && long.TryParse(value.String, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => Item.OfLong(whole),
        _ => default,
    };

    private static Item ToDecimal(in Item value, in Invocation call) => value.Kind switch
    {
        ItemKind.Integer or ItemKind.Long or ItemKind.Decimal => Item.Of(value.Decimal),
        ItemKind.Boolean => Item.Of(value.Boolean ? 1m : 0m),
        ItemKind.String when IsNumber(value.String) && decimal.TryParse(value.String, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => Item.Of(number),
        _ => default,
    };

    private static Item ToDate(in Item value, in Invocation call) => value.Kind switch
    {
        ItemKind.Date => value,
        ItemKind.DateTime => Item.Of(value.Temporal.DatePart!),
        ItemKind.String => Of(Temporal.ParseDate(value.String) ?? Temporal.ParseDateTime(value.String)?.DatePart),
        _ => default,
    };

    private static Item ToDateTime(in Item value, in Invocation call) => value.Kind switch
    {
        ItemKind.DateTime => value,
        ItemKind.Date => Item.Of(value.Temporal.AsDateTime),
        ItemKind.String => Of(Temporal.ParseDateTime(value.String)),
        _ => default,
    };

    private static Item ToTime(in Item value, in Invocation call) => value.Kind switch
    {
        ItemKind.Time => value,
        ItemKind.String => Of(Temporal.ParseTime(value.String)),
        _ => default,
    };

    /// <summary>With an argument in that unit, when it can be reached.</summary>
    private static Item ToQuantity(in Item value, in Invocation call)
    {
        var quantity = value.Kind switch
        {
            ItemKind.Boolean => new Quantity(value.Boolean ? 1 : 0, Quantity.Unity),
            ItemKind.String => Quantity.Parse(value.String),
            _ => Primitive.QuantityOf(value),
        };
        if (quantity is not null && call.Has(0) && call.Text(0) is { } unit)
            quantity = quantity.Unit == Quantity.Unity ? quantity.As(unit) : quantity.In(unit);
        return quantity is null ? default : Item.Of(quantity);
    }

    private static Item ToText(in Item value, in Invocation call)
    {
        if (value.Kind == ItemKind.Element)
            return Primitive.QuantityOf(value) is { } quantity ? Item.Of(quantity.ToString()) : default;
        return value.Text is { } text && value.Kind != ItemKind.Type ? Item.Of(text) : default;
    }

    private static Item Of(Temporal? temporal) => temporal is null ? default : Item.Of(temporal);

    private static bool IsWhole(string text) => text.AsSpan().TrimStart("+-") is { Length: > 0 } digits && digits.Length >= text.Length - 1 && !digits.ContainsAnyExceptInRange('0', '9');

    private static bool IsNumber(string text)
    {
        var digits = text.AsSpan(text is ['+' or '-', ..] ? 1 : 0);
        var point = digits.IndexOf('.');
        return point < 0 ? IsDigits(digits) : IsDigits(digits[..point]) && IsDigits(digits[(point + 1)..]);
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
