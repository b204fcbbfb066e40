using System.Globalization;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>What an item of a collection is: an element of a document or a value of a System type.</summary>
internal enum ItemKind : byte
{
    None,
    Element,
    Boolean,
    Integer,
    Long,
    Decimal,
    String,
    Date,
    DateTime,
    Time,
    Quantity,
    Type,
}

/// <summary>One item of a collection: three words, so that booleans, whole numbers and elements need no allocation.</summary>
internal readonly struct Item
{
    private readonly object? reference;
    private readonly long number;

    private Item(ItemKind kind, object? reference, long number)
    {
        Kind = kind;
        this.reference = reference;
        this.number = number;
    }

    public ItemKind Kind { get; }

    public bool IsNone => Kind == ItemKind.None;
    public bool IsElement => Kind == ItemKind.Element;
    public bool IsNumber => Kind is ItemKind.Integer or ItemKind.Long or ItemKind.Decimal;
    public bool IsTemporal => Kind is ItemKind.Date or ItemKind.DateTime or ItemKind.Time;

    public static Item Of(Element element) => element.Exists ? new(ItemKind.Element, element.Document, element.Index) : default;
    public static Item Of(FhirDocument document, int index) => new(ItemKind.Element, document, index);
    public static Item Of(bool value) => new(ItemKind.Boolean, null, value ? 1 : 0);
    public static Item Of(int value) => new(ItemKind.Integer, null, value);
    public static Item OfLong(long value) => new(ItemKind.Long, null, value);
    public static Item Of(decimal value) => new(ItemKind.Decimal, value, 0);
    public static Item Of(string value) => new(ItemKind.String, value, 0);
    public static Item Of(Quantity value) => new(ItemKind.Quantity, value, 0);
    public static Item Of(TypeName value) => new(ItemKind.Type, value, 0);
    public static Item Of(Temporal value) => new(value.Kind, value, 0);

    public Element Element => Kind == ItemKind.Element ? new((FhirDocument)reference!, (int)number) : default;
    public FhirDocument Document => (FhirDocument)reference!;
    public int Index => (int)number;
    public bool Boolean => number != 0;
    public int Integer => (int)number;
    public long Long => number;
    public string String => (string)reference!;
    public Temporal Temporal => (Temporal)reference!;
    public Quantity Quantity => (Quantity)reference!;
    public TypeName Type => (TypeName)reference!;

    /// <summary>The value of any of the three number types.</summary>
    public decimal Decimal => Kind == ItemKind.Decimal ? (decimal)reference! : number;

    /// <summary>Of an element that is a primitive with a value its System value; of an element without one nothing; of a value itself.</summary>
    public Item Value => Kind == ItemKind.Element ? Primitive.ValueOf(Document, Index) : this;

    /// <summary>What <c>toString()</c> gives; null for what has no text.</summary>
    public string? Text => Kind switch
    {
        ItemKind.Boolean => Boolean ? "true" : "false",
        ItemKind.Integer or ItemKind.Long => number.ToString(CultureInfo.InvariantCulture),
        ItemKind.Decimal => Decimal.ToString(CultureInfo.InvariantCulture),
        ItemKind.String => String,
        ItemKind.Date or ItemKind.DateTime or ItemKind.Time => Temporal.ToString(),
        ItemKind.Quantity => Quantity.ToString(),
        ItemKind.Type => Type.ToString(),
        ItemKind.None or ItemKind.Element => null,
    };

    /// <summary>As a literal of the language; of an element its path.</summary>
    public override string ToString() => Kind switch
    {
        ItemKind.String => Syntax.Quote(String),
        ItemKind.Date or ItemKind.DateTime or ItemKind.Time => Temporal.ToLiteral(),
        ItemKind.Long => Text + "L",
        ItemKind.Element => Element.Path,
        ItemKind.None => "{}",
        ItemKind.Boolean or ItemKind.Integer or ItemKind.Decimal or ItemKind.Quantity or ItemKind.Type => Text!,
    };
}
