using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>The implicit conversions of FHIR's types to those of System (R4, section 2.9.1 of the FHIRPath page).</summary>
internal static class Primitive
{
    private const string Ucum = "http://unitsofmeasure.org";

    /// <summary>The System value of a primitive; nothing when the element has none or is complex. What does not fit its type is a string.</summary>
    public static Item ValueOf(FhirDocument document, int index)
    {
        ref readonly var node = ref document.Tape.Nodes[index];
        switch (node.Kind)
        {
            case NodeKind.String:
                return OfString(node.Property?.Primitive ?? PrimitiveKind.None, document.Tape.Text(index)!);
            case NodeKind.Number:
                return OfNumber(node.Property?.Primitive ?? PrimitiveKind.None, document.Tape.Bytes(index));
            case NodeKind.True:
                return Item.Of(true);
            case NodeKind.False:
                return Item.Of(false);
            case NodeKind.Raw:
                return OfRaw(document.Tape.Bytes(index));
            default:
                return default;
        }
    }

    /// <summary>Is it a primitive of its type, with or without a value?</summary>
    public static bool IsPrimitive(FhirDocument document, int index)
    {
        ref readonly var node = ref document.Tape.Nodes[index];
        return node.Property is { Kind: PropertyKind.Primitive } || node.Is(NodeFlags.Companion) || node.Kind is not (NodeKind.Object or NodeKind.Raw);
    }

    /// <summary>A System quantity, a number as one of unit 1, or a FHIR Quantity in UCUM and without comparator; null for anything else.</summary>
    public static Quantity? QuantityOf(in Item item)
    {
        switch (item.Kind)
        {
            case ItemKind.Quantity:
                return item.Quantity;
            case ItemKind.Integer or ItemKind.Long or ItemKind.Decimal:
                return new(item.Decimal, Quantity.Unity);
            case ItemKind.Element when IsQuantity(item.Document, item.Index):
                var element = item.Element;
                if (element["value"].Decimal is not { } value || element["comparator"].HasValue || element["system"].Text is not { } system)
                    return null;
                var code = element["code"].Text;
                return system != Ucum || string.IsNullOrEmpty(code) ? null : new(value, code, CalendarUnits.OfUcum(code) is null ? UnitKind.Ucum : UnitKind.Either);
            default:
                return null;
        }
    }

    public static bool IsQuantity(FhirDocument document, int index) =>
        document.Tape.Nodes[index] is { Kind: NodeKind.Object, Property.TypeName: "Quantity" or "Age" or "Count" or "Distance" or "Duration" };

    private static Item OfString(PrimitiveKind kind, string text)
    {
        Temporal? temporal = kind switch
        {
            PrimitiveKind.Date => Temporal.ParseDate(text),
            PrimitiveKind.DateTime or PrimitiveKind.Instant => Temporal.ParseDateTime(text),
            PrimitiveKind.Time => Temporal.ParseTime(text),
            _ => null,
        };
        return temporal is null ? Item.Of(text) : Item.Of(temporal);
    }

    private static Item OfNumber(PrimitiveKind kind, ReadOnlySpan<byte> bytes)
    {
        if (kind != PrimitiveKind.Decimal && Utf8Parser.TryParse(bytes, out long whole, out var consumed) && consumed == bytes.Length)
            return whole is >= int.MinValue and <= int.MaxValue ? Item.Of((int)whole) : Item.OfLong(whole);
        if (Utf8Parser.TryParse(bytes, out decimal value, out consumed) && consumed == bytes.Length
            || decimal.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return Item.Of(value);
        return Item.Of(Encoding.UTF8.GetString(bytes));
    }

    /// <summary>A member that R4 does not know: a value when its JSON is one.</summary>
    private static Item OfRaw(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => Item.Of(reader.GetString()!),
            JsonTokenType.Number => OfNumber(PrimitiveKind.None, bytes),
            JsonTokenType.True or JsonTokenType.False => Item.Of(reader.GetBoolean()),
            _ => default,
        };
    }
}
